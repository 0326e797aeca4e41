//! `cns conform mutants`: the proof that the suite can fail.

use clap::Args;
use cns_conformance::mutants::mutants;
use cns_conformance::mutation::{JudgedMutant, Judgement, judge};
use cns_fixtures::citizen;
use time::OffsetDateTime;

use super::run::{DEFAULT_CITIZEN, DEFAULT_SEED};
use crate::{Verdict, output};

/// How many cases are named that catch a mutant; the others are counted.
const CAUGHT_BY_SHOWN: usize = 2;

#[derive(Args)]
pub(crate) struct Arguments {
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Decides all that is drawn
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED)]
    seed: u64,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let today = OffsetDateTime::now_utc().date();
    let progress = output::progress(mutants().count() as u64);
    let judgement = judge(&citizen(DEFAULT_CITIZEN)?, today, arguments.seed, &|_| {
        progress.inc(1);
    });
    progress.finish_and_clear();
    let judgement = judgement?;
    match arguments.json {
        true => output::json(&judgement)?,
        false => show(&judgement)?,
    }
    Ok(match judgement.is_clean() {
        true => Verdict::Fine,
        false => Verdict::Not,
    })
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
