//! `run.json` on disk, complete and well formed after every case.
//!
//! ```text
//! {"schema":1, ..., "results":[
//! {"id":"atr.a", ...},
//! {"id":"atr.b", ...}           a new result takes the place of the end, in one write with a new end
//! ],"finished":null}            the end, until the run has one
//! ```
//!
//! Whoever kills the run half way finds what was known until then. The reports of a long run are
//! not worth less because its last case hung.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::model::{Finish, ResultEntry, RunReport};

/// A `run.json` that is being written.
pub struct Saved {
    file: File,
    /// Where the end begins.
    end_at: u64,
    is_first: bool,
}

impl Saved {
    /// Begins the file anew, with what the report says so far.
    pub fn create(path: &Path, report: &RunReport) -> io::Result<Self> {
        let (head, end) = split(report)?;
        let mut file = File::create(path)?;
        file.write_all(format!("{head}{end}").as_bytes())?;
        Ok(Self {
            file,
            end_at: head.len() as u64,
            is_first: true,
        })
    }

    /// Adds a result.
    pub fn add(&mut self, result: &ResultEntry) -> io::Result<()> {
        let separator = if self.is_first { "\n" } else { ",\n" };
        self.is_first = false;
        let result = format!("{separator}{}", serde_json::to_string(result)?);
        self.replace_end(&result, None)
    }

    /// Writes the sum of the run.
    pub fn finish(&mut self, finish: &Finish) -> io::Result<()> {
        self.replace_end("", Some(finish))?;
        self.file.sync_all()
    }

    fn replace_end(&mut self, text: &str, finish: Option<&Finish>) -> io::Result<()> {
        let end = end(finish)?;
        self.file.seek(SeekFrom::Start(self.end_at))?;
        self.file.write_all(format!("{text}{end}").as_bytes())?;
        self.end_at += text.len() as u64;
        Ok(())
    }
}

/// A whole report as the text that a [`Saved`] file has in the end.
pub fn to_json(report: &RunReport) -> serde_json::Result<String> {
    let (head, _) = split(report)?;
    let results: Result<Vec<String>, _> =
        report.results.iter().map(serde_json::to_string).collect();
    let results = results?.join(",\n");
    let begin = if results.is_empty() { "" } else { "\n" };
    let end = end(report.finished.as_ref())?;
    Ok(format!("{head}{begin}{results}{end}"))
}

/// Reads what any of them has written.
pub fn from_json(text: &str) -> Result<RunReport, ReadError> {
    /// Only what tells the version.
    #[derive(serde::Deserialize)]
    struct Version {
        schema: u32,
    }
    let version: Version = serde_json::from_str(text).map_err(ReadError::NoReport)?;
    match version.schema {
        super::model::SCHEMA => serde_json::from_str(text).map_err(ReadError::NoReport),
        other => Err(ReadError::Version(other)),
    }
}

/// What did not end as it should, with the profile that it was judged by: for `--rerun-failed`.
pub fn not_good(report: &RunReport) -> BTreeSet<(String, Option<String>)> {
    let bad = report.results.iter().filter(|it| it.standing().is_bad());
    bad.map(|it| (it.id.clone(), it.profile.clone())).collect()
}

/// A text is no report of a run.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is something else.
    #[error("it is no report of a run: {0}\nhint: `cns conform run --json FILE` writes one")]
    NoReport(serde_json::Error),
    /// Another version of the suite wrote it.
    #[error(
        "it has version {0} of the format, which another version of this program wrote\nhint: run the cases again with this one"
    )]
    Version(u32),
}

fn split(report: &RunReport) -> serde_json::Result<(String, String)> {
    const RESULTS: &str = "\"results\":[";
    let empty = RunReport {
        results: Vec::new(),
        finished: None,
        ..report.clone()
    };
    let text = serde_json::to_string(&empty)?;
    let head = text.split(RESULTS).next().unwrap_or_default();
    Ok((format!("{head}{RESULTS}"), end(None)?))
}

fn end(finish: Option<&Finish>) -> serde_json::Result<String> {
    Ok(format!(
        "\n],\"finished\":{}}}\n",
        serde_json::to_string(&finish)?
    ))
}
