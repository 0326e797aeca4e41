//! The TLS handshake: it proves that the client owns its key, and records the rest.
//!
//! A server that judges the certificate inside the handshake can only answer with an alert, which
//! browsers show as a riddle. Here the handshake insists on one thing, the proof of possession
//! (CertificateVerify, RFC 5246 §7.4.8 and RFC 8446 §4.4.3); what is to be said about the
//! certificate is recorded, and said on a page. A strict profile says it with the alert too.

mod failure;
mod ordered;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::UnixTime;
use rustls::server::{Acceptor, NoServerSessionStorage};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::time_provider::TimeProvider;
use rustls::{DistinguishedName, HandshakeKind, RootCertStore, ServerConfig, version};
use time::OffsetDateTime;
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;
use tokio_rustls::{LazyConfigAcceptor, StartHandshake};

use crate::certificate::CertificateFacts;
use crate::chain::{Certifiers, IssuerFinding};
use crate::checks;
use crate::clock::Clock;
use crate::enrolment::{Enrolled, Enrolment};
use crate::evidence::{Evidence, Proof};
use crate::fault::{Fault, Faults, Strike};
use crate::handshake_facts::{HandshakeFacts, milliseconds};
use crate::hints::HintLists;
use crate::peer::{PresentedCertificate, RecordingVerifier};
use crate::pki::PublicOffices;
use crate::profile::{Hints, Profile, Refusal};
use crate::report::TlsFacts;
use crate::revocation::{RevocationAnswers, RevocationSources};
use crate::trusted_list::TrustedList;
use crate::verdict::Judgement;
use crate::wire::{Tap, Wire};

pub(crate) use failure::FailedHandshake;
pub use failure::HandshakeError;

/// Who the portal is and whom it trusts: what all connections share.
#[derive(Debug)]
pub(crate) struct HandshakePolicy {
    provider: Arc<CryptoProvider>,
    identity: Arc<SingleCertAndKey>,
    certifiers: Certifiers,
    hints: HintLists,
    is_strict: bool,
    revocation: RevocationSources,
    trusted_list: Option<Arc<dyn TrustedList>>,
    enrolment: Option<Enrolment>,
    faults: Faults,
    clock: Arc<dyn Clock>,
}

/// What a policy is made of.
pub(crate) struct Trust {
    pub(crate) certifiers: Vec<Vec<u8>>,
    pub(crate) roots: RootCertStore,
    /// Who renews those that have an office here.
    pub(crate) offices: Option<PublicOffices>,
    /// Whether every profile but `diagnostic` refuses with an alert.
    pub(crate) is_strict: bool,
    pub(crate) revocation: RevocationSources,
    pub(crate) trusted_list: Option<Arc<dyn TrustedList>>,
    pub(crate) enrolment: Option<Enrolment>,
    pub(crate) faults: Faults,
}

/// A client that has said hello.
pub(crate) struct Greeted {
    hello: StartHandshake<Wire>,
    tap: Arc<Tap>,
    profile: &'static Profile,
    facts: HandshakeFacts,
    /// When the stopwatch saw it.
    greeted: Duration,
}

/// A handshake that completed, and what is to be said of the client.
pub(crate) type Completed = (TlsStream<Wire>, Judgement);

