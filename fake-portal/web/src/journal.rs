//! What the portal saw, for those who test with it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use time::OffsetDateTime;

use crate::handshake::HandshakeError;
use crate::report::{Instant, LoginReport};

/// The connections of a portal, oldest first. Clones share one list.
#[derive(Clone, Debug, Default)]
pub struct Journal(Arc<Mutex<VecDeque<JournalEntry>>>);

/// One connection.
#[derive(Clone, Debug, Serialize)]
pub struct JournalEntry {
    /// When it was made.
    pub time: Instant,
    /// Where it came from.
    pub peer: SocketAddr,
    /// `logged_in`, `no_certificate`, `refused` or `handshake_failed`.
    pub outcome: &'static str,
    /// What the client was told, if the handshake completed.
    pub report: Option<LoginReport>,
    /// Why the handshake did not complete.
    pub handshake_error: Option<String>,
}

impl Journal {
    /// Connections that are remembered; older ones are forgotten.
    pub const CAPACITY: usize = 1_000;

    /// All connections that are remembered.
    pub fn entries(&self) -> Vec<JournalEntry> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .iter()
            .cloned()
            .collect()
    }

    pub(crate) fn record(&self, entry: JournalEntry) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() == Self::CAPACITY {
            entries.pop_front();
        }
        entries.push_back(entry);
    }
}

impl JournalEntry {
    /// Notes what a client was told, or why its handshake did not complete.
    pub(crate) fn new(
        now: OffsetDateTime,
        peer: SocketAddr,
        seen: Result<&LoginReport, &HandshakeError>,
    ) -> Self {
        Self {
            time: Instant(now),
            peer,
            outcome: seen.map_or("handshake_failed", |report| report.outcome),
            report: seen.ok().cloned(),
            handshake_error: seen.err().map(ToString::to_string),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_the_oldest() {
        let journal = Journal::default();
        for port in 0..=Journal::CAPACITY as u16 {
            let peer = SocketAddr::from(([127, 0, 0, 1], port));
            let error = HandshakeError::Broken(std::io::ErrorKind::TimedOut.into());
            journal.clone().record(JournalEntry::new(
                OffsetDateTime::UNIX_EPOCH,
                peer,
                Err(&error),
            ));
        }
        let entries = journal.entries();
        assert_eq!(entries.len(), Journal::CAPACITY);
        assert_eq!(entries[0].peer.port(), 1);
        assert_eq!(
            serde_json::to_string(&entries[0]).unwrap(),
            r#"{"time":"1970-01-01T00:00:00Z","peer":"127.0.0.1:1","outcome":"handshake_failed","#
                .to_owned()
                + r#""report":null,"handshake_error":"the TLS handshake did not complete: timed out"}"#
        );
    }
}
