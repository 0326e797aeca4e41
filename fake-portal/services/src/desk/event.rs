//! What is heard from outside: of cards, of the post, of the clock.

use cns_authority::{CardNumber, CodiceFiscale, RevocationReason};
use time::OffsetDateTime;

use super::Desk;
use super::card::CardStep;
use super::credential::{CredentialState, CredentialStep};
use super::dossier::Dossier;
use crate::audit::Matter;
use crate::outbox::{MessageState, Purpose, Report};
use crate::refusal::Refusal;
use crate::role::Role;

/// What somebody saw happen to a card. The desk never looks at the counters themselves: only the card
/// knows them.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum CardEvent {
    /// Its PIN was proven.
    PinProven,
    /// The last try for the PIN failed.
    PinBlocked,
    /// The PUK set a new PIN.
    PinUnblocked,
    /// The last try for the PUK failed.
    PukBlocked,
}

impl CardEvent {
    fn step(self) -> CredentialStep {
        match self {
            Self::PinProven => CredentialStep::Use,
            Self::PinBlocked => CredentialStep::BlockPin,
            Self::PinUnblocked => CredentialStep::Unblock,
            Self::PukBlocked => CredentialStep::BlockPuk,
        }
    }
}

impl Desk {
    /// Something happened to a card.
    ///
    /// # Errors
    /// `DESK-125` for a card that is not known, `DESK-130` for an event that cannot be: a PIN that was
    /// proven before there was one.
    pub fn card_event(
        &mut self,
        card: CardNumber,
        event: CardEvent,
        now: OffsetDateTime,
    ) -> Result<(), Refusal> {
        let step = event.step();
        let matter = heard(now, step.name(), Some(card), "heard of the card");
        self.audited(matter, |desk| {
            let dossier = desk.dossier_mut(card)?;
            dossier.credential = dossier.credential.after(step)?;
            Ok(())
        })
    }

    /// What the desk is to hear when this holder has logged in with a card, and so has proven its PIN.
    /// Nothing, if it knows that already, or does not know the card as theirs.
    pub fn news_of_login(&self, holder: CodiceFiscale, card: CardNumber) -> Option<CardEvent> {
        let theirs = |dossier: &&Dossier| dossier.holder.codice_fiscale == holder;
        let dossier = self.dossiers.get(&card).filter(theirs)?;
        match dossier.credential.state {
            // A PIN may be good where the PUK is not.
            CredentialState::InUse | CredentialState::PukBlocked | CredentialState::Dead => None,
            // Nobody proves a PIN that is blocked: the PUK has set a new one.
            CredentialState::PinBlocked => Some(CardEvent::PinUnblocked),
            CredentialState::None
            | CredentialState::FirstPartHanded
            | CredentialState::SecondPartQueued
            | CredentialState::SecondPartDelivered
            | CredentialState::SecondPartBounced => Some(CardEvent::PinProven),
        }
    }

    /// Something became of a message. Those that are not the second part of a card's present codes
    /// change nothing.
    ///
    /// # Errors
    /// `DESK-125`: the card is not known.
    pub fn post_report(&mut self, report: &Report, now: OffsetDateTime) -> Result<(), Refusal> {
        let what = match report.state {
            MessageState::Queued => "post-queued",
            MessageState::Delivered => "post-delivered",
            MessageState::Bounced => "post-bounced",
        };
        let matter = heard(now, what, report.card, report.purpose.name());
        self.audited(matter, |desk| match (report.card, report.purpose) {
            (Some(card), Purpose::SecondPart) => desk.second_part_report(card, report),
            _ => Ok(()),
        })
    }

    fn second_part_report(&mut self, card: CardNumber, report: &Report) -> Result<(), Refusal> {
        let dossier = self.dossier_mut(card)?;
        // The first that is heard of the message of a hand-over is that the post has it.
        if report.state == MessageState::Queued && dossier.second_part < Some(report.message) {
            dossier.second_part = Some(report.message);
        }
        if dossier.second_part != Some(report.message) || dossier.card.is_over() {
            return Ok(());
        }
        let step = match report.state {
            MessageState::Queued => CredentialStep::QueueSecondPart,
            MessageState::Delivered => CredentialStep::Deliver,
            MessageState::Bounced => CredentialStep::Bounce,
        };
        dossier.credential = dossier.credential.after(step)?;
        Ok(())
    }

    /// Time has passed: cards whose last day is over expire.
    pub fn pass(&mut self, now: OffsetDateTime) {
        let cards: Vec<CardNumber> = self.dossiers.keys().copied().collect();
        for card in cards {
            self.expire_if_due(card, now);
        }
    }

    pub(super) fn expire_if_due(&mut self, card: CardNumber, now: OffsetDateTime) {
        let Some(dossier) = self.dossiers.get_mut(&card) else {
            return;
        };
        if !dossier.is_past_its_date(now) {
            return;
        }
        // A card that has not come to its holder yet does not expire: it is never used.
        if dossier
            .take(CardStep::Expire, RevocationReason::Unspecified, now)
            .is_ok()
        {
            dossier.version.advance();
            let matter = heard(
                now,
                CardStep::Expire.name(),
                Some(card),
                "its last day is over",
            );
            self.audit.append(matter, None);
        }
    }
}

fn heard(at: OffsetDateTime, what: &'static str, card: Option<CardNumber>, why: &str) -> Matter {
    Matter {
        at,
        who: Role::System,
        what,
        card,
        why: why.to_owned(),
    }
}
