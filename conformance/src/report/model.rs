//! A finished run as data: what `run.json` holds. `conformance/schema/run.schema.json` describes it,
//! and a test compares the two.

use serde::{Deserialize, Serialize};

use crate::case::{Effect, Finding, Level};

/// The version of the format. It grows when a reader of the old one would misread the new one.
pub const SCHEMA: u32 = 1;

/// A run, finished or cut off.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RunReport {
    /// The version of this format.
    pub schema: u32,
    /// What has written it, with its version.
    pub tool: String,
    /// When the run began, RFC 3339.
    pub started: String,
    /// What was tested, as it was named on the command line.
    pub target: String,
    /// What decided all that was drawn.
    pub seed: u64,
    /// The part of the cases that ran, `k/n`.
    pub shard: Option<String>,
    /// Whether what spends tries and writes was allowed on a card that is not the suite's own.
    pub allow_destructive: bool,
    /// How often everything was run.
    pub repetitions: u32,
    /// What came of each case, in the order in which they ran.
    pub results: Vec<ResultEntry>,
    /// The sum of it; null in the file of a run that was cut off.
    pub finished: Option<Finish>,
}

/// What came of a case.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ResultEntry {
    /// The case.
    pub id: String,
    /// The target that it ran on, with the name of its reader if it has one.
    pub target: String,
    /// The profile that the target was judged by.
    pub profile: Option<String>,
    /// Which of the repetitions, counted from 1.
    pub repetition: u32,
    /// What must hold.
    pub requirement: String,
    /// Where that is written.
    pub sources: Vec<SourceEntry>,
    /// How strongly it is asked for.
    pub level: Level,
    /// What the case does to a card.
    pub effect: Effect,
    /// How it ended.
    pub outcome: Ending,
    /// Why it was expected to fail, if an expectations file says so.
    pub expected_to_fail: Option<String>,
    /// What was expected and seen, if it failed.
    pub finding: Option<Finding>,
    /// Why it was skipped, or what broke.
    pub reason: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: f64,
    /// What was said, secrets masked.
    pub exchanges: Vec<ExchangeEntry>,
}

/// Where a requirement is written.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct SourceEntry {
    /// The document.
    pub document: String,
    /// The clause of it.
    pub clause: String,
    /// How that is known.
    pub grade: String,
}

/// How a case ended.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Ending {
    /// The requirement holds.
    Pass,
    /// It does not.
    Fail,
    /// The case is not about this target, or may not run on it.
    Skipped,
    /// The suite could not find out.
    Broken,
}

/// A command and its response. A byte that is not shown is `**`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ExchangeEntry {
    /// The command, in hexadecimal.
    pub command: String,
    /// The command in words.
    pub command_words: String,
    /// The response, in hexadecimal.
    pub response: String,
    /// The response in words.
    pub response_words: String,
    /// The status word, four digits; nothing if there was none.
    pub sw: String,
    /// How many bytes of data came before it.
    pub length: usize,
}

/// The sum of a run.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finish {
    /// How long it took, in milliseconds.
    pub took_ms: f64,
    /// How many ended how.
    pub counts: Counts,
    /// Lines of the expectations file that name no case.
    pub unused_expectations: Vec<UnusedExpectation>,
    /// The exit status: 0 conformant, 1 not, 2 could not find out.
    pub exit: u8,
}

/// A line of an expectations file that names no case.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct UnusedExpectation {
    /// The line, counted from 1.
    pub line: usize,
    /// The pattern on it.
    pub pattern: String,
}

/// How many results there are of each kind.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Counts {
    /// Passed, as everybody expected.
    pub passed: usize,
    /// Failed, and nobody expected it.
    pub failed: usize,
    /// Failed as the expectations file says.
    pub expected_failures: usize,
    /// Passed although the expectations file says that they fail.
    pub unexpected_passes: usize,
    /// Skipped.
    pub skipped: usize,
    /// Broken: counted against the suite, not against the target.
    pub broken: usize,
    /// Cases that ended in more than one way in the repetitions.
    pub flaky: usize,
}

