//! Runs cases on a stage, one after the other, each from a fresh beginning.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crate::applies::Needs;
use crate::case::{Case, Effect, Finding, Level, Stop, Verdict};
use crate::evidence::Source;
use crate::state::State;
use crate::subject::Subject;

/// What cases run on: a card, a PC/SC reader, a token, a portal.
pub trait Stage {
    /// Brings the stage to where the case begins. `seed` decides all that the case draws.
    fn begin(&mut self, case: &CaseFacts, seed: u64) -> Result<(), Stop>;

    /// What was said since then.
    fn end(&mut self) -> Vec<Exchange>;

    /// Undoes what a case has left behind on something that is not the suite's own.
    fn leave_as_found(&mut self, _: &CaseFacts) -> Result<(), Stop> {
        Ok(())
    }

    /// Between runs of cases: whoever else wants it may have it, as it was found.
    fn rest(&mut self) {}

    /// What a user should know of the stage before the first case, if anything.
    fn remark(&self) -> Option<String> {
        None
    }

    /// Whether the suite made all of it: then nobody's data are on it, and nobody's card is lost.
    fn is_own(&self) -> bool {
        false
    }

    /// How many wrong PINs it would still take, asked without costing one; none if it does not tell.
    fn tries_left(&mut self) -> Result<Option<u8>, Stop> {
        Ok(None)
    }

    /// Presents the PIN that was given once, before cases do so again and again.
    fn prove_pin(&mut self) -> Result<(), Stop> {
        Ok(())
    }
}

/// Everything about a case but how it runs: [`Case`] says what each part means.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "Case has the same fields, documented")]
pub struct CaseFacts {
    pub id: &'static str,
    pub requirement: &'static str,
    pub sources: &'static [Source],
    pub level: Level,
    pub needs: &'static [Needs],
    pub state: State,
    pub effect: Effect,
}

/// A command and its response.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Exchange {
    /// The command APDU.
    pub command: Vec<u8>,
    /// The response APDU.
    pub response: Vec<u8>,
}

/// What may be done to a card that is not the suite's own.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Permission {
    /// Look at it: nothing that writes, spends a try or could block anything.
    #[default]
    LookOnly,
    /// Everything that can be undone with PIN and PUK.
    Destructive,
}

/// How a case ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// The requirement holds.
    Pass,
    /// It does not.
    Fail(Finding),
    /// The case is not about this card, or may not be run on it: why.
    Skipped(String),
    /// The suite could not find out: why.
    Broken(String),
}

/// What came of a case.
#[derive(Clone, Debug)]
pub struct CaseResult {
    /// The case.
    pub facts: CaseFacts,
    /// How it ended.
    pub outcome: Outcome,
    /// What was said.
    pub exchanges: Vec<Exchange>,
    /// How long it took.
    pub took: Duration,
}

/// Runs the cases, and tells `observe` of each as it ends.
pub fn run<S: Stage>(
    cases: &[&'static Case<S>],
    stage: &mut S,
    seed: u64,
    mut observe: impl FnMut(&CaseResult),
) -> Vec<CaseResult> {
    let mut results = Vec::with_capacity(cases.len());
    for case in cases {
        let result = run_one(case, stage, seed);
        observe(&result);
        results.push(result);
    }
    results
}

/// Runs one case.
pub fn run_one<S: Stage>(case: &'static Case<S>, stage: &mut S, seed: u64) -> CaseResult {
    let facts = case.facts();
    let start = Instant::now();
    let verdict = match stage.begin(&facts, seed ^ hash(case.id)) {
        Ok(()) => {
            let verdict = guarded(|| (case.run)(stage));
            let left = stage.leave_as_found(&facts);
            verdict.and(left)
        }
        Err(stop) => Err(stop),
    };
    CaseResult {
        facts,
        outcome: match verdict {
            Ok(()) => Outcome::Pass,
            Err(Stop::Fail(finding)) => Outcome::Fail(finding),
            Err(Stop::Skip(reason)) => Outcome::Skipped(reason),
            Err(Stop::Broken(reason)) => Outcome::Broken(reason),
        },
        exchanges: stage.end(),
        took: start.elapsed(),
    }
}

/// A case that panics is the suite's fault.
fn guarded(run: impl FnOnce() -> Verdict) -> Verdict {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(Stop::broken(format!(
            "the case itself failed: {}",
            text.unwrap_or("no message")
        )))
    })
}

/// FNV-1a, so that each case draws its own bytes whichever others run.
fn hash(id: &str) -> u64 {
    id.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

impl<S> Case<S> {
    /// Everything about it but how it runs.
    pub const fn facts(&self) -> CaseFacts {
        CaseFacts {
            id: self.id,
            requirement: self.requirement,
            sources: self.sources,
            level: self.level,
            needs: self.needs,
            state: self.state,
            effect: self.effect,
        }
    }
}

impl CaseFacts {
    /// The part of the identifier before the first dot: `pin`.
    pub fn suite(&self) -> &'static str {
        self.id.split('.').next().unwrap_or(self.id)
    }
}

impl Permission {
    /// Whether the case may run on a card that is not the suite's own.
    pub(crate) fn check(self, case: &CaseFacts, subject: &Subject) -> Result<(), Stop> {
        if case.state != State::Issued {
            let state = case.state.words();
            return Err(Stop::skip(format!("it needs a card {state}")));
        }
        if case.effect == Effect::Reads {
            return Ok(());
        }
        let words = case.effect.words();
        if case.effect == Effect::Destroys {
            return Err(Stop::skip(words));
        }
        if self == Self::LookOnly {
            return Err(Stop::skip(format!("it {words} (--allow-destructive)")));
        }
        if subject.pin.is_none() {
            return Err(Stop::skip(format!("it {words}, and the PIN is not known")));
        }
        if case.effect == Effect::BlocksPin && subject.puk.is_none() {
            return Err(Stop::skip(format!("it {words}, and the PUK is not known")));
        }
        Ok(())
    }
}
