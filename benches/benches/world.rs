//! The portal's world of a whole town: made, written, read, and what a page or a booking asks of it.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros document nothing; a bench fails by panicking"
)]

use std::hint::black_box;
use std::time::Duration;

use cns_fixtures::{citizen, population};
use cns_services::{Requester, World};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use time::macros::date;

const TODAY: time::Date = date!(2026 - 11 - 24);

/// As many as a province has.
const CITIZENS: u32 = 100_000;

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(5));
    targets = whole, one_citizen
}
criterion_main!(benches);

fn whole(criterion: &mut Criterion) {
    let json = population::world(1, CITIZENS, TODAY).export().unwrap();
    let mut group = criterion.benchmark_group("world");
    group.bench_function("generate", |bencher| {
        bencher.iter_batched(
            || 1,
            |seed| population::world(seed, CITIZENS, TODAY),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("import", |bencher| {
        bencher.iter_batched(
            || (),
            |()| World::import(&json).unwrap(),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// All that there is about one of them, from the login on.
fn one_citizen(criterion: &mut Criterion) {
    let world = population::world(1, CITIZENS, TODAY);
    let maria = citizen("maria-rossi").unwrap().codice_fiscale;
    criterion.bench_function("world/one citizen", |bencher| {
        bencher.iter(|| {
            let maria = black_box(maria);
            let access = world
                .access(Requester::Citizen(maria), maria, TODAY)
                .unwrap();
            let reports = world.reports().of(&access).unwrap().count();
            let prescriptions = world.prescriptions().of(&access).count();
            let vaccinations = world.vaccinations().of(&access).count();
            let exemptions = world.exemptions().of(&access).count();
            let bookings = world.bookings().of(&access).count();
            black_box([reports, prescriptions, vaccinations, exemptions, bookings])
        });
    });
}
