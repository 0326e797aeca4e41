//! A command without pcscd: SCardTransmit of our own library, with the card in the client's process and
//! shared by a host at a unix socket.
//!
//! The floors: the card called directly, for the one; a byte there and back over a unix socket, for the
//! other.

#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod support;

use std::process::ExitCode;

use cns_benches::layers::Stage;
use cns_benches::{Layer, Operation};
use cns_fixtures::DEFAULT_PROFILE;
use criterion::Throughput;

fn main() -> ExitCode {
    if let Some(layer) = support::client() {
        measure(&layer);
        return ExitCode::SUCCESS;
    }
    let task = support::task(Operation::Select);
    let layers = [Layer::Daemonless, Layer::DaemonlessShared];
    support::each_as_client(&layers, |layer| Some(Stage::of(layer, &task).unwrap()))
}

fn measure(layer: &str) {
    let context = support::context();
    let mut criterion = support::criterion().configure_from_args();
    let mut group = criterion.benchmark_group(format!("{layer}: SELECT by SCardTransmit"));
    group.throughput(Throughput::Elements(1));
    let card = support::connect(&context, "CNS");
    group.bench_function("a CNS card", |bencher| support::select(bencher, &card));
    match layer {
        "daemonless" => group.bench_function("floor: the card, called directly", |bencher| {
            let mut card = support::card(support::image(DEFAULT_PROFILE, "maria-rossi"));
            let mut response = Vec::with_capacity(2);
            bencher.iter(|| card.transmit(&support::SELECT_MASTER_FILE, &mut response));
        }),
        _ => group.bench_function(
            "floor: a byte there and back over a unix socket",
            support::unix_ping_pong,
        ),
    };
    group.finish();
    criterion.final_summary();
}
