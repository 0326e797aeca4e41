//! What the portal saw, for those who test with it. It has names: the log has none.

mod entry;

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

pub use entry::{JournalEntry, RequestRecord};

/// The connections of a portal, oldest first. Clones share one list.
#[derive(Clone, Debug)]
pub struct Journal(Arc<Shared>);

/// The connections that are remembered at one moment: a value.
pub type JournalEntries = VecDeque<Arc<JournalEntry>>;

/// What has just happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A handshake is over, whichever way.
    Connection(Arc<JournalEntry>),
    /// A request was answered.
    Request {
        /// The number of the connection that it came on.
        connection: u64,
        /// The request.
        request: RequestRecord,
    },
}

#[derive(Debug)]
struct Shared {
    entries: Mutex<JournalEntries>,
    connections: AtomicU64,
    events: broadcast::Sender<Event>,
}

impl Journal {
    /// Connections that are remembered; older ones are forgotten.
    pub const CAPACITY: usize = 1_000;
    /// Requests of one connection that are remembered: the first.
    pub const REQUESTS_MAX: usize = 100;
    /// Events that a listener may be late by.
    const EVENTS_MAX: usize = 256;

    /// All connections that are remembered.
    pub fn entries(&self) -> Vec<JournalEntry> {
        let entries = self.lock();
        entries.iter().map(|entry| (**entry).clone()).collect()
    }

    /// The same, without copies.
    pub fn snapshot(&self) -> JournalEntries {
        self.lock().clone()
    }

    /// Remembers these instead.
    pub fn restore(&self, entries: JournalEntries) {
        *self.lock() = entries;
    }

    /// The connection of this number, if it is remembered.
    pub fn connection(&self, number: u64) -> Option<Arc<JournalEntry>> {
        let entries = self.lock();
        let mut entries = entries.iter();
        entries.find(|entry| entry.connection == number).cloned()
    }

    /// What happens from now on.
    pub(crate) fn events(&self) -> broadcast::Receiver<Event> {
        self.0.events.subscribe()
    }

    /// A number for a new connection, which no other has or had.
    pub(crate) fn next_connection(&self) -> u64 {
        self.0.connections.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// The number of the newest connection, 0 before the first.
    pub(crate) fn last_connection(&self) -> u64 {
        self.0.connections.load(Ordering::Relaxed)
    }

    pub(crate) fn record(&self, entry: JournalEntry) {
        let entry = Arc::new(entry);
        let mut entries = self.lock();
        if entries.len() == Self::CAPACITY {
            entries.pop_front();
        }
        entries.push_back(Arc::clone(&entry));
        // Nobody may be listening.
        let _ = self.0.events.send(Event::Connection(entry));
    }

    /// Adds a request to its connection, if that is still remembered.
    pub(crate) fn record_request(&self, connection: u64, request: RequestRecord) {
        let mut entries = self.lock();
        let mut newest_first = entries.iter_mut().rev();
        if let Some(entry) = newest_first.find(|entry| entry.connection == connection)
            && entry.requests.len() < Self::REQUESTS_MAX
        {
            Arc::make_mut(entry).requests.push(request.clone());
        }
        let _ = self.0.events.send(Event::Request {
            connection,
            request,
        });
    }

    fn lock(&self) -> MutexGuard<'_, JournalEntries> {
        self.0
            .entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Journal {
    fn default() -> Self {
        let (events, _) = broadcast::channel(Self::EVENTS_MAX);
        Self(Arc::new(Shared {
            entries: Mutex::default(),
            connections: AtomicU64::default(),
            events,
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::net::SocketAddr;

    use time::OffsetDateTime;

    use super::*;
    use crate::client_hello::Offered;
    use crate::handshake::{FailedHandshake, HandshakeError};
    use crate::handshake_facts::HandshakeFacts;
    use crate::profile::Profile;
    use crate::report::Instant;

    fn record(journal: &Journal) -> u64 {
        let profile = Profile::of_server_name(None);
        let failed = FailedHandshake {
            error: HandshakeError::Broken(ErrorKind::TimedOut.into()),
            facts: HandshakeFacts::offered(profile, None, Offered::default()),
            judgement: None,
            wire: None,
        };
        let connection = journal.next_connection();
        let peer = SocketAddr::from(([127, 0, 0, 1], 1));
        let now = OffsetDateTime::UNIX_EPOCH;
        journal.record(JournalEntry::of_failure(connection, now, peer, failed));
        connection
    }

    #[test]
    fn forgets_the_oldest() {
        let journal = Journal::default();
        for _ in 0..=Journal::CAPACITY {
            record(&journal.clone());
        }
        let entries = journal.entries();
        assert_eq!(entries.len(), Journal::CAPACITY);
        assert_eq!(entries[0].connection, 2);
        let json = serde_json::to_string(&entries[0]).unwrap();
        let beginning = r#"{"connection":2,"time":"1970-01-01T00:00:00Z","peer":"127.0.0.1:1","#
            .to_owned()
            + r#""outcome":"handshake_failed","holder":null,"report":null,"#
            + r#""handshake_error":"the TLS handshake did not complete: timed out","#
            + r#""handshake":{"profile":"default","#;
        assert!(json.starts_with(&beginning), "{json}");
    }

    #[test]
    fn requests_belong_to_their_connection_and_have_a_limit() {
        let journal = Journal::default();
        let mut events = journal.events();
        let (first, second) = (record(&journal), record(&journal));
        let request = RequestRecord {
            time: Instant(OffsetDateTime::UNIX_EPOCH),
            method: "GET".to_owned(),
            path: "/".to_owned(),
            status: 200,
            fault: None,
        };
        for _ in 0..=Journal::REQUESTS_MAX {
            journal.record_request(first, request.clone());
        }
        let requests = |number| journal.connection(number).unwrap().requests.len();
        assert_eq!(
            (requests(first), requests(second)),
            (Journal::REQUESTS_MAX, 0)
        );
        journal.record_request(77, request);
        assert!(matches!(events.try_recv(), Ok(Event::Connection(entry)) if entry.connection == 1));

        let then = journal.snapshot();
        record(&journal);
        journal.restore(then);
        assert_eq!(journal.entries().len(), 2);
        assert_eq!(record(&journal), 4, "a number is given once");
    }
}
