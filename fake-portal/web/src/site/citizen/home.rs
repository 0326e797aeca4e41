//! The first page of an area: who it is, for whom they may act, and what there is to do.

use cns_authority::CodiceFiscale;
use cns_language::{Phrase, Text, text};
use cns_services::access::Standing;
use cns_services::exemptions::Exemption;
use cns_services::prescriptions::Status;
use cns_services::{Access, World, bookings};
use serde_json::{Value, json};

use super::errand::Errand;
use crate::site::answer::Answer;
use crate::site::page::{Cell, Content, Section, Table};

pub(super) fn answer(errand: &Errand<'_>, world: &World) -> Answer {
    if errand.posted().is_some() {
        return Answer::Absent;
    }
    let acts_for = acts_for(errand, world);
    let services = services(errand, world);
    let mut page = errand.page(errand.name(), &[]);
    // Who is here already need not be shown the way.
    page.trail.pop();
    let mut page = page.with(services_section(errand, &services));
    // For whom one may act is one's own affair, and not seen from the area of somebody else.
    if !errand.is_for_another() {
        page = page.with(people_section(errand, &acts_for));
    }
    let page = page.with(Section::new(
        errand.say(WHO),
        Content::Facts(facts(errand, world)),
    ));
    Answer::Shown {
        page,
        data: data(errand, &services, &acts_for),
    }
}

/// Somebody for whom the visitor may act.
struct Represented {
    codice_fiscale: CodiceFiscale,
    name: String,
    standing: Standing,
}

/// A service, and in a few words what there is in it.
struct ServiceLine {
    path: &'static str,
    title: Text,
    summary: Phrase,
    count: usize,
}

fn acts_for(errand: &Errand<'_>, world: &World) -> Vec<Represented> {
    let mut people: Vec<CodiceFiscale> = world
        .people()
        .represented_by(errand.citizen.codice_fiscale)
        .map(|representation| representation.person)
        .collect();
    // Somebody may be parent and court guardian of the same person.
    people.sort_unstable();
    people.dedup();
    let represented = people.into_iter().filter_map(|person| {
        let access = world.access(errand.who(), person, errand.today()).ok()?;
        Some(Represented {
            codice_fiscale: person,
            name: world.people().get(person)?.name(),
            standing: access.standing(),
        })
    });
    represented.collect()
}

fn services(errand: &Errand<'_>, world: &World) -> Vec<ServiceLine> {
    let (access, today) = (&errand.access, errand.today());
    let line = |path, title, sentence: Text, count: usize| ServiceLine {
        path,
        title,
        summary: Phrase::from(sentence).with(count.to_string()),
        count,
    };
    let due = world.people().get(access.person()).map_or(0, |person| {
        let standing = world.vaccinations().standing(access, person, today);
        let due = standing.filter(|(_, standing)| {
            matches!(standing, cns_services::vaccinations::Standing::Due(_))
        });
        due.count()
    });
    let in_force = |(_, exemption): &(_, &Exemption)| exemption.in_force(today);
    vec![
        line(
            "/reports",
            super::reports::TITLE,
            TO_COLLECT,
            to_collect(world, access),
        ),
        line(
            "/prescriptions",
            super::prescriptions::TITLE,
            USABLE,
            world
                .prescriptions()
                .of(access)
                .filter(|prescription| prescription.status(today) == Status::Issued)
                .count(),
        ),
        line("/vaccinations", super::vaccinations::TITLE, DUE, due),
        line(
            "/exemptions",
            super::exemptions::TITLE,
            IN_FORCE,
            world.exemptions().of(access).filter(in_force).count(),
        ),
        line(
            "/bookings",
            super::bookings::TITLE,
            TO_COME,
            world
                .bookings()
                .of(access)
                .filter(|(_, booking)| booking.state == bookings::State::Booked)
                .count(),
        ),
        doctor_line(errand, world),
    ]
}

fn to_collect(world: &World, access: &Access) -> usize {
    world.reports().of(access).map_or(0, |reports| {
        reports
            .filter(|(_, report)| report.collected.is_none())
            .count()
    })
}

fn doctor_line(errand: &Errand<'_>, world: &World) -> ServiceLine {
    let enrolment = world.doctors().enrolment(&errand.access);
    let doctor = enrolment.and_then(|enrolment| world.doctors().get(enrolment.doctor?));
    ServiceLine {
        path: "/doctor",
        title: super::doctor::TITLE,
        summary: doctor.map_or_else(
            || Phrase::from(NO_DOCTOR),
            |doctor| Phrase::from(YOUR_DOCTOR).with(super::doctor::name(doctor)),
        ),
        count: usize::from(doctor.is_some()),
    }
}

fn services_section(errand: &Errand<'_>, services: &[ServiceLine]) -> Section {
    let rows = services.iter().map(|service| {
        vec![
            Cell::link(errand.say(service.title), errand.path(service.path)),
            Cell::words(service.summary.in_language(errand.visit.language)),
        ]
    });
    let table = Table {
        columns: vec![errand.say(SERVICE), errand.say(WHAT_IS_THERE)],
        rows: rows.collect(),
        none: String::new(),
    };
    Section::new(errand.say(SERVICES), Content::Table(table))
}

