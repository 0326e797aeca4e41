//! Lost, found, stolen, blocked: what becomes of a card that somebody has.

use cns_authority::{CardNumber, CodiceFiscale, RevocationReason};
use cns_language::{Phrase, Text, text};
use time::OffsetDateTime;

use super::card::CardStep;
use super::cause::{Cause, OfficeCause, Revocation};
use super::credential::CredentialState;
use super::effect::Effect;
use super::identity::{Identified, Means};
use super::office::Office;
use super::person::Operator;
use super::{Desk, rules};
use crate::audit::Matter;
use crate::outbox::{Content, Message};
use crate::refusal::Refusal;
use crate::role::Role;

impl Desk {
    /// Puts a card on hold: at a counter, online, or on the phone with its CIP.
    ///
    /// # Errors
    /// `DESK-131`: who asks does not act for the holder. `DESK-128`: the card is not active.
    pub fn suspend(
        &mut self,
        who: &Identified,
        card: CardNumber,
        cause: Cause,
        now: OffsetDateTime,
    ) -> Result<Vec<Effect>, Refusal> {
        let matter = who.matter(now, CardStep::Suspend.name(), card, cause.name());
        self.audited(matter, |desk| {
            desk.may_decide(who, card, now)?;
            desk.step(
                who.office_id(),
                card,
                CardStep::Suspend,
                cause.reason(),
                now,
            )
        })
    }

    /// Takes a card off hold: at a counter only, where the card is seen.
    ///
    /// # Errors
    /// `DESK-134`: not at a counter. `DESK-114`: it has been on hold too long. `DESK-128`: it is not on
    /// hold.
    pub fn reactivate(
        &mut self,
        who: &Identified,
        card: CardNumber,
        now: OffsetDateTime,
    ) -> Result<Vec<Effect>, Refusal> {
        let matter = who.matter(now, CardStep::Reactivate.name(), card, "found again");
        self.audited(matter, |desk| {
            who.operator()?;
            desk.may_decide(who, card, now)?;
            let suspended = desk.dossier(card)?.suspended_since;
            let days_max = desk.policy.suspension_max.whole_days();
            if suspended.is_some_and(|since| desk.policy.suspension_max < now - since) {
                let days = days_max.to_string();
                return Err(rules::SUSPENDED_TOO_LONG.about(days));
            }
            let reason = RevocationReason::Unspecified;
            desk.step(who.office_id(), card, CardStep::Reactivate, reason, now)
        })
    }

    /// Revokes a card for ever: at a counter only.
    ///
    /// # Errors
    /// `DESK-134`: not at a counter. `DESK-119`: a declaration is missing. `DESK-116`: a second operator
    /// is missing. `DESK-128`: the card is over already, or not made yet.
    pub fn revoke(
        &mut self,
        who: &Identified,
        revocation: &Revocation,
        second: Option<&Operator>,
        now: OffsetDateTime,
    ) -> Result<Vec<Effect>, Refusal> {
        let Revocation { card, cause, .. } = *revocation;
        let declared = revocation.declared();
        let why = format!("{}, {declared}", cause.name());
        let matter = who.matter(now, CardStep::Revoke.name(), card, &why);
        self.audited(matter, |desk| {
            let operator = who.operator()?;
            desk.may_decide(who, card, now)?;
            desk.approved(operator, second, desk.dossier(card)?.holder.codice_fiscale)?;
            let needs = matches!(cause, Cause::Loss | Cause::Theft);
            rules::NO_DECLARATION.unless(!needs || revocation.declaration.is_some())?;
            desk.step(who.office_id(), card, CardStep::Revoke, cause.reason(), now)
        })
    }

