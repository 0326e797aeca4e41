//! The proof of possession, and what the portal asks for, seen by a TLS of another make.
//!
//! `tests/tlslite/client.py` drives tlslite-ng's client, which sends what no client should: the cases of
//! tlsfuzzer's scripts for CertificateVerify and CertificateRequest, which cannot be had from PyPI.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Bench, succeed, years};

/// How every visit ends.
fn ends(version: &str) -> String {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = here.join("../../target/judges/bin/python");
    let output = Command::new(&python)
        .arg(here.join("tests/tlslite/client.py"))
        .arg(bench.port.to_string())
        .args(["card.pem", "card.key", version])
        .current_dir(bench.folder.path())
        .output()
        .unwrap_or_else(|error| {
            panic!(
                "{} cannot be run: {error}\nhint: cargo xtask setup",
                python.display()
            )
        });
    let ends = succeed(output);
    // Whoever proved nothing is not among those who logged in.
    let logged_in = bench.journal.entries().into_iter();
    let logged_in = logged_in.filter(|entry| entry.outcome == "logged_in");
    assert_eq!(logged_in.count(), ends.matches(": status 200").count());
    ends
}

#[test]
fn in_tls_1_2() {
    insta::assert_snapshot!("tls12", ends("1.2"));
}

#[test]
fn in_tls_1_3() {
    insta::assert_snapshot!("tls13", ends("1.3"));
}
