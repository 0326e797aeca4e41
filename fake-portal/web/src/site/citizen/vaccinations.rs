//! Vaccinations: what was given, what is due, who is excused.

use cns_language::{Text, text};
use cns_services::World;
use cns_services::vaccinations::{Deferral, Standing, Vaccination, Vaccine};
use serde_json::{Value, json};

use super::errand::Errand;
use crate::site::answer::{Answer, Subject};
use crate::site::page::{Cell, Content, Link, Page, Section, Table};

pub(super) const TITLE: Text = text("Vaccinazioni", "Vaccinations", "Impfungen");

pub(super) fn answer(errand: &Errand<'_>, world: &World, path: &[&str]) -> Answer {
    match (path, errand.posted()) {
        ([], None) => Answer::Shown {
            page: page(errand, world),
            data: data(errand, world),
        },
        (["certificate.pdf"], None) => certificate(errand, world).unwrap_or(Answer::Absent),
        _ => Answer::Absent,
    }
}

/// The certificate of what was given so far; nothing for nobody.
fn certificate(errand: &Errand<'_>, world: &World) -> Option<Answer> {
    let given = world.vaccinations().of(&errand.access);
    let given = given.filter_map(|vaccination| {
        let structure = world.structure(vaccination.structure)?;
        Some((vaccination.clone(), structure.clone()))
    });
    let subject = Subject::Certificate {
        person: world.people().get(errand.person())?.clone(),
        given: given.collect(),
        issued: errand.today(),
    };
    Some(errand.document(subject, page(errand, world)))
}

fn standing(errand: &Errand<'_>, world: &World) -> Vec<(Vaccine, Standing)> {
    let person = world.people().get(errand.person()).into_iter();
    person
        .flat_map(|person| {
            let vaccinations = world.vaccinations();
            vaccinations.standing(&errand.access, person, errand.today())
        })
        .collect()
}

/// Whether nothing that is compulsory is due.
fn is_in_order(standing: &[(Vaccine, Standing)]) -> bool {
    let mut standing = standing.iter();
    standing.all(|(_, standing)| !matches!(standing, Standing::Due(_)))
}

fn data(errand: &Errand<'_>, world: &World) -> Value {
    let standing = standing(errand, world);
    let compulsory = standing
        .iter()
        .map(|(vaccine, standing)| json!({"vaccine": vaccine, "standing": standing}));
    json!({
        "given": world.vaccinations().of(&errand.access).collect::<Vec<_>>(),
        "compulsory": compulsory.collect::<Vec<_>>(),
        "deferrals": world.vaccinations().deferrals(&errand.access).collect::<Vec<_>>(),
        "in_order": is_in_order(&standing),
    })
}

fn page(errand: &Errand<'_>, world: &World) -> Page {
    let given: Vec<&Vaccination> = world.vaccinations().of(&errand.access).collect();
    let deferrals: Vec<&Deferral> = world.vaccinations().deferrals(&errand.access).collect();
    let standing = standing(errand, world);
    let path = errand.path("/vaccinations/certificate.pdf");
    let certificate = Link::new(errand.say(CERTIFICATE), path);
    let order = match is_in_order(&standing) {
        true => IN_ORDER,
        false => NOT_IN_ORDER,
    };
    let page = errand
        .page(errand.say(TITLE), &[])
        .with(Section::new(
            errand.say(GIVEN),
            Content::Table(given_table(errand, world, &given)),
        ))
        .with(
            Section::new(
                errand.say(COMPULSORY),
                Content::Table(standing_table(errand, &standing)),
            )
            .led_by(errand.say(order)),
        );
    with_deferrals(errand, page, &deferrals).with(Section::new(
        errand.say(DOWNLOAD),
        Content::Links(vec![certificate]),
    ))
}

fn given_table(errand: &Errand<'_>, world: &World, given: &[&Vaccination]) -> Table {
    let rows = given.iter().map(|vaccination| {
        let structure = world.structure(vaccination.structure);
        vec![
            Cell::words(errand.say(vaccination.vaccine.title())),
            Cell::words(vaccination.dose.to_string()),
            Cell::words(errand.day(vaccination.given)),
            Cell::code(&vaccination.lot),
            Cell::words(structure.map_or("–", |structure| structure.name.as_str())),
        ]
    });
    Table {
        columns: vec![
            errand.say(VACCINE),
            errand.say(DOSE),
            errand.say(DATE),
            errand.say(LOT),
            errand.say(STRUCTURE),
        ],
        rows: rows.collect(),
        none: errand.say(NONE),
    }
}

