//! The verdict as JUnit XML, for CI servers: a test case a check.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

use crate::checks::Status;
use crate::verdict::{CheckResult, Judgement};
use cns_language::Language;

/// Checks that keep the client out are failures; those that do not apply, or could not tell, are
/// skipped; a warning is told in the output of a case that passed.
pub(crate) fn report(judgement: &Judgement, language: Language) -> Result<String, SerializeError> {
    let mut suite = TestSuite::new("cns login");
    suite.add_property(("outcome", judgement.outcome.word()));
    suite.add_property(("profile", judgement.handshake.profile));
    for result in &judgement.results {
        suite.add_test_case(case(result, language));
    }
    let mut report = Report::new("cns portal");
    report.add_test_suite(suite);
    report.to_string()
}

fn case(result: &CheckResult, language: Language) -> TestCase {
    let seen = result.finding.seen.in_language(language);
    let rule = result.check.rule.in_language(language);
    let remedy = result.check.remedy.in_language(language);
    let mut status = match result.finding.status {
        Status::Fail if result.refuses() => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Status::Pass | Status::Fail => TestCaseStatus::success(),
        Status::NotApplicable | Status::CouldNotTell => TestCaseStatus::skipped(),
    };
    if result.finding.status != Status::Pass {
        status.set_message(seen.as_str());
    }
    if result.refuses() {
        status.set_type(result.check.alert.name);
        status.set_description(format!("{rule} [{}]\n{remedy}", result.check.source));
    }
    let mut case = TestCase::new(result.check.id, status);
    case.set_classname(format!("login.{}", result.check.family()));
    if result.warns() {
        case.set_system_out(format!(
            "{seen}\n{rule} [{}]\n{remedy}",
            result.check.source
        ));
    }
    case
}
