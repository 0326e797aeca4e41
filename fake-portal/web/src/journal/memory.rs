//! What the journal remembers, and how much it has forgotten.

use std::collections::VecDeque;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::{JournalEntry, RequestRecord};

/// How much a journal remembers at most. What is older is forgotten, and counted.
#[derive(Clone, Copy, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct JournalCapacity {
    /// Connections that asked for a login, each with its verdict.
    pub connections: usize,
    /// Requests at any listener, each with a path of at most [`RequestRecord::PATH_LENGTH_MAX`] bytes.
    pub requests: usize,
}

impl Default for JournalCapacity {
    fn default() -> Self {
        Self {
            connections: 1_000,
            requests: 10_000,
        }
    }
}

/// What is remembered at one moment: a value, whose parts are shared.
#[derive(Clone, Debug, Default)]
pub struct JournalMemory {
    /// The connections that asked for a login, in the order in which their handshakes ended.
    pub(crate) connections: VecDeque<Arc<JournalEntry>>,
    /// The requests, in the order of their answers.
    pub(crate) requests: VecDeque<Arc<RequestRecord>>,
    /// How many of them made room for others.
    pub(crate) forgotten: Forgotten,
}

/// How many have made room for others.
#[derive(Clone, Copy, Debug, Default, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Forgotten {
    /// Connections.
    pub connections: u64,
    /// Requests.
    pub requests: u64,
}

impl JournalMemory {
    pub(super) fn remember_connection(
        &mut self,
        entry: Arc<JournalEntry>,
        capacity: JournalCapacity,
    ) {
        self.connections.push_back(entry);
        while capacity.connections < self.connections.len() {
            self.connections.pop_front();
            self.forgotten.connections += 1;
        }
    }

    /// The same of a request, which its connection has too, if that is a login and still remembered.
    pub(super) fn remember_request(
        &mut self,
        request: &Arc<RequestRecord>,
        capacity: JournalCapacity,
    ) {
        if request.listener.logs_in() {
            let mut newest_first = self.connections.iter_mut().rev();
            if let Some(entry) = newest_first.find(|entry| entry.connection == request.connection) {
                Arc::make_mut(entry).remember(request);
            }
        }
        self.requests.push_back(Arc::clone(request));
        while capacity.requests < self.requests.len() {
            self.requests.pop_front();
            self.forgotten.requests += 1;
        }
    }

    /// How many there were so far, those that are forgotten among them.
    pub(crate) fn so_far(&self) -> Forgotten {
        let count = |kept: usize, forgotten: u64| forgotten + kept as u64;
        Forgotten {
            connections: count(self.connections.len(), self.forgotten.connections),
            requests: count(self.requests.len(), self.forgotten.requests),
        }
    }
}
