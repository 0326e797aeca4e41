//! What the desk hears of logins. It never looks at a card: who has logged in has proven the PIN to it.

use super::TownHall;
use crate::login::Citizen;

impl TownHall {
    /// Somebody has logged in with a card, so that its PIN was proven: the desk hears of it, if that is news.
    pub(crate) fn logged_in(&self, citizen: &Citizen) {
        let card = citizen.card_number;
        let news = self.with(|town, _| town.desk.news_of_login(citizen.codice_fiscale, card));
        if let Some(news) = news {
            // What cannot be is in the log as such; a login does not depend on it.
            let _ = self.change(|town, now| town.desk.card_event(card, news, now));
        }
    }
}
