//! The judge of the suite itself: every wrong card over every case.
//!
//! ```text
//!             case  case  case
//! mutant       x     .     .      caught: some case fails on it
//! mutant       .     .     .      survives: the suite does not see what is wrong
//!              │           └───── idle: fails on no wrong card, so who says that it can fail?
//!              └───────────────── catches
//! ```
//!
//! A case counts for a mutant only if it passes on the sound card of the same profile.

mod excuse;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use cns_fixtures::{Citizen, UnknownProfile, collaudo_authority, profile};
use serde::Serialize;
use time::Date;

use excuse::EXCUSES;
pub use excuse::Excuse;

use crate::case::Case;
use crate::mutants::{Mutant, Seam, mutants};
use crate::runner::{CaseResult, Outcome, Permission, run};
use crate::subject::{IssueError, Subject};
use crate::suites::card_cases;
use crate::target::{InProcess, OwnCard};
use crate::test_card::TestCard;

/// What came of all mutants over all cases.
#[derive(Clone, Debug, Serialize)]
pub struct Judgement {
    /// Every mutant, in the order of [`mutants`].
    pub mutants: Vec<JudgedMutant>,
    /// Every case, in the order of the suites.
    pub cases: Vec<JudgedCase>,
    /// Excuses that excuse nothing: no case of that name, or all of them catch a mutant by now.
    pub stale_excuses: Vec<Excuse>,
}

/// A wrong card, and who noticed.
#[derive(Clone, Debug, Serialize)]
pub struct JudgedMutant {
    /// Its identifier.
    pub id: &'static str,
    /// What is wrong with it.
    pub wrong: &'static str,
    /// The profile that it is made from.
    pub profile: &'static str,
    /// The cases that fail on it; none means that it survives.
    pub caught_by: Vec<&'static str>,
}

/// A case, and what it notices.
#[derive(Clone, Debug, Serialize)]
pub struct JudgedCase {
    /// Its identifier.
    pub id: &'static str,
    /// The mutants that it fails on.
    pub catches: Vec<&'static str>,
    /// Why it may catch none.
    pub excuse: Option<&'static str>,
}

/// Why the suite cannot be judged.
#[derive(Debug, thiserror::Error)]
pub enum JudgeError {
    /// A sound card could not be made.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// A mutant is made from no profile that there is.
    #[error(transparent)]
    UnknownProfile(#[from] UnknownProfile),
}

/// Runs all cases on all mutants, on as many threads as the machine has processors, and tells
/// `observe` of each mutant as it is judged, in no particular order.
pub fn judge(
    citizen: &Citizen,
    today: Date,
    seed: u64,
    observe: &(dyn Fn(&JudgedMutant) + Sync),
) -> Result<Judgement, JudgeError> {
    let mutants: Vec<&'static Mutant> = mutants().collect();
    let sound = SoundCards::issue(&mutants, citizen, today, seed)?;
    let judged = in_parallel(&mutants, |mutant| {
        let row = sound.judge(mutant, seed);
        observe(&row);
        row
    });
    Ok(Judgement::of(judged))
}

impl Judgement {
    fn of(mutants: Vec<JudgedMutant>) -> Self {
        let cases: Vec<JudgedCase> = card_cases()
            .iter()
            .map(|case| JudgedCase {
                id: case.id,
                catches: mutants
                    .iter()
                    .filter(|mutant| mutant.caught_by.contains(&case.id))
                    .map(|mutant| mutant.id)
                    .collect(),
                excuse: EXCUSES.iter().find(|e| e.is_for(case.id)).map(|e| e.reason),
            })
            .collect();
        let is_needed = |excuse: &Excuse| {
            let mut idle = cases.iter().filter(|case| case.catches.is_empty());
            idle.any(|case| excuse.is_for(case.id))
        };
        let stale = EXCUSES.iter().filter(|excuse| !is_needed(excuse));
        Self {
            stale_excuses: stale.copied().collect(),
            mutants,
            cases,
        }
    }

    /// The mutants that no case catches.
    pub fn survivors(&self) -> impl Iterator<Item = &JudgedMutant> {
        let all = self.mutants.iter();
        all.filter(|mutant| mutant.caught_by.is_empty())
    }

    /// The cases that catch nothing and have no excuse.
    pub fn idle_cases(&self) -> impl Iterator<Item = &JudgedCase> {
        let all = self.cases.iter();
        all.filter(|case| case.catches.is_empty() && case.excuse.is_none())
    }

    /// No survivor, no idle case, no stale excuse.
    pub fn is_clean(&self) -> bool {
        self.survivors().next().is_none()
            && self.idle_cases().next().is_none()
            && self.stale_excuses.is_empty()
    }
}

/// A sound card of each profile that mutants are made from, and the cases that pass on it.
struct SoundCards(BTreeMap<&'static str, (Subject, Vec<&'static Case<TestCard>>)>);

impl SoundCards {
    fn issue(
        mutants: &[&'static Mutant],
        citizen: &Citizen,
        today: Date,
        seed: u64,
    ) -> Result<Self, JudgeError> {
        let authority = collaudo_authority(today).map_err(IssueError::from)?;
        let mut subjects = BTreeMap::new();
        for mutant in mutants {
            if subjects.contains_key(mutant.profile) {
                continue;
            }
            let profile = profile(mutant.profile)?;
            let subject = Subject::issued_by(&authority, profile, citizen.clone(), today, seed)?;
            subjects.insert(mutant.profile, subject);
        }
        let subjects: Vec<(&'static str, Subject)> = subjects.into_iter().collect();
        let sound = in_parallel(&subjects, |(id, subject)| {
            let all = card_cases();
            let results = run_all(subject, &all, &[], seed);
            let passed = all.into_iter().zip(results);
            let passed = passed.filter(|(_, result)| result.outcome == Outcome::Pass);
            (
                *id,
                (subject.clone(), passed.map(|(case, _)| case).collect()),
            )
        });
        Ok(Self(sound.into_iter().collect()))
    }

    fn judge(&self, mutant: &'static Mutant, seed: u64) -> JudgedMutant {
        let caught_by = match self.0.get(mutant.profile) {
            Some((subject, cases)) => run_all(subject, cases, mutant.seams, seed)
                .iter()
                .filter(|result| matches!(result.outcome, Outcome::Fail(_)))
                .map(|result| result.facts.id)
                .collect(),
            None => Vec::new(),
        };
        JudgedMutant {
            id: mutant.id,
            wrong: mutant.wrong,
            profile: mutant.profile,
            caught_by,
        }
    }
}

fn run_all(
    subject: &Subject,
    cases: &[&'static Case<TestCard>],
    seams: &'static [Seam],
    seed: u64,
) -> Vec<CaseResult> {
    let Some(issue) = &subject.issue else {
        return Vec::new();
    };
    let target = InProcess::new(OwnCard::new(issue.image.clone(), seed));
    let mut stage = TestCard::new(Box::new(target), subject.clone(), Permission::LookOnly);
    stage.make_wrong(seams);
    run(cases, &mut stage, seed, |_| {})
}

/// `work` on each item, on as many threads as there are processors; results in the items' order.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(items.len()));
    thread::scope(|scope| {
        let workers = thread::available_parallelism().map_or(1, NonZero::get);
        for _ in 0..workers.min(items.len()) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    let result = work(item);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
