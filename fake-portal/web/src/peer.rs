//! The client's certificate: proven in the handshake, and judged there.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    CertificateError, DigitallySignedStruct, DistinguishedName, PeerMisbehaved, ProtocolVersion,
    SignatureScheme,
};
use time::OffsetDateTime;

use crate::alert::Alert;
use crate::certificate::{CertificateFacts, CertificateSyntaxError};
use crate::chain::{ChainFindings, IssuerFinding};
use crate::enrolment::Enrolled;
use crate::evidence::{Evidence, Proof};
use crate::fault::{Fault, Place, Strike};
use crate::handshake::HandshakePolicy;
use crate::holder::Holder;
use crate::possession::{self, Possession, PossessionError, Signed};
use crate::profile::{Profile, Refusal, WithoutCertificate};
use crate::revocation::{RevocationAnswers, RevocationQuery};
use crate::trusted_list::TrustedListEntry;
use crate::verdict;
use crate::wire::Tap;

/// A certificate that a client sent, and what others say of it. That the client owns its key is
/// another matter: see [`Possession`].
#[derive(Clone, Debug)]
pub struct PresentedCertificate {
    /// The certificate.
    pub der: Vec<u8>,
    /// What the client sent besides, DER.
    pub intermediates: Vec<Vec<u8>>,
    /// What it says, if it can be read.
    pub facts: Result<CertificateFacts, CertificateSyntaxError>,
    /// Who issued it.
    pub chain: ChainFindings,
    /// What the trusted list says of its certifier, if there is a list and the certifier is known.
    pub list: Option<TrustedListEntry>,
    /// Whether the portal has a trusted list.
    pub has_list: bool,
    /// What is known of its revocation.
    pub revocation: RevocationAnswers,
    /// What the portal's operator has written down of the card.
    pub enrolled: Enrolled,
    /// What the certificates say that came with it, as far as they can be read.
    pub companions: Vec<CertificateFacts>,
    /// The instant of all this.
    pub at: OffsetDateTime,
}

/// Demands the proof, and records everything else. In a strict profile, a certificate that is no login
/// ends the handshake after the proof: then as much is known of it as in a diagnostic one.
#[derive(Debug)]
pub(crate) struct RecordingVerifier {
    policy: Arc<HandshakePolicy>,
    profile: &'static Profile,
    server_name: Option<String>,
    tap: Arc<Tap>,
    now: OffsetDateTime,
    record: Mutex<Record>,
}

/// What one handshake showed of the client.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// The certificates that were sent, the client's own first.
    claimed: Vec<Vec<u8>>,
    /// The client's own, once its proof was looked at.
    pub(crate) presented: Option<PresentedCertificate>,
    /// The outcome of the proof, once there was one.
    pub(crate) proof: Option<Result<Possession, PossessionError>>,
    /// The version of TLS.
    pub(crate) version: Option<ProtocolVersion>,
    /// How the client signed.
    pub(crate) signature_scheme: Option<SignatureScheme>,
    /// Bytes of its signature.
    pub(crate) signature_length: Option<usize>,
    /// From CertificateRequest to CertificateVerify.
    pub(crate) signing_time: Option<Duration>,
    /// The alert with which the certificate was refused.
    pub(crate) refused_with: Option<&'static Alert>,
    /// What goes wrong because a tester ordered it.
    pub(crate) strike: Option<Strike>,
}

impl RecordingVerifier {
    pub(crate) fn new(
        policy: Arc<HandshakePolicy>,
        profile: &'static Profile,
        server_name: Option<String>,
        tap: Arc<Tap>,
        now: OffsetDateTime,
    ) -> Self {
        Self {
            policy,
            profile,
            server_name,
            tap,
            now,
            record: Mutex::default(),
        }
    }

