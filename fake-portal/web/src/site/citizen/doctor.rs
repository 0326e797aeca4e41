//! The choice of a doctor: one's own, whom one may choose, and how to ask for one who is full.

mod ask;

use cns_language::{Text, text};
use cns_services::doctors::{Command, Doctor, DoctorKind, DoctorNumber, Enrolment};
use cns_services::{Refusal, World, world};
use serde_json::{Value, json};

use super::done::Done;
use super::errand::Errand;
use crate::site::answer::Answer;
use crate::site::form::{Control, Field, Form, VERSION};
use crate::site::page::{Cell, Content, Link, Page, Section, Table};
use crate::site::typed;
use crate::site::values::Values;

pub(super) const TITLE: Text = text("Medico", "Doctor", "Arzt");

pub(super) fn answer(errand: &Errand<'_>, world: &mut World, path: &[&str]) -> Answer {
    match (path, errand.posted()) {
        ([], None) => Answer::Shown {
            data: data(errand, world),
            page: page(errand, world),
        },
        ([], Some(typed)) => {
            let came = choose(errand, world, typed);
            let page = || Some(page(errand, world));
            errand.outcome(came, Done::Chosen, |_| "/doctor".to_owned(), page)
        }
        (["applications"], _) => ask::answer(errand, world),
        _ => Answer::Absent,
    }
}

/// What a doctor is called.
pub(super) fn name(doctor: &Doctor) -> String {
    format!("{} {}", doctor.given_name, doctor.surname)
}

fn choose(errand: &Errand<'_>, world: &mut World, typed: &Values) -> Result<world::Event, Refusal> {
    let command = Command::Choose {
        person: errand.person(),
        doctor: typed::number(typed, "doctor").map(DoctorNumber)?,
        version: typed::version(typed)?,
    };
    errand.perform(world, world::Command::Doctor(command))
}

/// Somebody whom the person may choose, or ask for.
struct Choosable<'a> {
    number: DoctorNumber,
    doctor: &'a Doctor,
    /// Whether they have a place, if only beside the family.
    has_place: bool,
    places: u32,
}

/// Whom the person may choose or ask for; nobody, with the reason, if the desk comes first.
fn choosable<'a>(errand: &Errand<'_>, world: &'a World) -> Result<Vec<Choosable<'a>>, Refusal> {
    let doctors = world.choosable_doctors(&errand.access, errand.today())?;
    let doctors = doctors.into_iter().filter_map(|(number, has_place)| {
        Some(Choosable {
            number,
            doctor: world.doctors().get(number)?,
            has_place,
            places: world.doctors().places(number),
        })
    });
    Ok(doctors.collect())
}

fn page(errand: &Errand<'_>, world: &World) -> Page {
    let enrolment = world.doctors().enrolment(&errand.access);
    let page = errand.page(errand.say(TITLE), &[]).with(Section::new(
        errand.say(YOUR_DOCTOR),
        Content::Facts(facts(errand, world, enrolment)),
    ));
    let doctors = match choosable(errand, world) {
        Ok(doctors) => doctors,
        Err(refusal) => {
            let reason = errand.say(refusal.reason);
            let section = Section::new(errand.say(CHANGE), Content::Words).led_by(reason);
            return page.with(section);
        }
    };
    let table = Section::new(errand.say(DOCTORS), Content::Table(table(errand, &doctors)));
    let with_place = doctors.iter().filter(|choosable| choosable.has_place);
    let choices = with_place.map(|choosable| choice(errand, choosable));
    let seen = enrolment.map_or(0, |enrolment| enrolment.version.number());
    let form = Form::new(errand.path("/doctor"), errand.say(CHOOSE))
        .with(Field::new(
            "doctor",
            errand.say(NEW_DOCTOR),
            Control::Choice(choices.collect()),
        ))
        .with(Field::hidden(VERSION, seen.to_string()));
    let ask = Link::new(errand.say(ask::TITLE), errand.path("/doctor/applications"));
    page.with(table)
        .with(Section::new(errand.say(CHANGE), Content::Form(form)).led_by(errand.say(AT_ONCE)))
        .with(Section::new(
            errand.say(ask::FULL),
            Content::Links(vec![ask]),
        ))
}

fn facts(errand: &Errand<'_>, world: &World, enrolment: Option<&Enrolment>) -> Vec<(String, Cell)> {
    let doctors = world.doctors();
    let doctor = enrolment.and_then(|enrolment| doctors.get(enrolment.doctor?));
    let words = |label: Text, words: String| (errand.say(label), Cell::Words(words));
    let mut facts = vec![words(
        NAME,
        doctor.map_or_else(|| errand.say(NO_DOCTOR), name),
    )];
    if let Some(doctor) = doctor {
        facts.push(words(KIND, errand.say(kind(doctor.kind))));
    }
    let Some(enrolment) = enrolment else {
        return facts;
    };
    let municipality = |code| {
        let mut municipalities = doctors.municipalities();
        let known = municipalities.find(|municipality| municipality.code == code);
        known.map_or_else(|| code.to_string(), |known| known.name.clone())
    };
    facts.push(words(SINCE, errand.day(enrolment.since)));
    facts.push(words(RESIDENCE, municipality(enrolment.municipality)));
    if let Some(domicile) = enrolment.domicile {
        facts.push(words(DOMICILE, municipality(domicile.municipality)));
        facts.push(words(DOMICILE_UNTIL, errand.day(domicile.until)));
    }
    facts
}

