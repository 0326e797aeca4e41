//! The certificates that trusted certifiers have now: those with an office here are renewed.

use std::sync::{Arc, PoisonError, RwLock};

use super::Certifier;
use crate::pki::PublicOffices;

/// Trusted certifiers, each under the certificate that it has now.
#[derive(Debug)]
pub(super) struct CurrentCertifiers {
    known: RwLock<Arc<[Certifier]>>,
    renewed_by: Option<Renewals>,
}

/// Who renews them.
#[derive(Debug)]
struct Renewals {
    offices: PublicOffices,
    /// What its office is called, certifier by certifier; nothing if it has none here.
    ids: Vec<Option<String>>,
}

impl CurrentCertifiers {
    /// These certificates (DER), and what becomes of those that are of one of the offices.
    pub(super) fn new(certificates: &[Vec<u8>], offices: Option<PublicOffices>) -> Self {
        let certificates = certificates.iter();
        let known: Arc<[Certifier]> = certificates
            .filter_map(|der| Certifier::from_der(der))
            .collect();
        let renewed_by = offices.map(|offices| Renewals {
            ids: offices.with(|all| {
                let office_of = |certifier: &Certifier| {
                    let mut offices = all.iter();
                    offices.find(|it| it.certifier().is_owner_of(&certifier.certificate_der))
                };
                let offices = known.iter().map(office_of);
                offices.map(|it| it.map(|it| it.id().to_owned())).collect()
            }),
            offices,
        });
        Self {
            known: RwLock::new(known),
            renewed_by,
        }
    }

    /// All of them, as they are now.
    pub(super) fn now(&self) -> Arc<[Certifier]> {
        let known = Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner));
        let Some(current) = self.renewed_by.as_ref().and_then(|it| it.since(&known)) else {
            return known;
        };
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        *known = current;
        Arc::clone(&known)
    }
}

impl Renewals {
    /// The certifiers as they are now, if that is not how they were known.
    fn since(&self, known: &[Certifier]) -> Option<Arc<[Certifier]>> {
        self.offices.with(|offices| {
            let current = known.iter().zip(&self.ids).map(|(certifier, id)| {
                let office = id.as_deref().and_then(|id| offices.office(id).ok());
                let now = office.map(|office| office.certifier().certificate_der());
                (
                    certifier,
                    now.filter(|der| **der != *certifier.certificate_der),
                )
            });
            let current: Vec<_> = current.collect();
            let is_news = current.iter().any(|(_, renewed)| renewed.is_some());
            is_news.then(|| {
                let current = current.into_iter();
                current
                    .map(|(certifier, renewed)| {
                        let renewed = renewed.and_then(Certifier::from_der);
                        renewed.unwrap_or_else(|| certifier.clone())
                    })
                    .collect()
            })
        })
    }
}
