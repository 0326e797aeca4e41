//! How a booking ends: it is given back, or its time comes.

use time::OffsetDateTime;

use super::{Booking, Event, State, Target, wall};
use crate::access::Access;
use crate::prescriptions::State as PrescriptionState;
use crate::refusal::Refusal;
use crate::requester::Requester;
use crate::rules;
use crate::world::World;

pub(super) fn cancel(
    world: &mut World,
    who: Requester,
    target: Target,
    now: OffsetDateTime,
) -> Result<Event, Refusal> {
    let access = world
        .people
        .private_access(who, target.person, now.date())?;
    let booking = expect_booked(world, &access, target)?;
    let in_time = match who {
        // The desk can still give the appointment to somebody else.
        Requester::Operator => wall(now) < booking.starts,
        _ => now.date() <= booking.cancel_until(),
    };
    if !in_time {
        return Err(rules::TOO_LATE_TO_CANCEL.about(booking.cancel_until()));
    }
    Ok(close(
        world,
        target,
        State::Cancelled,
        PrescriptionState::Issued,
    ))
}

pub(super) fn end(
    world: &mut World,
    who: Requester,
    target: Target,
    state: State,
    now: OffsetDateTime,
) -> Result<Event, Refusal> {
    let by = world.acting_structure(who)?;
    let access = world.people.access(who, target.person, now.date())?;
    let booking = expect_booked(world, &access, target)?;
    let agenda = world.bookings.agenda(booking.agenda);
    if agenda.is_none_or(|agenda| agenda.structure != by) {
        return Err(rules::NO_BOOKING.refuse());
    }
    if wall(now) < booking.starts {
        return Err(rules::NOT_YET.about(booking.starts.date()));
    }
    let prescription = match state {
        State::Attended => PrescriptionState::Dispensed { by, on: now.date() },
        // That a prescription can be booked again after a missed appointment is inferred.
        _ => PrescriptionState::Issued,
    };
    Ok(close(world, target, state, prescription))
}

fn expect_booked<'a>(
    world: &'a World,
    access: &Access,
    target: Target,
) -> Result<&'a Booking, Refusal> {
    let booking = world.bookings.get(access, target.booking)?;
    booking.version.expect(target.version)?;
    if booking.state == State::Booked {
        Ok(booking)
    } else {
        Err(rules::BOOKING_CLOSED.refuse())
    }
}

fn close(
    world: &mut World,
    target: Target,
    state: State,
    prescription: PrescriptionState,
) -> Event {
    let nre = world
        .bookings
        .ledger
        .get(target.booking.0)
        .and_then(|booking| booking.nre);
    world.bookings.close(target.booking, state);
    if let Some(nre) = nre {
        world.prescriptions.end_of_booking(nre, prescription);
    }
    Event::Became(target.booking, state)
}
