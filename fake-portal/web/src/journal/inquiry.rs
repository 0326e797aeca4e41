//! What was asked of the certifiers, and what they answered.

use cns_authority::ocsp::OcspRequest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RequestRecord;
use crate::pki::Address;
use crate::revocation::{OcspError, RevocationReason, RevocationStatus, statuses};

/// A request for what certifiers publish.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Inquiry {
    /// For what.
    pub kind: InquiryKind,
    /// The certifier, by the name that it has in its addresses, whether there is one of that name or not. The
    /// trusted list is nobody's.
    pub certifier: Option<String>,
    /// The certificates that a responder was asked about, the first ten.
    pub certificates: Vec<CertificateInquiry>,
    /// How many more there were.
    pub certificates_left_out: usize,
    /// What the responder said instead of answering.
    pub refusal: Option<OcspWord>,
}

/// What certifiers publish.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InquiryKind {
    /// A revocation list (RFC 5280 §5).
    RevocationList,
    /// What became of certificates (RFC 6960).
    Ocsp,
    /// The certifier's certificate (RFC 5280 §4.2.2.1, caIssuers).
    Certificate,
    /// The trusted list (ETSI TS 119 612).
    TrustedList,
}

/// A certificate that a responder was asked about.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct CertificateInquiry {
    /// Its serial number in hexadecimal, two digits a byte. Nothing, if the number cannot be one.
    pub serial: Option<String>,
    /// What was answered. Nothing, if no answer left that can be read.
    pub answer: Option<OcspWord>,
    /// Why it is revoked, by the name in RFC 5280 §5.3.1: `certificateHold` is for a time.
    pub reason: Option<&'static str>,
}

/// What a responder says: of a certificate (RFC 6960 §2.2), or instead of answering (§4.2.1).
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum OcspWord {
    Good,
    Revoked,
    Unknown,
    MalformedRequest,
    InternalError,
    TryLater,
    SigRequired,
    Unauthorized,
}

/// Most certificates of one request that are remembered. Clients ask about one.
const CERTIFICATES_MAX: usize = 10;

/// An inquiry that has not been answered yet.
#[derive(Debug)]
pub(crate) struct OpenInquiry {
    inquiry: Inquiry,
    /// What a responder was asked, if that can be read.
    request: Option<OcspRequest>,
}

impl OpenInquiry {
    /// What a path and what was posted there ask for. Nothing, if it is not for the certifiers.
    pub(crate) fn of(path: &str, posted: Option<&[u8]>) -> Option<Self> {
        let address = Address::of(path, posted.is_some())?;
        let request = match address {
            Address::Responder { .. } => OcspRequest::parse(posted?).ok(),
            Address::ResponderByGet { request, .. } => OcspRequest::parse_path(request).ok(),
            _ => None,
        };
        let (kind, certifier) = match address {
            Address::TrustedList => (InquiryKind::TrustedList, None),
            Address::RevocationList { certifier } => (InquiryKind::RevocationList, Some(certifier)),
            Address::Certificate { certifier } => (InquiryKind::Certificate, Some(certifier)),
            Address::Responder { certifier } | Address::ResponderByGet { certifier, .. } => {
                (InquiryKind::Ocsp, Some(certifier))
            }
        };
        let inquiry = Inquiry {
            kind,
            certifier: certifier.map(RequestRecord::kept_path),
            certificates: Vec::new(),
            certificates_left_out: 0,
            refusal: None,
        };
        Some(Self { inquiry, request })
    }

    /// With the answer as it leaves.
    pub(crate) fn answered(self, response: &[u8]) -> Inquiry {
        let mut inquiry = self.inquiry;
        if inquiry.kind != InquiryKind::Ocsp {
            return inquiry;
        }
        let asked = self.request.map(|request| request.cert_ids);
        let asked = asked.unwrap_or_default();
        inquiry.certificates_left_out = asked.len().saturating_sub(CERTIFICATES_MAX);
        let asked = || asked.iter().take(CERTIFICATES_MAX);
        let answers = match statuses(response, asked()) {
            Ok(answers) => answers,
            Err(error) => {
                inquiry.refusal = OcspWord::of_refusal(&error);
                vec![None; asked().count()]
            }
        };
        let certificates = asked().zip(answers);
        inquiry.certificates = certificates
            .map(|(cert_id, answer)| {
                let serial = cert_id.serial().map(|serial| serial.to_string());
                CertificateInquiry::new(serial, answer)
            })
            .collect();
        inquiry
    }
}

impl CertificateInquiry {
    fn new(serial: Option<String>, answer: Option<RevocationStatus>) -> Self {
        let (answer, reason) = match answer {
            Some(RevocationStatus::Good) => (Some(OcspWord::Good), None),
            Some(RevocationStatus::NotIssued) => (Some(OcspWord::Unknown), None),
            Some(RevocationStatus::Revoked { reason, .. }) => (
                Some(OcspWord::Revoked),
                Some(RevocationReason::name(reason)),
            ),
            _ => (None, None),
        };
        Self {
            serial,
            answer,
            reason,
        }
    }
}

impl OcspWord {
    /// What a response says that answers nothing.
    fn of_refusal(error: &OcspError) -> Option<Self> {
        let OcspError::Refused(word) = error else {
            return None;
        };
        match *word {
            "malformedRequest" => Some(Self::MalformedRequest),
            "internalError" => Some(Self::InternalError),
            "tryLater" => Some(Self::TryLater),
            "sigRequired" => Some(Self::SigRequired),
            "unauthorized" => Some(Self::Unauthorized),
            _ => None,
        }
    }

    /// What it is called in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Revoked => "revoked",
            Self::Unknown => "unknown",
            Self::MalformedRequest => "malformed_request",
            Self::InternalError => "internal_error",
            Self::TryLater => "try_later",
            Self::SigRequired => "sig_required",
            Self::Unauthorized => "unauthorized",
        }
    }
}

impl InquiryKind {
    /// What it is called in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::RevocationList => "revocation_list",
            Self::Ocsp => "ocsp",
            Self::Certificate => "certificate",
            Self::TrustedList => "trusted_list",
        }
    }
}