/// What a result means in the light of what was expected, from what a person should look at first to
/// what nobody need look at.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// It does not hold, and nobody expected that.
    Failed,
    /// It holds, and was expected not to.
    UnexpectedPass,
    /// The suite could not find out.
    Broken,
    /// It does not hold, as expected.
    ExpectedFailure,
    /// It holds.
    Passed,
    /// It is not about this target.
    Skipped,
}

impl ResultEntry {
    /// What it means in the light of what was expected.
    pub fn standing(&self) -> Standing {
        match (self.outcome, &self.expected_to_fail) {
            (Ending::Pass, None) => Standing::Passed,
            (Ending::Pass, Some(_)) => Standing::UnexpectedPass,
            (Ending::Fail, None) => Standing::Failed,
            (Ending::Fail, Some(_)) => Standing::ExpectedFailure,
            (Ending::Skipped, _) => Standing::Skipped,
            (Ending::Broken, _) => Standing::Broken,
        }
    }

    /// The part of the identifier before the first dot.
    pub fn suite(&self) -> &str {
        self.id.split('.').next().unwrap_or(&self.id)
    }

    /// The exchange that shows the failure.
    pub fn shown_by(&self) -> Option<&ExchangeEntry> {
        self.exchanges.get(self.finding.as_ref()?.exchange?)
    }
}

impl Standing {
    /// In a word or two.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::UnexpectedPass => "unexpected pass",
            Self::Broken => "broken",
            Self::ExpectedFailure => "expected failure",
            Self::Passed => "passed",
            Self::Skipped => "skipped",
        }
    }

    /// Whether a person should look at it.
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Failed | Self::UnexpectedPass | Self::Broken)
    }
}

impl Counts {
    /// Of these results.
    pub fn of<'a>(results: impl IntoIterator<Item = &'a ResultEntry>) -> Self {
        let mut counts = Self::default();
        for result in results {
            *match result.standing() {
                Standing::Passed => &mut counts.passed,
                Standing::Failed => &mut counts.failed,
                Standing::ExpectedFailure => &mut counts.expected_failures,
                Standing::UnexpectedPass => &mut counts.unexpected_passes,
                Standing::Skipped => &mut counts.skipped,
                Standing::Broken => &mut counts.broken,
            } += 1;
        }
        counts
    }

    /// 0 conformant; 1 not; 2 nobody knows, because something broke or nothing was judged. A failure
    /// that was found is one whatever else broke.
    pub fn exit(&self) -> u8 {
        let judged = self.passed + self.expected_failures;
        match (self.failed + self.unexpected_passes, self.broken, judged) {
            (1.., ..) => 1,
            (0, 1.., _) | (0, 0, 0) => 2,
            (0, 0, _) => 0,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_failure_weighs_more_than_what_broke_and_nothing_judged_is_nothing_known() {
        let exit = |failed, unexpected_passes, broken, passed| {
            let counts = Counts {
                failed,
                unexpected_passes,
                broken,
                passed,
                ..Counts::default()
            };
            counts.exit()
        };
        assert_eq!(exit(0, 0, 0, 3), 0);
        assert_eq!(exit(1, 0, 2, 3), 1);
        assert_eq!(exit(0, 1, 0, 3), 1);
        assert_eq!(exit(0, 0, 1, 3), 2);
        assert_eq!(exit(0, 0, 0, 0), 2);
    }

    #[test]
    fn the_committed_schema_is_that_of_these_types() {
        let schema = schemars::schema_for!(RunReport);
        let schema = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/run.schema.json");
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        if schema != committed {
            let new = std::env::temp_dir().join("run.schema.json");
            std::fs::write(&new, schema).unwrap();
            panic!("{path} is stale: compare it with {}", new.display());
        }
    }
}
