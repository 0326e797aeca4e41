//! VERIFY, whose try is charged durably before the PIN is compared: with a memory that forgets, and with
//! one that is a file. The floor of the second is what a file that is replaced takes: written beside it,
//! flushed, renamed over it, and the folder flushed.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros document nothing; a bench fails by panicking"
)]

mod support;

use std::fs::{self, File};
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;

use cns_card::Card;
use cns_fixtures::DEFAULT_PROFILE;
use cns_reader::{ImageFile, SystemEntropy};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// VERIFY with the PIN of mario-bianchi, and with another.
const RIGHT: &str = "0020001008 3132333435363738";
const WRONG: &str = "0020001008 3030303030303030";

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = verify
}
criterion_main!(benches);

fn verify(criterion: &mut Criterion) {
    let image = support::image(DEFAULT_PROFILE, "mario-bianchi");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().join("card.cns");
    ImageFile::create(&path, &image, None).unwrap();
    let mut group = criterion.benchmark_group("VERIFY");
    group.throughput(Throughput::Elements(1));

    let mut forgetful = support::card(image);
    group.bench_function("memory: right", |bencher| {
        bencher.iter(|| say(&mut forgetful, &[RIGHT]));
    });
    group.bench_function("memory: wrong, then right", |bencher| {
        bencher.iter(|| say(&mut forgetful, &[WRONG, RIGHT]));
    });
    let (image, file) = ImageFile::open(&path, None).unwrap();
    let mut kept = Card::new(image, file, SystemEntropy::new());
    kept.power_on();
    group.bench_function("file: right", |bencher| {
        bencher.iter(|| say(&mut kept, &[RIGHT]));
    });
    group.bench_function("file: wrong, then right", |bencher| {
        bencher.iter(|| say(&mut kept, &[WRONG, RIGHT]));
    });
    drop(kept);
    let bytes = fs::read(&path).unwrap();
    group.bench_function("floor: a file of that size replaced", |bencher| {
        bencher.iter(|| replace(&path, black_box(&bytes)));
    });
    group.finish();
}

fn say(card: &mut Card, commands: &[&str]) {
    let mut response = Vec::with_capacity(2);
    for command in commands {
        let command = cns_apdu::hex::decode(command).unwrap();
        card.transmit(black_box(&command), &mut response);
    }
    assert_eq!(response, [0x90, 0x00]);
}

fn replace(path: &Path, bytes: &[u8]) {
    let folder = path.parent().unwrap();
    let beside = folder.join("beside");
    let mut file = File::create(&beside).unwrap();
    file.write_all(bytes).unwrap();
    file.sync_all().unwrap();
    fs::rename(&beside, path).unwrap();
    File::open(folder).unwrap().sync_all().unwrap();
}
