//! What almost was what testers look for in the journal, and why not quite.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use crate::report::Instant;

/// What is almost what was looked for.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub(super) struct NearMiss {
    /// The number of the connection.
    pub(super) connection: u64,
    /// The number of the request on it, if requests were looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(default)]
    pub(super) request: Option<u64>,
    /// What is otherwise.
    pub(super) differences: Vec<Difference>,
}

/// What is otherwise than looked for.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub(super) struct Difference {
    /// The criterion.
    field: &'static str,
    /// What was looked for.
    wanted: String,
    /// What is there.
    seen: Option<String>,
}

/// Most near misses that are told.
const NEAR_MISSES_MAX: usize = 10;

/// Those that differ least, the nearest first; of equals, the newest. What does not differ is none.
pub(super) fn nearest(candidates: impl Iterator<Item = NearMiss>) -> Vec<NearMiss> {
    let differs = |miss: &NearMiss| !miss.differences.is_empty();
    let mut misses: Vec<NearMiss> = candidates.filter(differs).collect();
    misses.sort_by_key(|miss| {
        let newest_first = Reverse((miss.connection, miss.request));
        (miss.differences.len(), newest_first)
    });
    misses.truncate(NEAR_MISSES_MAX);
    misses
}

impl NearMiss {
    /// What is otherwise, in words.
    pub(super) fn words(&self) -> String {
        let differences = self.differences.iter().map(|it| {
            let seen = it.seen.as_deref().unwrap_or("nothing");
            format!("{} is {seen}, not {}", it.field, it.wanted)
        });
        let differences: Vec<String> = differences.collect();
        let what = match self.request {
            Some(request) => format!("request {request} on connection {}", self.connection),
            None => format!("connection {}", self.connection),
        };
        format!("almost: {what}, but {}", differences.join("; "))
    }
}

/// The difference between two texts, if there is one. Upper and lower case are the same.
pub(super) fn text(
    field: &'static str,
    wanted: &Option<String>,
    seen: Option<&str>,
) -> Option<Difference> {
    let wanted = wanted.as_ref()?;
    let same = seen.is_some_and(|seen| seen.eq_ignore_ascii_case(wanted));
    (!same).then(|| difference(field, wanted, seen.map(str::to_owned)))
}

pub(super) fn not_before(
    field: &'static str,
    wanted: Option<Instant>,
    seen: Instant,
) -> Option<Difference> {
    let wanted = wanted.filter(|wanted| seen < *wanted)?;
    Some(difference(field, wanted, Some(seen.to_string())))
}

pub(super) fn not_after(
    field: &'static str,
    wanted: Option<Instant>,
    seen: Instant,
) -> Option<Difference> {
    let wanted = wanted.filter(|wanted| *wanted < seen)?;
    Some(difference(field, wanted, Some(seen.to_string())))
}

pub(super) fn difference(
    field: &'static str,
    wanted: impl ToString,
    seen: Option<String>,
) -> Difference {
    Difference {
        field,
        wanted: wanted.to_string(),
        seen,
    }
}
