//! The certifiers' offices behind the `pki` listener: revocation lists, OCSP, certifiers' certificates.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use cns_authority::Offices;

use crate::clock::Clock;
use crate::documents::{Document, DocumentRequest, Documents};

/// The offices of all certifiers, and what they publish:
///
/// ```text
/// /crl/ID.crl     the revocation list (RFC 2585 §4.2)
/// /ocsp/ID        the OCSP responder, POST, and GET of /ocsp/ID/BASE64 (RFC 6960 appendix A.1)
/// /ca/ID.cer      the certifier's certificate (RFC 5280 §4.2.2.1, caIssuers)
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

    /// Does something in the offices, while nobody else does: issues, holds, takes a snapshot.
    pub fn with<T>(&self, work: impl FnOnce(&mut Offices) -> T) -> T {
        work(&mut self.offices.lock().unwrap_or_else(PoisonError::into_inner))
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
        let (kind, rest) = request.path.strip_prefix('/')?.split_once('/')?;
        let now = self.clock.now();
        let (content_type, content) = match (kind, request.posted) {
            ("crl", None) => {
                let id = rest.strip_suffix(".crl")?;
                let list = self.with(|offices| {
                    let office = offices.office_mut(id).ok()?;
                    office.revocation_list(now).ok()
                })?;
                ("application/pkix-crl", list.der.to_vec())
            }
            ("ca", None) => {
                let id = rest.strip_suffix(".cer")?;
                let certificate = self.with(|offices| {
                    let office = offices.office(id).ok()?;
                    Some(office.certifier().certificate_der().to_vec())
                })?;
                ("application/pkix-cert", certificate)
            }
            ("ocsp", Some(posted)) => {
                let answer =
                    self.with(|offices| Some(offices.office(rest).ok()?.answer(posted, now)))?;
                ("application/ocsp-response", answer)
            }
            ("ocsp", None) => {
                let (id, path) = rest.split_once('/')?;
                let answer =
                    self.with(|offices| Some(offices.office(id).ok()?.answer_path(path, now)))?;
                ("application/ocsp-response", answer)
            }
            _ => return None,
        };
        Some(Document {
            content_type,
            content,
        })
    }
}
