//! What must happen, how often, and by when. Whether it did is a function of the journal and the clock.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::criteria::Criteria;
use super::near_miss::NearMiss;
use super::problem::Problem;
use super::request_criteria::RequestCriteria;
use crate::journal::{Forgotten, Journal, JournalEntry, JournalMemory, RequestRecord};
use crate::json;
use crate::report::Instant;

/// An expectation as it is posted.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectationDraft {
    /// What it is called in reports.
    #[serde(default)]
    name: String,
    /// Which connections count, of those that are made from now on. All, if nothing is said here or of requests.
    #[serde(default, deserialize_with = "json::object")]
    that: Criteria,
    /// Which requests count, of those that are answered from now on: then connections do not.
    #[serde(
        default,
        deserialize_with = "json::some_object",
        skip_serializing_if = "Option::is_none"
    )]
    #[schemars(with = "RequestCriteria")]
    request: Option<RequestCriteria>,
    /// How many there must be, at least.
    #[serde(default = "one")]
    #[schemars(range(min = 0, max = 4_294_967_295_u64))]
    at_least: u32,
    /// How many there may be, at most. Any number, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 4_294_967_295_u64))]
    at_most: Option<u32>,
    /// Until when, by the portal's clock. Until a report is asked for, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    by: Option<Instant>,
}

/// An expectation that can be met.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Expectation {
    id: u64,
    draft: ExpectationDraft,
    posted: Mark,
}

/// How far the journal had come when an expectation was posted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Mark {
    /// The last connection before it.
    connection: u64,
    /// The last request.
    request: u64,
    /// How many the journal had had.
    so_far: Forgotten,
}

/// Whether what was expected has happened.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    /// It has.
    Met,
    /// There is time left.
    Pending,
    /// It has not, or too often.
    Broken,
    /// Nobody can tell: what would is among what the journal has forgotten.
    Unknown,
}

/// What became of an expectation.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub(super) struct ExpectationReport {
    /// Its number.
    pub(super) id: u64,
    /// What was expected.
    pub(super) expectation: ExpectationDraft,
    /// Whether that happened.
    pub(super) standing: Standing,
    /// How often it did.
    pub(super) count: usize,
    /// The connections that count, the first hundred.
    pub(super) connections: Vec<u64>,
    /// The requests that count, the first hundred.
    pub(super) requests: Vec<u64>,
    /// How many have come since, and were forgotten because there were more than the journal keeps: they do not
    /// count.
    pub(super) forgotten: u64,
    /// If there are too few: those that come nearest.
    pub(super) near_misses: Vec<NearMiss>,
}

/// Connections or requests of a report that are told by their numbers.
const NUMBERS_MAX: usize = 100;

impl Mark {
    /// Here.
    pub(super) fn of(journal: &Journal) -> Self {
        // What comes meanwhile may be taken for forgotten one day, and never for what did not happen.
        let so_far = journal.snapshot().so_far();
        Self {
            connection: journal.last_connection(),
            request: journal.last_request(),
            so_far,
        }
    }
}

impl Expectation {
    /// Of what comes after the mark.
    ///
    /// # Errors
    /// The draft contradicts itself.
    pub(super) fn new(id: u64, draft: ExpectationDraft, posted: Mark) -> Result<Self, Problem> {
        if draft.at_most.is_some_and(|most| most < draft.at_least) {
            return Err(Problem::field("at_most", "it is less than at_least"));
        }
        if draft.request.is_some() && draft.that != Criteria::default() {
            let reason =
                "it is about connections, and `request` about requests: expect them one by one";
            return Err(Problem::field("that", reason));
        }
        Ok(Self { id, draft, posted })
    }

    /// What became of it so far.
    pub(super) fn report(&self, journal: &JournalMemory, now: Instant) -> ExpectationReport {
        let draft = &self.draft;
        let mut connections = Vec::new();
        let mut requests = Vec::new();
        match &draft.request {
            None => connections.extend(
                self.connections(journal)
                    .filter(|entry| draft.that.hold(entry))
                    .map(|entry| entry.connection),
            ),
            Some(criteria) => requests.extend(
                self.requests(journal)
                    .filter(|request| criteria.hold(request))
                    .map(|request| request.request),
            ),
        }
        let count = connections.len() + requests.len();
        let forgotten = self.forgotten(journal);
        let standing = draft.standing(count, forgotten, now);
        let near_misses = match standing {
            Standing::Broken if !draft.is_enough(count) => self.near_misses(journal),
            _ => Vec::new(),
        };
        connections.truncate(NUMBERS_MAX);
        requests.truncate(NUMBERS_MAX);
        ExpectationReport {
            id: self.id,
            expectation: draft.clone(),
            standing,
            count,
            connections,
            requests,
            forgotten,
            near_misses,
        }
    }

    fn near_misses(&self, journal: &JournalMemory) -> Vec<NearMiss> {
        match &self.draft.request {
            None => self.draft.that.near_misses(self.connections(journal)),
            Some(criteria) => criteria.near_misses(self.requests(journal)),
        }
    }