    /// An office revokes a card of its own accord.
    ///
    /// # Errors
    /// `DESK-115`: it is closed. `DESK-113`: the card is the operator's own. `DESK-116`: a second
    /// operator is missing. `DESK-128`: the card is over already, or not made yet.
    pub fn revoke_by_office(
        &mut self,
        (operator, office): (&Operator, &'static Office),
        card: CardNumber,
        cause: OfficeCause,
        second: Option<&Operator>,
        now: OffsetDateTime,
    ) -> Result<Vec<Effect>, Refusal> {
        let matter = Matter {
            at: now,
            who: Role::Operator(operator.codice_fiscale),
            what: CardStep::Revoke.name(),
            card: Some(card),
            why: format!("{}, by {}", cause.name(), office.id),
        };
        self.audited(matter, |desk| {
            office.must_be_open(now)?;
            let holder: CodiceFiscale = desk.dossier(card)?.holder.codice_fiscale;
            rules::OPERATOR_IS_HOLDER.unless(operator.codice_fiscale != holder)?;
            desk.approved(operator, second, holder)?;
            desk.step(office.id, card, CardStep::Revoke, cause.reason(), now)
        })
    }

    /// What to do about a blocked PIN.
    ///
    /// # Errors
    /// `DESK-127`: nothing is known to be blocked. `DESK-133`: the PUK is blocked, a new card is needed.
    pub fn help_with_blocked_pin(
        &mut self,
        who: &Identified,
        card: CardNumber,
        now: OffsetDateTime,
    ) -> Result<Phrase, Refusal> {
        let matter = who.matter(now, "help-with-blocked-pin", card, "asked what to do");
        self.audited(matter, |desk| {
            desk.may_decide(who, card, now)?;
            match desk.dossier(card)?.credential.state {
                CredentialState::PinBlocked => Ok(USE_THE_PUK.into()),
                CredentialState::PukBlocked => Err(rules::PUK_BLOCKED.refuse()),
                _ => Err(rules::NOTHING_BLOCKED.refuse()),
            }
        })
    }

    /// The holder or who represents the holder, identified for this card and not too long ago.
    pub(super) fn may_decide(
        &self,
        who: &Identified,
        card: CardNumber,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        self.fresh(who, now)?;
        let dossier = self.dossier(card)?;
        who.not_the_operators_own(dossier.holder.codice_fiscale)?;
        match who.means() {
            Means::Cip { card: known_by } => rules::CIP_WRONG.unless(*known_by == card),
            Means::Counter { .. } | Means::OneTimeCode | Means::Spid => {
                who.acts_for(&dossier.holder, now)
            }
        }
    }

    /// A step of a card, and the notice of it to its holder.
    pub(super) fn step(
        &mut self,
        office: &str,
        card: CardNumber,
        step: CardStep,
        reason: RevocationReason,
        now: OffsetDateTime,
    ) -> Result<Vec<Effect>, Refusal> {
        let dossier = self.dossier_mut(card)?;
        let order = dossier.take(step, reason, now)?;
        let notice = notice_of(step).map(|sentence| {
            Effect::Send(Message {
                to: dossier.contact_or_counter(office),
                card: Some(card),
                language: dossier.language,
                content: Content::Notice(Phrase::from(sentence).with(card.to_string())),
            })
        });
        if dossier.card.is_over() {
            self.requests.retain(|_, request| request.form.card != card);
        }
        Ok(order.into_iter().chain(notice).collect())
    }
}

const USE_THE_PUK: Text = text(
    "Il PIN è bloccato: con il PUK di 8 cifre e il software della carta se ne imposta uno nuovo. Dopo troppi PUK errati la carta è bloccata per sempre.",
    "The PIN is blocked: set a new one with the PUK of 8 digits and the card's software. After too many wrong PUKs the card is blocked for ever.",
    "Die PIN ist gesperrt: mit dem achtstelligen PUK und der Software der Karte lässt sich eine neue setzen. Nach zu vielen falschen PUKs ist die Karte endgültig gesperrt.",
);

fn notice_of(step: CardStep) -> Option<Text> {
    match step {
        CardStep::Suspend => Some(text(
            "La carta {0} è sospesa. Si riattiva allo sportello.",
            "Card {0} is suspended. It is reactivated at a desk.",
            "Die Karte {0} ist vorläufig gesperrt. Am Schalter wird sie wieder freigegeben.",
        )),
        CardStep::Reactivate => Some(text(
            "La carta {0} è di nuovo attiva.",
            "Card {0} is active again.",
            "Die Karte {0} ist wieder aktiv.",
        )),
        CardStep::Revoke => Some(text(
            "La carta {0} è revocata per sempre.",
            "Card {0} is revoked for ever.",
            "Die Karte {0} ist endgültig widerrufen.",
        )),
        CardStep::Supersede => Some(text(
            "La carta {0} è sostituita da una nuova.",
            "Card {0} is replaced by a new one.",
            "Die Karte {0} wird durch eine neue ersetzt.",
        )),
        CardStep::Produce
        | CardStep::Ship
        | CardStep::Deliver
        | CardStep::Activate
        | CardStep::Expire => None,
    }
}
