//! C_Sign of OpenSC's module, RSA 2,048: without a daemon, through our own driver, through vpcd. The
//! floor is OpenSSL without a card, in the same run.

#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod support;

use std::process::ExitCode;

use cns_benches::layers::Stage;
use cns_benches::{Layer, Operation};
use criterion::Throughput;

const LAYERS: [Layer; 4] = [
    Layer::Engine,
    Layer::Pkcs11Daemonless,
    Layer::Pkcs11Ifd,
    Layer::Pkcs11Vpcd,
];

fn main() -> ExitCode {
    let task = support::task(Operation::Sign);
    if let Some(layer) = support::client() {
        let layer: Layer = layer.parse().unwrap();
        let mut criterion = support::criterion().configure_from_args();
        let mut group = criterion.benchmark_group("PKCS #11: signature");
        group.throughput(Throughput::Elements(1));
        let mut worker = layer.workers(&task).unwrap().remove(0);
        group.bench_function(layer.name(), |bencher| {
            bencher.iter(|| worker.once().unwrap());
        });
        group.finish();
        criterion.final_summary();
        return ExitCode::SUCCESS;
    }
    support::each_as_client(&LAYERS, |layer| match layer {
        Layer::Engine => None,
        layer => Some(Stage::of(layer, &task).unwrap()),
    })
}
