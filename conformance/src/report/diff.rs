//! Two runs compared point by point: a virtual card and a real one, or one card and two versions.
//!
//! ```text
//! case ── is it in both? ── did it end the same way? ── was each command answered the same way?
//! ```
//!
//! Answers are compared up to the first command that is another one; after that, two conversations
//! have nothing in common. How long something took is no difference.

mod exchanges;
mod words;

pub use exchanges::{Answered, ExchangeDifference};
pub use words::in_words;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::model::{Ending, ResultEntry, RunReport};
use super::text::counted;

/// What two runs have in common, and what not.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Comparison {
    /// The first run.
    pub a: Side,
    /// The second run.
    pub b: Side,
    /// How many cases are the same in both.
    pub same: usize,
    /// The others, in the order of their names.
    pub differences: Vec<Difference>,
}

/// One of the two runs.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Side {
    /// What was tested.
    pub target: String,
    /// What has written it.
    pub tool: String,
    /// When it began.
    pub started: String,
    /// What decided all that was drawn.
    pub seed: u64,
}

/// A case that is not the same in both runs.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Difference {
    /// The case.
    pub id: String,
    /// The profile that it was judged by; nothing if the runs have one profile each, and not the same.
    pub profile: Option<String>,
    /// Which of the repetitions.
    pub repetition: u32,
    /// How it ended in the first run; null if it is not in it.
    pub a: Option<End>,
    /// How it ended in the second run.
    pub b: Option<End>,
    /// Where what was said differs.
    pub exchanges: Vec<ExchangeDifference>,
}

/// How a case ended in one of the runs.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct End {
    /// How.
    pub outcome: Ending,
    /// What was seen instead, or why it was skipped or broken.
    pub why: Option<String>,
}

/// A run that has come to its end: what is not in it was not asked for.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a>(&'a RunReport);

/// A run that has not, and so cannot be compared.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "the run was cut off after {}, so what is missing says nothing\nhint: run it again, to its end",
    counted(*.0, "result")
)]
pub struct CutOff(pub usize);

impl<'a> Ended<'a> {
    /// Looks at the end of the run.
    ///
    /// # Errors
    /// [`CutOff`].
    pub fn new(run: &'a RunReport) -> Result<Self, CutOff> {
        match run.finished {
            Some(_) => Ok(Self(run)),
            None => Err(CutOff(run.results.len())),
        }
    }
}

impl Comparison {
    /// Of two runs.
    pub fn of(Ended(a): Ended<'_>, Ended(b): Ended<'_>) -> Self {
        let by_profile = !have_another_profile_each(a, b);
        let (of_a, of_b) = (by_case(a, by_profile), by_case(b, by_profile));
        let keys: BTreeSet<&Key<'_>> = of_a.keys().chain(of_b.keys()).collect();
        let differences: Vec<Difference> = keys
            .iter()
            .filter_map(|key| difference(key, of_a.get(key).copied(), of_b.get(key).copied()))
            .collect();
        Self {
            a: Side::of(a),
            b: Side::of(b),
            same: keys.len() - differences.len(),
            differences,
        }
    }

    /// Whether nothing differs.
    pub fn is_same(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Case, profile if it counts, repetition.
type Key<'a> = (&'a str, Option<&'a str>, u32);

fn by_case(run: &RunReport, by_profile: bool) -> BTreeMap<Key<'_>, &ResultEntry> {
    let results = run.results.iter();
    results
        .map(|result| {
            let profile = result.profile.as_deref().filter(|_| by_profile);
            ((result.id.as_str(), profile, result.repetition), result)
        })
        .collect()
}

/// A virtual card and a real one may be of two makes; then the cases are paired by their names alone.
fn have_another_profile_each(a: &RunReport, b: &RunReport) -> bool {
    let profiles = |run: &RunReport| -> BTreeSet<Option<String>> {
        run.results.iter().map(|it| it.profile.clone()).collect()
    };
    let (of_a, of_b) = (profiles(a), profiles(b));
    of_a.len() == 1 && of_b.len() == 1 && of_a != of_b
}

fn difference(
    (id, profile, repetition): &Key<'_>,
    a: Option<&ResultEntry>,
    b: Option<&ResultEntry>,
) -> Option<Difference> {
    let exchanges = match (a, b) {
        (Some(a), Some(b)) => exchanges::compare(&a.exchanges, &b.exchanges),
        _ => Vec::new(),
    };
    let difference = Difference {
        id: (*id).to_owned(),
        profile: profile.map(ToOwned::to_owned),
        repetition: *repetition,
        a: a.map(End::of),
        b: b.map(End::of),
        exchanges,
    };
    let is_same = difference.ends_alike() == Some(true) && difference.exchanges.is_empty();
    (!is_same).then_some(difference)
}

impl Side {
    fn of(run: &RunReport) -> Self {
        Self {
            target: run.target.clone(),
            tool: run.tool.clone(),
            started: run.started.clone(),
            seed: run.seed,
        }
    }
}

impl Difference {
    /// Whether the case ended the same way in both runs; nothing if it is in one of them alone.
    pub fn ends_alike(&self) -> Option<bool> {
        let (a, b) = self.a.as_ref().zip(self.b.as_ref())?;
        // Why a case was skipped is about the target as a whole, and not a finding.
        Some(a.outcome == b.outcome && (a.outcome != Ending::Fail || a.why == b.why))
    }
}

impl End {
    fn of(result: &ResultEntry) -> Self {
        let finding = result.finding.as_ref();
        let finding = finding.map(|it| format!("expected {}, saw {}", it.expected, it.seen));
        Self {
            outcome: result.outcome,
            why: finding.or_else(|| result.reason.clone()),
        }
    }
}
