//! The portal's world of a whole town: made, written, read, and what a page or a booking asks of it; and a town
//! in its file, read and stored after one change.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "criterion's macros document nothing; a bench fails by panicking"
)]

use std::hint::black_box;
use std::time::Duration;

use cns_conformance::town::StateFile;
use cns_fixtures::{citizen, population, town};
use cns_portal::Keeper as _;
use cns_services::desk::Policy;
use cns_services::outbox::{Fault, Outbox, OutboxFault};
use cns_services::{Requester, Town, World};
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use time::OffsetDateTime;
use time::macros::{date, datetime};

const TODAY: time::Date = date!(2026 - 11 - 24);
const NOW: OffsetDateTime = datetime!(2026-11-24 9:00 UTC);

/// As many as a province has.
const CITIZENS: u32 = 100_000;

criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(5));
    targets = whole, one_citizen, town_of_a_file, one_change
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

fn town_of(citizens: u32) -> Town {
    Town {
        world: population::world(1, citizens, TODAY),
        desk: town::desk(Policy::default(), NOW),
        outbox: Outbox::default(),
    }
}

/// What a portal does with its file before it listens: the sum, the JSON, and whether all fits together.
fn town_of_a_file(criterion: &mut Criterion) {
    let file = town_of(CITIZENS).to_file().unwrap();
    criterion.bench_function("town/load", |bencher| {
        bencher.iter_batched(
            || (),
            |()| Town::of_file(&file, NOW).unwrap(),
            BatchSize::PerIteration,
        );
    });
}

/// What a visitor waits for who changes something: the whole town is written and flushed to disk.
fn one_change(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("town/store one change");
    for citizens in [200, 10_000] {
        let folder = tempfile::tempdir().unwrap();
        let mut file = StateFile::open(&folder.path().join("town.state")).unwrap();
        let mut town = town_of(citizens);
        group.bench_function(BenchmarkId::from_parameter(citizens), |bencher| {
            bencher.iter(|| {
                town.outbox.disarm();
                town.outbox.arm(OutboxFault::next(Fault::Lost));
                file.keep(&town).unwrap();
            });
        });
    }
    group.finish();
}
