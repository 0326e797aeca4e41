//! A run in words, for people at a terminal: the sum by suite, and the first failure in full.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::model::{Counts, Finish, ResultEntry, RunReport, Standing};

/// So many exchanges before the one that shows a failure are shown with it.
pub(super) const EXCHANGES_BEFORE: usize = 5;

/// So many bytes of a command or a response are shown; all of them are in `run.json` and in the HTML.
const BYTES_SHOWN: usize = 32;

/// A result on one line: how it stands, the case, why.
pub fn line(result: &ResultEntry) -> String {
    let profile = result.profile.as_deref().map(|id| format!(" [{id}]"));
    let why = why(result).map(|why| format!(": {why}"));
    format!(
        "{}{}{}",
        result.id,
        profile.unwrap_or_default(),
        why.unwrap_or_default()
    )
}

/// Why a result is not simply a pass.
pub fn why(result: &ResultEntry) -> Option<String> {
    let why = match result.standing() {
        Standing::Passed => None,
        Standing::Failed => result
            .finding
            .as_ref()
            .map(|finding| format!("expected {}, saw {}", finding.expected, finding.seen)),
        Standing::ExpectedFailure => result.expected_to_fail.clone(),
        Standing::UnexpectedPass => {
            let reason = result.expected_to_fail.as_deref().unwrap_or_default();
            Some(format!("it holds, and was expected not to ({reason})"))
        }
        Standing::Skipped | Standing::Broken => result.reason.clone(),
    };
    why.map(|why| printable(&why))
}

/// A row for each suite: its name and what came of its cases.
pub fn by_suite(report: &RunReport) -> Vec<(&str, Counts)> {
    let mut suites: BTreeMap<&str, Vec<&ResultEntry>> = BTreeMap::new();
    for result in &report.results {
        suites.entry(result.suite()).or_default().push(result);
    }
    let count = |results: Vec<&ResultEntry>| Counts::of(results);
    suites
        .into_iter()
        .map(|(suite, results)| (suite, count(results)))
        .collect()
}

/// The sum on one line: `214 passed, 2 failed, 31 skipped`. What there is none of is not named.
pub fn sum(counts: &Counts) -> String {
    let parts = [
        (counts.passed, "passed"),
        (counts.failed, "failed"),
        (counts.unexpected_passes, "passed unexpectedly"),
        (counts.expected_failures, "failed as expected"),
        (counts.broken, "broken"),
        (counts.skipped, "skipped"),
        (counts.flaky, "flaky"),
    ];
    let named: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    match named.as_slice() {
        [] => "nothing ran".to_owned(),
        named => named.join(", "),
    }
}

/// What the exit status says.
pub fn verdict(finish: &Finish) -> &'static str {
    match (finish.exit, finish.counts.broken) {
        (0, _) => "conformant",
        (1, _) => "not conformant",
        (_, 0) => "nothing could be judged",
        _ => "the suite could not find out",
    }
}

/// The failure that a person should look at first.
pub fn first_failure(report: &RunReport) -> Option<&ResultEntry> {
    let bad = |result: &&ResultEntry| result.standing().is_bad();
    report
        .results
        .iter()
        .filter(bad)
        .min_by_key(|result| result.standing())
}

/// A failure in full: what must hold and where that is written, what was seen, and the bytes.
///
/// ```text
/// pin.verify.counts-down [cns11-st2021] failed
///   Each wrong PIN takes one try off the counter.
///   must; ISO/IEC 7816-4, VERIFY (read)
///   expected  63C1 (1 try left)
///   seen      63C2 (2 tries left)
///     > 00 20 00 10 08 ** ** ** ** ** ** ** **  VERIFY PIN 10
///   * < 63 C2  2 tries left
/// ```
pub fn in_full(result: &ResultEntry) -> String {
    let mut text = String::new();
    let profile = result.profile.as_deref().map(|id| format!(" [{id}]"));
    let sources: Vec<String> = result
        .sources
        .iter()
        .map(|source| format!("{}, {} ({})", source.document, source.clause, source.grade))
        .collect();
    let _ = writeln!(
        text,
        "{}{} {}\n  {}\n  {}; {}",
        result.id,
        profile.unwrap_or_default(),
        result.standing().words(),
        result.requirement,
        result.level.name(),
        sources.join("; "),
    );
    match (&result.finding, why(result)) {
        (Some(finding), _) => {
            let _ = writeln!(
                text,
                "  expected  {}\n  seen      {}",
                finding.expected, finding.seen
            );
        }
        (None, Some(why)) => {
            let _ = writeln!(text, "  {why}");
        }
        (None, None) => {}
    }
    text.push_str(&exchanges(result));
    printable(&text)
}

