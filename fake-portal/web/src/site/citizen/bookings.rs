//! Bookings of visits and examinations: those there are, a new one in steps, and how to cancel one.

mod new;

use cns_language::{Text, text};
use cns_services::bookings::{AgendaNumber, Booking, BookingNumber, Command, Event, State, Target};
use cns_services::{World, world};
use serde_json::{Value, json};

use super::done::Done;
use super::errand::Errand;
use crate::site::answer::Answer;
use crate::site::form::{Field, Form, VERSION};
use crate::site::page::{Cell, Content, Link, Page, Section, Table};
use crate::site::typed;

pub(super) const TITLE: Text = text("Prenotazioni", "Bookings", "Vormerkungen");

pub(super) fn answer(errand: &Errand<'_>, world: &mut World, path: &[&str]) -> Answer {
    match (path, errand.posted()) {
        ([], None) => list(errand, world),
        (["new"], None) => new::asked(errand, world),
        (["new"], Some(typed)) => new::posted(errand, world, typed),
        ([number], None) => number.parse().map_or(Answer::Absent, |number| {
            one(errand, world, BookingNumber(number))
        }),
        ([number, "cancel"], _) => cancel(errand, world, number),
        _ => Answer::Absent,
    }
}

fn list(errand: &Errand<'_>, world: &World) -> Answer {
    let all: Vec<(BookingNumber, &Booking)> = world.bookings().of(&errand.access).collect();
    let to_come = |(_, booking): &(BookingNumber, &Booking)| booking.state == State::Booked;
    let (open, closed): (Vec<_>, Vec<_>) = all.iter().copied().partition(to_come);
    let page = errand
        .page(errand.say(TITLE), &[])
        .with(Section::new(
            errand.say(TO_COME),
            Content::Table(table(errand, world, &open)),
        ))
        .with(Section::new(
            errand.say(BOOK),
            Content::Links(vec![Link::new(
                errand.say(NEW_BOOKING),
                errand.path("/bookings/new"),
            )]),
        ))
        .with(Section::new(
            errand.say(PAST),
            Content::Table(table(errand, world, &closed)),
        ));
    let bookings = all
        .into_iter()
        .map(|(number, booking)| data(errand, world, number, booking));
    Answer::Shown {
        page,
        data: json!({"bookings": bookings.collect::<Vec<_>>()}),
    }
}

fn one(errand: &Errand<'_>, world: &World, number: BookingNumber) -> Answer {
    match world.bookings().get(&errand.access, number) {
        Ok(booking) => Answer::Shown {
            page: of(errand, world, number, booking),
            data: data(errand, world, number, booking),
        },
        Err(_) => Answer::Absent,
    }
}

fn cancel(errand: &Errand<'_>, world: &mut World, number: &str) -> Answer {
    let Ok(booking) = number.parse().map(BookingNumber) else {
        return Answer::Absent;
    };
    let Some(typed) = errand.posted() else {
        return one(errand, world, booking);
    };
    let person = errand.person();
    let came = typed::version(typed).and_then(|version| {
        let target = Target {
            person,
            booking,
            version,
        };
        errand.perform(world, world::Command::Booking(Command::Cancel(target)))
    });
    let next = |_: &world::Event| format!("/bookings/{}", booking.0);
    errand.outcome(came, Done::Cancelled, next, || {
        let known = world.bookings().get(&errand.access, booking).ok()?;
        Some(of(errand, world, booking, known))
    })
}

/// Where a new booking stands.
fn place(event: &world::Event) -> String {
    match event {
        world::Event::Booking(Event::Booked { booking, .. }) => format!("/bookings/{}", booking.0),
        _ => "/bookings".to_owned(),
    }
}

fn table(errand: &Errand<'_>, world: &World, bookings: &[(BookingNumber, &Booking)]) -> Table {
    let rows = bookings.iter().map(|(number, booking)| {
        let path = errand.path(format!("/bookings/{}", number.0));
        vec![
            Cell::link(service(errand, world, booking.agenda), path),
            Cell::words(errand.time(booking.starts)),
            Cell::words(structure(world, booking.agenda)),
            Cell::words(errand.say(state(booking.state))),
        ]
    });
    Table {
        columns: vec![
            errand.say(SERVICE),
            errand.say(STARTS),
            errand.say(STRUCTURE),
            errand.say(STATE),
        ],
        rows: rows.collect(),
        none: errand.say(NONE),
    }
}

