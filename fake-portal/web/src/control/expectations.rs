//! The expectations that testers have posted, and the report of what became of them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use askama::Template;
use hyper::{Method, StatusCode};
use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::expectation::{Expectation, ExpectationDraft, ExpectationReport, Mark, Standing};
use super::journal::Format;
use super::near_miss::NearMiss;
use super::problem::Problem;
use super::reply::{HTML, JSON, Reply, XML};
use super::route::{Number, Route};
use super::snapshots::Done;
use super::{BASE, Control};
use crate::clock::Clock as _;
use crate::report::Instant;

/// The expectations of a portal.
#[derive(Default)]
pub(super) struct Expectations(Mutex<ExpectationBook>);

/// The same as a value.
#[derive(Clone, Default, Eq, PartialEq)]
pub(super) struct ExpectationBook {
    posted: u64,
    expectations: Vec<Expectation>,
}

/// What became of all expectations.
#[derive(JsonSchema, Serialize, Template)]
#[template(path = "expectations.html")]
struct ExpectationsReport {
    /// Whether none is broken, pending or unknown.
    all_met: bool,
    /// When the report was made, by the portal's clock.
    time: Instant,
    /// Each of them.
    expectations: Vec<ExpectationReport>,
}

/// How the report is told.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ReportForm {
    /// JSON, if nothing is said.
    #[serde(default)]
    format: Format,
}

pub(super) fn routes() -> Vec<Route> {
    let path = format!("{BASE}/expectations");
    vec![
        Route::ordering(
            (Method::POST, StatusCode::CREATED),
            &path,
            [
                "expect",
                "Says what must happen from now on, how often, and by when",
            ],
            post,
        ),
        Route::removing(
            &path,
            ["clearExpectations", "Forgets all expectations"],
            |control, _| {
                control.expectations.lock().expectations.clear();
                Ok(Done { done: true })
            },
        ),
        Route::reading(
            &format!("{path}/report"),
            [
                "reportExpectations",
                "What became of the expectations so far",
            ],
            &[JSON, HTML, XML],
            report,
        ),
    ]
}

fn post(control: &Control, draft: ExpectationDraft) -> Result<ExpectationReport, Problem> {
    let mut book = control.expectations.lock();
    if EXPECTATIONS_MAX <= book.expectations.len() {
        let reason = format!("there are {EXPECTATIONS_MAX} already: clear them first");
        return Err(Problem::conflict("", reason));
    }
    let mark = Mark::of(&control.portal.journal);
    let expectation = Expectation::new(book.posted + 1, draft, mark)?;
    let report = expectation.report(&control.portal.journal.snapshot(), control.instant());
    book.posted += 1;
    book.expectations.push(expectation);
    Ok(report)
}

fn report(control: &Control, _: Number, form: ReportForm) -> Result<Reply, Problem> {
    let (journal, now) = (control.portal.journal.snapshot(), control.instant());
    let expectations: Vec<ExpectationReport> = control
        .expectations
        .lock()
        .expectations
        .iter()
        .map(|expectation| expectation.report(&journal, now))
        .collect();
    let report = ExpectationsReport {
        all_met: expectations.iter().all(|it| it.standing == Standing::Met),
        time: now,
        expectations,
    };
    match form.format {
        Format::Json => Reply::rendered(JSON, serde_json::to_string_pretty(&report)),
        Format::Html => Reply::rendered(HTML, report.render()),
        Format::Junit => Reply::rendered(XML, report.junit()),
    }
}

/// Most expectations at one time: a report compares each with every connection.
const EXPECTATIONS_MAX: usize = 1_000;

impl Control {
    fn instant(&self) -> Instant {
        Instant(self.portal.clock.now())
    }
}

impl Expectations {
    pub(super) fn snapshot(&self) -> ExpectationBook {
        self.lock().clone()
    }

    pub(super) fn restore(&self, book: ExpectationBook) {
        *self.lock() = book;
    }

    fn lock(&self) -> MutexGuard<'_, ExpectationBook> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ExpectationsReport {
    /// A test case each. One that is pending is skipped: whoever asks again later learns more.
    fn junit(&self) -> Result<String, SerializeError> {
        let mut suite = TestSuite::new("expectations");
        for expectation in &self.expectations {
            let mut status = match expectation.standing {
                Standing::Met => TestCaseStatus::success(),
                Standing::Pending => TestCaseStatus::skipped(),
                Standing::Broken => TestCaseStatus::non_success(NonSuccessKind::Failure),
                Standing::Unknown => TestCaseStatus::non_success(NonSuccessKind::Error),
            };
            if expectation.standing != Standing::Met {
                status.set_message(expectation.words());
            }
            if expectation.standing == Standing::Broken {
                let misses = expectation.near_misses.iter();
                let misses: Vec<String> = misses.map(NearMiss::words).collect();
                status.set_description(misses.join("\n"));
            }
            suite.add_test_case(TestCase::new(expectation.expectation.title(), status));
        }
        let mut report = Report::new("cns portal");
        report.add_test_suite(suite);
        report.to_string()
    }
}