    /// The connections that are made in its time.
    fn connections<'a>(
        &'a self,
        journal: &'a JournalMemory,
    ) -> impl Iterator<Item = &'a JournalEntry> {
        let entries = journal.connections.iter().map(|entry| &**entry);
        entries.filter(|it| self.posted.connection < it.connection && self.is_in_time(it.time))
    }

    /// The requests that are answered in its time.
    fn requests<'a>(
        &'a self,
        journal: &'a JournalMemory,
    ) -> impl Iterator<Item = &'a RequestRecord> {
        let requests = journal.requests.iter().map(|request| &**request);
        requests.filter(|it| self.posted.request < it.request && self.is_in_time(it.time))
    }

    fn is_in_time(&self, time: Instant) -> bool {
        self.draft.by.is_none_or(|by| time <= by)
    }

    /// How many that could have counted are forgotten: what is forgotten is the oldest.
    fn forgotten(&self, journal: &JournalMemory) -> u64 {
        let (forgotten, before) = (journal.forgotten, self.posted.so_far);
        match &self.draft.request {
            None => forgotten.connections.saturating_sub(before.connections),
            Some(_) => forgotten.requests.saturating_sub(before.requests),
        }
    }
}

impl ExpectationDraft {
    fn is_enough(&self, count: usize) -> bool {
        usize::try_from(self.at_least).is_ok_and(|least| least <= count)
    }

    fn is_too_much(&self, count: usize) -> bool {
        let most = self.at_most.and_then(|most| usize::try_from(most).ok());
        most.is_some_and(|most| most < count)
    }

    /// Where it stands after so many, and so many more of which any may have been one.
    fn standing(&self, count: usize, forgotten: u64, now: Instant) -> Standing {
        let most = count.saturating_add(usize::try_from(forgotten).unwrap_or(usize::MAX));
        if self.is_too_much(count) {
            return Standing::Broken;
        }
        let is_time_left = self.by.is_some_and(|by| now < by);
        match (self.is_enough(count), is_time_left) {
            // One more may be one too many.
            (true, true) if self.at_most.is_some() => Standing::Pending,
            (true, _) if self.is_too_much(most) => Standing::Unknown,
            (true, _) => Standing::Met,
            (false, true) => Standing::Pending,
            (false, false) if self.is_enough(most) => Standing::Unknown,
            (false, false) => Standing::Broken,
        }
    }

    /// What it is called.
    pub(super) fn title(&self) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        let criteria = match &self.request {
            None => serde_json::to_string(&self.that),
            Some(request) => serde_json::to_string(request),
        };
        criteria.unwrap_or_default()
    }

    /// How often it must happen, and by when, in words.
    pub(super) fn terms(&self) -> String {
        let by = self.by.map(|by| format!(", by {by}"));
        let most = self.at_most.map(|most| format!(", at most {most}"));
        let (most, by) = (most.unwrap_or_default(), by.unwrap_or_default());
        format!("at least {}{most}{by}", self.at_least)
    }
}

impl ExpectationReport {
    /// What happened, in words.
    pub(super) fn words(&self) -> String {
        let forgotten = match self.forgotten {
            0 => String::new(),
            many => {
                format!("; the journal has forgotten {many} since")
            }
        };
        let terms = self.expectation.terms();
        format!("seen {} times, expected {terms}{forgotten}", self.count)
    }
}

impl Standing {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Pending => "pending",
            Self::Broken => "broken",
            Self::Unknown => "unknown",
        }
    }
}

fn one() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOON: Instant = Instant(datetime!(2026-11-24 12:00 UTC));

    fn standing(json: &str, count: usize, seconds: i64) -> Standing {
        let draft: ExpectationDraft = serde_json::from_str(json).unwrap();
        draft.standing(count, 0, Instant(NOON.0 + time::Duration::seconds(seconds)))
    }

    #[test]
    fn what_is_forgotten_may_have_been_it() {
        use Standing::*;
        let check = |json: &str, count: usize, forgotten: u64, expected: Standing| {
            let draft: ExpectationDraft = serde_json::from_str(json).unwrap();
            assert_eq!(draft.standing(count, forgotten, NOON), expected, "{json}");
        };
        check("{}", 1, 7, Met);
        check("{}", 0, 7, Unknown);
        check(r#"{"at_least":9}"#, 1, 7, Broken);
        let never = r#"{"at_least":0,"at_most":0}"#;
        check(never, 0, 7, Unknown);
        check(never, 1, 7, Broken);
        check(r#"{"at_least":1,"at_most":8}"#, 1, 7, Met);
        check(r#"{"at_least":1,"at_most":2}"#, 0, 7, Unknown);
        check(r#"{"by":"2026-11-25T12:00:00Z"}"#, 0, 7, Pending);
        check(r#"{"by":"2026-11-24T12:00:00Z"}"#, 0, 7, Unknown);
    }

    #[test]
    fn without_a_time_it_is_so_or_it_is_not() {
        use Standing::*;
        assert_eq!(standing("{}", 0, 0), Broken);
        assert_eq!(standing("{}", 1, 0), Met);
        assert_eq!(standing(r#"{"at_least":0,"at_most":0}"#, 0, 0), Met);
        assert_eq!(standing(r#"{"at_least":0,"at_most":0}"#, 1, 0), Broken);
        assert_eq!(standing(r#"{"at_least":2,"at_most":3}"#, 3, 0), Met);
        assert_eq!(standing(r#"{"at_least":2,"at_most":3}"#, 4, 0), Broken);
    }

    #[test]
    fn until_its_time_it_may_still_be() {
        use Standing::*;
        let by = r#"{"by":"2026-11-24T12:00:00Z"}"#;
        assert_eq!(standing(by, 0, -1), Pending);
        assert_eq!(standing(by, 1, -1), Met);
        assert_eq!(standing(by, 0, 0), Broken);
        let never = r#"{"at_least":0,"at_most":0,"by":"2026-11-24T12:00:00Z"}"#;
        assert_eq!(standing(never, 0, -1), Pending);
        assert_eq!(standing(never, 0, 0), Met);
        assert_eq!(standing(never, 1, -1), Broken);
    }
}
