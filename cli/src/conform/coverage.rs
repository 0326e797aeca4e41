//! `cns conform coverage`.

use std::path::PathBuf;

use clap::Args;
use cns_conformance::report::Coverage;
use cns_conformance::report::coverage::DocumentCoverage;
use cns_conformance::report::text::counted;

use super::run::reports::read;
use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Arguments {
    /// As JSON, with the names of the cases
    #[arg(long)]
    json: bool,
    /// What came of the cases in this run (what `cns conform run --json` wrote); without it, all
    /// cases that there are
    #[arg(value_name = "RUN")]
    run: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let coverage = match &arguments.run {
        Some(path) => Coverage::of_run(&read(path)?),
        None => Coverage::of_suite(),
    };
    if arguments.json {
        output::json(&coverage)?;
        return Ok(Verdict::Fine);
    }
    for document in &coverage.documents {
        output::text(&in_words(document))?;
    }
    let documents = &coverage.documents;
    let clauses: usize = documents.iter().map(|it| it.clauses.len()).sum();
    let gaps: usize = documents.iter().map(|it| it.gaps.len()).sum();
    output::say(&format!(
        "{}, {} with cases, {}",
        counted(documents.len(), "document"),
        counted(clauses, "clause"),
        counted(gaps, "known gap")
    ));
    Ok(Verdict::Fine)
}

fn in_words(coverage: &DocumentCoverage) -> String {
    let heading = output::HEADING;
    let mut text = format!("{heading}{}{heading:#}\n", coverage.document);
    let rows = coverage.clauses.iter().map(|clause| {
        let bad = clause.bad().map(|case| case.id.as_str());
        let bad: Vec<&str> = bad.collect();
        [format!("  {}", clause.clause), clause.sum(), bad.join(", ")]
    });
    if !coverage.clauses.is_empty() {
        text.push_str(&output::table(["  clause", "judged by", ""], rows));
    }
    for gap in &coverage.gaps {
        let (clause, unjudged, why) = (&gap.clause, &gap.unjudged, &gap.why);
        text.push_str(&format!("  not judged: {clause}: {unjudged}. {why}\n"));
    }
    text.push('\n');
    text
}
