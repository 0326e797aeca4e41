//! `cns conform mutants`: the proof that the suite can fail.

use clap::{Args, ValueEnum};
use cns_conformance::mutants::{mutants, portal_mutants, token_mutants};
use cns_conformance::mutation::{Judge, JudgeError, JudgedMutant, Judgement};
use cns_conformance::private_reader::{Place, Way, start_over};
use cns_fixtures::citizen;
use time::OffsetDateTime;

use super::run::{DEFAULT_CITIZEN, DEFAULT_SEED};
use crate::{Verdict, output};

/// How many cases are named that catch a mutant; the others are counted.
const CAUGHT_BY_SHOWN: usize = 2;

#[derive(Args)]
pub(crate) struct Arguments {
    /// What is made wrong
    ///
    /// Tokens need OpenSC and pcscd, and take a minute.
    #[arg(value_enum, default_values = ["cards", "portals"])]
    kinds: Vec<Kind>,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Decides all that is drawn
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED)]
    seed: u64,
}

/// What can be made wrong.
#[derive(Clone, Copy, Eq, PartialEq, ValueEnum)]
enum Kind {
    /// The card
    Cards,
    /// The portal
    Portals,
    /// The card and OpenSC's module
    Tokens,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let place = Place::of_this_process();
    if arguments.kinds.contains(&Kind::Tokens) && place.is_none() {
        let status = start_over(Way::Vpcd, std::env::args_os().skip(1), [])?;
        // The second run has said everything.
        std::process::exit(status.code().unwrap_or(2));
    }
    let count: usize = arguments.kinds.iter().map(|kind| kind.count()).sum();
    let progress = output::progress(count as u64);
    let judge = Judge {
        citizen: &citizen(DEFAULT_CITIZEN)?,
        today: OffsetDateTime::now_utc().date(),
        seed: arguments.seed,
        observe: &|_| progress.inc(1),
    };
    let mut judgement = Judgement::default();
    for kind in &arguments.kinds {
        judgement = judgement.and(kind.judge(&judge, place.clone())?);
    }
    progress.finish_and_clear();
    match arguments.json {
        true => output::json(&judgement)?,
        false => show(&judgement)?,
    }
    Ok(match judgement.is_clean() {
        true => Verdict::Fine,
        false => Verdict::Not,
    })
}

impl Kind {
    fn count(self) -> usize {
        match self {
            Self::Cards => mutants().count(),
            Self::Portals => portal_mutants().count(),
            Self::Tokens => token_mutants().count(),
        }
    }

    fn judge(self, judge: &Judge<'_>, place: Option<Place>) -> Result<Judgement, JudgeError> {
        match (self, place) {
            (Self::Cards, _) => judge.cards(),
            (Self::Portals, _) => judge.portals(),
            (Self::Tokens, Some(place)) => judge.tokens(place),
            (Self::Tokens, None) => Ok(Judgement::default()),
        }
    }
}

fn show(judgement: &Judgement) -> anyhow::Result<()> {
    let rows = judgement.mutants.iter().map(|mutant| {
        [
            mutant.id.to_owned(),
            caught_by(mutant),
            mutant.wrong.to_owned(),
        ]
    });
    output::text(&output::table(
        ["mutant", "caught by", "what is wrong"],
        rows,
    ))?;
    let survivors = judgement.survivors().count();
    for case in judgement.idle_cases() {
        output::say(&format!("{} catches no mutant", case.id));
    }
    for excuse in &judgement.stale_excuses {
        output::say(&format!("stale excuse: {excuse:?}"));
    }
    output::say(&format!(
        "{} mutants, {survivors} survive; {} cases, {} idle",
        judgement.mutants.len(),
        judgement.cases.len(),
        judgement.idle_cases().count()
    ));
    Ok(())
}

fn caught_by(mutant: &JudgedMutant) -> String {
    let (named, others) = mutant
        .caught_by
        .split_at(mutant.caught_by.len().min(CAUGHT_BY_SHOWN));
    match (named, others.len()) {
        ([], _) => "NOTHING: it survives".to_owned(),
        (named, 0) => named.join(", "),
        (named, count) => format!("{} and {count} more", named.join(", ")),
    }
}