fn people_section(errand: &Errand<'_>, acts_for: &[Represented]) -> Section {
    let rows = acts_for.iter().map(|person| {
        let area = format!("/area/for/{}", person.codice_fiscale);
        vec![
            Cell::link(person.name.as_str(), area),
            Cell::words(errand.say(standing_title(person.standing))),
            Cell::code(person.codice_fiscale),
        ]
    });
    let table = Table {
        columns: vec![
            errand.say(PERSON),
            errand.say(AS_WHAT),
            errand.say(CODICE_FISCALE),
        ],
        rows: rows.collect(),
        none: errand.say(FOR_NOBODY),
    };
    Section::new(errand.say(FOR_WHOM), Content::Table(table))
}

fn facts(errand: &Errand<'_>, world: &World) -> Vec<(String, Cell)> {
    let person = world.people().get(errand.person());
    let born = person.map(|person| person.birth_date);
    let mut facts = vec![
        (errand.say(NAME), Cell::words(errand.name())),
        (errand.say(CODICE_FISCALE), Cell::code(errand.person())),
        (errand.say(BORN), Cell::words(errand.day_or_none(born))),
    ];
    if !errand.is_for_another() {
        let number = Cell::code(errand.citizen.card_number);
        facts.push((errand.say(CARD), number));
    }
    facts
}

fn data(errand: &Errand<'_>, services: &[ServiceLine], acts_for: &[Represented]) -> Value {
    let services = services.iter().map(|service| {
        json!({
            "service": service.title.in_language(errand.visit.language),
            "path": format!("/api{}", errand.path(service.path)),
            "count": service.count,
        })
    });
    let people = acts_for.iter().map(|person| {
        json!({
            "codice_fiscale": person.codice_fiscale.to_string(),
            "name": person.name,
            "standing": standing_word(person.standing),
            "path": format!("/api/area/for/{}", person.codice_fiscale),
        })
    });
    let data = json!({
        "codice_fiscale": errand.person().to_string(),
        "name": errand.name(),
        "standing": standing_word(errand.access.standing()),
        "services": services.collect::<Vec<_>>(),
    });
    match (data, errand.is_for_another()) {
        (Value::Object(mut members), false) => {
            members.insert("acts_for".to_owned(), people.collect());
            Value::Object(members)
        }
        (data, _) => data,
    }
}

fn standing_word(standing: Standing) -> &'static str {
    match standing {
        Standing::Holder => "holder",
        Standing::Guardian => "guardian",
        Standing::Delegate => "delegate",
        Standing::Professional => "professional",
    }
}

fn standing_title(standing: Standing) -> Text {
    match standing {
        Standing::Holder => text("titolare", "holder", "Inhaber"),
        Standing::Guardian => text(
            "chi la rappresenta per legge",
            "who represents them by law",
            "gesetzlicher Vertreter",
        ),
        Standing::Delegate => text("delegato", "delegate", "Bevollmächtigter"),
        Standing::Professional => text("operatore", "professional", "Fachkraft"),
    }
}

const WHO: Text = text("Dati personali", "Personal data", "Persönliche Daten");
const NAME: Text = text("Nome e cognome", "Name", "Vor- und Nachname");
const CODICE_FISCALE: Text = text("Codice fiscale", "Codice fiscale", "Steuernummer");
const BORN: Text = text("Data di nascita", "Date of birth", "Geburtsdatum");
const CARD: Text = text("Numero della carta", "Card number", "Kartennummer");
const SERVICES: Text = text("Servizi", "Services", "Dienste");
const SERVICE: Text = text("Servizio", "Service", "Dienst");
const WHAT_IS_THERE: Text = text("Che cosa c'è", "What is there", "Was es gibt");
const FOR_WHOM: Text = text(
    "Per chi puoi agire",
    "For whom you may act",
    "Für wen Sie handeln dürfen",
);
const PERSON: Text = text("Persona", "Person", "Person");
const AS_WHAT: Text = text("In qualità di", "As", "Als");
const FOR_NOBODY: Text = text(
    "Per nessun altro: sono rappresentati i figli minorenni, le persone affidate da un giudice e chi ha dato una delega.",
    "For nobody else: minor children, people entrusted by a court and people who have given a mandate are represented.",
    "Für niemand anderen: vertreten werden minderjährige Kinder, vom Gericht Anvertraute und wer eine Vollmacht gab.",
);
const TO_COLLECT: Text = text("Da ritirare: {0}", "To be collected: {0}", "Abzuholen: {0}");
const USABLE: Text = text("Utilizzabili: {0}", "Usable: {0}", "Verwendbar: {0}");
const DUE: Text = text("Da fare: {0}", "Due: {0}", "Fällig: {0}");
const IN_FORCE: Text = text("In vigore: {0}", "In force: {0}", "In Kraft: {0}");
const TO_COME: Text = text("Appuntamenti: {0}", "Appointments: {0}", "Termine: {0}");
const YOUR_DOCTOR: Text = text("Medico: {0}", "Doctor: {0}", "Arzt: {0}");
const NO_DOCTOR: Text = text("Nessun medico", "No doctor", "Kein Arzt");
