//! The citizen's area: what one may see and do with one's card.

use serde_json::json;

use super::answer::Answer;
use super::page::Page;
use super::visit::Visit;
use crate::login::Citizen;
use crate::town::TownHall;

/// The area, for somebody who logged in with a card.
pub(crate) fn answer(visit: &Visit<'_>, citizen: &Citizen, hall: &TownHall) -> Answer {
    let _ = hall;
    match visit.segments().as_slice() {
        ["area"] => Answer::Shown {
            page: Page::new("area"),
            data: json!({"codice_fiscale": citizen.codice_fiscale.to_string()}),
        },
        _ => Answer::Absent,
    }
}

/// The area, for somebody who came without a card.
pub(crate) fn card_needed(_visit: &Visit<'_>) -> Answer {
    Answer::Absent
}
