//! `cns conform list`.

use clap::Args;
use cns_conformance::case::{Effect, Level};
use cns_conformance::suites;
use serde::Serialize;

use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Arguments {
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Listed {
    id: &'static str,
    suite: &'static str,
    level: Level,
    effect: Effect,
    requirement: &'static str,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let cases: Vec<Listed> = suites::all_facts()
        .iter()
        .map(|case| Listed {
            id: case.id,
            suite: case.suite(),
            level: case.level,
            effect: case.effect,
            requirement: case.requirement,
        })
        .collect();
    if arguments.json {
        output::json(&cases)?;
        return Ok(Verdict::Fine);
    }
    let count = cases.len();
    let rows = cases.into_iter().map(|case| {
        [
            case.id.to_owned(),
            case.level.name().to_owned(),
            case.effect.name().to_owned(),
            case.requirement.to_owned(),
        ]
    });
    let headings = ["case", "level", "effect", "what must hold"];
    output::text(&output::table(headings, rows))?;
    output::say(&format!(
        "{count} cases; cns conform explain CASE says more"
    ));
    Ok(Verdict::Fine)
}
