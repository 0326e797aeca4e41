//! A question to a responder for OCSP (RFC 6960), and what its answer is worth.

use cns_authority::CertifierError;
use cns_authority::der::read::{DerError, Element, Reader, only};
use cns_authority::der::tag;
use cns_authority::ocsp::{CertId, OcspHash, OcspRequest};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use thiserror::Error;
use time::OffsetDateTime;
use x509_parser::asn1_rs::BitString;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::verify::verify_signature;
use x509_parser::x509::AlgorithmIdentifier;

mod single;

use super::{CLOCK_TOLERANCE, RevocationStatus};
use crate::certificate::weak_signature;

/// What is asked about one certificate. The answer is judged by it.
#[derive(Clone, Debug)]
pub struct OcspQuestion {
    request: OcspRequest,
    issuer_der: Vec<u8>,
}

/// Why an answer is worth nothing.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum OcspError {
    /// It is none.
    #[error("the OCSP response cannot be read: {0}")]
    Encoding(#[from] DerError),
    /// The responder does not answer.
    #[error("the OCSP responder says {0}")]
    Refused(&'static str),
    /// It is an answer to another question.
    #[error("the OCSP response is about another certificate")]
    AnotherCertificate,
    /// The same.
    #[error("the OCSP response is to another question: its nonce is another")]
    Nonce,
    /// Nobody who may answer has signed it.
    #[error("the OCSP response is not signed by the certifier or its delegate: {0}")]
    Signer(&'static str),
    /// It is of another time.
    #[error("the OCSP response is of {0}, which is yet to come")]
    Future(OffsetDateTime),
}

impl OcspQuestion {
    /// About the certificate with this serial number (the content of its INTEGER) that the owner of this
    /// certificate (DER) issued. The nonce is 1 to 128 bytes that nobody can guess.
    pub fn about(issuer_der: &[u8], serial: &[u8], nonce: &[u8]) -> Result<Self, CertifierError> {
        let cert_id = CertId::of_issued(issuer_der, serial, OcspHash::Sha1)?;
        Ok(Self {
            request: OcspRequest {
                cert_ids: vec![cert_id],
                nonce: Some(cns_authority::der::write::octet_string(nonce)),
                is_signed: false,
            },
            issuer_der: issuer_der.to_vec(),
        })
    }

    /// The body of the POST.
    pub fn to_der(&self) -> Vec<u8> {
        self.request.to_der()
    }

    /// What a response says at this instant, if it is to be believed.
    ///
    /// # Errors
    /// [`OcspError`] says why it is not to be believed.
    pub fn judge(
        &self,
        response: &[u8],
        at: OffsetDateTime,
    ) -> Result<RevocationStatus, OcspError> {
        let response = Response::read(response)?;
        self.verify(&response, at)?;
        self.compare_nonce(response.extensions)?;
        let cert_id = self.request.cert_ids.first().map(CertId::der);
        let single = single::find(response.responses, cert_id.unwrap_or_default())?;
        single.status_at(at)
    }

    /// That the certifier has signed, or somebody to whom it gave the right (RFC 6960 §4.2.2.2).
    fn verify(&self, response: &Response<'_>, at: OffsetDateTime) -> Result<(), OcspError> {
        let (signed, responder) = (&response.signed, response.responder);
        let issuer = certificate(&self.issuer_der)?;
        if is_named(&issuer, responder) {
            return signed.verify(&issuer);
        }
        let mut certificates = response.certificates.map(sequence).transpose()?;
        while let Some(all) = certificates.as_mut().filter(|all| !all.is_empty()) {
            let delegate = certificate(all.expect(tag::SEQUENCE)?.der)?;
            if is_named(&delegate, responder) {
                may_answer(&delegate, &issuer, at)?;
                return signed.verify(&delegate);
            }
        }
        Err(OcspError::Signer("it names somebody else"))
    }

    /// A responder that signs beforehand repeats no nonce; who repeats one must repeat ours.
    fn compare_nonce(&self, extensions: Option<Element<'_>>) -> Result<(), OcspError> {
        let Some(extensions) = extensions else {
            return Ok(());
        };
        let nonce = OcspRequest::nonce_among(extensions).map_err(|_| OcspError::Nonce)?;
        match nonce.is_none() || nonce == self.request.nonce {
            true => Ok(()),
            false => Err(OcspError::Nonce),
        }
    }
}

/// What a response says of each of these certificates, whether it is to be believed or not. Nothing, where it
/// says nothing that can be read.
pub(crate) fn statuses<'a>(
    response: &[u8],
    cert_ids: impl Iterator<Item = &'a CertId>,
) -> Result<Vec<Option<RevocationStatus>>, OcspError> {
    let responses = Response::read(response)?.responses;
    let status = |cert_id: &CertId| {
        let single = single::find(responses, cert_id.der()).ok()?;
        Some(single.status)
    };
    Ok(cert_ids.map(status).collect())
}

/// A response, taken apart:
///
/// ```text
/// OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED,
///     responseBytes [0] SEQUENCE { responseType OBJECT IDENTIFIER, response OCTET STRING } }
/// BasicOCSPResponse ::= SEQUENCE { ResponseData, AlgorithmIdentifier, BIT STRING,
///     certs [0] SEQUENCE OF Certificate OPTIONAL }
/// ResponseData ::= SEQUENCE { version [0] DEFAULT v1, ResponderID, producedAt,
///     SEQUENCE OF SingleResponse, extensions [1] OPTIONAL }
/// ```
struct Response<'a> {
    signed: Signed<'a>,
    responder: Element<'a>,
    certificates: Option<Element<'a>>,
    responses: Element<'a>,
    extensions: Option<Element<'a>>,
}

