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
        let known = self.with(|town, now| town.desk.view(holder, card, now));
        let news = known.ok().and_then(|known| news(known.credential));
        if let Some(news) = news {
            // What cannot be is in the log as such; a login does not depend on it.
            let _ = self.change(|town, now| town.desk.card_event(card, news, now));
        }
    }
}

/// What a proven PIN tells whoever knows this of it.
fn news(known: &str) -> Option<CardEvent> {
    if known == CredentialState::InUse.name() {
        None
    } else if known == CredentialState::PinBlocked.name() {
        // Nobody proves a PIN that is blocked: the PUK has set a new one.
        Some(CardEvent::PinUnblocked)
    } else {
        Some(CardEvent::PinProven)
    }
}
