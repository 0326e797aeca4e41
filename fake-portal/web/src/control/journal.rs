//! What the portal saw.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::criteria::{Criteria, NearMiss};
use super::problem::Problem;
use super::reply::{HTML, JSON, Reply, XML};
use super::route::{Nothing, Number, Route};
use super::{BASE, Control};
use crate::journal::JournalEntry;
use crate::report::VerdictReport;
use crate::verdict::Judgement;
use crate::{junit, pages};
use cns_language::Language;

/// How many connections there are.
#[derive(JsonSchema, Serialize)]
struct Count {
    /// That many.
    count: usize,
}

/// How a verdict is told.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct VerdictForm {
    /// JSON, if nothing is said.
    #[serde(default)]
    format: Format,
    /// Italian, if nothing is said.
    #[serde(default)]
    lang: LanguageTag,
}

/// A form of report.
#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    #[default]
    Json,
    Html,
    Junit,
}

#[derive(Clone, Copy, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum LanguageTag {
    #[default]
    It,
    En,
    De,
}

pub(super) fn routes() -> Vec<Route> {
    let path = |rest: &str| format!("{BASE}/journal{rest}");
    vec![
        Route::asking(
            &path(""),
            [
                "readJournal",
                "The connections that asked for a login, the oldest first",
            ],
            |control, _: Nothing| Ok(control.portal.journal.entries()),
        ),
        Route::asking(
            &path("/count"),
            [
                "countJournal",
                "How many connections are what is looked for",
            ],
            |control, criteria: Criteria| {
                let count = control.found(&criteria).count();
                Ok(Count { count })
            },
        ),
        Route::asking(
            &path("/find"),
            [
                "searchJournal",
                "The connections that are what is looked for",
            ],
            |control, criteria: Criteria| {
                let found: Vec<JournalEntry> = control
                    .found(&criteria)
                    .map(|entry| (*entry).clone())
                    .collect();
                Ok(found)
            },
        ),
        Route::asking(
            &path("/near-misses"),
            [
                "nearMisses",
                "The connections that are almost what is looked for, and why not quite",
            ],
            near_misses,
        ),
        Route::reading(
            &format!("{BASE}/verdict/{{connection}}"),
            ["readVerdict", "All that is to be said of a connection"],
            &[JSON, HTML, XML],
            verdict,
        ),
    ]
}

impl Control {
    fn found<'a>(&self, criteria: &'a Criteria) -> impl Iterator<Item = Arc<JournalEntry>> + 'a {
        let entries = self.portal.journal.snapshot().into_iter();
        entries.filter(|entry| criteria.hold(entry))
    }
}

fn near_misses(control: &Control, criteria: Criteria) -> Result<Vec<NearMiss>, Problem> {
    let entries = control.portal.journal.snapshot();
    Ok(criteria.near_misses(entries.iter().map(|entry| &**entry)))
}

fn verdict(control: &Control, number: Number, form: VerdictForm) -> Result<Reply, Problem> {
    let judgement = judgement(control, number)?;
    let language = form.lang.language();
    match form.format {
        Format::Json => {
            let report = VerdictReport::new(&judgement, language);
            Reply::rendered(JSON, serde_json::to_string_pretty(&report))
        }
        Format::Html => {
            let report = VerdictReport::new(&judgement, language);
            Reply::rendered(HTML, pages::login(&report, language))
        }
        Format::Junit => Reply::rendered(XML, junit::report(&judgement, language)),
    }
}

fn judgement(control: &Control, Number(number): Number) -> Result<Arc<Judgement>, Problem> {
    let Some(entry) = control.portal.journal.connection(number) else {
        let detail = format!("the journal has no connection {number}");
        return Err(Problem::not_found(detail));
    };
    entry.judgement.clone().ok_or_else(|| {
        let why = entry.handshake_error.as_deref().unwrap_or_default();
        Problem::not_found(format!(
            "nothing is to be said of connection {number}, which brought no certificate: {why}"
        ))
    })
}

impl LanguageTag {
    fn language(self) -> Language {
        match self {
            Self::It => Language::Italian,
            Self::En => Language::English,
            Self::De => Language::German,
        }
    }
}
