//! A run as Markdown, for the comment at a pull request or the summary of a job.
//!
//! ```text
//! ## cns conform: not conformant          the verdict, and the sum
//! | suite | ... |                         a table by suite
//! > failures, folded                      each with its requirement and its bytes
//! > coverage, folded                      clauses and known gaps
//! ```
//!
//! GitHub refuses a comment that is too long, and a bot that is refused says nothing: so whatever does
//! not fit is left out, and a sentence says so.

use std::fmt::Write as _;

use super::coverage::{Coverage, DocumentCoverage};
use super::model::{Counts, ResultEntry, RunReport, Standing};
use super::text::{again, by_suite, counted, in_full, printable, sum, verdict, why};

/// So many characters a comment may have on GitHub. Bytes are counted here, and are never fewer.
pub const LENGTH_MAX: usize = 65_536;

/// What is kept free for the sentences that say what was left out.
const KEPT_FREE: usize = 1_000;

/// What one failure may take, so that one that said very much does not crowd out the others.
const FAILURE_LENGTH_MAX: usize = 8_000;

/// What a text of somebody else's may take in a heading or a table.
const PHRASE_LENGTH_MAX: usize = 300;

/// The report as a file, at most [`LENGTH_MAX`] bytes.
pub fn to_markdown(report: &RunReport) -> String {
    let mut page = Page(heading(report));
    let mut bad: Vec<&ResultEntry> = report
        .results
        .iter()
        .filter(|result| result.standing().is_bad())
        .collect();
    bad.sort_by_key(|result| result.standing());
    let shown = page.add_while_they_fit(bad.iter().map(|result| failure(report, result)));
    if shown < bad.len() {
        let count = bad.len() - shown;
        page.say(&format!(
            "{count} more are not shown here: a comment has an end. The other reports of the run have them."
        ));
    }
    let coverage = Coverage::of_run(report);
    page.say("### Coverage by clause");
    let documents: Vec<String> = coverage.documents.iter().map(document).collect();
    let shown = page.add_while_they_fit(documents.iter().cloned());
    if shown < documents.len() {
        let count = documents.len() - shown;
        page.say(&format!(
            "{count} more documents are not shown here; `cns conform coverage` has them."
        ));
    }
    page.0
}

/// A text that keeps its limit.
struct Page(String);

impl Page {
    /// Adds blocks until one does not fit, and says how many did.
    fn add_while_they_fit(&mut self, blocks: impl Iterator<Item = String>) -> usize {
        let mut count = 0;
        for block in blocks {
            if LENGTH_MAX < self.0.len() + block.len() + KEPT_FREE {
                break;
            }
            self.0.push_str(&block);
            count += 1;
        }
        count
    }

    /// Adds a sentence of ours, for which room is kept.
    fn say(&mut self, sentence: &str) {
        let _ = write!(self.0, "{sentence}\n\n");
    }
}

fn heading(report: &RunReport) -> String {
    let (verdict, counts) = match &report.finished {
        Some(finish) => (verdict(finish), finish.counts),
        None => ("cut off", Counts::of(&report.results)),
    };
    let mut text = format!("## cns conform: {verdict}\n\n");
    let _ = write!(
        text,
        "{} on {}, seed {}, {}, {}.\n\n",
        sum(&counts),
        code(&report.target),
        report.seed,
        report.tool,
        report.started
    );
    text.push_str("| suite | passed | failed | broken | as expected | skipped |\n");
    text.push_str("|---|--:|--:|--:|--:|--:|\n");
    for (suite, counts) in by_suite(report) {
        let Counts {
            passed,
            failed,
            expected_failures,
            unexpected_passes,
            skipped,
            broken,
            ..
        } = counts;
        let failed = match failed + unexpected_passes {
            0 => "0".to_owned(),
            count => format!("**{count}**"),
        };
        let _ = writeln!(
            text,
            "| {} | {passed} | {failed} | {broken} | {expected_failures} | {skipped} |",
            code(suite)
        );
    }
    text.push('\n');
    text
}

