//! What `cns conform` says of reports and of runs that are compared.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::Path;

use support::transcript;

const CASE: &str = "pin.counter.cut-after-a-wrong-value";

fn judge(folder: &Path, target: &str, reports: &[&str]) -> String {
    let run = ["conform", "run", target, "--filter", CASE];
    transcript(folder, &[&run[..], reports].concat())
}

/// Compares with the snapshot that is named after the test; when a run began is another time each time.
fn assert_transcript(said: &[String]) {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    let name = std::thread::current().name().unwrap().to_owned();
    let said = said.join("\n");
    let said = said.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let said: Vec<&str> = said.lines().map(without_time).collect();
    settings.bind(|| insta::assert_snapshot!(name, said.join("\n")));
}

/// `A  in-process, seed 1, cns 0.1.0, 2026-01-31T12:00:00Z` without its end.
fn without_time(line: &str) -> &str {
    match line.rsplit_once(", 20") {
        Some((start, end)) if end.ends_with('Z') => start,
        _ => line,
    }
}

#[test]
fn help() {
    let folder = tempfile::tempdir().unwrap();
    let help = |command| transcript(folder.path(), &["conform", command, "--help"]);
    assert_transcript(&["diff", "coverage"].map(help));
}

#[test]
fn reports_that_cannot_be_written_are_refused_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    let judge = |reports: &[&str]| judge(folder.path(), "in-process", reports);
    assert_transcript(&[
        judge(&["--json", "-", "--html", "-"]),
        judge(&["--junit", "report", "--markdown", "report"]),
        judge(&["--markdown", "missing/summary.md"]),
        judge(&["--html", "."]),
    ]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_report_on_stdout_leaves_the_sum_to_stderr() {
    let folder = tempfile::tempdir().unwrap();
    for (report, begins) in [
        ("--json", "{\"schema\":1"),
        ("--junit", "<?xml version"),
        ("--html", "<!DOCTYPE html>"),
        ("--markdown", "## cns conform: conformant"),
    ] {
        let mut command = support::cns(folder.path());
        command.args(["conform", "run", "--filter", CASE, report, "-"]);
        let output = command.output().unwrap();
        let (data, talk) = (output.stdout, output.stderr);
        let data = String::from_utf8(data).unwrap();
        assert!(data.starts_with(begins), "{data}");
        let talk = String::from_utf8(talk).unwrap();
        assert!(talk.contains("conformant: 1 passed"), "{talk}");
    }
}

#[test]
fn runs_are_compared_case_by_case() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    judge(path, "in-process", &["--json", "a.json"]);
    judge(
        path,
        "mutant:pin.counter-not-charged",
        &["--json", "b.json"],
    );
    let diff = |arguments: &[&str]| transcript(path, &[&["conform", "diff"], arguments].concat());
    let json = diff(&["--json", "a.json", "b.json"]);
    let begin = json.find('{').unwrap();
    let end = json.rfind('}').unwrap();
    let read: serde_json::Value = serde_json::from_str(json.get(begin..=end).unwrap()).unwrap();
    assert_eq!(read.pointer("/differences/0/id").unwrap(), CASE);
    assert_transcript(&[
        diff(&["a.json", "a.json"]),
        diff(&["a.json", "b.json"]),
        transcript(path, &["conform", "coverage", "b.json"]),
    ]);
}

#[test]
fn coverage_names_the_gaps_for_machines_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = support::cns(folder.path());
    let output = command
        .args(["conform", "coverage", "--json"])
        .output()
        .unwrap();
    let coverage: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let documents = coverage.get("documents").unwrap().as_array().unwrap();
    let iso = documents
        .iter()
        .find(|it| it.get("document").unwrap() == "ISO/IEC 7816-4")
        .unwrap();
    let gaps = iso.get("gaps").unwrap().as_array().unwrap();
    let clause = |gap: &serde_json::Value| gap.get("clause").unwrap() == "MANAGE CHANNEL";
    assert!(gaps.iter().any(clause), "{iso}");
    let cases = iso.pointer("/clauses/0/cases").unwrap().as_array().unwrap();
    assert!(!cases.is_empty());
}

#[test]
fn what_is_no_run_is_not_compared() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    judge(path, "in-process", &["--json", "run.json"]);
    let run = fs::read_to_string(path.join("run.json")).unwrap();
    let write = |name: &str, text: &str| fs::write(path.join(name), text).unwrap();
    write("other.json", &run.replace("\"schema\":1", "\"schema\":9"));
    write("half.json", run.split("requirement").next().unwrap());
    write("text.json", "-----BEGIN CERTIFICATE-----\n");
    write("object.json", "{\"schema\":1}");
    let (results, _) = run.rsplit_once("\n],\"finished\":").unwrap();
    write(
        "cut-off.json",
        &format!("{results}\n],\"finished\":null}}\n"),
    );
    let wrong = [
        "other.json",
        "half.json",
        "text.json",
        "object.json",
        "cut-off.json",
        "missing.json",
        ".",
    ];
    let diff = |name| transcript(path, &["conform", "diff", "run.json", name]);
    assert_transcript(&wrong.map(diff));
}
