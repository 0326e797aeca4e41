//! The card in process: every command that it has, see `data/commands.txt`.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "criterion's macros document nothing; a bench fails by panicking"
)]

mod support;

use std::hint::black_box;

use cns_apdu::hex;
use cns_card::{Card, LifeCycle};
use cns_fixtures::DEFAULT_PROFILE;
use cns_reader::SystemEntropy;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

const COMMANDS: &str = include_str!("../data/commands.txt");
const CITIZEN: &str = "mario-bianchi";

criterion_group! {
    name = benches;
    config = support::criterion();
    targets = commands, once_only
}
criterion_main!(benches);

fn commands(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("card");
    let lines = COMMANDS.lines().filter(|line| !line.starts_with('#'));
    for line in lines.filter(|line| !line.is_empty()) {
        let [name, kind, before, each] = line.split('|').collect::<Vec<_>>()[..] else {
            panic!("four columns: {line}");
        };
        let mut card = card_of(kind.trim());
        let (before, each) = (hexadecimal(before), hexadecimal(each));
        let mut response = Vec::with_capacity(2048);
        for command in before.iter().chain(&each) {
            card.transmit(command, &mut response);
        }
        assert!(response.ends_with(&[0x90, 0x00]), "{line}: {response:02X?}");
        group.throughput(Throughput::Elements(each.len() as u64));
        group.bench_function(name.trim(), |bencher| {
            bencher.iter(|| {
                for command in &each {
                    card.transmit(black_box(command), &mut response);
                }
                black_box(&response);
            });
        });
        assert!(response.ends_with(&[0x90, 0x00]), "{line}: {response:02X?}");
    }
    group.bench_function("GET CHALLENGE, random bytes of the system", |bencher| {
        let mut card = Card::volatile(
            support::image(DEFAULT_PROFILE, CITIZEN),
            SystemEntropy::new(),
        );
        card.power_on();
        let (challenge, mut response) = (hexadecimal("0084000008"), Vec::new());
        bencher.iter(|| card.transmit(black_box(&challenge[0]), &mut response));
    });
    group.finish();
}

/// Commands that work once on a card, or take seconds.
fn once_only(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("card");
    group.throughput(Throughput::Elements(1));
    let create =
        hexadecimal("00E000001A 6F18 80020010 8203020004 8302AA01 8609 000000000000000000");
    group.bench_function("CREATE FILE, on a new card each", |bencher| {
        bencher.iter_batched_ref(
            || card_of("creation"),
            |card| transmit(card, &create[0]),
            BatchSize::SmallInput,
        );
    });
    group.sample_size(10);
    group.bench_function("GENERATE KEY PAIR, 2,048 bits", |bencher| {
        let mut image = support::image(DEFAULT_PROFILE, CITIZEN);
        image.life_cycle = LifeCycle::Creation;
        let mut card = Card::volatile(image, SystemEntropy::new());
        card.power_on();
        for command in hexadecimal(
            "00DA016E18 83022007 850802030C00FF000000 860810FFFFFFFFFF10FF, \
             0022F1B603 830107, 0020001008 3132333435363738",
        ) {
            transmit(&mut card, &command);
        }
        let generate = hexadecimal("0046000708 2007 3F01 00100020");
        bencher.iter(|| transmit(&mut card, &generate[0]));
    });
    group.finish();
}

fn transmit(card: &mut Card, command: &[u8]) {
    let mut response = Vec::with_capacity(512);
    card.transmit(black_box(command), &mut response);
    assert!(response.ends_with(&[0x90, 0x00]), "{response:02X?}");
}

fn card_of(kind: &str) -> Card {
    let life_cycle = match kind {
        "creation" => LifeCycle::Creation,
        "personalisation" => LifeCycle::Personalisation,
        "operational" => LifeCycle::Operational,
        profile => return support::card(support::image(profile, CITIZEN)),
    };
    let mut image = support::image(DEFAULT_PROFILE, CITIZEN);
    image.life_cycle = life_cycle;
    support::card(image)
}

fn hexadecimal(commands: &str) -> Vec<Vec<u8>> {
    commands
        .split(',')
        .map(str::trim)
        .filter(|command| !command.is_empty())
        .map(|command| hex::decode(command).unwrap())
        .collect()
}
