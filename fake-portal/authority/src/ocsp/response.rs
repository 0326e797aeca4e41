//! The answer of a responder.

use time::OffsetDateTime;

use super::cert_id::CertId;
use super::request::nonce_extension;
use crate::certificate_status::{CERTIFICATE_HOLD, CertificateStatus};
use crate::certifier::CertifierError;
use crate::der::{tag, write as der};

/// id-pkix-ocsp-basic.
const ID_PKIX_OCSP_BASIC: [u64; 10] = [1, 3, 6, 1, 5, 5, 7, 48, 1, 1];

/// An answer that says nothing about any certificate, and is not signed (RFC 6960 §4.2.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OcspRefusal {
    /// 1: the request cannot be understood.
    MalformedRequest,
    /// 2: the responder is broken.
    InternalError,
    /// 3: the responder is busy.
    TryLater,
    /// 5: only signed requests are answered.
    SignatureRequired,
    /// 6: this client is not answered, or nothing is known that could be said (RFC 5019 §2.2.3).
    Unauthorized,
}

impl OcspRefusal {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 5] = [
        Self::MalformedRequest,
        Self::InternalError,
        Self::TryLater,
        Self::SignatureRequired,
        Self::Unauthorized,
    ];

    /// The response, `SEQUENCE { ENUMERATED }`.
    pub fn to_der(self) -> Vec<u8> {
        let status = match self {
            Self::MalformedRequest => 1,
            Self::InternalError => 2,
            Self::TryLater => 3,
            Self::SignatureRequired => 5,
            Self::Unauthorized => 6,
        };
        der::sequence(&[der::enumerated(status)])
    }
}

/// Who answers, as the response says it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ResponderId {
    /// By the subject of the signer's certificate, a whole Name.
    Name(Vec<u8>),
    /// By the SHA-1 hash of the bits of the signer's key.
    KeyHash(Vec<u8>),
}

/// What is said about one certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SingleResponse {
    /// Which certificate, in the client's own words.
    pub cert_id: CertId,
    /// Its status; none is `unknown`.
    pub status: Option<CertificateStatus>,
    /// When this was known to be so.
    pub this_update: OffsetDateTime,
    /// When more will be known.
    pub next_update: Option<OffsetDateTime>,
}

/// What a responder signs (RFC 6960 §4.2.1):
///
/// ```text
/// ResponseData ::= SEQUENCE {
///     version             [0] INTEGER DEFAULT v1,
///     responderID         CHOICE { byName [1] Name, byKey [2] OCTET STRING },
///     producedAt          GeneralizedTime,
///     responses           SEQUENCE OF SEQUENCE {
///         certID              CertID,
///         certStatus          CHOICE {
///             good                [0] IMPLICIT NULL,
///             revoked             [1] IMPLICIT SEQUENCE {
///                 revocationTime      GeneralizedTime,
///                 revocationReason    [0] ENUMERATED OPTIONAL },
///             unknown             [2] IMPLICIT NULL },
///         thisUpdate          GeneralizedTime,
///         nextUpdate          [0] GeneralizedTime OPTIONAL },
///     responseExtensions  [1] Extensions OPTIONAL }           -- the nonce is here
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OcspResponseData {
    /// Who answers.
    pub responder: ResponderId,
    /// When the answer was signed.
    pub produced_at: OffsetDateTime,
    /// One for each certificate asked about.
    pub responses: Vec<SingleResponse>,
    /// The value of the nonce extension.
    pub nonce: Option<Vec<u8>>,
}

impl OcspResponseData {
    /// The whole response, status `successful`, signed by `sign` and with these certificates beside
    /// it: those that a client does not have yet.
    ///
    /// ```text
    /// OCSPResponse ::= SEQUENCE {
    ///     responseStatus  ENUMERATED 0,
    ///     responseBytes   [0] SEQUENCE {
    ///         responseType    OBJECT IDENTIFIER id-pkix-ocsp-basic,
    ///         response        OCTET STRING containing SEQUENCE {
    ///             ResponseData, signatureAlgorithm, signature,
    ///             certs           [0] SEQUENCE OF Certificate OPTIONAL } } }
    /// ```
    pub(crate) fn signed(
        &self,
        sign: impl FnOnce(&[u8]) -> Result<[Vec<u8>; 2], CertifierError>,
        certificates: &[Vec<u8>],
    ) -> Result<Vec<u8>, CertifierError> {
        let data = self.to_der();
        let mut basic = vec![data.clone()];
        basic.extend(sign(&data)?);
        if !certificates.is_empty() {
            basic.push(der::explicit(0, &der::sequence(certificates)));
        }
        let response_bytes = der::sequence(&[
            der::object_identifier(&ID_PKIX_OCSP_BASIC),
            der::octet_string(&der::sequence(&basic)),
        ]);
        Ok(der::sequence(&[
            der::enumerated(0),
            der::explicit(0, &response_bytes),
        ]))
    }

    fn to_der(&self) -> Vec<u8> {
        let responder = match &self.responder {
            ResponderId::Name(name) => der::explicit(1, name),
            ResponderId::KeyHash(hash) => der::explicit(2, &der::octet_string(hash)),
        };
        let responses: Vec<_> = self.responses.iter().map(SingleResponse::to_der).collect();
        let mut fields = vec![
            responder,
            der::generalized_time(self.produced_at),
            der::sequence(&responses),
        ];
        if let Some(nonce) = &self.nonce {
            fields.push(der::explicit(1, &der::sequence(&[nonce_extension(nonce)])));
        }
        der::sequence(&fields)
    }
}

impl SingleResponse {
    fn to_der(&self) -> Vec<u8> {
        let mut fields = vec![
            self.cert_id.der().to_vec(),
            status_der(self.status),
            der::generalized_time(self.this_update),
        ];
        if let Some(next_update) = self.next_update {
            fields.push(der::explicit(0, &der::generalized_time(next_update)));
        }
        der::sequence(&fields)
    }
}

fn status_der(status: Option<CertificateStatus>) -> Vec<u8> {
    let revoked = |since, reason: Option<u8>| {
        let reason = reason.map(|reason| der::explicit(0, &der::enumerated(reason)));
        let content = [der::generalized_time(since), reason.unwrap_or_default()].concat();
        der::element(tag::constructed(1), &content)
    };
    match status {
        Some(CertificateStatus::Good) => der::element(tag::primitive(0), &[]),
        // RFC 6960 §2.2: on hold is a kind of revoked.
        Some(CertificateStatus::OnHold { since }) => revoked(since, Some(CERTIFICATE_HOLD)),
        Some(CertificateStatus::Revoked { reason, since }) => {
            revoked(since, reason.number_if_said())
        }
        None => der::element(tag::primitive(2), &[]),
    }
}