fn standing_table(errand: &Errand<'_>, standing: &[(Vaccine, Standing)]) -> Table {
    let rows = standing.iter().map(|(vaccine, standing)| {
        let (words, day) = standing_words(*standing);
        vec![
            Cell::words(errand.say(vaccine.title())),
            Cell::words(errand.say(words)),
            Cell::words(errand.day_or_none(day)),
        ]
    });
    Table {
        columns: vec![errand.say(VACCINE), errand.say(STATE), errand.say(DATE)],
        rows: rows.collect(),
        none: errand.say(NONE),
    }
}

fn with_deferrals(errand: &Errand<'_>, page: Page, deferrals: &[&Deferral]) -> Page {
    if deferrals.is_empty() {
        return page;
    }
    let rows = deferrals.iter().map(|deferral| {
        let until = match deferral.until {
            Some(until) => errand.day(until),
            None => errand.say(FOR_GOOD),
        };
        vec![
            Cell::words(errand.say(deferral.vaccine.title())),
            Cell::words(errand.day(deferral.since)),
            Cell::words(until),
        ]
    });
    let table = Table {
        columns: vec![errand.say(VACCINE), errand.say(SINCE), errand.say(UNTIL)],
        rows: rows.collect(),
        none: String::new(),
    };
    page.with(Section::new(errand.say(DEFERRALS), Content::Table(table)))
}

fn standing_words(standing: Standing) -> (Text, Option<time::Date>) {
    match standing {
        Standing::Complete => (text("completa", "complete", "vollständig"), None),
        Standing::InOrder(day) => (
            text(
                "in regola, prossima dose dal",
                "in order, next dose from",
                "in Ordnung, nächste Dosis ab",
            ),
            Some(day),
        ),
        Standing::Due(day) => (text("da fare dal", "due since", "fällig seit"), Some(day)),
        Standing::Deferred(day) => (
            text("rinviata fino al", "put off until", "aufgeschoben bis"),
            Some(day),
        ),
        Standing::Excused => (text("esonerato", "excused", "befreit"), None),
        Standing::NotAsked => (
            text(
                "non richiesta a questa età",
                "not asked for at this age",
                "in diesem Alter nicht verlangt",
            ),
            None,
        ),
    }
}

const GIVEN: Text = text("Dosi ricevute", "Doses given", "Verabreichte Dosen");
const VACCINE: Text = text("Vaccino", "Vaccine", "Impfstoff");
const DOSE: Text = text("Dose", "Dose", "Dosis");
const DATE: Text = text("Data", "Date", "Datum");
const LOT: Text = text("Lotto", "Lot", "Charge");
const STRUCTURE: Text = text("Struttura", "Structure", "Einrichtung");
const STATE: Text = text("Stato", "State", "Zustand");
const NONE: Text = text(
    "Nessuna vaccinazione registrata.",
    "No vaccination is recorded.",
    "Keine Impfung ist eingetragen.",
);
const COMPULSORY: Text = text(
    "Vaccinazioni obbligatorie",
    "Compulsory vaccinations",
    "Pflichtimpfungen",
);
const IN_ORDER: Text = text(
    "In regola con gli obblighi vaccinali.",
    "All that is compulsory is in order.",
    "Alle Pflichtimpfungen sind in Ordnung.",
);
const NOT_IN_ORDER: Text = text(
    "Manca almeno una vaccinazione obbligatoria.",
    "At least one compulsory vaccination is missing.",
    "Mindestens eine Pflichtimpfung fehlt.",
);
const DEFERRALS: Text = text("Rinvii ed esoneri", "Deferrals", "Aufschübe");
const SINCE: Text = text("Dal", "Since", "Seit");
const UNTIL: Text = text("Fino al", "Until", "Bis");
const FOR_GOOD: Text = text("per sempre", "for good", "dauerhaft");
const DOWNLOAD: Text = text("Scarica", "Download", "Herunterladen");
const CERTIFICATE: Text = text(
    "Certificato vaccinale in PDF",
    "Certificate of vaccination as PDF",
    "Impfzertifikat als PDF",
);
