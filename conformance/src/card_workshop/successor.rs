//! The card that a citizen gets in the place of another.

use cns_authority::CardNumber;
use cns_fixtures::{CardStatus, Citizen, PinState, test_keys};

/// What the card in the n-th place is called that a citizen has; the first is called as the citizen is.
pub(super) fn successor_name(citizen: &Citizen, place: usize) -> String {
    format!("{}-{place}", citizen.id)
}

/// The citizen as the holder of a new card, without a PIN, with another key.
pub(super) fn successor(citizen: &Citizen, card_number: CardNumber) -> Citizen {
    let keys = test_keys();
    let key = keys
        .iter()
        .cycle()
        .skip(usize::from(citizen.key.number()))
        .find(|key| **key != citizen.key);
    let mut successor = citizen.clone();
    successor.card_number = card_number;
    successor.key = key.copied().unwrap_or(citizen.key);
    successor.pin_state = PinState::Unset;
    successor.pin_tries_left = None;
    successor.puk_tries_left = None;
    successor.status = CardStatus::Good;
    successor.issued_days_ago = 0;
    successor
}
