//! `cns card faults`: the scripts of what goes wrong, and the models of slow cards.

use clap::Args;
use cns_fixtures::{Named, fault_script, fault_scripts, latency_model, latency_models};
use cns_reader::faults::Script;
use serde::Serialize;

use crate::{Verdict, files, output};

#[derive(Args)]
pub(crate) struct Arguments {
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Show the text of this one, to begin one's own with
    name: Option<String>,
}

/// A script or a model, and what it is called in errors.
pub(crate) struct Found {
    pub(crate) name: String,
    pub(crate) text: String,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    option: &'static str,
    description: String,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    if let Some(name) = &arguments.name {
        let text = match latency_model(name) {
            Ok(model) => model.text,
            Err(_) => fault_script(name)?.text,
        };
        output::text(text)?;
        return Ok(Verdict::Fine);
    }
    let rows = rows()?;
    if arguments.json {
        output::json(&rows)?;
        return Ok(Verdict::Fine);
    }
    let rows = rows
        .into_iter()
        .map(|row| [row.option.to_owned(), row.name.to_owned(), row.description]);
    output::text(&output::table(["option", "name", "what happens"], rows))?;
    Ok(Verdict::Fine)
}

fn rows() -> anyhow::Result<Vec<Row>> {
    let row = |option: &'static str, named: Named| {
        let description = Script::from_toml(named.id, named.text)?.description;
        anyhow::Ok(Row {
            name: named.id,
            option,
            description,
        })
    };
    let scripts = fault_scripts().into_iter().map(|it| row("--faults", it));
    let models = latency_models().into_iter().map(|it| row("--latency", it));
    scripts.chain(models).collect()
}

/// A script of faults by its name, or from its file.
pub(crate) fn find_faults(name: &str) -> anyhow::Result<Found> {
    find(name, || Ok(fault_script(name)?))
}

/// A model of a card's speed by its name, or from its file.
pub(crate) fn find_latency(name: &str) -> anyhow::Result<Found> {
    find(name, || Ok(latency_model(name)?))
}

fn find(name: &str, ours: impl FnOnce() -> anyhow::Result<Named>) -> anyhow::Result<Found> {
    let text = match files::toml(name)? {
        Some((_, text)) => text,
        None => ours()?.text.to_owned(),
    };
    Ok(Found {
        name: name.to_owned(),
        text,
    })
}