impl<'a> Response<'a> {
    fn read(response: &'a [u8]) -> Result<Self, OcspError> {
        let mut fields = sequence(only(response)?)?;
        let status = fields.expect(tag::ENUMERATED)?;
        if status.content != [0] {
            return Err(OcspError::Refused(refusal(status.content)));
        }
        let bytes = fields.explicit(0)?.ok_or(DerError::Truncated)?;
        let mut bytes = sequence(bytes)?;
        bytes.expect(tag::OBJECT_IDENTIFIER)?;
        let basic = bytes.expect(tag::OCTET_STRING)?;

        let mut basic = sequence(only(basic.content)?)?;
        let data = basic.expect(tag::SEQUENCE)?;
        let algorithm = basic.expect(tag::SEQUENCE)?;
        let signature = basic.expect(tag::BIT_STRING)?;
        let certificates = basic.explicit(0)?;
        basic.end()?;

        let mut fields = data.reader();
        fields.explicit(0)?;
        let responder = fields.element()?;
        fields.expect(tag::GENERALIZED_TIME)?;
        let responses = fields.expect(tag::SEQUENCE)?;
        let extensions = fields.explicit(1)?;
        fields.end()?;
        Ok(Self {
            signed: Signed {
                content: data.der,
                algorithm: algorithm.der,
                signature: signature.der,
            },
            responder,
            certificates,
            responses,
            extensions,
        })
    }
}

struct Signed<'a> {
    content: &'a [u8],
    algorithm: &'a [u8],
    signature: &'a [u8],
}

impl Signed<'_> {
    fn verify(&self, signer: &X509Certificate<'_>) -> Result<(), OcspError> {
        let wrong = OcspError::Signer("the signature is wrong");
        let (_, algorithm) =
            AlgorithmIdentifier::from_der(self.algorithm).map_err(|_| wrong.clone())?;
        if let Some(weak) = weak_signature(&algorithm.algorithm.to_id_string()) {
            return Err(OcspError::Signer(weak));
        }
        let (_, signature) = BitString::from_der(self.signature).map_err(|_| wrong.clone())?;
        verify_signature(signer.public_key(), &algorithm, &signature, self.content)
            .map_err(|_| wrong)
    }
}

fn certificate(der: &[u8]) -> Result<X509Certificate<'_>, OcspError> {
    let (_, certificate) = X509Certificate::from_der(der)
        .map_err(|_| OcspError::Signer("a certificate cannot be read"))?;
    Ok(certificate)
}

/// Whether the responder calls itself so: `byName [1] Name` or `byKey [2] OCTET STRING`, the SHA-1 of the
/// key's bits.
fn is_named(certificate: &X509Certificate<'_>, responder: Element<'_>) -> bool {
    const BY_NAME: u8 = tag::constructed(1);
    const BY_KEY: u8 = tag::constructed(2);
    let inner = only(responder.content);
    match (responder.tag, inner) {
        (BY_NAME, Ok(name)) => certificate.subject().as_raw() == name.der,
        (BY_KEY, Ok(hash)) => {
            let key = &certificate.public_key().subject_public_key.data;
            digest(&SHA1_FOR_LEGACY_USE_ONLY, key).as_ref() == hash.content
        }
        _ => false,
    }
}

fn may_answer(
    delegate: &X509Certificate<'_>,
    issuer: &X509Certificate<'_>,
    at: OffsetDateTime,
) -> Result<(), OcspError> {
    let is_of_issuer = delegate.issuer().as_raw() == issuer.subject().as_raw()
        && delegate.verify_signature(Some(issuer.public_key())).is_ok();
    if !is_of_issuer {
        return Err(OcspError::Signer("the delegate is another certifier's"));
    }
    let purposes = delegate.extended_key_usage();
    if !matches!(purposes, Ok(Some(purposes)) if purposes.value.ocsp_signing) {
        return Err(OcspError::Signer(
            "the delegate may not answer (OCSPSigning)",
        ));
    }
    let validity = delegate.validity();
    let (first, last) = (&validity.not_before, &validity.not_after);
    match first.to_datetime() <= at && at <= last.to_datetime() {
        true => Ok(()),
        false => Err(OcspError::Signer("the delegate's certificate has expired")),
    }
}

fn sequence(element: Element<'_>) -> Result<Reader<'_>, DerError> {
    Ok(Reader::new(element.der).expect(tag::SEQUENCE)?.reader())
}

/// OCSPResponseStatus (RFC 6960 §4.2.1).
fn refusal(status: &[u8]) -> &'static str {
    match status {
        [1] => "malformedRequest",
        [2] => "internalError",
        [3] => "tryLater",
        [5] => "sigRequired",
        [6] => "unauthorized",
        _ => "something that is not in RFC 6960",
    }
}
