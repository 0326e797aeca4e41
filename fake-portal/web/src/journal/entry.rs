//! One connection in the journal, with what was asked for on it.

use std::net::SocketAddr;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use time::OffsetDateTime;

use super::RequestRecord;
use crate::handshake::FailedHandshake;
use crate::handshake_facts::HandshakeFacts;
use crate::holder::Holder;
use crate::proxy::Mistrust;
use crate::report::{CertificateReport, Instant, LoginReport};
use crate::verdict::Judgement;
use cns_language::Language;

/// One connection.
#[derive(Clone, Debug, JsonSchema, Serialize)]
pub struct JournalEntry {
    /// Its number, counted from 1. No other connection of the portal has it: what is missing between two
    /// went to a listener where nobody logs in.
    pub connection: u64,
    /// When it was made.
    pub time: Instant,
    /// Where it came from.
    #[schemars(with = "String")]
    pub peer: SocketAddr,
    /// `logged_in`, `no_certificate`, `refused`, `handshake_failed`, or `mistrusted`: a request that was
    /// not the proxy's.
    pub outcome: &'static str,
    /// Whom the client's certificate names, right or wrong, if one came and could be read.
    pub holder: Option<Holder>,
    /// What the client was told, if the handshake completed.
    pub report: Option<LoginReport>,
    /// Why the handshake did not complete, or why a request was not taken for the proxy's.
    pub handshake_error: Option<String>,
    /// What the handshake showed.
    pub handshake: HandshakeFacts,
    /// The checks that failed and that a login depends on.
    pub failed_checks: Vec<&'static str>,
    /// The certificates that the client sent and that can be read, its own first.
    pub chain: Vec<CertificateReport>,
    /// What was asked for on it: the first hundred requests, the oldest answer first.
    #[serde(serialize_with = "all")]
    #[schemars(with = "Vec<RequestRecord>")]
    pub requests: Vec<Arc<RequestRecord>>,
    /// How many more there were.
    pub requests_left_out: u64,
    /// What is to be said of the connection, in any language. A handshake that failed has it too, if
    /// the client came as far as its CertificateVerify.
    #[serde(skip)]
    pub judgement: Option<Arc<Judgement>>,
}

impl JournalEntry {
    /// Requests of one connection that are remembered with it: the first.
    pub const REQUESTS_MAX: usize = 100;

    pub(super) fn remember(&mut self, request: &Arc<RequestRecord>) {
        match self.requests.len() < Self::REQUESTS_MAX {
            true => self.requests.push(Arc::clone(request)),
            false => self.requests_left_out += 1,
        }
    }

    /// A handshake that completed.
    pub(crate) fn of_judgement(
        connection: u64,
        peer: SocketAddr,
        judgement: &Arc<Judgement>,
    ) -> Self {
        Self {
            connection,
            time: Instant(judgement.now),
            peer,
            outcome: judgement.outcome.word(),
            holder: judgement.facts.as_ref().map(Holder::of),
            report: Some(LoginReport::new(judgement, Language::default())),
            handshake_error: None,
            handshake: judgement.handshake.clone(),
            failed_checks: judgement.failed_checks(),
            chain: chain(judgement),
            requests: Vec::new(),
            requests_left_out: 0,
            judgement: Some(Arc::clone(judgement)),
        }
    }

    /// A request that was not believed.
    pub(crate) fn of_mistrust(
        connection: u64,
        now: OffsetDateTime,
        peer: SocketAddr,
        handshake: HandshakeFacts,
        reason: &Mistrust,
    ) -> Self {
        Self {
            connection,
            time: Instant(now),
            peer,
            outcome: "mistrusted",
            holder: None,
            report: None,
            handshake_error: Some(reason.to_string()),
            handshake,
            failed_checks: Vec::new(),
            chain: Vec::new(),
            requests: Vec::new(),
            requests_left_out: 0,
            judgement: None,
        }
    }

    /// A handshake that did not complete.
    pub(crate) fn of_failure(
        connection: u64,
        now: OffsetDateTime,
        peer: SocketAddr,
        failed: FailedHandshake,
    ) -> Self {
        let judgement = failed.judgement.map(Arc::new);
        let facts = judgement.as_ref().and_then(|it| it.facts.as_ref());
        Self {
            connection,
            time: Instant(now),
            peer,
            outcome: "handshake_failed",
            holder: facts.map(Holder::of),
            report: None,
            handshake_error: Some(failed.error.to_string()),
            handshake: failed.facts,
            failed_checks: judgement
                .as_ref()
                .map_or_else(Vec::new, |it| it.failed_checks()),
            chain: judgement.as_ref().map_or_else(Vec::new, |it| chain(it)),
            requests: Vec::new(),
            requests_left_out: 0,
            judgement,
        }
    }
}

fn chain(judgement: &Judgement) -> Vec<CertificateReport> {
    let certificates = judgement.facts.iter().chain(&judgement.companions);
    certificates.cloned().map(CertificateReport::from).collect()
}

fn all<S: Serializer>(requests: &[Arc<RequestRecord>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(requests.iter().map(|request| &**request))
}
