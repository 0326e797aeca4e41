//! What the portal saw, for those who test with it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use time::OffsetDateTime;

use crate::handshake::FailedHandshake;
use crate::handshake_facts::HandshakeFacts;
use crate::proxy::Mistrust;
use crate::report::{Instant, LoginReport};
use crate::verdict::Judgement;
use cns_language::Language;

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
    /// `logged_in`, `no_certificate`, `refused`, `handshake_failed`, or `mistrusted`: a request that was
    /// not the proxy's.
    pub outcome: &'static str,
    /// What the client was told, if the handshake completed.
    pub report: Option<LoginReport>,
    /// Why the handshake did not complete, or why a request was not taken for the proxy's.
    pub handshake_error: Option<String>,
    /// What the handshake showed.
    pub handshake: HandshakeFacts,
    /// What is to be said of the connection, in any language. A handshake that failed has it too, if
    /// the client came as far as its CertificateVerify.
    #[serde(skip)]
    pub judgement: Option<Arc<Judgement>>,
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
    /// A handshake that completed.
    pub(crate) fn of_judgement(peer: SocketAddr, judgement: &Arc<Judgement>) -> Self {
        Self {
            time: Instant(judgement.now),
            peer,
            outcome: judgement.outcome.word(),
            report: Some(LoginReport::new(judgement, Language::default())),
            handshake_error: None,
            handshake: judgement.handshake.clone(),
            judgement: Some(Arc::clone(judgement)),
        }
    }

    /// A request that was not believed.
    pub(crate) fn of_mistrust(
        now: OffsetDateTime,
        peer: SocketAddr,
        handshake: HandshakeFacts,
        reason: &Mistrust,
    ) -> Self {
        Self {
            time: Instant(now),
            peer,
            outcome: "mistrusted",
            report: None,
            handshake_error: Some(reason.to_string()),
            handshake,
            judgement: None,
        }
    }

    /// A handshake that did not.
    pub(crate) fn of_failure(
        now: OffsetDateTime,
        peer: SocketAddr,
        failed: FailedHandshake,
    ) -> Self {
        Self {
            time: Instant(now),
            peer,
            outcome: "handshake_failed",
            report: None,
            handshake_error: Some(failed.error.to_string()),
            handshake: failed.facts,
            judgement: failed.judgement.map(Arc::new),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client_hello::Offered;
    use crate::handshake::HandshakeError;
    use crate::profile::Profile;

    #[test]
    fn forgets_the_oldest() {
        let journal = Journal::default();
        for port in 0..=Journal::CAPACITY as u16 {
            let peer = SocketAddr::from(([127, 0, 0, 1], port));
            let profile = Profile::of_server_name(None);
            let failed = FailedHandshake {
                error: HandshakeError::Broken(std::io::ErrorKind::TimedOut.into()),
                facts: HandshakeFacts::offered(profile, None, Offered::default()),
                judgement: None,
                wire: None,
            };
            let now = OffsetDateTime::UNIX_EPOCH;
            journal
                .clone()
                .record(JournalEntry::of_failure(now, peer, failed));
        }
        let entries = journal.entries();
        assert_eq!(entries.len(), Journal::CAPACITY);
        assert_eq!(entries[0].peer.port(), 1);
        let json = serde_json::to_string(&entries[0]).unwrap();
        let beginning =
            r#"{"time":"1970-01-01T00:00:00Z","peer":"127.0.0.1:1","outcome":"handshake_failed","#
                .to_owned()
                + r#""report":null,"handshake_error":"the TLS handshake did not complete: timed out","#
                + r#""handshake":{"profile":"default","#;
        assert!(json.starts_with(&beginning), "{json}");
    }
}
