//! From what the runner tells, case by case, to the report of the run.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::model::{
    Counts, Ending, Finish, ResultEntry, RunReport, SCHEMA, SourceEntry, UnusedExpectation,
};
use super::transcript::Transcript;
use crate::expectations::{Expectation, Expectations};
use crate::runner::{CaseResult, Outcome};

/// The report of a run that is going on.
pub struct Recorder {
    report: RunReport,
    expectations: Expectations,
    start: Instant,
}

/// What a result is recorded with.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The target that the case ran on.
    pub target: &'a str,
    /// The profile that it was judged by.
    pub profile: Option<&'a str>,
    /// Whether the suite made all that was tested, so that nobody's data are in it.
    pub synthetic: bool,
    /// Which of the repetitions, counted from 1.
    pub repetition: u32,
}

impl Recorder {
    /// Begins a report. `started` is RFC 3339.
    pub fn new(target: &str, seed: u64, started: String, expectations: Expectations) -> Self {
        Self {
            report: RunReport {
                schema: SCHEMA,
                tool: concat!("cns ", env!("CARGO_PKG_VERSION")).to_owned(),
                started,
                target: target.to_owned(),
                seed,
                shard: None,
                allow_destructive: false,
                repetitions: 1,
                results: Vec::new(),
                finished: None,
            },
            expectations,
            start: Instant::now(),
        }
    }

    /// What is known before the first case: shard, permission, repetitions may be set in it.
    pub fn header(&mut self) -> &mut RunReport {
        &mut self.report
    }

    /// Adds what came of a case.
    pub fn record(
        &mut self,
        result: &CaseResult,
        circumstances: Circumstances<'_>,
    ) -> &ResultEntry {
        let expectation = self
            .expectations
            .find(result.facts.id, circumstances.profile);
        let entry = entry(result, circumstances, expectation);
        self.report.results.push_mut(entry)
    }

    /// Ends the report. `ids` are all cases that there are for the target, also those that were not
    /// selected: an expectation that names none of them is unused.
    pub fn finish(mut self, ids: &BTreeSet<&str>) -> RunReport {
        let mut counts = Counts::of(&self.report.results);
        counts.flaky = flaky(&self.report).len();
        let unused = self.expectations.unused(ids).into_iter();
        self.report.finished = Some(Finish {
            took_ms: self.start.elapsed().as_secs_f64() * 1_000.0,
            counts,
            unused_expectations: unused
                .map(|expectation| UnusedExpectation {
                    line: expectation.line,
                    pattern: expectation.pattern.to_string(),
                })
                .collect(),
            exit: match (counts.exit(), &self.report.shard) {
                // A shard may hold nothing but cases that are about other cards.
                (2, Some(_)) if counts.broken == 0 => 0,
                (exit, _) => exit,
            },
        });
        self.report
    }
}

/// The cases, with their profiles, that ended in more than one way.
pub fn flaky(report: &RunReport) -> Vec<(&str, Option<&str>)> {
    let mut endings: BTreeMap<_, Vec<Ending>> = BTreeMap::new();
    for result in &report.results {
        let key = (result.id.as_str(), result.profile.as_deref());
        endings.entry(key).or_default().push(result.outcome);
    }
    endings
        .into_iter()
        .filter(|(_, endings)| endings.windows(2).any(|pair| pair.first() != pair.last()))
        .map(|(key, _)| key)
        .collect()
}

fn entry(
    result: &CaseResult,
    circumstances: Circumstances<'_>,
    expectation: Option<&Expectation>,
) -> ResultEntry {
    let facts = &result.facts;
    let transcript = Transcript::of(&result.exchanges, circumstances.synthetic);
    let (outcome, finding, reason) = match &result.outcome {
        Outcome::Pass => (Ending::Pass, None, None),
        Outcome::Fail(finding) => (Ending::Fail, Some(transcript.finding(finding)), None),
        Outcome::Skipped(reason) => (Ending::Skipped, None, Some(transcript.text(reason))),
        Outcome::Broken(reason) => (Ending::Broken, None, Some(transcript.text(reason))),
    };
    ResultEntry {
        id: facts.id.to_owned(),
        target: circumstances.target.to_owned(),
        profile: circumstances.profile.map(ToOwned::to_owned),
        repetition: circumstances.repetition,
        requirement: facts.requirement.to_owned(),
        sources: facts
            .sources
            .iter()
            .map(|source| SourceEntry {
                document: source.document.name().to_owned(),
                clause: source.clause.to_owned(),
                grade: source.grade.words().to_owned(),
            })
            .collect(),
        level: facts.level,
        effect: facts.effect,
        outcome,
        expected_to_fail: expectation.map(|expectation| expectation.reason.clone()),
        finding,
        reason,
        took_ms: result.took.as_secs_f64() * 1_000.0,
        exchanges: transcript.exchanges,
    }
}
