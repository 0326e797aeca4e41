//! The certifiers' offices behind the `pki` listener: revocation lists, OCSP, certifiers' certificates,
//! the trusted list.

mod address;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use cns_authority::Offices;
use cns_authority::ocsp::{OcspRefusal, OcspRequest};
use time::OffsetDateTime;
use tracing::warn;

use crate::clock::Clock;
use crate::documents::{Document, DocumentRequest, Documents, Freshness};

pub(crate) use address::Address;

/// The offices of all certifiers, and what they publish:
///
/// ```text
/// /crl/ID.crl     the revocation list (RFC 2585 §4.2)
/// /ocsp/ID        the OCSP responder, POST, and GET of /ocsp/ID/BASE64 (RFC 6960 appendix A.1)
/// /ca/ID.cer      the certifier's certificate (RFC 5280 §4.2.2.1, caIssuers)
/// /tsl/TSL-IT.xml the trusted list (ETSI TS 119 612 §6.1)
/// ```
///
/// Clones share the offices, so that they can be worked in while the portal runs.
#[derive(Clone)]
pub struct PublicOffices {
    offices: Arc<Mutex<Offices>>,
    clock: Arc<dyn Clock>,
}

impl PublicOffices {
    /// Opens these offices to the public.
    pub fn open(offices: Offices, clock: Arc<dyn Clock>) -> Self {
        Self {
            offices: Arc::new(Mutex::new(offices)),
            clock,
        }
    }

    /// Does something in the offices, while nobody else does: issues, holds, takes a snapshot. Whoever
    /// comes finds certifiers that are renewed, if their ends are near.
    pub fn with<T>(&self, work: impl FnOnce(&mut Offices) -> T) -> T {
        let mut offices = self.offices.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = offices.keep_current(self.clock.now()) {
            warn!(%error, "a certifier is not renewed");
        }
        work(&mut offices)
    }
}

impl fmt::Debug for PublicOffices {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PublicOffices")
            .finish_non_exhaustive()
    }
}

impl Documents for PublicOffices {
    fn answer(&self, request: &DocumentRequest<'_>) -> Option<Document> {
        let now = self.clock.now();
        match Address::of(request.path, request.posted.is_some())? {
            Address::TrustedList => self.trusted_list(now),
            Address::RevocationList { certifier } => self.revocation_list(certifier, now),
            Address::Certificate { certifier } => self.certificate(certifier),
            Address::Responder { certifier } => self.posted(certifier, request.posted?, now),
            Address::ResponderByGet { certifier, request } => self.fetched(certifier, request, now),
        }
    }
}

impl PublicOffices {
    fn trusted_list(&self, now: OffsetDateTime) -> Option<Document> {
        let xml = self.with(|offices| offices.trusted_list(now).ok())?;
        Some(Document::new("application/vnd.etsi.tsl+xml", &*xml))
    }

    fn revocation_list(&self, id: &str, now: OffsetDateTime) -> Option<Document> {
        let list = self.with(|offices| {
            let office = offices.office_mut(id).ok()?;
            office.revocation_list(now).ok()
        })?;
        let document = Document::new("application/pkix-crl", &*list.der);
        Some(document.fresh(Freshness {
            last_modified: list.this_update,
            expires: list.next_update,
            now,
        }))
    }

    fn certificate(&self, id: &str) -> Option<Document> {
        self.with(|offices| {
            let certificate = offices.office(id).ok()?.certifier().certificate_der();
            Some(Document::new("application/pkix-cert", certificate))
        })
    }

    fn posted(&self, id: &str, request: &[u8], now: OffsetDateTime) -> Option<Document> {
        let answer = self.with(|offices| Some(offices.office(id).ok()?.answer(request, now)))?;
        Some(Document::new(OCSP_RESPONSE, answer))
    }

    /// What was asked by GET may be kept on the way, unless it is the answer to one client's nonce.
    fn fetched(&self, id: &str, path: &str, now: OffsetDateTime) -> Option<Document> {
        let request = OcspRequest::parse_path(path);
        self.with(|offices| {
            let office = offices.office(id).ok()?;
            let Ok(request) = &request else {
                let refusal = OcspRefusal::MalformedRequest.to_der();
                return Some(Document::new(OCSP_RESPONSE, refusal));
            };
            let document = Document::new(OCSP_RESPONSE, office.answer_to(request, now));
            Some(match request.nonce {
                Some(_) => document,
                None => document.fresh(Freshness {
                    last_modified: now,
                    expires: now.saturating_add(office.terms().answer_lifetime),
                    now,
                }),
            })
        })
    }
}

const OCSP_RESPONSE: &str = "application/ocsp-response";
