//! The desk as it is stored. Who was identified is known for half an hour and is a witness that only the
//! identifications make: it is not stored, and so neither are open requests, which are given up when a desk
//! is read, nor one-time codes that were sent and not used.

mod check;

use std::collections::BTreeMap;

use cns_authority::{CardNumber, CodiceFiscale};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::certificate::CertificateState;
use super::contact::Contact;
use super::credential::CredentialStep;
use super::dossier::Dossier;
use super::production::{Order, OrderId};
use super::request::RequestId;
use super::{Desk, Policy};
use crate::audit::{AuditEntry, AuditHead, AuditLog, Matter};
use crate::outbox::MessageId;
use crate::role::Role;
use crate::text_form;

/// What is stored of a desk.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StoredDesk {
    policy: Policy,
    dossiers: Vec<Dossier>,
    requests_ever: u32,
    orders: BTreeMap<OrderId, Order>,
    orders_ever: u32,
    address_book: Vec<Known>,
    audit: StoredLog,
}

/// A contact that is known to be somebody's.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Known {
    #[serde(with = "text_form")]
    contact: Contact,
    #[serde(with = "text_form")]
    owner: CodiceFiscale,
}

/// The log without its hashes, which follow from its entries; the head holds them together.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct StoredLog {
    entries: Vec<AuditEntry>,
    head: AuditHead,
}

impl Desk {
    pub(crate) fn stored(&self) -> StoredDesk {
        let known = self.address_book.iter();
        let known = known.map(|(contact, owner)| Known {
            contact: contact.clone(),
            owner: *owner,
        });
        StoredDesk {
            policy: self.policy,
            dossiers: self.dossiers.values().cloned().collect(),
            requests_ever: self.requests_ever,
            orders: self.orders.clone(),
            orders_ever: self.orders_ever,
            address_book: known.collect(),
            audit: StoredLog {
                entries: self.audit.entries().to_vec(),
                head: self.audit.head().clone(),
            },
        }
    }

    /// The desk as it was, but for the requests that were open.
    ///
    /// # Errors
    /// Where something is wrong, and what.
    pub(crate) fn of_stored(
        stored: StoredDesk,
        now: OffsetDateTime,
    ) -> Result<Self, (String, String)> {
        check::check(&stored)?;
        let StoredLog { entries, head } = stored.audit;
        let audit = AuditLog::of_entries(entries, &head)
            .map_err(|fault| ("audit".to_owned(), fault.to_string()))?;
        let dossiers = stored.dossiers.into_iter();
        let known = stored.address_book.into_iter();
        let mut desk = Self {
            policy: stored.policy,
            dossiers: dossiers.map(|dossier| (dossier.number, dossier)).collect(),
            requests: BTreeMap::new(),
            requests_ever: stored.requests_ever,
            orders: stored.orders,
            orders_ever: stored.orders_ever,
            codes: BTreeMap::new(),
            address_book: known.map(|known| (known.contact, known.owner)).collect(),
            audit,
        };
        desk.give_requests_up(now);
        Ok(desk)
    }

    /// All cards that the desk knows: whose each is, and how its certificate stands.
    pub fn certificates(
        &self,
    ) -> impl Iterator<Item = (CardNumber, CodiceFiscale, CertificateState)> {
        self.dossiers.values().map(|dossier| {
            let holder = dossier.holder.codice_fiscale;
            (dossier.number, holder, dossier.certificate)
        })
    }

    /// The message with the second part of each card's present codes.
    pub(crate) fn second_parts(&self) -> impl Iterator<Item = (CardNumber, MessageId)> {
        let dossiers = self.dossiers.values();
        dossiers.filter_map(|dossier| Some((dossier.number, dossier.second_part?)))
    }

    fn give_requests_up(&mut self, now: OffsetDateTime) {
        let open: Vec<(CardNumber, RequestId)> = self
            .dossiers
            .values()
            .filter_map(|dossier| Some((dossier.number, dossier.credential.request?)))
            .collect();
        for (card, request) in open {
            let matter = Matter {
                at: now,
                who: Role::System,
                what: "withdraw",
                card: Some(card),
                why: format!("request {}, which does not outlive a restart", request.0),
            };
            // Nothing forbids to give up what is open: what a refusal would leave is a request of nobody.
            let _ = self.audited(matter, |desk| {
                let dossier = desk.dossier_mut(card)?;
                dossier.credential = dossier.credential.after(CredentialStep::Withdraw)?;
                Ok(())
            });
        }
    }
}
