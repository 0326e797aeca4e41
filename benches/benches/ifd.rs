//! A command through our own driver: SCardTransmit, libpcsclite, pcscd, driver, card and back.
//!
//! The floors stand beside it: a driver that does nothing, in the same pcscd; and a byte there and back
//! over a unix socket, which is what libpcsclite and pcscd have between them.

#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod support;

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use cns_fixtures::DEFAULT_PROFILE;
use cns_reader::{Driver, ImageFile, PrivatePcscd};
use criterion::Throughput;

/// The floor's library. Nothing of it is linked here: both drivers have functions of the same names.
const DO_NOTHING: &str = "libcns_do_nothing_driver.so";

fn main() -> ExitCode {
    if support::client().is_some() {
        measure();
        return ExitCode::SUCCESS;
    }
    let folder = tempfile::tempdir().unwrap();
    let card = folder.path().join("card.cns");
    let image = support::image(DEFAULT_PROFILE, "maria-rossi");
    ImageFile::create(&card, &image, None).unwrap();
    let slots = folder.path().join("reader.toml");
    fs::write(&slots, "[[slot]]\ncard = 'card.cns'\nvolatile = true\n").unwrap();
    let drivers = [
        Driver {
            name: "CNS".to_owned(),
            library: library(cns_ifd::library::FILE),
            device: slots,
        },
        Driver {
            name: "Nothing".to_owned(),
            library: library(DO_NOTHING),
            device: "/dev/null".into(),
        },
    ];
    let pcscd = PrivatePcscd::start_with_all(&drivers).unwrap();
    let (variable, socket) = pcscd.environment();
    support::as_client("ifd", vec![(variable, socket.into())])
}

fn measure() {
    let context = support::context();
    let mut criterion = support::criterion().configure_from_args();
    let mut group = criterion.benchmark_group("ifd: SELECT by SCardTransmit");
    group.throughput(Throughput::Elements(1));
    for (name, reader) in [
        ("a CNS card", "CNS"),
        ("floor: a driver that does nothing", "Nothing"),
    ] {
        let card = support::connect(&context, reader);
        group.bench_function(name, |bencher| support::select(bencher, &card));
    }
    group.bench_function(
        "floor: a byte there and back over a unix socket",
        support::unix_ping_pong,
    );
    group.finish();
    let [card, floor] = ["CNS", "Nothing"].map(|name| support::connect(&context, name));
    support::tell_ratio("ifd", &card, &floor);
    criterion.final_summary();
}

/// A driver's library: cargo builds it for this bench, beside it.
fn library(file: &str) -> PathBuf {
    let program = env::current_exe().unwrap();
    let beside = program.parent().unwrap().join(file);
    assert!(beside.is_file(), "cargo has built no {}", beside.display());
    beside
}