impl HandshakePolicy {
    pub(crate) fn new(
        provider: Arc<CryptoProvider>,
        identity: CertifiedKey,
        trust: Trust,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, rustls::server::VerifierBuilderError> {
        let certifiers = Certifiers::new(&provider, trust.roots, &trust.certifiers, trust.offices)?;
        let hints = HintLists::new(certifiers.names());
        Ok(Self {
            provider,
            identity: Arc::new(identity.into()),
            certifiers,
            hints,
            is_strict: trust.is_strict,
            revocation: trust.revocation,
            trusted_list: trust.trusted_list,
            enrolment: trust.enrolment,
            faults: trust.faults,
            clock,
        })
    }

    /// Waits for the hello of a new connection. Nothing limits the time it takes but the caller.
    pub(crate) async fn greet(&self, stream: TcpStream) -> Result<Greeted, Box<FailedHandshake>> {
        let began = self.clock.stopwatch();
        let (wire, tap) = Wire::new(stream, Arc::clone(&self.clock));
        match LazyConfigAcceptor::new(Acceptor::default(), wire).await {
            Ok(hello) => {
                let server_name = hello.client_hello().server_name().map(str::to_owned);
                let profile = Profile::of_server_name(server_name.as_deref());
                let offered = tap.offered().unwrap_or_default();
                let mut facts = HandshakeFacts::offered(profile, server_name, offered);
                let greeted = self.clock.stopwatch();
                facts.hello_time_ms = Some(milliseconds(greeted.saturating_sub(began)));
                Ok(Greeted {
                    facts,
                    greeted,
                    hello,
                    tap,
                    profile,
                })
            }
            Err(error) => {
                let profile = Profile::of_server_name(None);
                let offered = tap.offered().unwrap_or_default();
                let mut facts = HandshakeFacts::offered(profile, None, offered);
                facts.note_failure(&error, tap.plain_alert());
                Err(Box::new(FailedHandshake {
                    error: error.into(),
                    facts,
                    judgement: None,
                    wire: None,
                }))
            }
        }
    }

    /// The server side of TLS for whoever asks for no certificate.
    pub(crate) fn without_client_certificates(&self) -> Result<ServerConfig, rustls::Error> {
        let config = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
            .with_no_client_auth()
            .with_cert_resolver(Arc::clone(&self.identity) as _);
        Ok(without_resumption(config))
    }

    /// The names that a client is told.
    pub(crate) fn hints(&self, hints: Hints) -> &[DistinguishedName] {
        self.hints.of(hints)
    }

    /// How a profile refuses here.
    pub(crate) fn refusal(&self, profile: &Profile) -> Refusal {
        match profile.refusal {
            Refusal::Page if self.is_strict && profile.name != "diagnostic" => Refusal::Alert,
            refusal => refusal,
        }
    }

    /// Gathers what others say of a certificate.
    pub(crate) fn look_at(
        &self,
        der: &[u8],
        intermediates: &[Vec<u8>],
        now: OffsetDateTime,
    ) -> PresentedCertificate {
        let facts = CertificateFacts::from_der(der);
        let chain = self.certifiers.findings(der, intermediates, now);
        let revocation = match &facts {
            Ok(facts) => self
                .revocation
                .ask(&PresentedCertificate::query(facts, &chain, now)),
            Err(_) => RevocationAnswers::default(),
        };
        let list = match (&self.trusted_list, &chain.issuer) {
            (Some(list), IssuerFinding::Signed(certifier)) => {
                Some(list.entry(&certifier.certificate_der, now))
            }
            _ => None,
        };
        PresentedCertificate {
            der: der.to_vec(),
            enrolled: self.enrolled(facts.as_ref().ok()),
            intermediates: intermediates.to_vec(),
            facts,
            chain,
            list,
            has_list: self.trusted_list.is_some(),
            revocation,
            companions: intermediates
                .iter()
                .filter_map(|der| CertificateFacts::from_der(der).ok())
                .collect(),
            at: now,
        }
    }

    /// What the operator has written down of the card.
    fn enrolled(&self, facts: Option<&CertificateFacts>) -> Enrolled {
        let name = facts.and_then(|facts| checks::common_name(facts).ok());
        match (&self.enrolment, name) {
            (Some(enrolment), Some(name)) => enrolment.of(&name),
            (Some(_), None) => Enrolled::Stranger,
            (None, _) => Enrolled::NoRecord,
        }
    }

    /// A configuration for one connection, whose verifier remembers that connection alone.
    fn config(
        &self,
        profile: &'static Profile,
        verifier: Arc<RecordingVerifier>,
        now: OffsetDateTime,
    ) -> Result<ServerConfig, rustls::Error> {
        let time = Arc::new(OneInstant(unix_time(now)));
        let config = ServerConfig::builder_with_details(Arc::clone(&self.provider), time)
            .with_protocol_versions(profile.versions)?
            .with_client_cert_verifier(verifier)
            .with_cert_resolver(Arc::clone(&self.identity) as _);
        Ok(without_resumption(config))
    }
}

/// A resumed session would be a login without the card: the client would prove that it remembers a
/// secret, not that the key is present.
fn without_resumption(mut config: ServerConfig) -> ServerConfig {
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

impl Greeted {
    /// Runs the rest of the handshake, as of `now`. Nothing limits the time it takes but the caller.
    pub(crate) async fn complete(
        self,
        policy: Arc<HandshakePolicy>,
        now: OffsetDateTime,
    ) -> Result<Completed, Box<FailedHandshake>> {
        let Self {
            mut hello,
            tap,
            profile,
            mut facts,
            greeted,
        } = self;
        policy
            .suffer_after_hello(&mut hello, &tap, &mut facts)
            .await?;
        let verifier = Arc::new(RecordingVerifier::new(
            Arc::clone(&policy),
            profile,
            facts.server_name.clone(),
            Arc::clone(&tap),
            now,
        ));
        let accepted = match policy.config(profile, Arc::clone(&verifier), now) {
            Ok(config) => {
                let accepting = hello.into_stream(Arc::new(config)).into_fallible();
                accepting.await.map_err(|(error, wire)| (error, Some(wire)))
            }
            Err(error) => Err((io::Error::other(error), None)),
        };
        let took = policy.clock.stopwatch().saturating_sub(greeted);
        facts.handshake_time_ms = Some(milliseconds(took));
        let record = verifier.take_record();
        facts.note_record(&record);
        let (plain_alert, has_keys) = (tap.plain_alert(), tap.has_keys());
        tap.handshake_is_over();

        let proof = match record.proof {
            Some(Ok(possession)) => Proof::Given(possession),
            Some(Err(error)) => Proof::Refuted(error),
            None => Proof::NotAsked,
        };
        let is_resumed = accepted.as_ref().is_ok_and(|stream| {
            stream.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed)
        });
        let server_name = facts.server_name.clone();
        let evidence = Evidence {
            presented: record.presented.as_ref(),
            proof: proof.clone(),
            version: record.version,
            profile,
            now,
            server_name: server_name.as_deref(),
            is_resumed,
            ordered_failure: record.strike.as_ref().and_then(Strike::failing_check),
        };
        match accepted {
            Ok(stream) => {
                facts.note_negotiated(stream.get_ref().1);
                let tls = TlsFacts::of(&facts);
                let judgement = Judgement::new(&evidence, tls, facts.clone());
                Ok((stream, judgement))
            }
            Err((error, mut wire)) => {
                facts.note_failure(&error, plain_alert);
                failure::explain(&error, &mut wire, has_keys, &mut facts).await;
                if let Some(refused) = record.refused_with {
                    facts.alert_sent = Some(refused.name.to_owned());
                }
                facts.note_ordered_end();
                let judgement = record
                    .presented
                    .is_some()
                    .then(|| Judgement::new(&evidence, TlsFacts::of(&facts), facts.clone()));
                let ordered = facts.ordered_end().map(Fault::name);
                let error = match (ordered, proof, record.refused_with, &judgement) {
                    (Some(fault), ..) => HandshakeError::Ordered(fault),
                    (_, Proof::Refuted(reason), ..) => HandshakeError::NoPossession(reason),
                    (_, _, Some(alert), Some(judgement)) => HandshakeError::Refused {
                        alert: alert.name,
                        checks: judgement.failed_checks().join(", "),
                    },
                    _ => error.into(),
                };
                Err(Box::new(FailedHandshake {
                    error,
                    facts,
                    judgement,
                    wire,
                }))
            }
        }
    }

    /// What is known when the client leaves it at the hello.
    pub(crate) fn facts(&self) -> HandshakeFacts {
        self.facts.clone()
    }
}

/// One instant for the whole connection, so that its checks cannot disagree about the time.
#[derive(Debug)]
struct OneInstant(UnixTime);

impl TimeProvider for OneInstant {
    fn current_time(&self) -> Option<UnixTime> {
        Some(self.0)
    }
}

pub(crate) fn unix_time(instant: OffsetDateTime) -> UnixTime {
    // TLS knows no time before 1970.
    let seconds = u64::try_from(instant.unix_timestamp()).unwrap_or(0);
    UnixTime::since_unix_epoch(Duration::from_secs(seconds))
}
