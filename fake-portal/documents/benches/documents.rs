//! How long one document takes: `cargo bench -p cns-documents`.

#![allow(missing_docs, reason = "criterion's macros make functions without any")]
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a bench ends where it meets the unexpected"
)]

#[path = "../tests/support/mod.rs"]
mod support;

use std::hint::black_box;

use cns_language::Language;
use criterion::{Criterion, criterion_group, criterion_main};
use support::Papers;

fn documents(criterion: &mut Criterion) {
    let papers = Papers::new();
    let given = papers.given();
    let language = Language::Italian;
    let mut group = criterion.benchmark_group("document");
    group.bench_function("report, PDF", |bench| {
        bench.iter(|| black_box(papers.report().pdf(language).unwrap()));
    });
    group.bench_function("report, FHIR", |bench| {
        bench.iter(|| black_box(papers.report().fhir(language)));
    });
    group.bench_function("prescription reminder, PDF", |bench| {
        bench.iter(|| black_box(papers.reminder().pdf(language).unwrap()));
    });
    group.bench_function("vaccination certificate, PDF", |bench| {
        bench.iter(|| black_box(papers.certificate(&given).pdf(language).unwrap()));
    });
    group.bench_function("slip, PDF", |bench| {
        bench.iter(|| black_box(papers.slip().pdf(language).unwrap()));
    });
    let long = Papers::new().with_narrative(&"Una frase che si ripete. ".repeat(4_000));
    group.bench_function("report of 25 pages, PDF", |bench| {
        bench.iter(|| black_box(long.report().pdf(language).unwrap()));
    });
    group.finish();
}

criterion_group!(benches, documents);
criterion_main!(benches);
