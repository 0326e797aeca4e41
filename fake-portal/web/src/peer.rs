//! The client's certificate: proven in the handshake, and judged there but not refused.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::HandshakeSignatureValid;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, SignatureScheme};

use crate::certificate::CertificateFacts;
use crate::handshake::unix_time;

/// A certificate whose private key the client has just used. Only a handshake makes one.
#[derive(Clone, Debug)]
pub struct PeerCertificate {
    der: Vec<u8>,
    chain: ChainOpinion,
}

impl PeerCertificate {
    /// The certificate.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Whether a trusted certifier issued it.
    pub fn chain(&self) -> &ChainOpinion {
        &self.chain
    }
}

/// What webpki (RFC 5280 §6) thinks of the chain.
#[derive(Clone, Debug)]
pub enum ChainOpinion {
    /// It leads to a trusted certifier. The validity in time is judged apart.
    Trusted,
    /// It does not, for this reason.
    Untrusted(rustls::Error),
}

/// Delegates every judgement to webpki and ring. Of these, the one on the chain is only noted.
#[derive(Debug)]
pub(crate) struct RecordingVerifier {
    webpki: Arc<dyn ClientCertVerifier>,
    record: Mutex<Record>,
}

/// What one handshake showed of the client.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// The certificate that was sent, until its key is proven.
    claimed: Option<PeerCertificate>,
    /// The same once it is proven.
    pub(crate) proven: Option<PeerCertificate>,
    /// How the client signed.
    pub(crate) signature_scheme: Option<SignatureScheme>,
    /// Why the proof of possession failed.
    pub(crate) refuted: Option<rustls::Error>,
}

impl RecordingVerifier {
    pub(crate) fn new(webpki: Arc<dyn ClientCertVerifier>) -> Self {
        Self {
            webpki,
            record: Mutex::default(),
        }
    }

    pub(crate) fn take_record(&self) -> Record {
        std::mem::take(&mut *self.record.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, change: impl FnOnce(&mut Record)) {
        change(&mut self.record.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// webpki gives one reason at most, and time comes before the chain. So that an expired
    /// certificate of an unknown certifier shows both faults, the chain is judged at the moment
    /// of the certificate's validity that is nearest to now.
    fn opinion(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> ChainOpinion {
        let judge = |at| {
            self.webpki
                .verify_client_cert(certificate, intermediates, at)
        };
        let judged = match judge(now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. },
            )) => judge(nearest_valid_moment(certificate, now)),
            judged => judged,
        };
        match judged {
            Ok(_) => ChainOpinion::Trusted,
            Err(reason) => ChainOpinion::Untrusted(reason),
        }
    }

    fn note_signature(
        &self,
        scheme: SignatureScheme,
        verified: Result<HandshakeSignatureValid, rustls::Error>,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.note(|record| {
            record.signature_scheme = Some(scheme);
            match &verified {
                Ok(_) => record.proven = record.claimed.take(),
                Err(reason) => record.refuted = Some(reason.clone()),
            }
        });
        verified
    }
}

impl ClientCertVerifier for RecordingVerifier {
    fn client_auth_mandatory(&self) -> bool {
        false
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.webpki.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        let chain = self.opinion(end_entity, intermediates, now);
        let der = end_entity.to_vec();
        self.note(|record| record.claimed = Some(PeerCertificate { der, chain }));
        // Accepted into the handshake, not into the portal: `login` reads the opinion.
        Ok(ClientCertVerified::assertion())
    }

    // The two proofs of possession: never answered by anything but the verification itself.

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let verified = self
            .webpki
            .verify_tls12_signature(message, certificate, signed);
        self.note_signature(signed.scheme, verified)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let verified = self
            .webpki
            .verify_tls13_signature(message, certificate, signed);
        self.note_signature(signed.scheme, verified)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}

fn nearest_valid_moment(certificate: &CertificateDer<'_>, now: UnixTime) -> UnixTime {
    CertificateFacts::from_der(certificate).map_or(now, |facts| {
        let (first, last) = (unix_time(facts.not_before), unix_time(facts.not_after));
        if now < first { first } else { now.min(last) }
    })
}
