//! The town behind a workbench's portal: its desk knows the card in the reader, and what it decides happens
//! to that card.

use std::sync::Arc;

use cns_authority::CardNumber;
use cns_card::CardImage;
use cns_fixtures::Citizen;
use cns_portal::town::WorkshopError;
use cns_portal::{PublicOffices, SystemClock};
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

/// All cards of a town, one of which is in a reader.
struct Drawer {
    cards: CardsAtHand,
    in_reader: CardNumber,
    slot: Slot,
    record: Record,
}

impl TownOfTheCard {
    /// Founds the town whose cards are made as this setup says, by the certifier of the workbench.
    pub(super) fn found(
        founding: &Founding,
        setup: &Setup,
        offices: &PublicOffices,
        slot: &Slot,
        record: &Record,
    ) -> Result<Self, WorkbenchError> {
        let cards = CardsAtHand::default();
        let drawer = Drawer {
            cards: cards.clone(),
            in_reader: setup.citizen.card_number,
            slot: slot.clone(),
            record: record.clone(),
        };
        let workshop = CardWorkshop::new(offices.clone(), HOME, setup.profile.clone(), drawer);
        let founded = FoundedTown::found(founding, workshop, Arc::new(SystemClock))?;
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
        self.cards.add(card, name, image, certificate_der)
    }

    fn image(&self, card: CardNumber) -> Result<CardImage, WorkshopError> {
        self.cards.image(card)
    }

    /// A card in the reader is taken out for it and put in again.
    fn replace(&self, card: CardNumber, image: &CardImage) -> Result<(), WorkshopError> {
        self.cards.replace(card, image)?;
        if card == self.in_reader
            && let Some(changed) = self.cards.card(card)
        {
            self.slot
                .insert_card(Witness::new(changed, self.record.clone()));
        }
        Ok(())
    }
}
