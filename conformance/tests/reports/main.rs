//! What the reports say of a small run on a wrong card, and that readers other than ours can read them.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod browser;
mod differences;
mod junit;
mod limits;

use std::collections::BTreeSet;

use cns_conformance::campaign::{Options, open};
use cns_conformance::expectations::Expectations;
use cns_conformance::report::model::Ending;
use cns_conformance::report::{Circumstances, Coverage, Recorder, RunReport, html, markdown, text};
use cns_conformance::runner::Permission;
use cns_conformance::selection::Pattern;
use cns_fixtures::{DEFAULT_PROFILE, citizen, profile};
use time::OffsetDateTime;

/// A card that lets everybody guess.
const WRONG: &str = "mutant:pin.counter-not-charged";

/// One of these cases fails, the other passes.
const EXPECTATIONS: &str = "pin.verify.counts-down  Counts from 5, ticket <1234>.\n\
                            pin.verify.again  Known of the vendor.\n";

/// What a portal or a client may say, and a report must bear.
const HOSTILE: &str = "the reader said \u{1B}[31m<b>&amp;\u{0}\u{FFFE}|`*]]> and went away";

/// A run of the cases that a pattern names, without what is another one each time.
fn run(target: &str, patterns: &[&str], expectations: &str) -> RunReport {
    let options = Options {
        profiles: vec![profile(DEFAULT_PROFILE).unwrap()],
        citizen: citizen("mario-bianchi").unwrap(),
        pin: None,
        puk: None,
        authority: None,
        permission: Permission::LookOnly,
        seed: 1,
        today: OffsetDateTime::now_utc().date(),
    };
    let expectations = Expectations::parse(expectations, &[]).unwrap();
    let started = "2026-01-31T12:00:00Z".to_owned();
    let mut recorder = Recorder::new(target, options.seed, started, expectations);
    let patterns: Vec<Pattern> = patterns.iter().map(|text| Pattern::new(*text)).collect();
    let mut ids = BTreeSet::new();
    for mut campaign in open(&target.parse().unwrap(), &options).unwrap() {
        ids.extend(campaign.cases().into_iter().map(|case| case.id));
        let name = campaign.target().to_owned();
        let circumstances = Circumstances {
            target: &name,
            profile: Some(DEFAULT_PROFILE),
            synthetic: true,
            repetition: 1,
        };
        let wanted = |case: &cns_conformance::runner::CaseFacts| {
            patterns.iter().any(|pattern| pattern.matches(case.id))
        };
        campaign.run(&wanted, options.seed, &mut |result| {
            recorder.record(result, circumstances);
        });
    }
    let mut report = recorder.finish(&ids);
    report.tool = "cns 0.0.0".to_owned();
    for result in &mut report.results {
        result.took_ms = 1.5;
    }
    report.finished.as_mut().unwrap().took_ms = 1_234.0;
    report
}

/// Every standing there is: a wrong card, two expectations, a case that is about other cards, and one
/// that broke.
fn small_run() -> RunReport {
    let cases = [
        "pin.verify",
        "pin.second.right-value",
        "pin.counter.cut-after-a-wrong-value",
    ];
    let mut report = run(WRONG, &cases, EXPECTATIONS);
    let case = |id: &str| report.results.iter().position(|result| result.id == id);
    let broken = case("pin.verify.nothing-proven-at-first").unwrap();
    let broken = &mut report.results[broken];
    broken.outcome = Ending::Broken;
    broken.reason = Some(HOSTILE.to_owned());
    let finish = report.finished.as_mut().unwrap();
    finish.counts.passed -= 1;
    finish.counts.broken += 1;
    report
}

fn assert_golden(name: &str, said: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, said));
}

#[test]
fn text_shows_the_bytes_of_the_first_failure_in_words() {
    let report = small_run();
    let first = text::first_failure(&report).unwrap();
    assert_golden("text", &text::in_full(first));
    let others = report.results.iter().filter(|it| it.standing().is_bad());
    let lines: Vec<String> = others.map(text::line).collect();
    assert_golden("lines", &lines.join("\n"));
}

#[test]
fn markdown_has_the_verdict_a_table_and_the_failures() {
    let page = markdown::to_markdown(&small_run());
    let (run, coverage) = page.split_once("### Coverage").unwrap();
    assert_golden("markdown", run);
    assert!(coverage.contains("| MANAGE CHANNEL |"), "{coverage}");
}

#[test]
fn html_has_every_case_and_marks_what_shows_the_failure() {
    let page = html::to_page(&small_run()).unwrap();
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (body, coverage) = rest.split_once("<h2 id=\"coverage\">").unwrap();
    assert_golden("html", &format!("{head}{body}"));
    assert!(
        coverage.contains("<strong>MANAGE CHANNEL</strong>"),
        "{coverage}"
    );
    // Nothing is asked of the network, and nothing is hidden from who has no script but the filter.
    for outside in ["src=", "href=\"http", "url(", "@import", "<link"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert_eq!(page.matches(" hidden>").count(), 1);
    assert!(page.contains("<mark>&#62; 00 20 00 10"), "{page}");
}

#[test]
fn coverage_says_which_clauses_the_run_judged_and_how() {
    let mut coverage = Coverage::of_run(&small_run());
    for document in &mut coverage.documents {
        document.gaps.clear();
    }
    let clauses: String = coverage
        .documents
        .iter()
        .flat_map(|document| {
            let clauses = document.clauses.iter();
            clauses.map(|clause| {
                let bad: Vec<&str> = clause.bad().map(|case| case.id.as_str()).collect();
                let (document, sum) = (&document.document, clause.sum());
                format!(
                    "{document}, {}: {sum}\n  {}\n",
                    clause.clause,
                    bad.join(" ")
                )
            })
        })
        .collect();
    assert_golden("coverage", &clauses);
}
