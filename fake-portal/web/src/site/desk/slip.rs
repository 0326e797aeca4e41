//! The slip with the first part: the answer to whoever asked, and kept nowhere. Who loads the page again has
//! nothing: the request is not open any more.

use cns_language::{Text, text};
use cns_services::desk::Slip;
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::super::page::{Cell, Content, Link, Page, Section};
use super::super::visit::Visit;

const SLIP: Text = text("La prima parte", "The first part", "Der erste Teil");
const SLIP_ABOUT: Text = text(
    "Questa pagina si vede una volta sola: stamparla o annotarla ora. La seconda parte arriva al recapito indicato; nessuno qui la conosce.",
    "This page is seen once only: print it or write it down now. The second part comes to the contact; nobody here knows it.",
    "Diese Seite ist nur einmal zu sehen: jetzt drucken oder abschreiben. Der zweite Teil kommt zum Kontakt; hier kennt ihn niemand.",
);
const HANDED_TO: Text = text("Consegnata a", "Handed to", "Ausgehändigt an");
const CARD: Text = text("Carta", "Card", "Karte");
const PRINTED: Text = text("Da consegnare", "To be handed over", "Auszuhändigen");
const BACK: Text = text("Torna", "Back", "Zurück");

/// The slips, which are used up.
pub(in crate::site) fn answer(visit: &Visit<'_>, slips: Vec<Slip>, back: &str) -> Answer {
    let mut page = Page::new(visit.say(SLIP));
    page.lead = visit.say(SLIP_ABOUT);
    let mut data = Vec::new();
    for slip in slips {
        let (card, person) = (slip.card.to_string(), slip.handed_to.to_string());
        let printed = slip.print();
        let facts = vec![
            (visit.say(CARD), Cell::Code(card.clone())),
            (visit.say(HANDED_TO), Cell::Code(person.clone())),
            (visit.say(PRINTED), Cell::Code(printed.to_string())),
        ];
        page = page.with(Section::new(visit.say(PRINTED), Content::Facts(facts)));
        data.push(json!({"card": card, "handed_to": person, "slip": *printed}));
    }
    let back = vec![Link::new(visit.say(BACK), back)];
    let page = page.with(Section::new(visit.say(BACK), Content::Links(back)));
    Answer::Shown {
        page,
        data: Value::Array(data),
    }
}
