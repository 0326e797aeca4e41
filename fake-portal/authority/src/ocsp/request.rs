//! The request of a client.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use super::cert_id::CertId;
use crate::der::read::{DerError, Element, Reader, only};
use crate::der::{tag, write as der};

/// The longest nonce in bytes (RFC 9654 §2.1).
pub const NONCE_LENGTH_MAX: usize = 128;

/// id-pkix-ocsp-nonce.
const ID_PKIX_OCSP_NONCE: [u64; 10] = [1, 3, 6, 1, 5, 5, 7, 48, 1, 2];

/// A request (RFC 6960 §4.1.1):
///
/// ```text
/// OCSPRequest ::= SEQUENCE {
///     tbsRequest          SEQUENCE {
///         version             [0] INTEGER DEFAULT v1,
///         requestorName       [1] GeneralName OPTIONAL,
///         requestList         SEQUENCE OF SEQUENCE {
///             reqCert                  CertID,
///             singleRequestExtensions  [0] Extensions OPTIONAL },
///         requestExtensions   [2] Extensions OPTIONAL },      -- the nonce is here
///     optionalSignature   [0] Signature OPTIONAL }
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OcspRequest {
    /// The certificates asked about, one or more.
    pub cert_ids: Vec<CertId>,
    /// The value of the nonce extension, which the response repeats byte for byte.
    pub nonce: Option<Vec<u8>>,
    /// Whether somebody signed it. Who is not looked at: a status is told to everybody.
    pub is_signed: bool,
}

impl OcspRequest {
    /// Reads the body of a POST.
    pub fn parse(bytes: &[u8]) -> Result<Self, OcspRequestError> {
        let mut fields = only(bytes)
            .and_then(|request| Reader::new(request.der).expect(tag::SEQUENCE))?
            .reader();
        let content = fields.expect(tag::SEQUENCE)?;
        let is_signed = fields.explicit(0)?.is_some();
        fields.end()?;
        let (cert_ids, nonce) = parse_content(content)?;
        Ok(Self {
            cert_ids,
            nonce,
            is_signed,
        })
    }

    /// Reads what follows the responder's address in the path of a GET: the request in base64, its
    /// `+`, `/` and `=` escaped or not (RFC 6960 appendix A.1, RFC 5019 §5).
    pub fn parse_path(path: &str) -> Result<Self, OcspRequestError> {
        let text = unescaped(path.trim_start_matches('/')).ok_or(OcspRequestError::Path)?;
        let bytes = STANDARD.decode(text).map_err(|_| OcspRequestError::Path)?;
        Self::parse(&bytes)
    }

    /// The value of the nonce among the extensions of a request or a response, `SEQUENCE OF Extension`.
    pub fn nonce_among(extensions: Element<'_>) -> Result<Option<Vec<u8>>, OcspRequestError> {
        parse_extensions(extensions)
    }

    /// The request as a client sends it, unsigned.
    pub fn to_der(&self) -> Vec<u8> {
        let requests: Vec<_> = self
            .cert_ids
            .iter()
            .map(|cert_id| der::sequence(&[cert_id.der().to_vec()]))
            .collect();
        let mut content = vec![der::sequence(&requests)];
        if let Some(nonce) = &self.nonce {
            content.push(der::explicit(2, &der::sequence(&[nonce_extension(nonce)])));
        }
        der::sequence(&[der::sequence(&content)])
    }
}

/// The extension that ties a response to its request (RFC 6960 §4.4.1).
pub(super) fn nonce_extension(value: &[u8]) -> Vec<u8> {
    der::sequence(&[
        der::object_identifier(&ID_PKIX_OCSP_NONCE),
        der::octet_string(value),
    ])
}

/// Why bytes are not a request. A responder says malformedRequest to all of them.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum OcspRequestError {
    /// It is not what the grammar says.
    #[error("the OCSP request cannot be read: {0}")]
    Encoding(#[from] DerError),
    /// It is of a version that there is not.
    #[error("the OCSP request is not of version 1")]
    Version,
    /// It asks about nothing.
    #[error("the OCSP request asks about no certificate")]
    Empty,
    /// The nonce has no byte, or too many.
    #[error("the nonce of the OCSP request has {seen} bytes, not 1 to {NONCE_LENGTH_MAX}")]
    NonceLength {
        /// Its length.
        seen: usize,
    },
    /// The client says that it must not be answered by who does not understand an extension.
    #[error("the OCSP request has a critical extension that is not known here")]
    CriticalExtension,
    /// The path of a GET is not base64.
    #[error("the OCSP request in the address is not base64")]
    Path,
}

fn parse_content(content: Element<'_>) -> Result<(Vec<CertId>, Option<Vec<u8>>), OcspRequestError> {
    let mut fields = content.reader();
    // The default, 0, is not written; some write it all the same.
    if let Some(version) = fields.explicit(0)?
        && (version.tag, version.content) != (tag::INTEGER, &[0])
    {
        return Err(OcspRequestError::Version);
    }
    fields.optional(tag::constructed(1))?;
    let mut requests = fields.expect(tag::SEQUENCE)?.reader();
    let extensions = fields.explicit(2)?;
    fields.end()?;

    let mut cert_ids = Vec::new();
    while !requests.is_empty() {
        let mut request = requests.expect(tag::SEQUENCE)?.reader();
        cert_ids.push(CertId::parse(request.expect(tag::SEQUENCE)?)?);
        if let Some(extensions) = request.explicit(0)? {
            parse_extensions(extensions)?;
        }
        request.end()?;
    }
    if cert_ids.is_empty() {
        return Err(OcspRequestError::Empty);
    }
    let nonce = match extensions {
        None => None,
        Some(extensions) => parse_extensions(extensions)?,
    };
    Ok((cert_ids, nonce))
}

/// The nonce among the extensions, as the bytes of its extnValue.
fn parse_extensions(extensions: Element<'_>) -> Result<Option<Vec<u8>>, OcspRequestError> {
    let nonce_identifier = der::object_identifier(&ID_PKIX_OCSP_NONCE);
    let mut extensions = Reader::new(extensions.der).expect(tag::SEQUENCE)?.reader();
    let mut nonce = None;
    while !extensions.is_empty() {
        let mut extension = extensions.expect(tag::SEQUENCE)?.reader();
        let identifier = extension.expect(tag::OBJECT_IDENTIFIER)?.der;
        let critical = extension.optional(tag::BOOLEAN)?;
        let value = extension.expect(tag::OCTET_STRING)?.content;
        extension.end()?;
        if identifier == nonce_identifier {
            nonce = Some(checked_nonce(value)?);
        } else if critical.is_some_and(|critical| critical.content != [0]) {
            return Err(OcspRequestError::CriticalExtension);
        }
    }
    Ok(nonce)
}

/// The nonce is an OCTET STRING in the extension's OCTET STRING; before RFC 6960 said so, some sent
/// it bare, and it is repeated as bare as it came.
fn checked_nonce(value: &[u8]) -> Result<Vec<u8>, OcspRequestError> {
    let nonce = match only(value) {
        Ok(inner) if inner.tag == tag::OCTET_STRING => inner.content,
        _ => value,
    };
    match nonce.len() {
        1..=NONCE_LENGTH_MAX => Ok(value.to_vec()),
        seen => Err(OcspRequestError::NonceLength { seen }),
    }
}

/// The text with its `%XX` replaced (RFC 3986 §2.1). None if one is not two hexadecimal digits.
fn unescaped(text: &str) -> Option<Vec<u8>> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    Some(bytes)
}
