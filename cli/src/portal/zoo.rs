//! `cns portal zoo`: what a portal will meet one day, and what it must do about it.

mod export;

use anyhow::{anyhow, bail};
use clap::{Args, Subcommand};
use cns_authority::zoo::{Animal, animal, animals};
use cns_conformance::selection::Pattern;
use cns_fixtures::zoo::ExportedVerdict;

use crate::{Verdict, output};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Wanted,
    /// As JSON
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Write each as files, to be aimed at a portal of your own
    Export(export::Arguments),
}

#[derive(Args)]
struct Wanted {
    /// Only those with this name, or under it up to a dot; * is any text (may be repeated)
    #[arg(long = "filter", value_name = "PATTERN")]
    filters: Vec<String>,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    match &arguments.command {
        Some(Command::Export(arguments)) => export::run(arguments),
        None => list(arguments),
    }
}

fn list(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let animals = arguments.selection.animals()?;
    let verdicts: Vec<ExportedVerdict> = animals.into_iter().map(Into::into).collect();
    if arguments.json {
        output::json(&verdicts)?;
    } else {
        let rows = verdicts.iter().map(|it| {
            let check = it.check.unwrap_or_default().to_owned();
            [
                it.id.to_owned(),
                it.verdict.to_owned(),
                check,
                it.odd.to_owned(),
            ]
        });
        let headings = ["animal", "a portal must", "check", "what is odd"];
        output::text(&output::table(headings, rows))?;
    }
    Ok(Verdict::Fine)
}

impl Wanted {
    /// Those that a pattern names; all of them without any.
    fn animals(&self) -> anyhow::Result<Vec<&'static Animal>> {
        let patterns: Vec<Pattern> = self.filters.iter().map(Pattern::new).collect();
        for pattern in &patterns {
            if !animals().any(|animal| pattern.matches(animal.id)) {
                bail!("`{pattern}` names no animal\nhint: `cns portal zoo` has them all");
            }
        }
        let is_wanted = |animal: &&Animal| {
            patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(animal.id))
        };
        Ok(animals().filter(is_wanted).collect())
    }
}

/// The animal that is called so.
pub(crate) fn find(id: &str) -> anyhow::Result<&'static Animal> {
    animal(id).ok_or_else(|| {
        anyhow!("there is no animal {id:?} in the zoo\nhint: `cns portal zoo` has them all")
    })
}
