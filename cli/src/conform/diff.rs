//! `cns conform diff`.

use std::path::{Path, PathBuf};

use clap::Args;
use cns_conformance::report::diff::{Ended, in_words};
use cns_conformance::report::{Comparison, RunReport};

use super::run::reports::read;
use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Arguments {
    /// As JSON
    #[arg(long)]
    json: bool,
    /// The first run, as `cns conform run --json` wrote it
    a: PathBuf,
    /// The second run
    b: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let (a, b) = (read(&arguments.a)?, read(&arguments.b)?);
    let comparison = Comparison::of(ended(&a, &arguments.a)?, ended(&b, &arguments.b)?);
    if a.seed != b.seed {
        output::say("warning: the runs have other seeds, so that other bytes were drawn");
    }
    match arguments.json {
        true => output::json(&comparison)?,
        false => output::text(&in_words(&comparison))?,
    }
    Ok(match comparison.is_same() {
        true => Verdict::Fine,
        false => Verdict::Not,
    })
}

fn ended<'a>(run: &'a RunReport, path: &Path) -> anyhow::Result<Ended<'a>> {
    Ended::new(run).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
}