fn of(errand: &Errand<'_>, world: &World, number: BookingNumber, booking: &Booking) -> Page {
    let nre = booking.nre.map_or_else(
        || Cell::words(errand.say(WITHOUT)),
        |nre| {
            Cell::link(
                nre.to_string(),
                errand.path(format!("/prescriptions/{nre}")),
            )
        },
    );
    let facts = vec![
        (errand.say(STARTS), Cell::words(errand.time(booking.starts))),
        (
            errand.say(STRUCTURE),
            Cell::words(structure(world, booking.agenda)),
        ),
        (errand.say(PRESCRIPTION), nre),
        (errand.say(TICKET), Cell::words(booking.ticket.to_string())),
        (
            errand.say(STATE),
            Cell::words(errand.say(state(booking.state))),
        ),
        (
            errand.say(CANCEL_UNTIL),
            Cell::words(errand.day(booking.cancel_until())),
        ),
    ];
    let title = service(errand, world, booking.agenda);
    let page = errand
        .page(title, &[(TITLE, "/bookings")])
        .with(Section::new(errand.say(APPOINTMENT), Content::Facts(facts)));
    match (booking.state, errand.today() <= booking.cancel_until()) {
        (State::Booked, true) => page.with(cancellation(errand, number, booking)),
        (State::Booked, false) => {
            let section = Section::new(errand.say(CANCELLATION), Content::Words);
            page.with(section.led_by(errand.say(TOO_LATE)))
        }
        _ => page,
    }
}

fn cancellation(errand: &Errand<'_>, number: BookingNumber, booking: &Booking) -> Section {
    let path = errand.path(format!("/bookings/{}/cancel", number.0));
    let form = Form::new(path, errand.say(CANCEL))
        .with(Field::hidden(VERSION, booking.version.number().to_string()));
    Section::new(errand.say(CANCELLATION), Content::Form(form)).led_by(errand.say(CANCEL_ABOUT))
}

fn data(errand: &Errand<'_>, world: &World, number: BookingNumber, booking: &Booking) -> Value {
    json!({
        "number": number,
        "service": world.bookings().agenda(booking.agenda).map(|agenda| agenda.service),
        "service_name": service(errand, world, booking.agenda),
        "structure_name": structure(world, booking.agenda),
        "cancel_until": booking.cancel_until().to_string(),
        "booking": booking,
    })
}

fn service(errand: &Errand<'_>, world: &World, agenda: AgendaNumber) -> String {
    let agenda = world.bookings().agenda(agenda);
    agenda.map_or_else(String::new, |agenda| errand.say(agenda.service.title()))
}

fn structure(world: &World, agenda: AgendaNumber) -> &str {
    let agenda = world.bookings().agenda(agenda);
    let structure = agenda.and_then(|agenda| world.structure(agenda.structure));
    structure.map_or("–", |structure| structure.name.as_str())
}

fn state(state: State) -> Text {
    match state {
        State::Booked => text("prenotato", "booked", "vorgemerkt"),
        State::Cancelled => text("disdetto", "cancelled", "abgesagt"),
        State::Attended => text("erogato", "attended", "wahrgenommen"),
        State::Missed => text("non presentato", "missed", "versäumt"),
    }
}

const TO_COME: Text = text("Appuntamenti", "Appointments", "Termine");
const PAST: Text = text("Storico", "Past", "Frühere");
const NONE: Text = text("Nessun appuntamento.", "No appointment.", "Kein Termin.");
const BOOK: Text = text("Prenota", "Book", "Vormerken");
const NEW_BOOKING: Text = text("Nuova prenotazione", "New booking", "Neue Vormerkung");
const SERVICE: Text = text("Prestazione", "Service", "Leistung");
const STARTS: Text = text("Quando", "When", "Wann");
const STRUCTURE: Text = text("Struttura", "Structure", "Einrichtung");
const STATE: Text = text("Stato", "State", "Zustand");
const APPOINTMENT: Text = text("Appuntamento", "Appointment", "Termin");
const PRESCRIPTION: Text = text("Ricetta (NRE)", "Prescription (NRE)", "Rezept (NRE)");
const WITHOUT: Text = text("senza ricetta", "without prescription", "ohne Rezept");
const TICKET: Text = text("Ticket da pagare", "To be paid", "Zu bezahlen");
const CANCEL_UNTIL: Text = text("Disdetta entro il", "Cancel by", "Absage bis");
const CANCELLATION: Text = text("Disdetta", "Cancellation", "Absage");
const CANCEL_ABOUT: Text = text(
    "Se non puoi venire, disdici in tempo: un altro avrà il posto, e la visita non si paga.",
    "If you cannot come, cancel in time: somebody else has the place, and nothing is to be paid.",
    "Wenn Sie nicht kommen können, sagen Sie rechtzeitig ab: jemand anderes hat den Platz, und es ist nichts zu bezahlen.",
);
const TOO_LATE: Text = text(
    "La disdetta non è più possibile: la visita si paga comunque.",
    "It is too late to cancel: the visit is paid for all the same.",
    "Für eine Absage ist es zu spät: der Termin ist trotzdem zu bezahlen.",
);
const CANCEL: Text = text("Disdici", "Cancel the booking", "Absagen");
