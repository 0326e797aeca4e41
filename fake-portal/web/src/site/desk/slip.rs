//! The slip with the first part: the answer to whoever asked, on a page or as PDF, and kept nowhere. Who asks
//! again has nothing: the request is not open any more.

use cns_authority::{CardNumber, CodiceFiscale};
use cns_documents::CredentialSlip;
use cns_language::{Language, Text, text};
use cns_services::desk::{Office, Slip};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::super::answer::Answer;
use super::super::form::{Form, OtherButton};
use super::super::page::{Cell, Content, Link, Page, Section};
use super::super::visit::Visit;
use crate::town::TownHall;

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
const ONLINE: Text = text("in rete", "online", "online");

/// What the second button of a form sends that a slip answers.
const AS: &str = "as";
const AS_PDF: &str = "pdf";

/// A slip whose part is in words: it is printed once.
struct Printed {
    handed_to: CodiceFiscale,
    card: CardNumber,
    office: Option<&'static Office>,
    language: Language,
    words: Zeroizing<String>,
}

/// A form that a slip answers, with a button that has it as PDF.
pub(in crate::site) fn also_as_pdf(form: Form) -> Form {
    let label = format!("{} (PDF)", form.submit);
    form.or(OtherButton {
        name: AS,
        value: AS_PDF,
        label,
    })
}

/// The slips, which are used up. A PDF that cannot be written is a page: the part comes only once.
pub(in crate::site) fn answer(
    visit: &Visit<'_>,
    hall: &TownHall,
    slips: Vec<Slip>,
    back: &str,
) -> Answer {
    let slips: Vec<Printed> = slips.into_iter().map(Printed::of).collect();
    let chosen = visit.posted.as_ref().map(|typed| typed.text(AS));
    let pdf = match slips.as_slice() {
        [slip] if visit.prefers_pdf || chosen == Some(AS_PDF) => slip.pdf(hall),
        _ => None,
    };
    pdf.unwrap_or_else(|| page(visit, &slips, back))
}

impl Printed {
    fn of(slip: Slip) -> Self {
        let Slip {
            handed_to,
            card,
            office,
            language,
            ..
        } = slip;
        Self {
            handed_to,
            card,
            office,
            language,
            words: slip.print(),
        }
    }

    fn pdf(&self, hall: &TownHall) -> Option<Answer> {
        let (person, today) = hall.with(|town, now| {
            let person = town.world.people().get(self.handed_to).cloned();
            (person, now.date())
        });
        let online = ONLINE.in_language(self.language);
        let slip = CredentialSlip {
            handed_to: &person?,
            card: self.card,
            office: self.office.map_or(online, |office| office.name),
            date: today,
            first_part: &self.words,
        };
        Some(Answer::Document {
            content_type: "application/pdf",
            name: format!("first-part-{}.pdf", self.card),
            content: slip.pdf(self.language).ok()?,
        })
    }
}

fn page(visit: &Visit<'_>, slips: &[Printed], back: &str) -> Answer {
    let mut page = Page::new(visit.say(SLIP));
    page.lead = visit.say(SLIP_ABOUT);
    let mut data = Vec::new();
    for slip in slips {
        let (card, person) = (slip.card.to_string(), slip.handed_to.to_string());
        let facts = vec![
            (visit.say(CARD), Cell::Code(card.clone())),
            (visit.say(HANDED_TO), Cell::Code(person.clone())),
            (visit.say(PRINTED), Cell::Code(slip.words.to_string())),
        ];
        page = page.with(Section::new(visit.say(PRINTED), Content::Facts(facts)));
        data.push(json!({"card": card, "handed_to": person, "slip": *slip.words}));
    }
    let back = vec![Link::new(visit.say(BACK), back)];
    let page = page.with(Section::new(visit.say(BACK), Content::Links(back)));
    Answer::Shown {
        page,
        data: Value::Array(data),
    }
}
