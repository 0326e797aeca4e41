//! What the desk hears of logins. It never looks at a card: who has logged in has proven the PIN to it.

use cns_services::Role;
use cns_services::desk::{CardEvent, CredentialState};

use super::TownHall;
use crate::login::Citizen;

impl TownHall {
    /// Somebody has logged in with a card, so that its PIN was proven: the desk hears of it. A card that it
    /// does not know as theirs is passed over, and so is what it knows already: not every login is news.
    pub(crate) fn logged_in(&self, citizen: &Citizen) {
        let (holder, card) = (Role::Citizen(citizen.codice_fiscale), citizen.card_number);
        // What cannot be is in the log as such; a login does not depend on it.
        let _ = self.with(|town, now| {
            let known = town.desk.view(holder, card, now)?.credential;
            let event = if known == CredentialState::InUse.name() {
                return Ok(());
            } else if known == CredentialState::PinBlocked.name() {
                // Nobody proves a PIN that is blocked: the PUK has set a new one.
                CardEvent::PinUnblocked
            } else {
                CardEvent::PinProven
            };
            town.desk.card_event(card, event, now)
        });
    }
}
