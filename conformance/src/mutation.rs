//! The judge of the suite itself: every mutant over every case of its kind.
//!
//! ```text
//!             case  case  case
//! mutant       x     .     .      caught: some case fails on it
//! mutant       .     .     .      survives: the suite does not see what is wrong
//!              │           └───── idle: fails on no mutant, so who says that it can fail?
//!              └───────────────── catches
//! ```
//!
//! A case counts for a mutant only if it passes on what is sound, of the same profile.

mod breakable;
mod excuse;
mod parallel;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::thread;

use cns_fixtures::{Citizen, UnknownProfile, collaudo_authority, profile};
use serde::Serialize;
use time::Date;

pub use breakable::Breakable;
use excuse::EXCUSES;
pub use excuse::Excuse;
use parallel::in_parallel;

use crate::case::Case;
use crate::mutants::Mutant;
use crate::portal::{Portal, PortalError};
use crate::private_reader::Place;
use crate::runner::{Outcome, Permission, run};
use crate::subject::{IssueError, Subject};
use crate::suites::all_facts;
use crate::target::{InProcess, OwnCard};
use crate::test_card::TestCard;
use crate::token::{Token, TokenError};

/// What came of all mutants of some kinds over all cases of theirs.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Judgement {
    /// Every mutant, kind by kind.
    pub mutants: Vec<JudgedMutant>,
    /// Every case, in the order of the suites.
    pub cases: Vec<JudgedCase>,
    /// Excuses that excuse nothing: no case of that name, or all of them catch a mutant by now.
    pub stale_excuses: Vec<Excuse>,
}

/// A mutant, and who noticed.
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
    /// A sound portal could not be made.
    #[error(transparent)]
    Portal(#[from] PortalError),
    /// A sound token could not be made.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The module for the tokens is not installed.
    #[error(transparent)]
    Missing(#[from] crate::packages::Missing),
}

/// What the mutants are made of, and who is told of each as it is judged, in no particular order.
pub struct Judge<'a> {
    /// Whose card it is.
    pub citizen: &'a Citizen,
    /// Today.
    pub today: Date,
    /// Decides all that is drawn.
    pub seed: u64,
    /// Is told.
    pub observe: &'a (dyn Fn(&JudgedMutant) + Sync),
}

impl Judge<'_> {
    /// Wrong cards, on as many threads as the machine has processors.
    pub fn cards(&self) -> Result<Judgement, JudgeError> {
        let authority = collaudo_authority(self.today).map_err(IssueError::from)?;
        self.judge(workers(), |id| {
            let citizen = self.citizen.clone();
            let subject =
                Subject::issued_by(&authority, profile(id)?, citizen, self.today, self.seed)?;
            let image = subject.issue.as_ref().map(|issue| issue.image.clone());
            let image = image.expect("an issued subject has an issue");
            let target = InProcess::new(OwnCard::new(image, self.seed));
            Ok(TestCard::new(
                Box::new(target),
                subject,
                Permission::LookOnly,
            ))
        })
    }

    /// Wrong portals, likewise.
    pub fn portals(&self) -> Result<Judgement, JudgeError> {
        self.judge(workers(), |id| {
            let citizen = self.citizen.clone();
            Ok(Portal::own(profile(id)?, citizen, self.today)?)
        })
    }

    /// Wrong tokens in OpenSC's module, one after the other: a module is loaded once in a process, and
    /// there is one reader at a place.
    pub fn tokens(&self, place: Place) -> Result<Judgement, JudgeError> {
        let module = crate::packages::locate(crate::clients::PKCS11_MODULE)?;
        self.judge(1, |id| {
            let citizen = self.citizen.clone();
            let subject = Subject::issued(profile(id)?, citizen, self.today, self.seed)?;
            Ok(Token::own(&module, subject, &place.door)?)
        })
    }

    /// Judges the mutants of a kind, profile by profile.
    fn judge<S: Breakable>(
        &self,
        workers: usize,
        sound: impl Fn(&str) -> Result<S, JudgeError> + Sync,
    ) -> Result<Judgement, JudgeError> {
        let mut by_profile: BTreeMap<&str, Vec<&'static Mutant<S::Seam>>> = BTreeMap::new();
        for mutant in S::mutants() {
            by_profile.entry(mutant.profile).or_default().push(mutant);
        }
        let mut judged = Vec::new();
        for (profile, mutants) in by_profile {
            let cases = self.passing(&mut sound(profile)?);
            let share = mutants.len().div_ceil(workers);
            let shares: Vec<_> = mutants.chunks(share).collect();
            for rows in in_parallel(&shares, |share| {
                let mut stage = sound(profile)?;
                let rows = share.iter().map(|it| self.row(&mut stage, &cases, it));
                Ok::<Vec<_>, JudgeError>(rows.collect())
            }) {
                judged.extend(rows?);
            }
        }
        Ok(Judgement::of::<S>(judged))
    }

    /// The cases that pass on what is sound.
    fn passing<S: Breakable>(&self, stage: &mut S) -> Vec<&'static Case<S>> {
        let cases = S::cases();
        let results = run(&cases, stage, self.seed, |_| {});
        let passed = cases.into_iter().zip(results);
        passed
            .filter(|(_, result)| result.outcome == Outcome::Pass)
            .map(|(case, _)| case)
            .collect()
    }

    fn row<S: Breakable>(
        &self,
        stage: &mut S,
        cases: &[&'static Case<S>],
        mutant: &'static Mutant<S::Seam>,
    ) -> JudgedMutant {
        stage.make_wrong(mutant.seams);
        let row = JudgedMutant {
            id: mutant.id,
            wrong: mutant.wrong,
            profile: mutant.profile,
            caught_by: run(cases, stage, self.seed, |_| {})
                .iter()
                .filter(|result| matches!(result.outcome, Outcome::Fail(_)))
                .map(|result| result.facts.id)
                .collect(),
        };
        (self.observe)(&row);
        row
    }
}

fn workers() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

impl Judgement {
    fn of<S: Breakable>(mutants: Vec<JudgedMutant>) -> Self {
        let cases: Vec<JudgedCase> = S::cases()
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
        let all = all_facts();
        let is_of_another_kind = |excuse: &Excuse| {
            let mut named = all.iter().filter(|case| excuse.is_for(case.id));
            named.any(|case| cases.iter().all(|own| own.id != case.id))
        };
        let is_needed = |excuse: &Excuse| {
            let mut idle = cases.iter().filter(|case| case.catches.is_empty());
            idle.any(|case| excuse.is_for(case.id))
        };
        let stale = EXCUSES
            .iter()
            .filter(|excuse| !is_needed(excuse) && !is_of_another_kind(excuse));
        Self {
            stale_excuses: stale.copied().collect(),
            mutants,
            cases,
        }
    }

    /// This and another kind's.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.mutants.extend(other.mutants);
        self.cases.extend(other.cases);
        // One that names no case at all is stale in both.
        for excuse in other.stale_excuses {
            if !self.stale_excuses.contains(&excuse) {
                self.stale_excuses.push(excuse);
            }
        }
        self
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
