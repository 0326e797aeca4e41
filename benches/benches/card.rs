//! The card in process: what it answers in a second, and how far its signatures are from the floor,
//! the same RSA operation without a card around it.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "criterion's macros document nothing; a bench fails by panicking"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use cns_apdu::{Command, Le};
use cns_card::{Card, CardImage, Entropy, EntropyFault};
use cns_fixtures::{Citizen, DEFAULT_PROFILE, citizen, collaudo_authority, personalise, profile};
use cns_reader::SystemEntropy;
use criterion::{Bencher, Criterion, Throughput, criterion_group, criterion_main};
use openssl::pkey::Private;
use openssl::rsa::{Padding, Rsa};
use time::macros::date;

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = commands, signatures
}
criterion_main!(benches);

fn commands(criterion: &mut Criterion) {
    let citizen = citizen("mario-bianchi").unwrap();
    let image = image(&citizen);
    let pin = padded(citizen.pin.as_str());
    let mut group = criterion.benchmark_group("card");
    group.throughput(Throughput::Elements(1));
    group.bench_function("SELECT MF", |bencher| {
        let select = Command::new([0x00, 0xA4, 0x00, 0x0C], &[0x3F, 0x00], Le::Absent);
        repeat(bencher, &mut card(&image), &select);
    });
    group.bench_function("SELECT EF with FCI", |bencher| {
        let path = [0x11, 0x00, 0x11, 0x02];
        let select = Command::new([0x00, 0xA4, 0x08, 0x00], &path, Le::Maximum);
        repeat(bencher, &mut card(&image), &select);
    });
    group.bench_function("READ BINARY 255", |bencher| {
        let mut card = card(&image);
        let path = [0x11, 0x00, 0x11, 0x01];
        expect_ok(
            &mut card,
            &Command::new([0x00, 0xA4, 0x08, 0x0C], &path, Le::Absent),
        );
        repeat(
            bencher,
            &mut card,
            &Command::new([0x00, 0xB0, 0x00, 0x00], &[], Le::exact(255)),
        );
    });
    let challenge = Command::new([0x00, 0x84, 0x00, 0x00], &[], Le::exact(8));
    group.bench_function("GET CHALLENGE 8", |bencher| {
        repeat(bencher, &mut card(&image), &challenge);
    });
    group.bench_function("GET CHALLENGE 8, random bytes of the system", |bencher| {
        let mut card = Card::volatile(image.clone(), SystemEntropy::new());
        card.power_on();
        repeat(bencher, &mut card, &challenge);
    });
    group.bench_function("VERIFY", |bencher| {
        let verify = Command::new([0x00, 0x20, 0x00, 0x10], &pin, Le::Absent);
        repeat(bencher, &mut card(&image), &verify);
    });
    group.finish();
}

fn signatures(criterion: &mut Criterion) {
    let citizen = citizen("mario-bianchi").unwrap();
    let key = Rsa::private_key_from_pem(citizen.key.pem().as_bytes()).unwrap();
    let mut card = card(&image(&citizen));
    let block = [&[0x00, 0x01][..], &[0xFF; 202], &[0x00], &[0xA5; 51]].concat();
    let padding_indicator_and_block = [&[0x00][..], &block].concat();
    let decipher = Command::new(
        [0x00, 0x2A, 0x80, 0x86],
        &padding_indicator_and_block,
        Le::Maximum,
    );
    let (first, rest) = padding_indicator_and_block.split_at(Command::SHORT_DATA_MAX);
    let pin = padded(citizen.pin.as_str());
    for prepare in [
        Command::new([0x00, 0x20, 0x00, 0x10], &pin, Le::Absent),
        Command::new([0x00, 0x22, 0xF3, 0x03], &[], Le::Absent),
        Command::new([0x00, 0x22, 0xF1, 0xB8], &[0x83, 0x01, 0x01], Le::Absent),
    ] {
        expect_ok(&mut card, &prepare);
    }
    let mut group = criterion.benchmark_group("RSA 2048");
    group.throughput(Throughput::Elements(1));
    group.bench_function("OpenSSL without a card", |bencher| {
        let mut result = [0; 256];
        bencher.iter(|| {
            key.private_encrypt(black_box(&block), &mut result, Padding::NONE)
                .unwrap();
            black_box(&result);
        });
    });
    group.bench_function("PSO DECIPHER", |bencher| {
        repeat(bencher, &mut card, &decipher)
    });
    group.bench_function("PSO DECIPHER in a chain of two", |bencher| {
        let first = Command::new([0x10, 0x2A, 0x80, 0x86], first, Le::Absent).to_bytes();
        let last = Command::new([0x00, 0x2A, 0x80, 0x86], rest, Le::Maximum).to_bytes();
        let mut response = Vec::with_capacity(512);
        bencher.iter(|| {
            card.transmit(black_box(&first), &mut response);
            card.transmit(black_box(&last), &mut response);
            black_box(&response);
        });
        assert!(response.len() == 258 && response.ends_with(&[0x90, 0x00]));
    });
    group.finish();
    tell_ratio(&key, &block, &mut card, &decipher);
    tell_rate(&mut card, &decipher);
}

