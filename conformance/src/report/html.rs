//! A run as one HTML page, which asks the network for nothing.
//!
//! ```text
//! verdict, sum, a row for each suite
//! what to look at first
//! filter                          text, suite, outcome, profile; by a script, without which all is shown
//! suite ── case ── group          the profiles on which a case ended, and was answered, the same way
//! coverage by clause, known gaps
//! ```
//!
//! A run over all profiles has thousands of results. Most of them say the same, byte for byte: so they
//! are shown once, as a group. A failure stands in full with its bytes open; a pass is folded, and long
//! rows of bytes in it are cut.

mod group;

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::coverage::Coverage;
use super::model::{Counts, ResultEntry, RunReport, Standing};
use super::text::{by_suite, sum, verdict, why};
use group::Group;

/// The report as a file.
///
/// # Errors
/// Only if the page cannot be filled in, which memory never refuses.
pub fn to_page(report: &RunReport) -> Result<String, askama::Error> {
    Page::of(report).render()
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    report: &'a RunReport,
    verdict: &'static str,
    is_good: bool,
    took: String,
    tiles: Vec<Tile>,
    /// What a person should look at: case, profile, why.
    first: Vec<Look<'a>>,
    suites: Vec<Suite<'a>>,
    profiles: BTreeSet<&'a str>,
    coverage: Coverage,
}

/// A number of the sum.
struct Tile {
    count: usize,
    words: &'static str,
    class: &'static str,
}

/// A result that a person should look at.
struct Look<'a> {
    id: &'a str,
    place: &'a str,
    standing: Standing,
    why: String,
}

struct Suite<'a> {
    name: &'a str,
    counts: Counts,
    sum: String,
    cases: Vec<Case<'a>>,
}

/// A case, and what came of it everywhere.
struct Case<'a> {
    /// What is the same everywhere: the first of its results.
    facts: &'a ResultEntry,
    groups: Vec<Group<'a>>,
}

impl<'a> Page<'a> {
    fn of(report: &'a RunReport) -> Self {
        let finish = report.finished.as_ref();
        let counts = finish.map_or_else(|| Counts::of(&report.results), |finish| finish.counts);
        let mut bad: Vec<&ResultEntry> = report.results.iter().collect();
        bad.retain(|result| result.standing().is_bad());
        bad.sort_by_key(|result| result.standing());
        Self {
            report,
            verdict: finish.map_or("cut off", verdict),
            is_good: finish.is_some_and(|finish| finish.exit == 0),
            took: finish.map_or_else(String::new, |it| format!("{:.1} s", it.took_ms / 1_000.0)),
            tiles: tiles(&counts),
            first: bad.into_iter().map(Look::of).collect(),
            suites: suites(report),
            profiles: report.results.iter().map(place).collect(),
            coverage: Coverage::of_run(report),
        }
    }
}

fn tiles(counts: &Counts) -> Vec<Tile> {
    let tile = |count, standing: Standing| Tile {
        count,
        words: standing.words(),
        class: class(standing),
    };
    let tiles = [
        tile(counts.failed, Standing::Failed),
        tile(counts.unexpected_passes, Standing::UnexpectedPass),
        tile(counts.broken, Standing::Broken),
        tile(counts.expected_failures, Standing::ExpectedFailure),
        tile(counts.passed, Standing::Passed),
        tile(counts.skipped, Standing::Skipped),
        Tile {
            count: counts.flaky,
            words: "flaky",
            class: "broken",
        },
    ];
    tiles.into_iter().filter(|tile| 0 < tile.count).collect()
}

fn suites(report: &RunReport) -> Vec<Suite<'_>> {
    let mut cases: BTreeMap<&str, BTreeMap<&str, Vec<&ResultEntry>>> = BTreeMap::new();
    for result in &report.results {
        let suite = cases.entry(result.suite()).or_default();
        suite.entry(&result.id).or_default().push(result);
    }
    let counts: BTreeMap<&str, Counts> = by_suite(report).into_iter().collect();
    let suites = cases.into_iter().map(|(name, cases)| {
        let counts = counts.get(name).copied().unwrap_or_default();
        Suite {
            name,
            counts,
            sum: sum(&counts),
            cases: cases
                .into_values()
                .filter_map(|results| Case::of(report, &results))
                .collect(),
        }
    });
    suites.collect()
}

impl<'a> Case<'a> {
    fn of(report: &RunReport, results: &[&'a ResultEntry]) -> Option<Self> {
        Some(Self {
            facts: results.first().copied()?,
            groups: group::groups(report, results),
        })
    }
}

impl<'a> Look<'a> {
    fn of(result: &'a ResultEntry) -> Self {
        Self {
            id: &result.id,
            place: place(result),
            standing: result.standing(),
            why: why(result).unwrap_or_default(),
        }
    }
}

/// Where a result was seen: the profile, or the target if it has none.
fn place(result: &ResultEntry) -> &str {
    result.profile.as_deref().unwrap_or(&result.target)
}

const fn class(standing: Standing) -> &'static str {
    match standing {
        Standing::Failed => "failed",
        Standing::UnexpectedPass => "unexpected-pass",
        Standing::Broken => "broken",
        Standing::ExpectedFailure => "expected-failure",
        Standing::Passed => "passed",
        Standing::Skipped => "skipped",
    }
}
