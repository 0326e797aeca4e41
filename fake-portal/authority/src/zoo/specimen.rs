//! An animal that was made.

use crate::certifier::{CertificationAuthority, ServerCredential};

/// An animal that was made: all that client, certifier and portal need to act it.
pub struct Specimen {
    /// The card's certificate, DER.
    pub certificate_der: Vec<u8>,
    /// Which key the client proves possession of.
    pub key: HeldKey,
    /// The certificates that the client sends, DER, in their order.
    pub sent: Vec<Vec<u8>>,
    /// The certificate of who is said to have issued the card's, DER.
    pub certifier_der: Vec<u8>,
    /// What is at the address of the revocation list.
    pub revocation_list: Option<Answer>,
    /// What the OCSP responder was asked, and what it answers.
    pub ocsp: Option<OcspExchange>,
    /// The trusted list, XML.
    pub trusted_list: Option<Vec<u8>>,
    /// The certificate, DER, of who must have signed it.
    pub publisher_der: Option<Vec<u8>>,
    /// What the portal itself proves its name with.
    pub server: Option<ServerCredential>,
}

/// A key of the client's.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum HeldKey {
    /// The card's, [`Habitat::card_key_der`](super::Habitat::card_key_der).
    Card,
    /// The one of 1024 bits, [`Habitat::short_key_der`](super::Habitat::short_key_der).
    Short,
}

/// A question to an OCSP responder, and what comes back.
pub struct OcspExchange {
    /// The body of the POST, DER.
    pub request: Vec<u8>,
    /// What comes back.
    pub answer: Answer,
}

/// What a certifier's web server answers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Answer {
    /// This response.
    Http {
        /// The status of HTTP.
        status: u16,
        /// What the server says that the body is.
        content_type: &'static str,
        /// What it is.
        body: Vec<u8>,
    },
    /// It takes the connection and the request, and says nothing.
    Silence,
}

impl Specimen {
    /// A client that shows this certificate, and certifiers that are in order.
    pub(super) fn of(certificate_der: Vec<u8>, certifier: &CertificationAuthority) -> Self {
        Self {
            sent: vec![certificate_der.clone()],
            certificate_der,
            key: HeldKey::Card,
            certifier_der: certifier.certificate_der().to_vec(),
            revocation_list: None,
            ocsp: None,
            trusted_list: None,
            publisher_der: None,
            server: None,
        }
    }
}

impl Answer {
    /// The body, if there is an answer at all.
    pub fn body(&self) -> Option<&[u8]> {
        match self {
            Self::Http { body, .. } => Some(body),
            Self::Silence => None,
        }
    }

    /// A page for people where a program expects something else.
    pub(super) fn page(status: u16, text: &str) -> Self {
        let body = format!("<!DOCTYPE html>\n<title>{text}</title>\n<p>{text}\n");
        Self::Http {
            status,
            content_type: "text/html",
            body: body.into_bytes(),
        }
    }
}
