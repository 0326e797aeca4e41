//! The credential desk: how PIN and PUK come to the holder of a card, and what becomes of both.
//!
//! ```text
//!  who stands there          what is asked                what goes out
//! ┌───────────────────┐    ┌─────────────────────┐    ┌────────────────────────┐
//! │ identify_at_...   │    │ take_form           │    │ Effect                 │
//! │ identify_by_...   ├───►│ hand_over           ├───►│   PersonaliseCard      │
//! │                   │    │ suspend, revoke ... │    │   ShowFirstPart        │
//! │      Identified   │    │                     │    │   SetCertificateStatus │
//! └───────────────────┘    └──────────┬──────────┘    │   Send ...             │
//!                                     ▼               └────────────────────────┘
//!  card_event, post_report ──► card, certificate, credential: one Dossier a card
//! ```
//!
//! Nothing is asked without an [`Identified`], which only the identifications make. Whoever calls executes
//! the effects, in their order, and tells what was heard of cards and of the post. A refusal has changed
//! nothing but the audit log, and the tries left of a code that was wrong.

mod card;
mod cause;
mod certificate;
mod contact;
mod credential;
mod dossier;
mod effect;
mod entitlement;
mod event;
mod form;
mod handover;
mod identity;
mod life;
mod office;
mod person;
mod production;
mod request;
pub mod rules;
mod secrets;
mod stored;
mod take_back;
mod verifier;
mod view;

use std::collections::BTreeMap;

use cns_authority::{CardNumber, CodiceFiscale};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::audit::{AuditLog, Matter};
use crate::refusal::Refusal;
use crate::role::Role;

pub use card::{CardState, CardStep};
pub use cause::{Cause, Declaration, OfficeCause, Revocation};
pub use certificate::{CertificateState, CertificateStep};
pub use contact::{Channel, Contact};
pub use credential::{Credential, CredentialState, CredentialStep};
pub use dossier::Chip;
use dossier::Dossier;
pub use effect::{CertificateChange, Effect, Slip};
pub use event::CardEvent;
pub use form::{CourtPaper, Form, FormKind, Impediment, Kinship, Papers, SignedForm};
use identity::PendingCode;
pub use identity::{Identified, Means, SpidLevel};
pub use office::{OFFICES, Office, OfficeKind, Opening};
pub use person::{Applicant, Document, DocumentKind, Operator, SignIn};
use production::Order;
pub use production::{Enrolment, OrderId};
use request::Request;
pub use request::RequestId;
pub use secrets::{CardSecrets, Cip, FirstPart, OneTimeCode, PIN_LENGTH, PUK_LENGTH, SecondPart};
pub(crate) use stored::StoredDesk;
pub use take_back::Before;
pub use view::{DossierView, RequestView};

/// The desk with all that it knows. Digits of PINs and PUKs are not among it.
#[derive(Clone, Debug)]
pub struct Desk {
    policy: Policy,
    dossiers: BTreeMap<CardNumber, Dossier>,
    requests: BTreeMap<RequestId, Request>,
    requests_ever: u32,
    orders: BTreeMap<OrderId, Order>,
    orders_ever: u32,
    codes: BTreeMap<CodiceFiscale, PendingCode>,
    address_book: BTreeMap<Contact, CodiceFiscale>,
    audit: AuditLog,
}

/// What may differ from desk to desk.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// How long a one-time code is good.
    pub one_time_code_lifetime: Duration,
    /// How long after an identification something may be asked for with it.
    pub identification_lifetime: Duration,
    /// How long a card may be suspended and still come back.
    pub suspension_max: Duration,
    /// Who must agree to a hand-over or revocation at a counter.
    pub approval: Approval,
}

/// Who must agree to what lasts.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Approval {
    /// The operator at the counter.
    OneOperator,
    /// A second operator as well.
    TwoOperators,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            one_time_code_lifetime: Duration::minutes(5),
            identification_lifetime: Duration::minutes(30),
            suspension_max: Duration::days(30),
            approval: Approval::OneOperator,
        }
    }
}

