//! RSA of 1,024 and 2,048 bits: the card's signature beside its floor, the same operation of OpenSSL
//! without a card around it.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "criterion's macros document nothing; a bench fails by panicking"
)]

mod support;

use std::hint::black_box;
use std::time::{Duration, Instant};

use cns_apdu::{Command, Le};
use cns_card::Card;
use cns_fixtures::{KeyPurpose, KeySize, citizen};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use openssl::pkey::Private;
use openssl::rsa::{Padding, Rsa};

const CITIZEN: &str = "mario-bianchi";

/// A profile of each size of key.
const SIZES: [(KeySize, &str); 2] = [
    (KeySize::Rsa1024, "cns10-siemens"),
    (KeySize::Rsa2048, "cns11-st2021"),
];

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = signatures
}
criterion_main!(benches);

fn signatures(criterion: &mut Criterion) {
    for (size, profile) in SIZES {
        let bits = size.bits();
        let key = citizen(CITIZEN).unwrap().key;
        let pem = key.variant(size, KeyPurpose::Authentication).pem();
        let key = Rsa::private_key_from_pem(pem.as_bytes()).unwrap();
        let block = block(usize::from(bits / 8));
        let mut card = ready_card(profile);
        let whole = [&[0x00][..], &block].concat();
        let decipher = Command::new([0x00, 0x2A, 0x80, 0x86], &whole, Le::Maximum).to_bytes();

        let mut group = criterion.benchmark_group(format!("RSA {bits}"));
        group.throughput(Throughput::Elements(1));
        group.bench_function("floor: OpenSSL without a card", |bencher| {
            let mut result = vec![0; block.len()];
            bencher.iter(|| engine(&key, black_box(&block), &mut result));
        });
        group.bench_function("PSO DECIPHER", |bencher| {
            bencher.iter(|| transmit(&mut card, black_box(&decipher)));
        });
        if let Some((first, rest)) = whole.split_at_checked(Command::SHORT_DATA_MAX) {
            let first = Command::new([0x10, 0x2A, 0x80, 0x86], first, Le::Absent).to_bytes();
            let last = Command::new([0x00, 0x2A, 0x80, 0x86], rest, Le::Maximum).to_bytes();
            group.bench_function("PSO DECIPHER in a chain of two", |bencher| {
                bencher.iter(|| {
                    transmit(&mut card, black_box(&first));
                    transmit(&mut card, black_box(&last));
                });
            });
        }
        group.finish();
        tell_ratio(bits, &key, &block, &mut card, &decipher);
        tell_rate(bits, &mut card, &decipher);
    }
}

/// A card whose PIN is proven and whose key is chosen.
fn ready_card(profile: &str) -> Card {
    let mut card = support::card(support::image(profile, CITIZEN));
    for command in [
        "0020001008 3132333435363738",
        "0022F303",
        "0022F1B803 830101",
    ] {
        transmit(&mut card, &cns_apdu::hex::decode(command).unwrap());
    }
    card
}

fn block(length: usize) -> Vec<u8> {
    let filling = vec![0xFF; length - 54];
    [&[0x00, 0x01][..], &filling, &[0x00], &[0xA5; 51]].concat()
}

fn engine(key: &Rsa<Private>, block: &[u8], result: &mut [u8]) {
    key.private_encrypt(block, result, Padding::NONE).unwrap();
    black_box(&result);
}

fn transmit(card: &mut Card, command: &[u8]) {
    let mut response = Vec::with_capacity(512);
    card.transmit(command, &mut response);
    assert!(response.ends_with(&[0x90, 0x00]), "{response:02X?}");
}

/// How much longer a signature takes with the card around it. The two take turns, so that whatever
/// else the machine does slows both.
fn tell_ratio(bits: u16, key: &Rsa<Private>, block: &[u8], card: &mut Card, decipher: &[u8]) {
    const ROUNDS: usize = 301;
    let mut result = vec![0; block.len()];
    let mut times = [const { Vec::new() }; 2];
    for _ in 0..ROUNDS {
        times[0].push(time(|| engine(key, black_box(block), &mut result)));
        times[1].push(time(|| transmit(card, black_box(decipher))));
    }
    let [floor, with_card] = times.map(|mut times| {
        times.sort_unstable();
        times[ROUNDS / 2]
    });
    eprintln!(
        "RSA {bits}: PSO DECIPHER takes {:.3} times as long as OpenSSL without a card ({with_card:?} and {floor:?}, medians of {ROUNDS})",
        with_card.as_secs_f64() / floor.as_secs_f64(),
    );
}

/// The card's signatures in a second beside those of `openssl speed`, one after the other.
fn tell_rate(bits: u16, card: &mut Card, decipher: &[u8]) {
    const SECONDS: u64 = 3;
    let (seconds, name) = (SECONDS.to_string(), format!("rsa{bits}"));
    let speed = std::process::Command::new("openssl")
        .args(["speed", "-elapsed", "-mr", "-seconds", &seconds, &name])
        .output()
        .expect("openssl is installed (package openssl)");
    // The result's line is `+F2:index:bits:signatures a second:verifications a second`.
    let speed = String::from_utf8(speed.stdout).unwrap();
    let result = speed
        .lines()
        .find_map(|line| line.strip_prefix("+F2:"))
        .unwrap();
    let peer: f64 = result.split(':').nth(2).unwrap().parse().unwrap();

    let mut count = 0;
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(SECONDS) {
        transmit(card, black_box(decipher));
        count += 1;
    }
    let rate = f64::from(count) / start.elapsed().as_secs_f64();
    eprintln!(
        "RSA {bits}: the card signs {rate:.0} times a second, openssl speed {peer:.0} times: {:.3}",
        rate / peer
    );
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}
