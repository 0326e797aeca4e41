//! What a person was prescribed, and what became of it.

use fastrand::Rng;
use time::{Date, Duration, PrimitiveDateTime};

use super::{days_before, near};
use crate::bookings::{AgendaNumber, Booking, Service, State as BookingState};
use crate::person::Person;
use crate::prescriptions::{Drug, Prescribed, Prescription, Priority, State};
use crate::structure::StructureKind;
use crate::version::Version;
use crate::world::World;

/// Prescribes some medicines and services; some of the services are booked.
pub(super) fn be_prescribed(world: &mut World, rng: &mut Rng, person: &Person, today: Date) {
    for _ in 0..rng.u8(..3) {
        let drug = one_of(rng, &Drug::ALL, Drug::Ramipril);
        let packages = rng.u8(1..=2);
        let issued = days_before(rng, person, today, 400);
        let state = if rng.u8(..4) == 0 {
            State::Issued
        } else {
            let pharmacy = near(world, rng, StructureKind::Pharmacy);
            let on = issued.saturating_add(Duration::days(rng.i64(0..20)));
            State::Dispensed {
                by: pharmacy,
                on: on.min(today),
            }
        };
        prescribe(
            world,
            person,
            Prescribed::Drug { drug, packages },
            issued,
            state,
        );
    }
    if rng.u8(..4) == 0 {
        let service = one_of(rng, &Service::ALL, Service::ChestXRay);
        let priority = one_of(rng, &Priority::ALL, Priority::Planned);
        let issued = days_before(rng, person, today, 60);
        let prescribed = Prescribed::Service { service, priority };
        // The dead have no appointments to come.
        if person.died.is_some()
            || rng.bool()
            || !book(world, rng, person, prescribed, issued, today)
        {
            prescribe(world, person, prescribed, issued, State::Issued);
        }
    }
}

fn prescribe(
    world: &mut World,
    person: &Person,
    prescribed: Prescribed,
    issued: Date,
    state: State,
) -> Option<crate::prescriptions::Nre> {
    let doctor = world
        .doctors
        .enrolment_of(person.codice_fiscale)
        .and_then(|enrolment| enrolment.doctor)
        .or_else(|| world.doctors.iter().map(|(number, _)| number).next())?;
    let nre = world.prescriptions.next_nre();
    world.prescriptions.add(Prescription {
        nre,
        person: person.codice_fiscale,
        doctor,
        prescribed,
        exemption: None,
        issued,
        state,
        version: Version::default(),
    })?;
    Some(nre)
}

/// Books a free appointment of the weeks to come, if a few tries find one.
fn book(
    world: &mut World,
    rng: &mut Rng,
    person: &Person,
    prescribed: Prescribed,
    issued: Date,
    today: Date,
) -> bool {
    let Prescribed::Service { service, .. } = prescribed else {
        return false;
    };
    let Some((agenda, starts)) = (0..4).find_map(|_| free_time(world, rng, service, today)) else {
        return false;
    };
    let Some(by) = world.bookings.agenda(agenda).map(|agenda| agenda.structure) else {
        return false;
    };
    let on = days_before(rng, person, today, 10).max(issued);
    let state = State::TakenInCharge { by, on };
    let Some(nre) = prescribe(world, person, prescribed, issued, state) else {
        return false;
    };
    let booking = Booking {
        person: person.codice_fiscale,
        agenda,
        starts,
        nre: Some(nre),
        ticket: service.ticket(true, false),
        state: BookingState::Booked,
        version: Version::default(),
    };
    world.bookings.add(booking).is_some()
}

fn free_time(
    world: &World,
    rng: &mut Rng,
    service: Service,
    today: Date,
) -> Option<(AgendaNumber, PrimitiveDateTime)> {
    let agendas: Vec<AgendaNumber> = world
        .bookings
        .agendas()
        .filter(|(_, agenda)| agenda.service == service)
        .map(|(number, _)| number)
        .collect();
    let number = rng.choice(agendas)?;
    let day = today.saturating_add(Duration::days(rng.i64(1..90)));
    let mut times = world.bookings.agenda(number)?.times(day);
    let starts = times.nth(rng.usize(..12))?;
    world
        .bookings
        .is_free(number, starts)
        .then_some((number, starts))
}

fn one_of<T: Copy>(rng: &mut Rng, all: &[T], otherwise: T) -> T {
    rng.choice(all).copied().unwrap_or(otherwise)
}