/// How much longer a signature takes with the card around it. The two take turns, so that whatever
/// else the machine does slows both.
fn tell_ratio(key: &Rsa<Private>, block: &[u8], card: &mut Card, decipher: &Command<'_>) {
    const ROUNDS: usize = 301;
    let command = decipher.to_bytes();
    let mut result = [0; 256];
    let mut response = Vec::with_capacity(512);
    let mut times = [const { Vec::new() }; 2];
    for _ in 0..ROUNDS {
        times[0].push(time(|| {
            key.private_encrypt(black_box(block), &mut result, Padding::NONE)
                .unwrap();
        }));
        times[1].push(time(|| card.transmit(black_box(&command), &mut response)));
    }
    let [floor, with_card] = times.map(|mut times| {
        times.sort_unstable();
        times[ROUNDS / 2]
    });
    eprintln!(
        "RSA 2048: PSO DECIPHER takes {:.3} times as long as OpenSSL without a card ({with_card:?} and {floor:?}, medians of {ROUNDS})",
        with_card.as_secs_f64() / floor.as_secs_f64(),
    );
}

/// The card's signatures in a second beside those of `openssl speed`, one after the other.
fn tell_rate(card: &mut Card, decipher: &Command<'_>) {
    const SECONDS: u64 = 3;
    let seconds = SECONDS.to_string();
    let speed = std::process::Command::new("openssl")
        .args(["speed", "-elapsed", "-mr", "-seconds", &seconds, "rsa2048"])
        .output()
        .expect("openssl is installed (package openssl)");
    // The result's line is `+F2:2:2048:signatures a second:verifications a second`.
    let speed = String::from_utf8(speed.stdout).unwrap();
    let result = speed
        .lines()
        .find_map(|line| line.strip_prefix("+F2:"))
        .unwrap();
    let peer: f64 = result.split(':').nth(2).unwrap().parse().unwrap();

    let command = decipher.to_bytes();
    let mut response = Vec::with_capacity(512);
    let mut count = 0;
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(SECONDS) {
        card.transmit(black_box(&command), &mut response);
        count += 1;
    }
    let rate = f64::from(count) / start.elapsed().as_secs_f64();
    eprintln!(
        "RSA 2048: the card signs {rate:.0} times a second, openssl speed {peer:.0} times: {:.3}",
        rate / peer
    );
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Sends the same command again and again; it must succeed.
fn repeat(bencher: &mut Bencher<'_>, card: &mut Card, command: &Command<'_>) {
    expect_ok(card, command);
    let command = command.to_bytes();
    let mut response = Vec::with_capacity(512);
    bencher.iter(|| {
        card.transmit(black_box(&command), &mut response);
        black_box(&response);
    });
    assert!(response.ends_with(&[0x90, 0x00]), "{response:02X?}");
}

fn expect_ok(card: &mut Card, command: &Command<'_>) {
    let mut response = Vec::new();
    card.transmit(&command.to_bytes(), &mut response);
    assert!(
        response.ends_with(&[0x90, 0x00]),
        "{command:?}: {response:02X?}"
    );
}

fn card(image: &CardImage) -> Card {
    let mut card = Card::volatile(image.clone(), counting());
    card.power_on();
    card
}

fn image(citizen: &Citizen) -> CardImage {
    let today = date!(2026 - 11 - 01);
    let authority = collaudo_authority(today).unwrap();
    let profile = profile(DEFAULT_PROFILE).unwrap();
    let made = personalise(&profile, citizen, &authority, today, &mut counting());
    made.unwrap().image
}

/// Bytes that cost nothing, so that the card alone is measured.
fn counting() -> impl Entropy + Send + use<> {
    let mut next = 0_u8;
    move |bytes: &mut [u8]| -> Result<(), EntropyFault> {
        bytes.fill(next);
        next = next.wrapping_add(1);
        Ok(())
    }
}

/// A PIN as it travels: eight bytes, padded with FF.
fn padded(digits: &str) -> [u8; 8] {
    let mut value = [0xFF; 8];
    value
        .iter_mut()
        .zip(digits.bytes())
        .for_each(|(place, digit)| *place = digit);
    value
}
