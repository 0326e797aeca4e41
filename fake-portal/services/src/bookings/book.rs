//! What an appointment is given for, and by when.

use cns_authority::CodiceFiscale;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use super::{AgendaNumber, Booking, Event, Service, ServiceKind, State, wall};
use crate::prescriptions::{Nre, Prescribed, Prescription, Priority};
use crate::refusal::Refusal;
use crate::requester::Requester;
use crate::rules;
use crate::version::Version;
use crate::world::World;

pub(super) fn book(
    world: &mut World,
    who: Requester,
    person: CodiceFiscale,
    number: AgendaNumber,
    starts: PrimitiveDateTime,
    nre: Option<Nre>,
    now: OffsetDateTime,
) -> Result<Event, Refusal> {
    world.people.private_access(who, person, now.date())?;
    let bookings = &world.bookings;
    let agenda = bookings
        .agenda(number)
        .filter(|agenda| agenda.has(starts))
        .ok_or_else(|| rules::NO_SLOT.refuse().of_field("starts"))?;
    if starts <= wall(now) {
        return Err(rules::SLOT_PAST.refuse().of_field("starts"));
    }
    let prescription = match nre {
        Some(nre) => Some(world.prescriptions.of_person(person, nre)?),
        None => None,
    };
    expect_prescribed(agenda.service, prescription, starts, now)?;
    if !bookings.is_free(number, starts) {
        return Err(rules::SLOT_TAKEN.refuse().of_field("starts"));
    }
    if let Some(other) = bookings.overlapping(person, starts, agenda.minutes) {
        return Err(rules::PERSON_BUSY.about(other.starts.date()));
    }
    let exempt = prescription
        .and_then(|prescription| prescription.exemption)
        .is_some_and(|code| world.exemptions.holds(person, code, now.date()));
    let ticket = agenda.service.ticket(prescription.is_some(), exempt);
    let structure = agenda.structure;
    let booking = Booking {
        person,
        agenda: number,
        starts,
        nre,
        ticket,
        state: State::Booked,
        version: Version::default(),
    };
    let booking = world
        .bookings
        .add(booking)
        .ok_or_else(|| rules::SLOT_TAKEN.refuse())?;
    if let Some(nre) = nre {
        world
            .prescriptions
            .take_in_charge(nre, structure, now.date());
    }
    Ok(Event::Booked { booking, ticket })
}

/// A service for which there is a prescription, of the right kind and in time, or that needs none.
fn expect_prescribed(
    service: Service,
    prescription: Option<&Prescription>,
    starts: PrimitiveDateTime,
    now: OffsetDateTime,
) -> Result<(), Refusal> {
    let Some(prescription) = prescription else {
        return if service.needs_prescription() {
            Err(rules::PRESCRIPTION_NEEDED.refuse().of_field("nre"))
        } else {
            Ok(())
        };
    };
    let priority = match prescription.prescribed {
        Prescribed::Service {
            service: prescribed,
            priority,
        } if prescribed == service => priority,
        _ => return Err(rules::OTHER_SERVICE.refuse().of_field("nre")),
    };
    prescription.expect_usable(now.date())?;
    let latest = latest_start(service, priority, now);
    if latest < starts {
        return Err(rules::OUTSIDE_WINDOW
            .about(latest.date())
            .of_field("starts"));
    }
    Ok(())
}

/// The latest an appointment may begin that is booked now (classi di priorità; the numbers are from memory).
///
/// ```text
/// U  72 hours     B  10 days     D  30 days for a visit, 60 for an examination     P  120 days
/// ```
///
/// That the days are counted from the booking and not from the prescription is inferred.
pub fn latest_start(
    service: Service,
    priority: Priority,
    now: OffsetDateTime,
) -> PrimitiveDateTime {
    let days = match (priority, service.kind()) {
        (Priority::Urgent, _) => return wall(now).saturating_add(Duration::hours(72)),
        (Priority::Short, _) => 10,
        (Priority::Deferrable, ServiceKind::Visit) => 30,
        (Priority::Deferrable, ServiceKind::Examination) => 60,
        (Priority::Planned, _) => 120,
    };
    let last_day = now.date().saturating_add(Duration::days(days));
    last_day
        .with_hms(23, 59, 59)
        .unwrap_or(PrimitiveDateTime::MAX)
}
