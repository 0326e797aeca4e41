//! The responder of one certifier.

use ring::digest::SHA1_FOR_LEGACY_USE_ONLY;
use time::{Duration, OffsetDateTime};

use super::cert_id::CertId;
use super::request::OcspRequest;
use super::response::{OcspRefusal, OcspResponseData, ResponderId, SingleResponse};
use super::signer::OcspSigner;
use crate::certificate_identity::CertificateIdentity;
use crate::certificate_status::StatusRegister;
use crate::certifier::{CertificationAuthority, CertifierError};

/// How a responder names itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ResponderName {
    /// By the subject of its certificate.
    Name,
    /// By the hash of its key, which is shorter and tells two of one name apart.
    Key,
}

/// Answers for one certifier: with the certifier's own key, or with that of a delegate. It is made
/// for a request and costs next to nothing.
pub struct OcspResponder<'a> {
    certifier: &'a CertificationAuthority,
    delegate: Option<&'a OcspSigner>,
    name: ResponderName,
    lifetime: Option<Duration>,
}

impl<'a> OcspResponder<'a> {
    /// The certifier itself, named by its key, its answers good until there are newer ones.
    pub fn new(certifier: &'a CertificationAuthority) -> Self {
        Self {
            certifier,
            delegate: None,
            name: ResponderName::Key,
            lifetime: None,
        }
    }

    /// The same, but this delegate signs.
    pub fn delegated_to(self, delegate: &'a OcspSigner) -> Self {
        Self {
            delegate: Some(delegate),
            ..self
        }
    }

    /// The same under another kind of name.
    pub fn named_by(self, name: ResponderName) -> Self {
        Self { name, ..self }
    }

    /// The same, saying when an answer grows stale (nextUpdate): so long after it is given.
    pub fn with_lifetime(self, lifetime: Duration) -> Self {
        Self {
            lifetime: Some(lifetime),
            ..self
        }
    }

    /// Answers the body of a POST with the body of a response.
    ///
    /// About certificates of another certifier, and those that nobody issued, it says `unknown`. A
    /// request that cannot be read gets `malformedRequest`; if signing fails, `internalError`.
    pub fn respond(
        &self,
        request: &[u8],
        register: &StatusRegister,
        now: OffsetDateTime,
    ) -> Vec<u8> {
        match OcspRequest::parse(request) {
            Ok(request) => self.respond_to(&request, register, now),
            Err(_) => OcspRefusal::MalformedRequest.to_der(),
        }
    }

    /// The same for a request that was read before, from the path of a GET for one.
    pub fn respond_to(
        &self,
        request: &OcspRequest,
        register: &StatusRegister,
        now: OffsetDateTime,
    ) -> Vec<u8> {
        self.data(request, register, now)
            .and_then(|data| self.sign(&data))
            .unwrap_or_else(|_| OcspRefusal::InternalError.to_der())
    }

    /// What [`Self::respond`] signs, to be changed by who wants to answer something else.
    pub fn data(
        &self,
        request: &OcspRequest,
        register: &StatusRegister,
        now: OffsetDateTime,
    ) -> Result<OcspResponseData, CertifierError> {
        let issuer = CertificateIdentity::of(self.certifier.certificate_der())?;
        let status = |cert_id: &CertId| match cert_id.is_issued_by(&issuer) {
            true => cert_id.serial().and_then(|serial| register.status(serial)),
            false => None,
        };
        let responses = request
            .cert_ids
            .iter()
            .map(|cert_id| SingleResponse {
                cert_id: cert_id.clone(),
                status: status(cert_id),
                this_update: now,
                next_update: self.lifetime.map(|lifetime| now.saturating_add(lifetime)),
            })
            .collect();
        Ok(OcspResponseData {
            responder: self.responder_id()?,
            produced_at: now,
            responses,
            nonce: request.nonce.clone(),
        })
    }

    /// Signs an answer, as DER. A delegate's certificate goes with it.
    pub fn sign(&self, data: &OcspResponseData) -> Result<Vec<u8>, CertifierError> {
        match self.delegate {
            None => data.signed(|content| self.certifier.signature(content), &[]),
            Some(delegate) => data.signed(
                |content| delegate.signature(content),
                &[delegate.certificate_der().to_vec()],
            ),
        }
    }

    fn responder_id(&self) -> Result<ResponderId, CertifierError> {
        let certificate = self.delegate.map_or(
            self.certifier.certificate_der(),
            OcspSigner::certificate_der,
        );
        let identity = CertificateIdentity::of(certificate)?;
        Ok(match self.name {
            ResponderName::Name => ResponderId::Name(identity.name_der),
            ResponderName::Key => {
                ResponderId::KeyHash(identity.key_hash(&SHA1_FOR_LEGACY_USE_ONLY))
            }
        })
    }
}
