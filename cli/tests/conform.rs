//! `cns conform run` on cards in readers: what it says where there is none, and that nothing hangs.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::process::Output;
use std::time::{Duration, Instant};

use cns_reader::PrivatePcscd;
use support::cns;

/// How long a run may take that cannot begin.
const REFUSED_MAX: Duration = Duration::from_secs(30);

/// Status, stdout and stderr of a run whose PC/SC is at this socket.
fn said(socket: &std::path::Path, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let Output {
        status,
        stdout,
        stderr,
    } = cns(folder.path())
        .args(["conform", "run"])
        .args(arguments)
        .env("PCSCLITE_CSOCK_NAME", socket)
        .output()
        .unwrap();
    let took = start.elapsed();
    assert!(took < REFUSED_MAX, "{arguments:?} took {took:?}");
    format!(
        "$ cns conform run {}\n{}{}[exit {}]\n",
        arguments.join(" "),
        String::from_utf8(stdout).unwrap(),
        String::from_utf8(stderr).unwrap(),
        status.code().unwrap()
    )
}

fn assert_said(said: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    let name = std::thread::current().name().unwrap().to_owned();
    settings.bind(|| insta::assert_snapshot!(name, said));
}

#[test]
fn no_pcscd_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    assert_said(&said(&folder.path().join("nobody"), &["pcsc"]));
}

#[test]
fn a_reader_that_is_not_there_or_empty_is_told_with_what_to_do() {
    let pcscd = PrivatePcscd::start().unwrap();
    let (_, socket) = pcscd.environment();
    assert_said(
        &[
            said(socket, &["pcsc"]),
            said(socket, &["pcsc:00 01"]),
            said(socket, &["pcsc:Somewhere Else"]),
            said(socket, &["pcsc", "--allow-destructive", "--yes"]),
        ]
        .join("\n"),
    );
}

#[test]
fn a_target_that_is_none_is_told_with_those_that_there_are() {
    let folder = tempfile::tempdir().unwrap();
    assert_said(&said(&folder.path().join("nobody"), &["vpdc"]));
}

#[test]
fn the_help_names_the_targets() {
    let folder = tempfile::tempdir().unwrap();
    let output = cns(folder.path())
        .args(["conform", "run", "--help"])
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for target in [
        "in-process",
        "vsmartcard",
        "vpcd",
        "ifd",
        "daemonless",
        "pcsc",
        "pcsc:READER",
        "pkcs11:MODULE",
        "portal:URL",
        "mutant:NAME",
    ] {
        assert!(help.contains(target), "{target} in {help}");
    }
}
