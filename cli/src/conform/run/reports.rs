//! Where the reports of a run go.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use cns_conformance::report::model::{ResultEntry, UnusedExpectation};
use cns_conformance::report::{RunReport, Saved, flaky, html, junit, markdown, saved, text};

use crate::files::{self, PUBLIC};
use crate::output;

#[derive(Args)]
pub(crate) struct ReportFiles {
    /// The run as JSON, complete after every case; - is stdout, at the end
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The run as JUnit XML, for CI servers; - is stdout
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// The run as one HTML page with a filter and every APDU in words; - is stdout
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// The run as Markdown, for the comment at a pull request; - is stdout
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
}

/// `run.json`, if it was asked for; the first error is kept for the end, so that a full disk does
/// not stop a run in the middle of a card.
pub(super) struct Running {
    saved: Option<Saved>,
    path: PathBuf,
    error: Option<std::io::Error>,
}

/// Reads what --json has written.
pub(in crate::conform) fn read(path: &Path) -> anyhow::Result<RunReport> {
    let shown = path.display();
    let text = fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
    saved::from_json(&text).map_err(|error| anyhow::anyhow!("{shown}: {error}"))
}

impl Running {
    pub(super) fn add(&mut self, entry: &ResultEntry) {
        if let (Some(saved), None) = (&mut self.saved, &self.error) {
            self.error = saved.add(entry).err();
        }
    }

    pub(super) fn finish(mut self, report: &RunReport) -> anyhow::Result<()> {
        let finished = match (&mut self.saved, &report.finished, self.error) {
            (_, _, Some(error)) => Err(error),
            (Some(saved), Some(finish), None) => saved.finish(finish),
            _ => Ok(()),
        };
        finished.with_context(|| format!("{} cannot be written", self.path.display()))
    }
}

impl ReportFiles {
    fn all(&self) -> Vec<&PathBuf> {
        [&self.json, &self.junit, &self.html, &self.markdown]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Finds out before a long run what cannot be written after it.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let files = self.all();
        if 1 < files.iter().filter(|path| is_stdout(path)).count() {
            bail!("two reports cannot both go to stdout");
        }
        let mut seen = BTreeSet::new();
        for path in files {
            if !seen.insert(path) {
                bail!("two reports cannot both be {}", path.display());
            }
            if path.is_dir() {
                bail!("{} cannot be written: it is a folder", path.display());
            }
            let folder = path.parent().filter(|folder| *folder != Path::new(""));
            if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
                bail!(
                    "{} cannot be written: there is no folder {}",
                    path.display(),
                    folder.display()
                );
            }
        }
        Ok(())
    }

    /// Begins `run.json`.
    pub(super) fn begin(&self, report: &RunReport) -> anyhow::Result<Running> {
        let path = self.json.clone().filter(|path| !is_stdout(path));
        let saved = path.as_deref().map(|path| Saved::create(path, report));
        let path = path.clone().unwrap_or_default();
        let saved = saved
            .transpose()
            .with_context(|| format!("{} cannot be written", path.display()))?;
        Ok(Running {
            saved,
            path,
            error: None,
        })
    }

    /// Writes all that was asked for; the sum goes to stdout, or to stderr if a report is there.
    pub(super) fn write(&self, report: &RunReport) -> anyhow::Result<()> {
        let has_stdout = self.all().into_iter().any(|path| is_stdout(path));
        let sum = summary(report)?;
        match has_stdout {
            true => output::say(sum.trim_end()),
            false => output::text(&sum)?,
        }
        if self.json.as_deref().is_some_and(is_stdout) {
            output::text(&saved::to_json(report)?)?;
        }
        // One that cannot be written is no reason to lose the others.
        let written = [
            store(self.junit.as_deref(), || Ok(junit::to_xml(report)?)),
            store(self.html.as_deref(), || Ok(html::to_page(report)?)),
            store(self.markdown.as_deref(), || {
                Ok(markdown::to_markdown(report))
            }),
        ];
        written.into_iter().collect()
    }
}

fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// Writes a report to its place, if it has one.
fn store(path: Option<&Path>, text: impl Fn() -> anyhow::Result<String>) -> anyhow::Result<()> {
    match path {
        None => Ok(()),
        Some(path) if is_stdout(path) => output::text(&text()?),
        Some(path) => files::write(&[(path, &text()?)], PUBLIC),
    }
}

/// The first failure in full, a table by suite, the verdict.
fn summary(report: &RunReport) -> anyhow::Result<String> {
    let finish = report.finished.as_ref().context("the run has not ended")?;
    let mut said = String::new();
    if let Some(first) = text::first_failure(report) {
        said.push_str(&text::in_full(first));
        said.push_str(&format!("  again: {}\n\n", text::again(report, first)));
    }
    let rows = text::by_suite(report)
        .into_iter()
        .map(|(suite, counts)| [suite.to_owned(), text::sum(&counts)]);
    said.push_str(&output::table(["suite", "what came of it"], rows));
    if 1 < report.repetitions {
        said.push_str(&repetitions(report));
    }
    for UnusedExpectation { line, pattern } in &finish.unused_expectations {
        output::say(&format!(
            "warning: line {line} of the expectations names no case: `{pattern}`"
        ));
    }
    let style = if finish.exit == 0 {
        output::GOOD
    } else {
        output::BAD
    };
    said.push_str(&format!(
        "\n{style}{}{style:#}: {}\n",
        text::verdict(finish),
        text::sum(&finish.counts)
    ));
    Ok(said)
}

fn repetitions(report: &RunReport) -> String {
    let flaky = flaky(report);
    let cases: BTreeSet<_> = report
        .results
        .iter()
        .map(|result| (&result.id, &result.profile))
        .collect();
    let mut said = format!(
        "\n{} repetitions: {} of {} cases did not always end the same way\n",
        report.repetitions,
        flaky.len(),
        cases.len()
    );
    for (id, profile) in flaky {
        let profile = profile.map(|id| format!(" [{id}]")).unwrap_or_default();
        said.push_str(&format!("  {id}{profile}\n"));
    }
    said
}
