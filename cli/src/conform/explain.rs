//! `cns conform explain`.

use anyhow::{Context as _, bail};
use clap::Args;
use cns_conformance::case::{Effect, Level};
use cns_conformance::evidence::Source;
use cns_conformance::runner::CaseFacts;
use cns_conformance::selection::near_matches;
use cns_conformance::subject::Subject;
use cns_conformance::suites;
use cns_fixtures::{citizens, collaudo_authority, profiles};
use serde::Serialize;
use time::OffsetDateTime;

use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Arguments {
    /// As JSON
    #[arg(long)]
    json: bool,
    /// The case, as `cns conform list` names it
    id: String,
}

#[derive(Serialize)]
struct Explained {
    id: &'static str,
    requirement: &'static str,
    level: Level,
    effect: Effect,
    effect_words: &'static str,
    state: &'static str,
    needs: Vec<String>,
    sources: &'static [Source],
    /// The profiles that it is about.
    profiles: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let cases = suites::all_facts();
    let Some(case) = cases.iter().find(|case| case.id == arguments.id) else {
        return unknown(&arguments.id, &cases);
    };
    let explained = Explained {
        id: case.id,
        requirement: case.requirement,
        level: case.level,
        effect: case.effect,
        effect_words: case.effect.words(),
        state: case.state.words(),
        needs: case.needs.iter().map(|need| need.words()).collect(),
        sources: case.sources,
        profiles: profiles_of(case)?,
    };
    match arguments.json {
        true => output::json(&explained)?,
        false => output::text(&in_words(&explained))?,
    }
    Ok(Verdict::Fine)
}

fn unknown(id: &str, cases: &[CaseFacts]) -> anyhow::Result<Verdict> {
    let near = near_matches(id, cases.iter().map(|case| case.id));
    match near.as_slice() {
        [] => bail!("there is no case `{id}`\nhint: `cns conform list` has them all"),
        near => bail!("there is no case `{id}`\nhint: is it {}?", near.join(", ")),
    }
}

/// The profiles whose cards have what the case needs.
fn profiles_of(case: &CaseFacts) -> anyhow::Result<Vec<String>> {
    let today = OffsetDateTime::now_utc().date();
    let authority = collaudo_authority(today)?;
    let citizen = citizens().into_iter().next().context("there is nobody")?;
    let mut names = Vec::new();
    for profile in profiles() {
        let id = profile.id.clone();
        let subject = Subject::issued_by(&authority, profile, citizen.clone(), today, 0)?;
        if case.needs.iter().all(|need| need.is_met_by(&subject)) {
            names.push(id);
        }
    }
    Ok(names)
}

fn in_words(case: &Explained) -> String {
    let heading = output::HEADING;
    let sources: String = case
        .sources
        .iter()
        .map(|source| format!("  written in  {source}\n"))
        .collect();
    let needs = match case.needs.as_slice() {
        [] => "nothing special".to_owned(),
        needs => needs.join("; "),
    };
    let all = profiles().len();
    let profiles = match case.profiles.as_slice() {
        [] => "no profile has it".to_owned(),
        profiles if profiles.len() == all => format!("all {all} profiles"),
        profiles => profiles.join(", "),
    };
    format!(
        "{heading}{}{heading:#}\n  {}\n\n  level       {}\n{sources}  needs       {needs}\n  \
         about       {profiles}\n  card        {}\n  effect      {}\n",
        case.id,
        case.requirement,
        case.level.name(),
        case.state,
        case.effect_words,
    )
}