    pub(crate) fn take_record(&self) -> Record {
        std::mem::take(&mut *self.record.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note<T>(&self, change: impl FnOnce(&mut Record) -> T) -> T {
        change(&mut self.record.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The one place that says yes to a CertificateVerify, and only with a [`Possession`] in hand.
    fn verify(
        &self,
        certificate: &[u8],
        signed: &Signed<'_>,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let signing_time = self.tap.since_last_flight();
        let proof = possession::prove(
            certificate,
            signed,
            self.profile.schemes,
            self.profile.key_bits_verified,
        );
        let claimed = self.note(|record| {
            record.version = Some(signed.version);
            record.signature_scheme = Some(signed.scheme);
            record.signature_length = Some(signed.signature.len());
            record.signing_time = signing_time;
            record.proof = Some(proof.clone());
            std::mem::take(&mut record.claimed)
        });
        let intermediates = claimed.get(1..).unwrap_or_default();
        let presented = waiting(|| self.policy.look_at(certificate, intermediates, self.now));
        let possession = match proof {
            Ok(possession) => possession,
            Err(error) => {
                self.note(|record| record.presented = Some(presented));
                return Err(error_for(&error));
            }
        };
        let strike = self.strike(&presented);
        let refused_with = match self.policy.refusal(self.profile) {
            Refusal::Page => None,
            Refusal::Alert => verdict::first_alert(&Evidence {
                presented: Some(&presented),
                proof: Proof::Given(possession),
                version: Some(signed.version),
                profile: self.profile,
                now: self.now,
                server_name: None,
                is_resumed: false,
                ordered_failure: strike.as_ref().and_then(Strike::failing_check),
            }),
        };
        self.note(|record| {
            record.presented = Some(presented);
            record.refused_with = refused_with;
            record.strike = strike.clone();
        });
        if let Some(strike) = strike {
            self.suffer(&strike)?;
        }
        match refused_with {
            Some(alert) => Err(rustls::Error::InvalidCertificate(alert.certificate_error())),
            None => Ok(HandshakeSignatureValid::assertion()),
        }
    }
}

/// What a tester ordered to go wrong.
impl RecordingVerifier {
    fn strike(&self, presented: &PresentedCertificate) -> Option<Strike> {
        let holder = presented.facts.as_ref().ok().map(Holder::of);
        let server_name = self.server_name.as_deref();
        self.policy
            .decide(Place::Certificate, server_name, holder.as_ref())
    }

    fn suffer(&self, strike: &Strike) -> Result<(), rustls::Error> {
        if let Some(cut) = strike.fault.cut() {
            self.tap.cut(cut);
        }
        match &strike.fault {
            Fault::AlertAfterCertificate(alert) => Err(alert.error()),
            // The error ends the handshake, and its alert does not leave.
            Fault::CloseAfter(_) | Fault::ResetAfter(_) => {
                Err(rustls::Error::General("a fault was ordered".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

/// A source of revocations may wait for the network. Other connections do not wait with it.
pub(crate) fn waiting<T>(work: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

fn error_for(error: &PossessionError) -> rustls::Error {
    match error {
        PossessionError::Scheme { .. } => {
            PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into()
        }
        PossessionError::Key { .. } | PossessionError::Signature { .. } => {
            CertificateError::BadSignature.into()
        }
    }
}

impl PresentedCertificate {
    /// What to ask a source of revocations.
    pub(crate) fn query<'a>(
        facts: &'a CertificateFacts,
        chain: &'a ChainFindings,
        at: OffsetDateTime,
    ) -> RevocationQuery<'a> {
        RevocationQuery {
            serial: &facts.serial_octets,
            issuer_name_der: &facts.issuer_der,
            issuer_certificate_der: match &chain.issuer {
                IssuerFinding::Signed(certifier) => Some(&certifier.certificate_der),
                _ => None,
            },
            list_urls: &facts.revocation_list_urls,
            responder_urls: &facts.responder_urls,
            at,
        }
    }
}

impl ClientCertVerifier for RecordingVerifier {
    fn client_auth_mandatory(&self) -> bool {
        self.profile.without_certificate == WithoutCertificate::Alert
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.policy.hints(self.profile.hints)
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        let all = std::iter::once(end_entity).chain(intermediates);
        let claimed = all.map(|certificate| certificate.to_vec()).collect();
        self.note(|record| record.claimed = claimed);
        // Accepted into the handshake, not into the portal: the proof comes next.
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let version = ProtocolVersion::TLSv1_2;
        self.verify(certificate, &signed_by(version, message, signed))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let version = ProtocolVersion::TLSv1_3;
        self.verify(certificate, &signed_by(version, message, signed))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.profile.schemes.to_vec()
    }
}

fn signed_by<'a>(
    version: ProtocolVersion,
    message: &'a [u8],
    signed: &'a DigitallySignedStruct,
) -> Signed<'a> {
    Signed {
        version,
        scheme: signed.scheme,
        message,
        signature: signed.signature(),
    }
}
