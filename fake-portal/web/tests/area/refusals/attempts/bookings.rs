//! Appointments that cannot be had, and bookings that cannot be cancelled.

use cns_authority::CodiceFiscale;
use cns_services::bookings::{self, AgendaNumber, BookingNumber, Service};
use cns_services::prescriptions::{self, Nre, Priority};
use cns_services::structure::StructureNumber;
use cns_services::world::{Command, Event};
use cns_services::{Requester, Version};
use time::{Duration, PrimitiveDateTime};

use super::{Attempt, attempt};
use crate::town::{NOW, Place, person, written};

const NEW: &str = "/area/bookings/new";

pub(super) fn all(place: &Place) -> Vec<Attempt> {
    let mut attempts = appointments(place);
    attempts.extend(prescribed(place));
    attempts.extend(cancelled(place));
    attempts
}

/// Times that nobody can have, or not this person.
fn appointments(place: &Place) -> Vec<Attempt> {
    let (maria, mario) = (person("maria-rossi"), person("mario-bianchi"));
    let eyes = place.agenda(Service::EyeVisit);
    let other = place.agenda(Service::GynaecologyVisit);
    let free = place.free(eyes, NOW + Duration::days(20), 3);
    let past = place.free(eyes, NOW - Duration::days(9), 1)[0];
    book(place, mario, eyes, free[0]);
    book(place, maria, eyes, free[1]);
    let at = |agenda: AgendaNumber, starts: String, code| {
        let fields = [("agenda", agenda.0.to_string()), ("starts", starts)];
        attempt(maria, NEW, &fields, code, Some("starts"))
    };
    let never = format!("{}T03:33", free[2].date());
    let nowhere = [("starts", written(free[2]))];
    vec![
        at(eyes, never, "BOOKING-102"),
        at(eyes, written(free[0]), "BOOKING-103"),
        at(eyes, written(past), "BOOKING-104"),
        at(other, written(free[1]), "BOOKING-108"),
        at(eyes, "soon".to_owned(), "FORM-109").choosing("starts"),
        // Without a place there is no form to show it in.
        attempt(maria, NEW, &nowhere, "BOOKING-102", Some("starts")).unseen(),
    ]
}

/// Prescriptions that do not fit.
fn prescribed(place: &Place) -> Vec<Attempt> {
    let maria = person("maria-rossi");
    let service = Service::CardiologyVisit;
    let agenda = place.agenda(service);
    let prescribe = |service, priority, when| place.prescribe(maria, service, priority, when);
    let soon = place.free(agenda, NOW + Duration::days(1), 1)[0];
    let late = place.free(agenda, NOW + Duration::days(40), 1)[0];
    let urgent = prescribe(service, Priority::Short, NOW);
    let expired = prescribe(service, Priority::Planned, NOW - Duration::days(300));
    let other = prescribe(Service::ChestXRay, Priority::Planned, NOW);
    let dispensed = prescribe(service, Priority::Planned, NOW);
    dispense(place, maria, dispensed);
    let with = |nre: String, starts: PrimitiveDateTime, code, field| {
        let fields = [
            ("agenda", agenda.0.to_string()),
            ("starts", written(starts)),
            ("nre", nre),
        ];
        attempt(maria, NEW, &fields, code, Some(field))
    };
    let nre = |nre: Nre| nre.to_string();
    vec![
        with(
            "0300A9999999999".to_owned(),
            soon,
            "PRESCRIPTION-101",
            "nre",
        ),
        with(nre(expired), soon, "PRESCRIPTION-102", "nre"),
        with(nre(dispensed), soon, "PRESCRIPTION-103", "nre"),
        with(String::new(), soon, "BOOKING-105", "nre"),
        with(nre(urgent), late, "BOOKING-106", "starts"),
        with(nre(other), soon, "BOOKING-107", "nre"),
        with("0300A".to_owned(), soon, "FORM-109", "nre"),
    ]
}

/// Bookings that stay.
fn cancelled(place: &Place) -> Vec<Attempt> {
    let maria = person("maria-rossi");
    let eyes = place.agenda(Service::EyeVisit);
    let tomorrow = place.free(eyes, NOW + Duration::days(1), 1)[0];
    let later = place.free(eyes, NOW + Duration::days(50), 1)[0];
    let too_late = book(place, maria, eyes, tomorrow);
    let closed = book(place, maria, eyes, later);
    let target = bookings::Target {
        person: maria,
        booking: closed,
        version: Version::default(),
    };
    let command = Command::Booking(bookings::Command::Cancel(target));
    place
        .perform(Requester::Citizen(maria), command, NOW)
        .unwrap();
    let cancel = |booking: BookingNumber, version: &str, code| {
        let path = format!("/area/bookings/{}/cancel", booking.0);
        attempt(maria, path, &[("version", version.to_owned())], code, None)
    };
    vec![
        cancel(too_late, "0", "BOOKING-109"),
        cancel(closed, "1", "BOOKING-110"),
        cancel(too_late, "5", "WORLD-101"),
    ]
}

fn book(
    place: &Place,
    person: CodiceFiscale,
    agenda: AgendaNumber,
    starts: PrimitiveDateTime,
) -> BookingNumber {
    let command = bookings::Command::Book {
        person,
        agenda,
        starts,
        nre: None,
    };
    let who = Requester::Citizen(person);
    match place.perform(who, Command::Booking(command), NOW) {
        Ok(Event::Booking(bookings::Event::Booked { booking, .. })) => booking,
        other => panic!("{other:?}"),
    }
}

fn dispense(place: &Place, person: CodiceFiscale, nre: Nre) {
    let who = Requester::Structure(StructureNumber(0));
    let target = |version| prescriptions::Target {
        person,
        nre,
        version: Version::of_number(version),
    };
    for command in [
        prescriptions::Command::TakeInCharge(target(0)),
        prescriptions::Command::Dispense(target(1)),
    ] {
        place
            .perform(who, Command::Prescription(command), NOW)
            .unwrap();
    }
}
