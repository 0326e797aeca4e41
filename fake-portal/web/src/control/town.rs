//! The town behind the pages, as a whole: read, and put in the place of the one that there is.

use cns_services::town::ImportError;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::IgnoredAny;

use super::problem::Problem;
use super::reply::{JSON, Reply};
use super::route::{Nothing, Number, Route};
use super::snapshots::Done;
use super::{BASE, Control};
use crate::town::{Town, TownHall};

pub(super) fn routes() -> Vec<Route> {
    let path = format!("{BASE}/town");
    vec![
        Route::reading(
            &path,
            [
                "readTown",
                "Citizens, services, desk and post; no PIN, PUK or code",
            ],
            &[JSON],
            read,
        ),
        Route::replacing::<WholeTown, _>(
            &path,
            [
                "replaceTown",
                "Puts a town that was read in the place of this one; certificates and cards stay as they are",
            ],
            TOWN_LENGTH_MAX,
            replace,
        ),
    ]
}

/// A town as it is read: the document says no more of it than that.
struct WholeTown;

impl JsonSchema for WholeTown {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Town".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "A town as readTown tells it.",
            "required": ["format", "world", "desk", "outbox"],
        })
    }
}

fn read(control: &Control, _: Number, _: Nothing) -> Result<Reply, Problem> {
    let town = control.hall()?.with(|town, _| town.export());
    Reply::rendered(JSON, town)
}

fn replace(control: &Control, text: &str) -> Result<Done, Problem> {
    let hall = control.hall()?;
    let town = Town::import(text, hall.now()).map_err(|error| problem(text, error))?;
    hall.replace(town).map_err(Problem::own_fault)?;
    Ok(Done { done: true })
}

fn problem(text: &str, error: ImportError) -> Problem {
    match error {
        ImportError::Json(reason) => match serde_json::from_str::<IgnoredAny>(text) {
            Ok(_) => Problem::field("", reason),
            Err(error) => Problem::malformed(error.to_string()),
        },
        ImportError::Inconsistent { place, reason } => Problem::field(place, reason),
        error @ ImportError::Format { .. } => Problem::field("format", error.to_string()),
        error @ ImportError::World(_) => Problem::field("world", error.to_string()),
    }
}

impl Control {
    fn hall(&self) -> Result<&TownHall, Problem> {
        let hall = self.portal.town.as_ref();
        hall.ok_or_else(|| Problem::not_found("there is no town behind this portal"))
    }
}

/// Longest town, in bytes: more than that of 100 000 citizens.
const TOWN_LENGTH_MAX: usize = 512 * 1024 * 1024;
