//! Where cards come from: those that are there from the start, and those that are ordered.

use cns_authority::{CardNumber, RevocationReason};
use cns_language::Language;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::card::{CardState, CardStep};
use super::certificate::CertificateState;
use super::credential::{Credential, CredentialState};
use super::dossier::{Chip, Dossier};
use super::effect::Effect;
use super::identity::Identified;
use super::person::Applicant;
use super::{Desk, rules};
use crate::audit::Matter;
use crate::refusal::Refusal;
use crate::role::Role;
use crate::text_form;
use crate::version::Version;

/// The number of an order.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct OrderId(pub u32);

/// A card that the desk is told of, as it is.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Enrolment {
    /// Its number.
    pub card: CardNumber,
    /// Whose it is.
    pub holder: Applicant,
    /// Whether it can hold a PIN.
    pub chip: Chip,
    /// The last day on which it is valid.
    pub expires: Date,
    /// Where it is in its life.
    pub state: CardState,
    /// What is known of its codes; those of a card that is over are dead.
    pub credential: CredentialState,
}

/// An order that no card came of yet.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Order {
    pub(super) holder: Applicant,
    #[serde(with = "text_form")]
    pub(super) replaces: CardNumber,
}

impl Desk {
    /// A card that is there from the start.
    ///
    /// # Errors
    /// `DESK-137`: there is one of this number.
    pub fn enrol(&mut self, enrolment: Enrolment, now: OffsetDateTime) -> Result<(), Refusal> {
        let card = enrolment.card;
        let matter = by_production(now, "enrol", card, enrolment.state.name());
        self.audited(matter, |desk| {
            rules::CARD_KNOWN.unless(!desk.dossiers.contains_key(&card))?;
            desk.dossiers.insert(card, Dossier::of(enrolment, now));
            Ok(())
        })
    }

    /// Orders a card in the place of one that is over, or that is handed in. What is handed in is over.
    ///
    /// # Errors
    /// `DESK-134`: not at a counter. `DESK-110`: the old card is not over and not handed in.
    /// `DESK-111`: one was ordered before.
    pub fn order_new_card(
        &mut self,
        who: &Identified,
        replaces: CardNumber,
        handed_in: Option<CardNumber>,
        now: OffsetDateTime,
    ) -> Result<(OrderId, Vec<Effect>), Refusal> {
        let matter = who.matter(now, "order-new-card", replaces, "in its place");
        self.audited(matter, |desk| {
            who.operator()?;
            desk.may_decide(who, replaces, now)?;
            let dossier = desk.dossier(replaces)?;
            rules::REQUEST_OPEN.unless(dossier.successor.is_none())?;
            let mut effects = Vec::new();
            if !dossier.card.is_over() {
                rules::OLD_CARD_KEPT.unless(handed_in == Some(replaces))?;
                let reason = RevocationReason::Superseded;
                effects = desk.step(who.office_id(), replaces, CardStep::Supersede, reason, now)?;
            }
            let order = desk.enter_order(replaces)?;
            let holder = desk.dossier(replaces)?.holder.codice_fiscale;
            // First the new card: if it cannot be made, the old one stays.
            let produce = Effect::ProduceCard {
                order,
                holder,
                replaces,
            };
            effects.insert(0, produce);
            Ok((order, effects))
        })
    }

    /// The card of an order is in production: it has a number and a certificate.
    ///
    /// # Errors
    /// `DESK-135`: there is no such order. `DESK-137`: there is a card of this number.
    pub fn card_produced(
        &mut self,
        order: OrderId,
        card: CardNumber,
        expires: Date,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        self.audited(
            by_production(now, CardStep::Produce.name(), card, "ordered"),
            |desk| {
                let open = desk.orders.get(&order);
                let Order { holder, replaces } =
                    open.ok_or_else(|| rules::UNKNOWN_REQUEST.refuse())?;
                rules::CARD_KNOWN.unless(!desk.dossiers.contains_key(&card))?;
                let old = desk.dossier(*replaces)?;
                let mut dossier = Dossier::of(
                    Enrolment {
                        card,
                        holder: holder.clone(),
                        chip: Chip::Present,
                        expires,
                        state: CardState::Requested,
                        credential: CredentialState::None,
                    },
                    now,
                );
                dossier.contact = old.contact.clone();
                dossier.language = old.language;
                dossier.take(CardStep::Produce, RevocationReason::Unspecified, now)?;
                desk.dossiers.insert(card, dossier);
                desk.orders.remove(&order);
                Ok(())
            },
        )
    }

    /// A card is in the post.
    ///
    /// # Errors
    /// `DESK-128`: it was not in production.
    pub fn card_shipped(&mut self, card: CardNumber, now: OffsetDateTime) -> Result<(), Refusal> {
        self.production_step(card, CardStep::Ship, now)
    }

    /// A card is in its holder's letter box.
    ///
    /// # Errors
    /// `DESK-128`: it was not in the post.
    pub fn card_delivered(&mut self, card: CardNumber, now: OffsetDateTime) -> Result<(), Refusal> {
        self.production_step(card, CardStep::Deliver, now)
    }

    fn production_step(
        &mut self,
        card: CardNumber,
        step: CardStep,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        self.audited(
            by_production(now, step.name(), card, "production"),
            |desk| {
                let dossier = desk.dossier_mut(card)?;
                dossier.take(step, RevocationReason::Unspecified, now)?;
                Ok(())
            },
        )
    }

    fn enter_order(&mut self, replaces: CardNumber) -> Result<OrderId, Refusal> {
        let order = OrderId(self.orders_ever);
        let dossier = self.dossier_mut(replaces)?;
        dossier.successor = Some(order);
        let holder = dossier.holder.clone();
        self.orders_ever += 1;
        self.orders.insert(order, Order { holder, replaces });
        Ok(order)
    }
}

impl Dossier {
    fn of(enrolment: Enrolment, now: OffsetDateTime) -> Self {
        let is_over = enrolment.state.is_over();
        let codes = if is_over {
            CredentialState::Dead
        } else {
            enrolment.credential
        };
        Self {
            number: enrolment.card,
            holder: enrolment.holder,
            chip: enrolment.chip,
            expires: enrolment.expires,
            card: enrolment.state,
            certificate: certificate_of(enrolment.state),
            credential: Credential::known(codes),
            suspended_since: (enrolment.state == CardState::Suspended).then_some(now),
            cip: None,
            contact: None,
            language: Language::default(),
            second_part: None,
            successor: None,
            version: Version::default(),
        }
    }
}

/// The certificate of a card that is there from the start.
fn certificate_of(card: CardState) -> CertificateState {
    match card {
        CardState::Requested => CertificateState::NotIssued,
        CardState::InProduction | CardState::Shipped | CardState::Delivered | CardState::Active => {
            CertificateState::Good
        }
        CardState::Suspended => CertificateState::OnHold,
        CardState::Revoked => CertificateState::Revoked(RevocationReason::Unspecified),
        CardState::Expired => CertificateState::Expired,
        CardState::Superseded => CertificateState::Revoked(RevocationReason::Superseded),
    }
}

fn by_production(at: OffsetDateTime, what: &'static str, card: CardNumber, why: &str) -> Matter {
    Matter {
        at,
        who: Role::System,
        what,
        card: Some(card),
        why: why.to_owned(),
    }
}