/// A failure, folded: what must hold, and the bytes.
fn failure(report: &RunReport, result: &ResultEntry) -> String {
    let profile = result.profile.as_deref().map(|id| format!(" [{id}]"));
    let why = why(result).unwrap_or_default();
    let mut bytes = in_full(result);
    if FAILURE_LENGTH_MAX < bytes.len() {
        let end = bytes.floor_char_boundary(FAILURE_LENGTH_MAX);
        bytes.truncate(end);
        bytes.push_str("\n... (more in the other reports)\n");
    }
    let fence = fence_around(&bytes);
    format!(
        "<details><summary>{} <code>{}{}</code>: {}</summary>\n\n{fence}text\n{bytes}again: {}\n{fence}\n\n</details>\n\n",
        mark(result.standing()),
        html(&result.id),
        html(&profile.unwrap_or_default()),
        html(&clip(&why)),
        clip(&printable(&again(report, result))),
    )
}

const fn mark(standing: Standing) -> &'static str {
    match standing {
        Standing::Broken => "⚠️ broken",
        Standing::UnexpectedPass => "❌ unexpected pass",
        _ => "❌",
    }
}

/// A fence that is longer than any in the text, so that nothing in it ends the block.
fn fence_around(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}

/// What is judged of a document, and what is known not to be, folded.
fn document(coverage: &DocumentCoverage) -> String {
    let DocumentCoverage {
        document,
        clauses,
        gaps,
    } = coverage;
    let bad: usize = clauses.iter().map(|clause| clause.bad().count()).sum();
    let mark = if bad == 0 { "" } else { "❌ " };
    let known = match gaps.len() {
        0 => String::new(),
        gaps => format!(", {}", counted(gaps, "known gap")),
    };
    let mut text = format!(
        "<details><summary>{mark}{}: {}{known}</summary>\n\n| clause | cases |\n|---|---|\n",
        html(&clip(document)),
        counted(clauses.len(), "clause"),
    );
    for clause in clauses {
        let bad: Vec<String> = clause.bad().map(|case| code(&case.id)).collect();
        let bad = match bad.as_slice() {
            [] => String::new(),
            bad => format!(": {}", bad.join(", ")),
        };
        let _ = writeln!(text, "| {} | {}{bad} |", cell(&clause.clause), clause.sum());
    }
    if !gaps.is_empty() {
        text.push_str("\n| not judged | what of it | why |\n|---|---|---|\n");
    }
    for gap in gaps {
        let _ = writeln!(
            text,
            "| {} | {} | {} |",
            cell(&gap.clause),
            cell(&gap.unjudged),
            cell(&gap.why)
        );
    }
    text.push_str("\n</details>\n\n");
    text
}

/// Text between HTML tags.
fn html(text: &str) -> String {
    printable(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        // Nobody is to be called to a pull request by what a card said.
        .replace('@', "&#64;")
        .replace('\n', " ")
}

/// Text in a table, or in a sentence: nothing in it is Markdown.
fn cell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in clip(text).chars() {
        if "\\`*_{}[]()#+|~".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    html(&escaped)
}

/// Text as code, in a table too.
fn code(text: &str) -> String {
    let text = printable(&clip(text))
        .replace('\n', " ")
        .replace('|', "\\|");
    let fence = fence_around(&text);
    match text.contains('`') {
        true => format!("{fence} {text} {fence}"),
        false => format!("`{text}`"),
    }
}

fn clip(text: &str) -> String {
    match text.char_indices().nth(PHRASE_LENGTH_MAX) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}...", text.get(..end).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_others_say_is_markdown_or_html() {
        assert_eq!(cell("a|b <b> *c* d"), "a\\|b &lt;b&gt; \\*c\\* d");
        assert_eq!(html("@everybody"), "&#64;everybody");
        assert_eq!(code("a|b"), "`a\\|b`");
        assert_eq!(code("a`b"), "``` a`b ```");
        assert_eq!(fence_around("```` and `"), "`````");
        assert_eq!(clip(&"è".repeat(301)), format!("{}...", "è".repeat(300)));
    }

    #[test]
    fn a_page_ends_before_its_limit() {
        let mut page = Page(String::new());
        let blocks = || std::iter::repeat_n("x".repeat(10_000), 10);
        assert_eq!(page.add_while_they_fit(blocks()), 6);
        assert_eq!(page.add_while_they_fit(blocks()), 0);
        page.say("There is more.");
        assert!(page.0.len() <= LENGTH_MAX);
    }
}