impl Desk {
    /// A desk that knows no card.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            dossiers: BTreeMap::new(),
            requests: BTreeMap::new(),
            requests_ever: 0,
            orders: BTreeMap::new(),
            orders_ever: 0,
            codes: BTreeMap::new(),
            address_book: BTreeMap::new(),
            audit: AuditLog::default(),
        }
    }

    /// Grows with every change: whatever changes is in the log.
    pub fn revision(&self) -> u64 {
        self.audit.head().entries
    }

    /// What differs here from other desks.
    pub fn policy(&self) -> Policy {
        self.policy
    }

    /// What was done and refused, for who may read it.
    ///
    /// # Errors
    /// `DESK-124`: only auditors and tests.
    pub fn audit(&self, reader: Role) -> Result<&AuditLog, Refusal> {
        let may_read = matches!(reader, Role::Auditor(_) | Role::Tester);
        rules::NOT_FOR_THIS_ROLE.unless(may_read)?;
        Ok(&self.audit)
    }

    /// A contact is known to be somebody's: nobody else's second part is ever sent there, and a one-time
    /// code only to this person.
    ///
    /// # Errors
    /// `DESK-118`: it is somebody else's.
    pub fn register_contact(
        &mut self,
        contact: Contact,
        owner: CodiceFiscale,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        let matter = Matter {
            at: now,
            who: Role::System,
            what: "register-contact",
            card: None,
            why: format!("{} of {owner}", contact.masked()),
        };
        self.audited(matter, |desk| {
            let known = desk.address_book.get(&contact);
            rules::CONTACT_OF_SOMEBODY_ELSE.unless(known.is_none_or(|known| *known == owner))?;
            desk.address_book.insert(contact, owner);
            Ok(())
        })
    }

    /// Everything goes through here, so that everything is in the log, done or refused.
    fn audited<T>(
        &mut self,
        matter: Matter,
        work: impl FnOnce(&mut Self) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        if let Some(card) = matter.card {
            self.expire_if_due(card, matter.at);
        }
        let before = matter.card.and_then(|card| self.dossiers.get(&card));
        let before = before.cloned();
        let result = work(self);
        if let (Some(before), Ok(_)) = (before, &result) {
            self.count_change(&before);
        }
        self.audit.append(matter, result.as_ref().err());
        result
    }

    /// A dossier that has changed is another version, which a form that shows the old one does not know.
    fn count_change(&mut self, before: &Dossier) {
        if let Some(dossier) = self.dossiers.get_mut(&before.number)
            && dossier != before
        {
            dossier.version.advance();
        }
    }

    fn dossier(&self, card: CardNumber) -> Result<&Dossier, Refusal> {
        self.dossiers
            .get(&card)
            .ok_or_else(|| rules::UNKNOWN_CARD.refuse())
    }

    fn dossier_mut(&mut self, card: CardNumber) -> Result<&mut Dossier, Refusal> {
        self.dossiers
            .get_mut(&card)
            .ok_or_else(|| rules::UNKNOWN_CARD.refuse())
    }

    /// With two operators, there is a second one, who is neither the first nor the holder.
    fn approved(
        &self,
        first: &Operator,
        second: Option<&Operator>,
        holder: CodiceFiscale,
    ) -> Result<(), Refusal> {
        let is_another = second.is_some_and(|second| {
            second.codice_fiscale != first.codice_fiscale && second.codice_fiscale != holder
        });
        rules::SECOND_OPERATOR_MISSING
            .unless(self.policy.approval == Approval::OneOperator || is_another)
    }

    fn fresh(&self, identified: &Identified, now: OffsetDateTime) -> Result<(), Refusal> {
        let lifetime = self.policy.identification_lifetime;
        if identified.at() <= now && now - identified.at() <= lifetime {
            return Ok(());
        }
        let minutes = lifetime.whole_minutes().to_string();
        Err(rules::IDENTIFIED_TOO_LONG_AGO.about(minutes))
    }
}
