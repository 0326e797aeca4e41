//! What a case is: a requirement with its source, and a run that finds out.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::applies::Needs;
use crate::evidence::Source;
use crate::state::State;

/// A case of the suite. `S` is the stage that it runs on: a card, a PC/SC reader, a token, a portal.
pub struct Case<S: 'static> {
    /// What it is called for ever: `suite.section.what`, such as `pin.verify.counts-down`.
    pub id: &'static str,
    /// What must hold, as one sentence about the card (or token, or portal).
    pub requirement: &'static str,
    /// Where that is written, and how sure it is.
    pub sources: &'static [Source],
    /// How strongly it is asked for.
    pub level: Level,
    /// The cards that it is about.
    pub needs: &'static [Needs],
    /// The state that the card must be in before.
    pub state: State,
    /// What it does to the card.
    pub effect: Effect,
    /// Finds out. What has not stopped has passed.
    pub run: fn(&mut S) -> Verdict,
}

/// How strongly something is asked for (RFC 2119).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Optional: judged where it is present.
    May,
    /// Asked for; there can be reasons not to.
    Should,
    /// Required.
    Must,
}

/// What a case does to the card, from nothing to the end of it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// It looks, and asks for random bytes.
    Reads,
    /// It presents the right PIN, or uses a key after that.
    PresentsPin,
    /// It presents a wrong PIN at most once in a row, and the right one after that.
    SpendsTries,
    /// It writes what it writes back afterwards, or changes the PIN and changes it back.
    Writes,
    /// It blocks the PIN, and unblocks it with the PUK.
    BlocksPin,
    /// It cannot be undone.
    Destroys,
}

/// How a run ended; what has not stopped has passed.
pub type Verdict = Result<(), Stop>;

/// Why a case did not pass.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Stop {
    /// The requirement does not hold.
    Fail(Finding),
    /// The case is not about this card, or may not be run on it.
    Skip(String),
    /// The suite could not find out: a reader that went away, a fault of the suite itself. It is
    /// never counted against the card.
    Broken(String),
}

/// What was expected and what was seen instead.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Finding {
    /// What should have been, in words.
    pub expected: String,
    /// What was, in words.
    pub seen: String,
    /// The exchange that shows it, counted from 0 in the case's transcript.
    pub exchange: Option<usize>,
}

impl Stop {
    /// A failure that no single exchange shows.
    pub fn fail(expected: impl Into<String>, seen: impl Into<String>) -> Self {
        Self::Fail(Finding {
            expected: expected.into(),
            seen: seen.into(),
            exchange: None,
        })
    }

    /// The case is not about this card.
    pub fn skip(reason: impl Into<String>) -> Self {
        Self::Skip(reason.into())
    }

    /// The suite is at fault, or what it stands on.
    pub fn broken(reason: impl fmt::Display) -> Self {
        Self::Broken(reason.to_string())
    }
}

impl Level {
    /// `must`, `should` or `may`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::May => "may",
            Self::Should => "should",
            Self::Must => "must",
        }
    }
}

impl Effect {
    /// In one word, as in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::PresentsPin => "presents-pin",
            Self::SpendsTries => "spends-tries",
            Self::Writes => "writes",
            Self::BlocksPin => "blocks-pin",
            Self::Destroys => "destroys",
        }
    }

    /// In words, for `cns conform explain`.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Reads => "looks only",
            Self::PresentsPin => "presents the right PIN",
            Self::SpendsTries => "spends a try of the PIN, and wins it back with the right one",
            Self::Writes => "writes, and writes back what was there",
            Self::BlocksPin => "blocks the PIN, and unblocks it with the PUK",
            Self::Destroys => "cannot be undone: runs on the suite's own cards only",
        }
    }
}
