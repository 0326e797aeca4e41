//! The APDU codec, on the commands that real clients were recorded to send.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros document nothing; a bench fails by panicking"
)]

use std::hint::black_box;
use std::time::Duration;

use cns_apdu::{Chain, Command, Link};
use cns_fixtures::traces;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// As much as the default profile lets a chain carry, in bytes.
const CHAIN_LIMIT: usize = 1_024;

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = codec
}
criterion_main!(benches);

fn codec(criterion: &mut Criterion) {
    let recorded = recorded_commands();
    let parsed: Vec<Command<'_>> = recorded
        .iter()
        .map(|bytes| Command::parse(bytes).unwrap())
        .collect();
    let mut group = criterion.benchmark_group("codec");
    group.throughput(Throughput::Elements(recorded.len() as u64));
    group.bench_function("parse", |bencher| {
        bencher.iter(|| {
            for bytes in &recorded {
                black_box(Command::parse(black_box(bytes)).unwrap());
            }
        });
    });
    group.bench_function("encode", |bencher| {
        let mut out = Vec::with_capacity(512);
        bencher.iter(|| {
            for command in &parsed {
                out.clear();
                black_box(command).encode(&mut out);
                black_box(&out);
            }
        });
    });
    group.bench_function("chain", |bencher| {
        let mut chain = Chain::default();
        bencher.iter(|| {
            for command in &parsed {
                match chain.feed(black_box(*command), CHAIN_LIMIT).unwrap() {
                    Link::Stored => {}
                    Link::Whole(whole) => {
                        black_box(whole);
                    }
                }
            }
        });
    });
    group.finish();
}

/// Every command APDU of every recording, in order.
fn recorded_commands() -> Vec<Vec<u8>> {
    traces()
        .into_iter()
        .flat_map(|trace| trace.exchanges)
        .map(|exchange| exchange.command)
        .collect()
}
