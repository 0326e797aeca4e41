//! All that the desk knows of one card: three lives that are one.

use cns_authority::{CardNumber, RevocationReason};
use cns_language::Language;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::card::{CardState, CardStep};
use super::certificate::{CertificateState, CertificateStep};
use super::contact::Contact;
use super::credential::{Credential, CredentialStep};
use super::effect::{CertificateChange, Effect};
use super::person::Applicant;
use super::production::OrderId;
use super::verifier::Verifier;
use crate::italian_time::in_italy;
use crate::outbox::MessageId;
use crate::refusal::Refusal;
use crate::text_form::{self, iso_date, language_tag};
use crate::version::Version;

/// Whether a card can hold a PIN: in 2022 and 2023 cards without a chip went out.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Chip {
    /// As usual.
    Present,
    /// A health card only.
    Absent,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dossier {
    #[serde(with = "text_form")]
    pub(super) number: CardNumber,
    pub(super) holder: Applicant,
    pub(super) chip: Chip,
    /// The last day on which it is valid.
    #[serde(with = "iso_date")]
    pub(super) expires: Date,
    pub(super) card: CardState,
    pub(super) certificate: CertificateState,
    pub(super) credential: Credential,
    #[serde(with = "time::serde::rfc3339::option")]
    pub(super) suspended_since: Option<OffsetDateTime>,
    pub(super) cip: Option<Verifier>,
    #[serde(with = "text_form::option")]
    pub(super) contact: Option<Contact>,
    #[serde(with = "language_tag")]
    pub(super) language: Language,
    /// The message with the second part of the present codes.
    pub(super) second_part: Option<MessageId>,
    pub(super) successor: Option<OrderId>,
    /// Counted by [`super::Desk`], whatever it was that changed.
    #[serde(default)]
    pub(super) version: Version,
}

impl Dossier {
    /// A step of the card, with those of the certificate and the credential that go with it: all of
    /// them, or none.
    pub(super) fn take(
        &mut self,
        step: CardStep,
        reason: RevocationReason,
        now: OffsetDateTime,
    ) -> Result<Option<Effect>, Refusal> {
        let card = self.card.after(step)?;
        let certificate_step = CertificateStep::with(step, reason);
        let certificate = match certificate_step {
            Some(step) => self.certificate.after(step)?,
            None => self.certificate,
        };
        let credential = if card.is_over() {
            self.credential.after(CredentialStep::Kill)?
        } else {
            self.credential
        };
        (self.card, self.certificate, self.credential) = (card, certificate, credential);
        self.suspended_since = (card == CardState::Suspended).then_some(now);
        let change = certificate_step.and_then(change_to_order);
        Ok(change.map(|change| Effect::SetCertificateStatus {
            card: self.number,
            change,
        }))
    }

    pub(super) fn is_past_its_date(&self, now: OffsetDateTime) -> bool {
        self.expires < in_italy(now).date()
    }

    /// What is sent to the contact of the codes; without one, a sheet at the counter says it.
    pub(super) fn contact_or_counter(&self, office: &str) -> Contact {
        let contact = self.contact.clone();
        contact.unwrap_or_else(|| Contact::counter(office))
    }
}

/// Issuing and expiring need no order: the certifier issues with the card, and the date speaks for
/// itself.
fn change_to_order(step: CertificateStep) -> Option<CertificateChange> {
    match step {
        CertificateStep::Hold => Some(CertificateChange::Hold),
        CertificateStep::Release => Some(CertificateChange::Release),
        CertificateStep::Revoke(reason) => Some(CertificateChange::Revoke(reason)),
        CertificateStep::Issue | CertificateStep::Expire => None,
    }
}
