//! The citizen's area: what one may see and do with one's card, for oneself and for whom one may act.
//!
//! ```text
//! /area/...                    for oneself
//! /area/for/CODICEFISCALE/...  for a child, a ward, or somebody who has asked for it
//!
//!   reports         list, one, collect, obscure, reveal, consent; PDF, FHIR, CDA
//!   prescriptions   list, one; reminder as PDF
//!   vaccinations    given and due; certificate as PDF
//!   exemptions      list, declare, revoke
//!   bookings        list, one, new, cancel
//!   doctor          one's own, choose; ask for one who is full
//! ```
//!
//! What a person may not know of is not there, so that nobody can tell it from what never was.

mod bookings;
mod doctor;
mod done;
mod errand;
mod exemptions;
mod home;
mod prescriptions;
mod reports;
mod vaccinations;

use cns_authority::CodiceFiscale;
use cns_language::{Text, text};
use cns_services::{Refusal, World, rules};

use self::errand::Errand;
use super::answer::Answer;
use super::page::{Content, Link, Notice, Page, Section};
use super::visit::Visit;
use crate::login::Citizen;
use crate::town::TownHall;

/// The area, for somebody who logged in with a card.
pub(crate) fn answer(visit: &Visit<'_>, citizen: &Citizen, hall: &TownHall) -> Answer {
    let segments = visit.segments();
    let (person, base, path) = match segments.as_slice() {
        ["area", "for", person, path @ ..] => match person.parse::<CodiceFiscale>() {
            Ok(person) => (person, format!("/area/for/{person}"), path),
            Err(_) => return Answer::Absent,
        },
        ["area", path @ ..] => (citizen.codice_fiscale, "/area".to_owned(), path),
        _ => return Answer::Absent,
    };
    let answer = hall.change(|town, now| {
        Ok(
            match Errand::of(visit, citizen, person, base, &town.world, now) {
                Ok(errand) => serve(&errand, &mut town.world, path),
                Err(refusal) if person == citizen.codice_fiscale => closed(visit, refusal),
                // That somebody has died is told to who acted for them, and no more than that.
                Err(refusal) if refusal.code == rules::DECEASED.code => closed(visit, refusal),
                Err(_) => Answer::Absent,
            },
        )
    });
    answer.unwrap_or_else(|not_kept| closed(visit, not_kept))
}

fn serve(errand: &Errand<'_>, world: &mut World, path: &[&str]) -> Answer {
    match path {
        [] => home::answer(errand, world),
        ["reports", path @ ..] => reports::answer(errand, world, path),
        ["prescriptions", path @ ..] => prescriptions::answer(errand, world, path),
        ["vaccinations", path @ ..] => vaccinations::answer(errand, world, path),
        ["exemptions", path @ ..] => exemptions::answer(errand, world, path),
        ["bookings", path @ ..] => bookings::answer(errand, world, path),
        ["doctor", path @ ..] => doctor::answer(errand, world, path),
        _ => Answer::Absent,
    }
}

/// The area, for somebody who came without a card.
pub(crate) fn card_needed(visit: &Visit<'_>) -> Answer {
    let mut page = Page::new(visit.say(TITLE));
    page.notice = Some(Notice {
        is_good: false,
        words: visit.say(CARD_NEEDED),
        code: None,
    });
    let way_in = Link::new(visit.say(LOG_IN), "/");
    let section = Section::new(visit.say(WHAT_TO_DO), Content::Links(vec![way_in]));
    Answer::SignInNeeded {
        page: page.with(section.led_by(visit.say(HOW_TO_LOG_IN))),
    }
}

/// The area of somebody who has none, with the rule that says so.
fn closed(visit: &Visit<'_>, refusal: Refusal) -> Answer {
    let page = Page::new(visit.say(TITLE));
    let typed = visit.posted.clone().unwrap_or_default();
    Answer::Refused {
        page: page.refused(visit.path, &typed, &refusal, visit.language),
        refusal,
    }
}

const TITLE: Text = text("Area personale", "Personal area", "Persönlicher Bereich");
const WHAT_TO_DO: Text = text("Che cosa fare", "What to do", "Was zu tun ist");
const LOG_IN: Text = text(
    "Accedi con la carta",
    "Log in with the card",
    "Mit der Karte anmelden",
);
const CARD_NEEDED: Text = text(
    "Per entrare nell'area personale serve la carta: nessuno ha effettuato l'accesso.",
    "The personal area needs the card: nobody is logged in.",
    "Der persönliche Bereich braucht die Karte: niemand ist angemeldet.",
);
const HOW_TO_LOG_IN: Text = text(
    "Inserisci la Carta Nazionale dei Servizi nel lettore, chiudi le finestre del browser e accedi di nuovo.",
    "Put the Carta Nazionale dei Servizi into the reader, close the browser's windows and log in again.",
    "Legen Sie die Bürgerkarte in das Lesegerät, schließen Sie die Fenster des Browsers und melden Sie sich neu an.",
);
