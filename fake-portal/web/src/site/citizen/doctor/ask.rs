//! How to ask for a doctor who is full, and what became of it.

use cns_language::{Text, text};
use cns_services::doctors::{Command, Decision, DoctorNumber};
use cns_services::{Refusal, World, world};
use serde_json::{Value, json};

use super::{Choosable, NOBODY, choice, choosable, name};
use crate::site::answer::Answer;
use crate::site::citizen::done::Done;
use crate::site::citizen::errand::Errand;
use crate::site::form::{Control, Field, Form};
use crate::site::page::{Cell, Content, Page, Section, Table};
use crate::site::typed;
use crate::site::values::Values;

pub(super) const TITLE: Text = text(
    "Richiesta di deroga",
    "Request for an exception",
    "Antrag auf Ausnahme",
);

/// The heading of what there is about doctors who are full.
pub(super) const FULL: Text = text(
    "Medici al completo",
    "Doctors who are full",
    "Ärzte ohne freie Plätze",
);

pub(super) fn answer(errand: &Errand<'_>, world: &mut World) -> Answer {
    match errand.posted() {
        None => Answer::Shown {
            data: json!({"applications": applications(errand, world)}),
            page: page(errand, world),
        },
        Some(typed) => {
            let came = apply(errand, world, typed);
            let next = |_: &world::Event| "/doctor/applications".to_owned();
            errand.outcome(came, Done::Applied, next, || Some(page(errand, world)))
        }
    }
}

/// What was asked for, for programs.
pub(super) fn applications(errand: &Errand<'_>, world: &World) -> Vec<Value> {
    let applications = world.doctors().applications(&errand.access);
    applications
        .map(|(number, application)| json!({"number": number, "application": application}))
        .collect()
}

fn apply(errand: &Errand<'_>, world: &mut World, typed: &Values) -> Result<world::Event, Refusal> {
    let command = Command::Apply {
        person: errand.person(),
        doctor: typed::number(typed, "doctor").map(DoctorNumber)?,
        reasons: typed.text("reasons").to_owned(),
    };
    errand.perform(world, world::Command::Doctor(command))
}

fn page(errand: &Errand<'_>, world: &World) -> Page {
    let doctors = choosable(errand, world).unwrap_or_default();
    let full = doctors.iter().filter(|choosable| !choosable.has_place);
    let choices: Vec<_> = full
        .map(|choosable: &Choosable<'_>| choice(errand, choosable))
        .collect();
    let about = if choices.is_empty() { NOBODY } else { ABOUT };
    let form = Form::new(errand.path("/doctor/applications"), errand.say(ASK))
        .with(Field::new(
            "doctor",
            errand.say(DOCTOR),
            Control::Choice(choices),
        ))
        .with(
            Field::new("reasons", errand.say(REASONS), Control::Line("text"))
                .hinted(errand.say(REASONS_LIKE)),
        );
    errand
        .page(errand.say(TITLE), &[(super::TITLE, "/doctor")])
        .with(Section::new(
            errand.say(ASKED),
            Content::Table(table(errand, world)),
        ))
        .with(Section::new(errand.say(FULL), Content::Form(form)).led_by(errand.say(about)))
}

fn table(errand: &Errand<'_>, world: &World) -> Table {
    let applications = world.doctors().applications(&errand.access);
    let rows = applications.map(|(_, application)| {
        let doctor = world.doctors().get(application.doctor);
        vec![
            Cell::words(doctor.map_or_else(|| "–".to_owned(), name)),
            Cell::words(errand.day(application.asked)),
            Cell::words(application.reasons.as_str()),
            Cell::words(errand.say(match application.decision {
                None => OPEN,
                Some(Decision::Granted) => GRANTED,
                Some(Decision::Refused) => REFUSED,
            })),
        ]
    });
    Table {
        columns: vec![
            errand.say(DOCTOR),
            errand.say(DATE),
            errand.say(REASONS),
            errand.say(STATE),
        ],
        rows: rows.collect(),
        none: errand.say(NONE),
    }
}

const ABOUT: Text = text(
    "Lo sportello decide se il medico può superare il massimale.",
    "The desk decides whether the doctor may have more patients than the ceiling.",
    "Der Schalter entscheidet, ob der Arzt die Höchstzahl überschreiten darf.",
);
const ASKED: Text = text("Richieste", "Requests", "Anträge");
const DOCTOR: Text = text("Medico", "Doctor", "Arzt");
const DATE: Text = text("Data", "Date", "Datum");
const REASONS: Text = text("Motivi", "Reasons", "Gründe");
const REASONS_LIKE: Text = text(
    "Per esempio: assistenza di un familiare",
    "For example: care for a member of the family",
    "Zum Beispiel: Pflege eines Angehörigen",
);
const STATE: Text = text("Stato", "State", "Zustand");
const OPEN: Text = text("da decidere", "to be decided", "noch offen");
const GRANTED: Text = text("concessa", "granted", "gewährt");
const REFUSED: Text = text("respinta", "refused", "abgelehnt");
const NONE: Text = text("Nessuna richiesta.", "No request.", "Kein Antrag.");
const ASK: Text = text("Invia la richiesta", "Send the request", "Antrag senden");
