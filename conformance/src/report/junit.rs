//! A run as JUnit XML, for the test pages of CI servers.
//!
//! | of a run | in the file |
//! |---|---|
//! | the cases of a suite on a target with a profile | `<testsuite name="pin [cns11-st2021]">` |
//! | target, profile and suite | `classname`, with dots between: GitLab and Jenkins group by it |
//! | failed, unexpected pass | `<failure>`, with the words of the terminal as its text |
//! | broken | `<error>`: the suite's fault, not the target's |
//! | expected failure, skipped | `<skipped>` with the reason: JUnit has no other word for the first |

use std::collections::BTreeMap;
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use super::model::{ResultEntry, RunReport, Standing};
use super::text::{again, in_full, printable, why};

/// The report as a file.
///
/// # Errors
/// Only if the XML cannot be written, which memory never refuses.
pub fn to_xml(report: &RunReport) -> Result<String, SerializeError> {
    let mut suites: BTreeMap<[&str; 3], Vec<&ResultEntry>> = BTreeMap::new();
    for result in &report.results {
        let profile = result.profile.as_deref().unwrap_or_default();
        let key = [result.target.as_str(), profile, result.suite()];
        suites.entry(key).or_default().push(result);
    }
    let mut xml = Report::new(printable(&format!("cns conform {}", report.target)));
    if let Some(finish) = &report.finished {
        xml.set_time(milliseconds(finish.took_ms));
    }
    for ([target, profile, suite], results) in suites {
        let name = match profile {
            "" => suite.to_owned(),
            profile => format!("{suite} [{profile}]"),
        };
        let mut one = TestSuite::new(printable(&name));
        one.set_time(results.iter().map(|it| milliseconds(it.took_ms)).sum());
        one.add_properties([
            ("target", printable(target).as_str()),
            ("profile", profile),
            ("tool", &report.tool),
            ("started", &report.started),
            ("seed", &report.seed.to_string()),
        ]);
        one.add_test_cases(results.into_iter().map(|result| test_case(report, result)));
        xml.add_test_suite(one);
    }
    xml.to_string()
}

fn test_case(report: &RunReport, result: &ResultEntry) -> TestCase {
    let name = match report.repetitions {
        1 => result.id.clone(),
        // GitLab takes two tests of one name for one.
        _ => format!("{} (repetition {})", result.id, result.repetition),
    };
    let mut case = TestCase::new(printable(&name), status(report, result));
    let parts = [
        Some(result.target.as_str()),
        result.profile.as_deref(),
        Some(result.suite()),
    ];
    let parts: Vec<&str> = parts.into_iter().flatten().collect();
    case.set_classname(printable(&parts.join(".")));
    case.set_time(milliseconds(result.took_ms));
    case
}

fn status(report: &RunReport, result: &ResultEntry) -> TestCaseStatus {
    let standing = result.standing();
    let mut status = match standing {
        Standing::Passed => return TestCaseStatus::success(),
        Standing::Failed | Standing::UnexpectedPass => {
            TestCaseStatus::non_success(NonSuccessKind::Failure)
        }
        Standing::Broken => TestCaseStatus::non_success(NonSuccessKind::Error),
        Standing::ExpectedFailure | Standing::Skipped => TestCaseStatus::skipped(),
    };
    let why = why(result).unwrap_or_default();
    match standing {
        Standing::ExpectedFailure => status.set_message(format!("fails as expected: {why}")),
        _ => status.set_message(why),
    };
    status.set_type(standing.words());
    if standing != Standing::Skipped {
        let again = printable(&again(report, result));
        status.set_description(format!("{}again: {again}\n", in_full(result)));
    }
    status
}

/// A number that no clock gives, such as one of a file that somebody has edited, is no time at all.
fn milliseconds(number: f64) -> Duration {
    Duration::try_from_secs_f64(number / 1_000.0).unwrap_or_default()
}