/// So many of something: `1 case`, `2 cases`.
pub fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        count => format!("{count} {what}s"),
    }
}

/// The text without what a terminal would obey and XML cannot hold: clients and portals say what they
/// like, and it ends up in findings.
pub(super) fn printable(text: &str) -> String {
    let is_shown = |c: char| match c {
        '\n' | '\t' => true,
        '\u{FFFE}' | '\u{FFFF}' => false,
        c => !c.is_control(),
    };
    let shown = |c| {
        if is_shown(c) {
            c
        } else {
            char::REPLACEMENT_CHARACTER
        }
    };
    text.chars().map(shown).collect()
}

fn exchanges(result: &ResultEntry) -> String {
    let count = result.exchanges.len();
    let shown_by = result.finding.as_ref().and_then(|finding| finding.exchange);
    let end = shown_by.map_or(count, |index| (index + 1).min(count));
    let begin = end.saturating_sub(EXCHANGES_BEFORE + 1);
    let mut text = String::new();
    if begin > 0 {
        let _ = writeln!(text, "    ({begin} exchanges before)");
    }
    let shown = result.exchanges.iter().enumerate();
    for (index, exchange) in shown.take(end).skip(begin) {
        let mark = if shown_by == Some(index) { '*' } else { ' ' };
        let _ = writeln!(
            text,
            "    > {}  {}\n  {mark} < {}  {}",
            cut(&exchange.command, BYTES_SHOWN),
            exchange.command_words,
            cut(&exchange.response, BYTES_SHOWN),
            exchange.response_words,
        );
    }
    text
}

/// A row of bytes in hexadecimal, cut after so many of them but for the status word.
pub(super) fn cut(bytes: &str, bytes_max: usize) -> String {
    const SW_LENGTH: usize = "90 00".len();
    let is_long = bytes_max * 3 + SW_LENGTH * 2 < bytes.len();
    let (start, end) = (
        bytes.get(..bytes_max * 3),
        bytes.len() - SW_LENGTH.min(bytes.len()),
    );
    match (is_long, start, bytes.get(end..)) {
        (true, Some(start), Some(end)) => format!("{start}... {end}"),
        _ => bytes.to_owned(),
    }
}

/// The one command that runs a case again. A PIN is never part of it.
pub fn again(report: &RunReport, result: &ResultEntry) -> String {
    let profile = match &result.profile {
        // A wrong card has the profile that it was made from.
        Some(profile) if !report.target.starts_with("mutant:") => format!(" --profile {profile}"),
        _ => String::new(),
    };
    let destructive = match report.allow_destructive {
        true => " --allow-destructive",
        false => "",
    };
    let target = match report
        .target
        .contains(|c: char| !(c.is_alphanumeric() || "-_:./".contains(c)))
    {
        true => format!("'{}'", report.target.replace('\'', "'\\''")),
        false => report.target.clone(),
    };
    format!(
        "cns conform run {target}{profile} --filter {} --seed {}{destructive}",
        result.id, report.seed
    )
}

#[test]
fn what_a_terminal_would_obey_is_not_shown() {
    let said = "one\n\ttwo \u{1B}[31mred\0\u{FFFE}, caffè";
    let shown = "one\n\ttwo \u{FFFD}[31mred\u{FFFD}\u{FFFD}, caffè";
    assert_eq!(printable(said), shown);
}

#[test]
fn a_long_row_keeps_its_status_word() {
    let row = "AB ".repeat(40) + "90 00";
    assert_eq!(cut(&row, 4), "AB AB AB AB ... 90 00");
    assert_eq!(cut("90 00", 4), "90 00");
    assert_eq!(cut("", 4), "");
}
