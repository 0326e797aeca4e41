//! Prescriptions: in which state they are, until when they are good, and the reminder.

use cns_language::{Phrase, Text, text};
use cns_services::World;
use cns_services::prescriptions::{Nre, Prescribed, Prescription, State, Status};
use serde_json::{Value, json};

use super::errand::Errand;
use crate::site::answer::{Answer, Subject};
use crate::site::page::{Cell, Content, Link, Page, Section, Table};

pub(super) const TITLE: Text = text("Ricette", "Prescriptions", "Rezepte");

pub(super) fn answer(errand: &Errand<'_>, world: &World, path: &[&str]) -> Answer {
    match (path, errand.posted()) {
        ([], None) => list(errand, world),
        ([document], None) => match document.strip_suffix(".pdf") {
            None => one(errand, world, document),
            Some(nre) => reminder(errand, world, nre).unwrap_or(Answer::Absent),
        },
        _ => Answer::Absent,
    }
}

fn list(errand: &Errand<'_>, world: &World) -> Answer {
    let today = errand.today();
    let all: Vec<&Prescription> = world.prescriptions().of(&errand.access).collect();
    let (past, open): (Vec<&Prescription>, Vec<&Prescription>) = all
        .iter()
        .copied()
        .partition(|prescription| prescription.status(today).is_final());
    let page = errand
        .page(errand.say(TITLE), &[])
        .with(Section::new(
            errand.say(OPEN),
            Content::Table(table(errand, &open)),
        ))
        .with(Section::new(
            errand.say(PAST),
            Content::Table(table(errand, &past)),
        ));
    let all = all.into_iter();
    Answer::Shown {
        page,
        data: json!({"prescriptions": all.map(|it| data(errand, it)).collect::<Vec<_>>()}),
    }
}

fn one(errand: &Errand<'_>, world: &World, nre: &str) -> Answer {
    found(errand, world, nre).map_or(Answer::Absent, |prescription| Answer::Shown {
        page: page(errand, world, prescription),
        data: data(errand, prescription),
    })
}

/// The reminder; nothing if there is no such prescription.
fn reminder(errand: &Errand<'_>, world: &World, nre: &str) -> Option<Answer> {
    let prescription = found(errand, world, nre)?;
    let subject = Subject::Reminder {
        prescription: prescription.clone(),
        person: world.people().get(prescription.person)?.clone(),
        doctor: world.doctors().get(prescription.doctor)?.clone(),
    };
    Some(errand.document(subject, page(errand, world, prescription)))
}

fn found<'a>(errand: &Errand<'_>, world: &'a World, nre: &str) -> Option<&'a Prescription> {
    let nre = nre.parse::<Nre>().ok()?;
    world.prescriptions().get(&errand.access, nre).ok()
}

fn table(errand: &Errand<'_>, prescriptions: &[&Prescription]) -> Table {
    let rows = prescriptions.iter().map(|prescription| {
        let title = errand.say(prescription.prescribed.title());
        let path = errand.path(format!("/prescriptions/{}", prescription.nre));
        let status = prescription.status(errand.today());
        vec![
            Cell::link(title, path),
            Cell::code(prescription.nre),
            Cell::words(errand.say(status_title(status))),
            Cell::words(errand.day(prescription.valid_until())),
        ]
    });
    Table {
        columns: vec![
            errand.say(PRESCRIBED),
            errand.say(NUMBER),
            errand.say(STATE),
            errand.say(VALID_UNTIL),
        ],
        rows: rows.collect(),
        none: errand.say(NONE),
    }
}

fn page(errand: &Errand<'_>, world: &World, prescription: &Prescription) -> Page {
    let title = errand.say(prescription.prescribed.title());
    let page = errand
        .page(title, &[(TITLE, "/prescriptions")])
        .with(Section::new(
            errand.say(ABOUT),
            Content::Facts(facts(errand, world, prescription)),
        ));
    let status = prescription.status(errand.today());
    let mut links = vec![Link::new(
        errand.say(REMINDER),
        errand.path(format!("/prescriptions/{}.pdf", prescription.nre)),
    )];
    if let (Prescribed::Service { .. }, Status::Issued) = (prescription.prescribed, status) {
        let path = format!("/bookings/new?nre={}", prescription.nre);
        links.push(Link::new(errand.say(BOOK), errand.path(path)));
    }
    page.with(Section::new(errand.say(WHAT_NEXT), Content::Links(links)))
}

