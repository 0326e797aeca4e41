//! What the portal saw, for those who test with it. It has names: the log has none.

mod entry;
mod inquiry;
mod memory;
mod request;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

pub use entry::JournalEntry;
pub(crate) use inquiry::OpenInquiry;
pub use inquiry::{CertificateInquiry, Inquiry, InquiryKind, OcspWord};
pub use memory::{Forgotten, JournalCapacity, JournalMemory};
pub use request::RequestRecord;

/// The logins that were tried at a portal, and the requests at its listeners. Clones share one journal.
#[derive(Clone, Debug)]
pub struct Journal(Arc<Shared>);

/// What has just happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A handshake is over, whichever way.
    Connection(Arc<JournalEntry>),
    /// A request was answered.
    Request(Arc<RequestRecord>),
}

#[derive(Debug)]
struct Shared {
    capacity: JournalCapacity,
    memory: Mutex<JournalMemory>,
    connections: AtomicU64,
    requests: AtomicU64,
    events: broadcast::Sender<Event>,
}

impl Journal {
    /// Events that a listener may be late by.
    const EVENTS_MAX: usize = 256;

    /// A journal that remembers so much.
    pub fn new(capacity: JournalCapacity) -> Self {
        let (events, _) = broadcast::channel(Self::EVENTS_MAX);
        Self(Arc::new(Shared {
            capacity,
            memory: Mutex::default(),
            connections: AtomicU64::default(),
            requests: AtomicU64::default(),
            events,
        }))
    }

    /// How much it remembers at most.
    pub fn capacity(&self) -> JournalCapacity {
        self.0.capacity
    }

    /// All connections that are remembered, the oldest first.
    pub fn entries(&self) -> Vec<JournalEntry> {
        let memory = self.lock();
        let entries = memory.connections.iter();
        entries.map(|entry| (**entry).clone()).collect()
    }

    /// All requests that are remembered, the oldest answer first.
    pub fn requests(&self) -> Vec<RequestRecord> {
        let memory = self.lock();
        let requests = memory.requests.iter();
        requests.map(|request| (**request).clone()).collect()
    }

    /// What is remembered at this moment.
    pub fn snapshot(&self) -> JournalMemory {
        self.lock().clone()
    }

    /// Remembers this instead.
    pub fn restore(&self, memory: JournalMemory) {
        *self.lock() = memory;
    }

    /// The connection of this number, if it is remembered.
    pub fn connection(&self, number: u64) -> Option<Arc<JournalEntry>> {
        let memory = self.lock();
        let mut entries = memory.connections.iter();
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

    /// The number of the request that was answered last, 0 before the first.
    pub(crate) fn last_request(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }

    pub(crate) fn record(&self, entry: JournalEntry) {
        let entry = Arc::new(entry);
        let mut memory = self.lock();
        memory.remember_connection(Arc::clone(&entry), self.0.capacity);
        // Nobody may be listening.
        let _ = self.0.events.send(Event::Connection(entry));
    }

    /// Remembers a request. It is given its number here, so that numbers go by the order of the answers.
    pub(crate) fn record_request(&self, mut request: RequestRecord) {
        let mut memory = self.lock();
        request.request = self.0.requests.fetch_add(1, Ordering::Relaxed) + 1;
        let request = Arc::new(request);
        memory.remember_request(&request, self.0.capacity);
        let _ = self.0.events.send(Event::Request(request));
    }

    fn lock(&self) -> MutexGuard<'_, JournalMemory> {
        self.0.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Journal {
    fn default() -> Self {
        Self::new(JournalCapacity::default())
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::net::SocketAddr;

    use time::OffsetDateTime;

    use super::*;
    use crate::client_hello::Offered;
    use crate::fault::Listener;
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

    fn request(connection: u64, listener: Listener) -> RequestRecord {
        RequestRecord {
            request: 0,
            connection,
            listener,
            time: Instant(OffsetDateTime::UNIX_EPOCH),
            duration_us: 1,
            method: "GET".to_owned(),
            path: "/".to_owned(),
            status: 200,
            fault: None,
            inquiry: None,
        }
    }

    #[test]
    fn forgets_the_oldest_and_says_how_many() {
        let journal = Journal::new(JournalCapacity {
            connections: 3,
            requests: 2,
        });
        for _ in 0..4 {
            let connection = record(&journal.clone());
            journal.record_request(request(connection, Listener::Cns));
        }
        let entries = journal.entries();
        assert_eq!(entries.len(), 3);
        assert_eq!(entries[0].connection, 2);
        let requests = journal.requests();
        assert_eq!([requests[0].request, requests[1].request], [3, 4]);
        let expected = Forgotten {
            connections: 1,
            requests: 2,
        };
        assert_eq!(journal.snapshot().forgotten, expected);
        let json = serde_json::to_string(&entries[0]).unwrap();
        let beginning = r#"{"connection":2,"time":"1970-01-01T00:00:00Z","peer":"127.0.0.1:1","#
            .to_owned()
            + r#""outcome":"handshake_failed","holder":null,"report":null,"#
            + r#""handshake_error":"the TLS handshake did not complete: timed out","#
            + r#""handshake":{"profile":"default","#;
        assert!(json.starts_with(&beginning), "{json}");
    }

    #[test]
    fn a_journal_that_remembers_nothing_counts() {
        let journal = Journal::new(JournalCapacity {
            connections: 0,
            requests: 0,
        });
        let connection = record(&journal);
        journal.record_request(request(connection, Listener::Cns));
        let memory = journal.snapshot();
        assert!(memory.connections.is_empty() && memory.requests.is_empty());
        assert_eq!(memory.forgotten.requests, 1);
        assert_eq!(memory.forgotten.connections, 1);
    }

    #[test]
    fn requests_belong_to_their_connection_and_have_a_limit() {
        let journal = Journal::default();
        let mut events = journal.events();
        let (first, second) = (record(&journal), record(&journal));
        let ask = |connection, listener| {
            journal.record_request(request(connection, listener));
        };
        for _ in 0..=JournalEntry::REQUESTS_MAX {
            ask(first, Listener::Cns);
        }
        let requests = |number| {
            let entry = journal.connection(number).unwrap();
            (entry.requests.len(), entry.requests_left_out)
        };
        assert_eq!(requests(first), (JournalEntry::REQUESTS_MAX, 1));
        assert_eq!(requests(second), (0, 0));
        ask(77, Listener::Www);
        assert_eq!(
            journal.requests().len(),
            JournalEntry::REQUESTS_MAX + 2,
            "the list of requests has those of all connections"
        );
        assert!(matches!(events.try_recv(), Ok(Event::Connection(entry)) if entry.connection == 1));

        let then = journal.snapshot();
        record(&journal);
        journal.restore(then);
        assert_eq!(journal.entries().len(), 2);
        assert_eq!(record(&journal), 4, "a number is given once");
    }
}
