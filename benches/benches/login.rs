//! Logins at a portal, each a full TLS handshake with the card's certificate and a request: TLS 1.2 and
//! 1.3, with a card by OpenSC without a daemon and through our own driver. The floor is the same login with
//! the key in the client's process.

#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod support;

use std::env;
use std::process::ExitCode;

use cns_benches::layers::Stage;
use cns_benches::task::portal_at;
use cns_benches::{Layer, Operation, Task};
use cns_conformance::TlsVersion;
use cns_conformance::portal::OwnPortal;
use criterion::Throughput;

/// The port of the portal, for the client.
const PORT: &str = "CNS_BENCH_PORTAL_PORT";

const VERSIONS: [TlsVersion; 2] = [TlsVersion::Tls12, TlsVersion::Tls13];

fn main() -> ExitCode {
    let mut task = support::task(Operation::Login(TlsVersion::Tls13));
    if let Some(layer) = support::client() {
        let port: u16 = env::var(PORT).unwrap().parse().unwrap();
        task.portal = Some(portal_at(port));
        measure(layer.parse().unwrap(), &task);
        return ExitCode::SUCCESS;
    }
    let portal = OwnPortal::start(task.make.authority()).unwrap();
    task.portal = Some(portal.address());
    // The floor has its certificate from the certifier that the portal trusts, which is in this process.
    measure(Layer::Engine, &task);
    for layer in [Layer::Pkcs11Daemonless, Layer::Pkcs11Ifd] {
        let stage = Stage::of(layer, &task).unwrap();
        let mut environment = stage.environment();
        environment.push((PORT, portal.address().port.to_string().into()));
        let measured = support::as_client(layer.name(), environment);
        if measured != ExitCode::SUCCESS {
            return measured;
        }
    }
    ExitCode::SUCCESS
}

fn measure(layer: Layer, task: &Task) {
    let mut criterion = support::criterion().configure_from_args();
    let mut group = criterion.benchmark_group("login");
    group.throughput(Throughput::Elements(1));
    for version in VERSIONS {
        let operation = Operation::Login(version);
        let task = Task {
            operation,
            ..task.clone()
        };
        let mut worker = layer.workers(&task).unwrap().remove(0);
        let name = format!("TLS {}, {layer}", version.number());
        group.bench_function(name, |bencher| bencher.iter(|| worker.once().unwrap()));
    }
    group.finish();
    criterion.final_summary();
}