fn facts(errand: &Errand<'_>, world: &World, prescription: &Prescription) -> Vec<(String, Cell)> {
    let status = prescription.status(errand.today());
    let doctor = world.doctors().get(prescription.doctor);
    let doctor = doctor.map_or_else(|| "–".to_owned(), super::doctor::name);
    let exemption = prescription
        .exemption
        .map_or_else(|| Cell::words(errand.say(NO_EXEMPTION)), Cell::code);
    let line = match prescription.prescribed {
        Prescribed::Drug { drug, packages } => Phrase::from(PACKAGES)
            .with(drug.atc())
            .with(packages.to_string()),
        Prescribed::Service { priority, .. } => {
            Phrase::from(PRIORITY).with(priority.letter().to_string())
        }
    };
    let words = |label: Text, words: String| (errand.say(label), Cell::Words(words));
    let mut facts = vec![
        (errand.say(NUMBER), Cell::code(prescription.nre)),
        words(PRESCRIBED, errand.say(prescription.prescribed.title())),
        words(LINE, errand.say(line)),
        words(STATE, errand.say(status_title(status))),
        words(ISSUED, errand.day(prescription.issued)),
        words(VALID_UNTIL, errand.day(prescription.valid_until())),
        words(BY, doctor),
        (errand.say(EXEMPTION), exemption),
    ];
    if let State::TakenInCharge { by, .. } | State::Dispensed { by, .. } = prescription.state {
        let structure = world.structure(by);
        let name = structure.map_or("–", |structure| structure.name.as_str());
        facts.push(words(STRUCTURE, name.to_owned()));
    }
    facts
}

fn data(errand: &Errand<'_>, prescription: &Prescription) -> Value {
    json!({
        "title": errand.say(prescription.prescribed.title()),
        "status": prescription.status(errand.today()).name(),
        "valid_until": prescription.valid_until().to_string(),
        "prescription": prescription,
    })
}

/// What a state is called on a page.
fn status_title(status: Status) -> Text {
    match status {
        Status::Issued => text("emessa", "issued", "ausgestellt"),
        Status::TakenInCharge => text("presa in carico", "taken in charge", "übernommen"),
        Status::Dispensed => text("erogata", "dispensed", "eingelöst"),
        Status::Expired => text("scaduta", "expired", "abgelaufen"),
        Status::Cancelled => text("annullata", "cancelled", "annulliert"),
    }
}

const OPEN: Text = text("Da usare", "To be used", "Offen");
const PAST: Text = text("Storico", "Past", "Frühere");
const NONE: Text = text("Nessuna ricetta.", "No prescription.", "Kein Rezept.");
const ABOUT: Text = text("Ricetta", "Prescription", "Rezept");
const PRESCRIBED: Text = text("Prescrizione", "What is prescribed", "Verordnung");
const NUMBER: Text = text("Numero (NRE)", "Number (NRE)", "Nummer (NRE)");
const LINE: Text = text("Dettaglio", "Detail", "Einzelheit");
const PACKAGES: Text = text(
    "ATC {0}, confezioni: {1}",
    "ATC {0}, packages: {1}",
    "ATC {0}, Packungen: {1}",
);
const PRIORITY: Text = text(
    "classe di priorità {0}",
    "priority class {0}",
    "Dringlichkeitsklasse {0}",
);
const STATE: Text = text("Stato", "State", "Zustand");
const ISSUED: Text = text("Emessa il", "Issued on", "Ausgestellt am");
const VALID_UNTIL: Text = text("Valida fino al", "Valid until", "Gültig bis");
const BY: Text = text(
    "Medico prescrittore",
    "Prescribing doctor",
    "Verordnender Arzt",
);
const EXEMPTION: Text = text("Esenzione", "Exemption", "Befreiung");
const NO_EXEMPTION: Text = text("nessuna", "none", "keine");
const STRUCTURE: Text = text("Struttura", "Structure", "Einrichtung");
const WHAT_NEXT: Text = text(
    "Che cosa puoi fare",
    "What you can do",
    "Was Sie tun können",
);
const REMINDER: Text = text("Promemoria in PDF", "Reminder as PDF", "Erinnerung als PDF");
const BOOK: Text = text(
    "Prenota l'appuntamento",
    "Book the appointment",
    "Termin vormerken",
);
