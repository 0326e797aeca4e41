//! Reports of runs that are larger than anybody wants them.

use cns_conformance::report::model::ExchangeEntry;
use cns_conformance::report::{RunReport, html, junit, markdown};

use crate::{HOSTILE, small_run};

/// A run with so many copies of its failures, each on a profile of its own.
fn enlarged(copies: usize) -> RunReport {
    let mut report = small_run();
    let bad: Vec<_> = report
        .results
        .iter()
        .filter(|result| result.standing().is_bad())
        .cloned()
        .collect();
    for number in 0..copies {
        for mut result in bad.clone() {
            result.profile = Some(format!("{HOSTILE}-{number}"));
            report.results.push(result);
        }
    }
    report
}

#[test]
fn a_comment_is_never_longer_than_github_takes() {
    for copies in [0, 10, 100, 1_000] {
        let page = markdown::to_markdown(&enlarged(copies));
        assert!(page.len() <= markdown::LENGTH_MAX, "{}", page.len());
        assert_eq!(page.contains("are not shown here"), 100 <= copies);
        let count = |what: &str| page.matches(what).count();
        assert_eq!(count("<details>"), count("</details>"));
        // In a block of code it stands as it was said, anywhere else it must not be HTML.
        let mut summaries = page.lines().filter(|line| line.contains("<summary>"));
        assert!(!summaries.any(|line| line.contains("<b>")), "{page}");
    }
}

#[test]
fn a_failure_that_said_very_much_leaves_room_for_the_others() {
    let mut report = small_run();
    let long = ExchangeEntry {
        command: "00 ".repeat(40_000),
        command_words: "`".repeat(400) + &"word ".repeat(24_000),
        response: "90 00".to_owned(),
        response_words: String::new(),
        sw: "9000".to_owned(),
        length: 0,
    };
    for result in &mut report.results {
        result.exchanges.insert(0, long.clone());
    }
    report.target = "x".repeat(100_000);
    let page = markdown::to_markdown(&report);
    assert!(page.len() <= markdown::LENGTH_MAX, "{}", page.len());
    assert!(1 < page.matches("more in the other reports").count());
}

#[test]
fn the_results_of_all_profiles_are_one_page_that_a_browser_bears() {
    // As many as twelve profiles have, all of them the worst there is.
    let report = enlarged(700);
    let page = html::to_page(&report).unwrap();
    assert!(page.len() < 20_000_000, "{} bytes", page.len());
    assert!(junit::to_xml(&report).is_ok());
}