fn table(errand: &Errand<'_>, doctors: &[Choosable<'_>]) -> Table {
    let rows = doctors.iter().map(|choosable| {
        let association = choosable.doctor.association;
        vec![
            Cell::words(name(choosable.doctor)),
            Cell::words(errand.say(kind(choosable.doctor.kind))),
            Cell::words(places(errand, choosable)),
            Cell::words(association.map_or_else(|| "–".to_owned(), |number| number.to_string())),
        ]
    });
    Table {
        columns: vec![
            errand.say(NAME),
            errand.say(KIND),
            errand.say(PLACES),
            errand.say(ASSOCIATION),
        ],
        rows: rows.collect(),
        none: errand.say(NOBODY),
    }
}

fn places(errand: &Errand<'_>, choosable: &Choosable<'_>) -> String {
    match (choosable.places, choosable.has_place) {
        (0, true) => errand.say(BESIDE_FAMILY),
        (0, false) => errand.say(FULL),
        (places, _) => places.to_string(),
    }
}

/// A doctor as one of those to choose from.
fn choice(errand: &Errand<'_>, choosable: &Choosable<'_>) -> (String, String) {
    let doctor = choosable.doctor;
    let words = format!("{} – {}", name(doctor), errand.say(kind(doctor.kind)));
    (choosable.number.0.to_string(), words)
}

fn kind(kind: DoctorKind) -> Text {
    match kind {
        DoctorKind::GeneralPractitioner => text(
            "medico di medicina generale",
            "general practitioner",
            "Arzt für Allgemeinmedizin",
        ),
        DoctorKind::Paediatrician => text(
            "pediatra di libera scelta",
            "paediatrician",
            "Kinderarzt freier Wahl",
        ),
    }
}

fn data(errand: &Errand<'_>, world: &World) -> Value {
    let enrolment = world.doctors().enrolment(&errand.access);
    let own = enrolment.and_then(|enrolment| world.doctors().get(enrolment.doctor?));
    let (doctors, desk_first) = match choosable(errand, world) {
        Ok(doctors) => (doctors, None),
        Err(refusal) => (Vec::new(), Some(refusal.code)),
    };
    let doctors = doctors.iter().map(|choosable| {
        json!({
            "number": choosable.number,
            "name": name(choosable.doctor),
            "kind": choosable.doctor.kind,
            "places": choosable.places,
            "has_place": choosable.has_place,
            "association": choosable.doctor.association,
        })
    });
    json!({
        "enrolment": enrolment,
        "doctor_name": own.map(name),
        "choosable": doctors.collect::<Vec<_>>(),
        "desk_first": desk_first,
        "applications": ask::applications(errand, world),
    })
}

const YOUR_DOCTOR: Text = text("Il tuo medico", "Your doctor", "Ihr Arzt");
const NAME: Text = text("Nome e cognome", "Name", "Vor- und Nachname");
const NO_DOCTOR: Text = text("nessuno", "nobody", "niemand");
const KIND: Text = text("Tipo", "Kind", "Art");
const SINCE: Text = text("Dal", "Since", "Seit");
const RESIDENCE: Text = text(
    "Residenza registrata",
    "Residence registered",
    "Gemeldeter Wohnsitz",
);
const DOMICILE: Text = text(
    "Domicilio temporaneo",
    "Temporary domicile",
    "Vorübergehender Aufenthalt",
);
const DOMICILE_UNTIL: Text = text("Domicilio fino al", "Domicile until", "Aufenthalt bis");
const DOCTORS: Text = text(
    "Medici dell'ambito",
    "Doctors of the district",
    "Ärzte des Sprengels",
);
const PLACES: Text = text("Posti liberi", "Free places", "Freie Plätze");
const ASSOCIATION: Text = text("Associazione", "Association", "Gemeinschaftspraxis");
const BESIDE_FAMILY: Text = text(
    "accanto ai familiari",
    "beside the family",
    "neben der Familie",
);
const FULL: Text = text("al completo", "full", "voll");
const NOBODY: Text = text(
    "Nessun altro medico.",
    "No other doctor.",
    "Kein anderer Arzt.",
);
const CHANGE: Text = text("Cambio medico", "Change of doctor", "Arztwechsel");
const AT_ONCE: Text = text(
    "La scelta vale subito; il medico di prima è revocato.",
    "The choice counts at once; the doctor of before is given up.",
    "Die Wahl gilt sofort; der bisherige Arzt wird abgewählt.",
);
const NEW_DOCTOR: Text = text("Nuovo medico", "New doctor", "Neuer Arzt");
const CHOOSE: Text = text("Scegli", "Choose", "Wählen");
