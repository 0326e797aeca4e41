//! The town behind a workbench's portal: its desk knows the card in the reader, and what it decides happens
//! to that card.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cns_authority::CardNumber;
use cns_card::CardImage;
use cns_fixtures::Citizen;
use cns_portal::town::WorkshopError;
use cns_portal::{PublicOffices, VirtualClock};
use cns_reader::Slot;

use super::error::WorkbenchError;
use super::witness::{Record, Witness};
use super::{HOME, Setup};
use crate::card_workshop::{CardDrawer, CardWorkshop, CardsAtHand};
use crate::target::OwnCard;
use crate::town::{FoundedTown, Founding};

/// A town, and all of its cards.
pub(super) struct TownOfTheCard {
    pub(super) founded: FoundedTown,
    cards: CardsAtHand,
}

/// The reader of the workbench, in which a card of this holder is.
pub(super) struct Reader {
    /// What the holder's cards are called by, alone or with a number behind it.
    holder: String,
    slot: Slot,
    record: Record,
}

/// All cards of a town, one of which is in a reader.
struct Drawer {
    cards: CardsAtHand,
    reader: Reader,
    /// The cards of the reader's user.
    theirs: Mutex<BTreeSet<CardNumber>>,
}

impl Reader {
    pub(super) fn new(holder: &Citizen, slot: Slot, record: Record) -> Self {
        Self {
            holder: holder.id.clone(),
            slot,
            record,
        }
    }

    /// `maria-rossi`, and `maria-rossi-2`, which was ordered.
    fn is_for(&self, name: &str) -> bool {
        let rest = name.strip_prefix(&self.holder);
        let number = rest.map(|rest| rest.strip_prefix('-').unwrap_or(rest));
        number.is_some_and(|number| number.chars().all(|it| it.is_ascii_digit()))
    }

    fn take(&self, card: OwnCard) {
        let card = Witness::new(card, self.record.clone());
        self.slot.insert_card(card);
    }
}

impl TownOfTheCard {
    /// Founds the town whose cards are made as this setup says, by the certifier of the workbench.
    pub(super) fn found(
        founding: &Founding,
        setup: &Setup,
        offices: PublicOffices,
        reader: Reader,
        clock: VirtualClock,
    ) -> Result<Self, WorkbenchError> {
        let cards = CardsAtHand::default();
        let drawer = Drawer {
            cards: cards.clone(),
            reader,
            theirs: Mutex::default(),
        };
        let workshop = CardWorkshop::new(offices, HOME, setup.profile.clone(), drawer);
        let founded = FoundedTown::found(founding, workshop, Arc::new(clock))?;
        Ok(Self { founded, cards })
    }

    /// Makes the cards of all citizens; gives that of this one, and its certificate (DER).
    pub(super) fn make_cards(
        &self,
        citizen: &Citizen,
    ) -> Result<(OwnCard, Vec<u8>), WorkbenchError> {
        self.founded.make_cards()?;
        let card = citizen.card_number;
        let made = self.cards.card(card).zip(self.cards.certificate_of(card));
        made.ok_or_else(|| WorkshopError(format!("card {card} was not made")).into())
    }
}

impl CardDrawer for Drawer {
    fn certificate(&self, name: &str) -> Option<Vec<u8>> {
        self.cards.certificate(name)
    }

    fn take_up(&self, card: CardNumber, name: &str) {
        self.cards.take_up(card, name);
    }

    fn add(
        &self,
        card: CardNumber,
        name: &str,
        image: &CardImage,
        certificate_der: &[u8],
    ) -> Result<(), WorkshopError> {
        if self.reader.is_for(name) {
            self.theirs().insert(card);
        }
        self.cards.add(card, name, image, certificate_der)
    }

    fn image(&self, card: CardNumber) -> Result<CardImage, WorkshopError> {
        self.cards.image(card)
    }

    /// The card that the reader's user was given codes for is in the reader then: the same, taken out for it
    /// and put in again, or a new one in its place.
    fn replace(&self, card: CardNumber, image: &CardImage) -> Result<(), WorkshopError> {
        self.cards.replace(card, image)?;
        if self.theirs().contains(&card)
            && let Some(changed) = self.cards.card(card)
        {
            self.reader.take(changed);
        }
        Ok(())
    }
}

impl Drawer {
    fn theirs(&self) -> MutexGuard<'_, BTreeSet<CardNumber>> {
        self.theirs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
