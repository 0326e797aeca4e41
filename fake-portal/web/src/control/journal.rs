//! What the portal saw of those who tried to log in.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::criteria::Criteria;
use super::near_miss::NearMiss;
use super::problem::Problem;
use super::reply::{HTML, JSON, Reply, XML};
use super::route::{Nothing, Number, Route};
use super::{BASE, Control};
use crate::journal::{Forgotten, JournalCapacity, JournalEntry};
use crate::report::VerdictReport;
use crate::verdict::Judgement;
use crate::{junit, pages};
use cns_language::Language;

/// How many there are.
#[derive(JsonSchema, Serialize)]
pub(super) struct Count {
    /// That many are remembered.
    pub(super) count: usize,
    /// How many of any kind have been forgotten, because there were more than the journal keeps.
    pub(super) forgotten: u64,
}

/// How much the journal remembers.
#[derive(JsonSchema, Serialize)]
struct Extent {
    /// How much it keeps at most.
    kept_at_most: JournalCapacity,
    /// How many connections it has now.
    connections: usize,
    /// How many requests.
    requests: usize,
    /// How many made room for them.
    forgotten: Forgotten,
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
                let memory = control.portal.journal.snapshot();
                let entries = memory.connections.iter();
                Ok(Count {
                    count: entries.filter(|entry| criteria.hold(entry)).count(),
                    forgotten: memory.forgotten.connections,
                })
            },
        ),
        Route::asking(
            &path("/find"),
            [
                "searchJournal",
                "The connections that are what is looked for",
            ],
            |control, criteria: Criteria| {
                let entries = control.portal.journal.snapshot().connections.into_iter();
                let found = entries.filter(|entry| criteria.hold(entry));
                Ok(found
                    .map(Arc::unwrap_or_clone)
                    .collect::<Vec<JournalEntry>>())
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
        Route::asking(
            &path("/extent"),
            [
                "readJournalExtent",
                "How much the journal remembers, and how much it has forgotten",
            ],
            extent,
        ),
        Route::reading(
            &format!("{BASE}/verdict/{{connection}}"),
            ["readVerdict", "All that is to be said of a connection"],
            &[JSON, HTML, XML],
            verdict,
        ),
    ]
}

fn extent(control: &Control, _: Nothing) -> Result<Extent, Problem> {
    let memory = control.portal.journal.snapshot();
    Ok(Extent {
        kept_at_most: control.portal.journal.capacity(),
        connections: memory.connections.len(),
        requests: memory.requests.len(),
        forgotten: memory.forgotten,
    })
}

fn near_misses(control: &Control, criteria: Criteria) -> Result<Vec<NearMiss>, Problem> {
    let entries = control.portal.journal.snapshot().connections;
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
            Reply::rendered(HTML, pages::login(&report, false, language))
        }
        Format::Junit => Reply::rendered(XML, junit::report(&judgement, language)),
    }
}

fn judgement(control: &Control, Number(number): Number) -> Result<Arc<Judgement>, Problem> {
    let Some(entry) = control.portal.journal.connection(number) else {
        let mut detail = format!("the journal has no connection {number}");
        let forgotten = control.portal.journal.snapshot().forgotten.connections;
        if 0 < forgotten {
            detail += &format!(": it keeps the newest, and has forgotten {forgotten}");
        }
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
