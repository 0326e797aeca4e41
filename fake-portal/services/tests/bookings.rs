//! Bookings: the rules as a table, then any interleaving of commands.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod cast;

use std::collections::HashSet;

use cast::{Cast, NOW, TODAY, cast, cast_among, code, in_days};
use cns_authority::CodiceFiscale;
use cns_services::bookings::{
    AgendaNumber, BookingNumber, Cents, Command, Event, Service, State, Target, latest_start,
};
use cns_services::doctors::DoctorNumber;
use cns_services::prescriptions::{self, Nre, Prescribed, Priority, Status};
use cns_services::structure::StructureNumber;
use cns_services::world::{self, Command as Any};
use cns_services::{Requester, Version, World};
use proptest::prelude::*;
use proptest::sample::Index;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

const DOCTOR: Requester = Requester::Doctor(DoctorNumber(0));

fn prescribe(
    world: &mut World,
    person: CodiceFiscale,
    service: Service,
    priority: Priority,
    now: OffsetDateTime,
) -> Nre {
    let command = Any::Prescription(prescriptions::Command::Issue {
        person,
        prescribed: Prescribed::Service { service, priority },
        exemption: None,
    });
    match world.perform(DOCTOR, command, now) {
        Ok(world::Event::Prescription(prescriptions::Event::Issued(nre))) => nre,
        other => panic!("no prescription: {other:?}"),
    }
}

/// The first agenda of a service.
fn agenda(world: &World, service: Service) -> AgendaNumber {
    let mut agendas = world.bookings().agendas();
    agendas
        .find(|(_, agenda)| agenda.service == service)
        .unwrap()
        .0
}

fn structure(world: &World, agenda: AgendaNumber) -> StructureNumber {
    world.bookings().agenda(agenda).unwrap().structure
}

/// The first free time at least so many days from now.
fn free(world: &World, agenda: AgendaNumber, days: i64) -> PrimitiveDateTime {
    world.bookings().free(agenda, in_days(days)).next().unwrap()
}

fn book(
    person: CodiceFiscale,
    agenda: AgendaNumber,
    starts: PrimitiveDateTime,
    nre: Option<Nre>,
) -> Any {
    Any::Booking(Command::Book {
        person,
        agenda,
        starts,
        nre,
    })
}

fn booked(event: world::Event) -> (BookingNumber, Cents) {
    match event {
        world::Event::Booking(Event::Booked { booking, ticket }) => (booking, ticket),
        other => panic!("not booked: {other:?}"),
    }
}

fn status(world: &World, person: CodiceFiscale, nre: Nre) -> Status {
    let access = world
        .access(Requester::Citizen(person), person, TODAY)
        .unwrap();
    let prescription = world.prescriptions().get(&access, nre).unwrap();
    prescription.status(TODAY)
}

#[test]
fn a_booking_from_prescription_to_the_visit() {
    let Cast {
        mut world, maria, ..
    } = cast();
    let nre = prescribe(
        &mut world,
        maria,
        Service::ChestXRay,
        Priority::Planned,
        NOW,
    );
    let agenda = agenda(&world, Service::ChestXRay);
    let starts = free(&world, agenda, 5);
    let event = world
        .perform(
            Requester::Citizen(maria),
            book(maria, agenda, starts, Some(nre)),
            NOW,
        )
        .unwrap();
    let (booking, ticket) = booked(event);
    assert_eq!(ticket, Cents(1_550));
    assert_eq!(status(&world, maria, nre), Status::TakenInCharge);
    assert_ne!(free(&world, agenda, 5), starts);

    let attend = Any::Booking(Command::Attend(Target {
        person: maria,
        booking,
        version: Version::default(),
    }));
    let laboratory = Requester::Structure(structure(&world, agenda));
    assert_eq!(
        code(&world.perform(laboratory, attend.clone(), NOW)),
        "BOOKING-111"
    );
    let later = starts.assume_offset(NOW.offset()) + Duration::minutes(5);
    assert_eq!(
        code(&world.perform(laboratory, attend.clone(), later)),
        "done"
    );
    assert_eq!(status(&world, maria, nre), Status::Dispensed);
    assert_eq!(code(&world.perform(laboratory, attend, later)), "WORLD-101");
}

#[test]
fn what_is_not_booked() {
    let Cast {
        mut world,
        maria,
        mario,
        paolo,
        sofia,
        ..
    } = cast();
    let xray = agenda(&world, Service::ChestXRay);
    let heart = agenda(&world, Service::CardiologyVisit);
    let eyes = agenda(&world, Service::EyeVisit);
    let soon = free(&world, xray, 1);
    let late = free(&world, xray, 100);
    let nre = prescribe(&mut world, maria, Service::ChestXRay, Priority::Urgent, NOW);
    let expired = prescribe(
        &mut world,
        maria,
        Service::ChestXRay,
        Priority::Planned,
        in_days(-200),
    );
    let his = prescribe(
        &mut world,
        mario,
        Service::ChestXRay,
        Priority::Planned,
        NOW,
    );
    let citizen = Requester::Citizen;
    let noon = PrimitiveDateTime::new(soon.date(), time::macros::time!(9:07));
    let past = PrimitiveDateTime::new(TODAY, time::macros::time!(9:00));
    let table = [
        (
            citizen(maria),
            book(maria, xray, noon, Some(nre)),
            "BOOKING-102",
        ),
        (
            citizen(maria),
            book(maria, AgendaNumber(9_999), soon, Some(nre)),
            "BOOKING-102",
        ),
        (
            citizen(maria),
            book(maria, xray, past, Some(nre)),
            "BOOKING-104",
        ),
        (citizen(maria), book(maria, xray, soon, None), "BOOKING-105"),
        (
            citizen(maria),
            book(maria, xray, late, Some(nre)),
            "BOOKING-106",
        ),
        (
            citizen(maria),
            book(maria, heart, free(&world, heart, 1), Some(nre)),
            "BOOKING-107",
        ),
        (
            citizen(maria),
            book(maria, xray, soon, Some(his)),
            "PRESCRIPTION-101",
        ),
        (
            citizen(maria),
            book(maria, xray, soon, Some(Nre::of_serial(9_999_999))),
            "PRESCRIPTION-101",
        ),
        (
            citizen(maria),
            book(maria, xray, soon, Some(expired)),
            "PRESCRIPTION-102",
        ),
        (
            citizen(maria),
            book(mario, xray, soon, Some(his)),
            "PERSON-101",
        ),
        (
            citizen(maria),
            book(sofia, eyes, free(&world, eyes, 1), None),
            "PERSON-101",
        ),
        (DOCTOR, book(maria, xray, soon, Some(nre)), "PERSON-101"),
        // What is booked after all the refusals shows that none of them changed anything.
        (citizen(maria), book(maria, xray, soon, Some(nre)), "done"),
        (
            citizen(mario),
            book(mario, xray, soon, Some(his)),
            "BOOKING-103",
        ),
        (
            citizen(maria),
            book(maria, xray, free(&world, xray, 2), Some(nre)),
            "PRESCRIPTION-103",
        ),
        (
            citizen(paolo),
            book(sofia, eyes, free(&world, eyes, 1), None),
            "done",
        ),
        (
            Requester::Operator,
            book(paolo, eyes, free(&world, eyes, 9), None),
            "done",
        ),
    ];
    for (number, (who, command, expected)) in table.into_iter().enumerate() {
        assert_eq!(
            code(&world.perform(who, command, NOW)),
            expected,
            "row {number}"
        );
    }
    let starts = free(&world, xray, 1);
    let elsewhere = world
        .bookings()
        .agendas()
        .find(|(number, agenda)| *number != xray && agenda.service == Service::ChestXRay)
        .unwrap()
        .0;
    let second = prescribe(
        &mut world,
        maria,
        Service::ChestXRay,
        Priority::Planned,
        NOW,
    );
    let command = book(maria, elsewhere, soon, Some(second));
    assert!(soon < starts);
    assert_eq!(
        code(&world.perform(citizen(maria), command, NOW)),
        "BOOKING-108"
    );
}

#[test]
fn what_is_cancelled() {
    let Cast {
        mut world,
        maria,
        mario,
        ..
    } = cast();
    let eyes = agenda(&world, Service::EyeVisit);
    let starts = free(&world, eyes, 7);
    let event = world
        .perform(
            Requester::Citizen(maria),
            book(maria, eyes, starts, None),
            NOW,
        )
        .unwrap();
    let (booking, _) = booked(event);
    let target = Target {
        person: maria,
        booking,
        version: Version::default(),
    };
    let cancel = Any::Booking(Command::Cancel(target));
    let stolen = Any::Booking(Command::Cancel(Target {
        person: mario,
        ..target
    }));
    let stale = Any::Booking(Command::Cancel(Target {
        version: Version::of_number(4),
        ..target
    }));
    let day_before = starts.assume_offset(NOW.offset()) - Duration::days(1);
    let in_time = starts.assume_offset(NOW.offset()) - Duration::days(2);
    let maria = Requester::Citizen(maria);
    for (who, command, now, expected) in [
        (Requester::Citizen(mario), cancel.clone(), NOW, "PERSON-101"),
        (Requester::Citizen(mario), stolen, NOW, "BOOKING-101"),
        (maria, stale, NOW, "WORLD-101"),
        (maria, cancel.clone(), day_before, "BOOKING-109"),
        (maria, cancel.clone(), in_time, "done"),
        (maria, cancel, in_time, "WORLD-101"),
    ] {
        assert_eq!(code(&world.perform(who, command, now)), expected);
    }
    assert_eq!(free(&world, eyes, 7), starts, "somebody else can have it");

    // The desk cancels until the appointment begins.
    let event = world.perform(maria, book(target.person, eyes, starts, None), NOW);
    let (booking, _) = booked(event.unwrap());
    let cancel = Any::Booking(Command::Cancel(Target { booking, ..target }));
    let begun = starts.assume_offset(NOW.offset());
    for (now, expected) in [(begun, "BOOKING-109"), (day_before, "done")] {
        let result = world.perform(Requester::Operator, cancel.clone(), now);
        assert_eq!(code(&result), expected);
    }
}

#[test]
fn windows_of_priorities() {
    let day =
        |priority, service| (latest_start(service, priority, NOW).date() - TODAY).whole_days();
    for (priority, visit, examination) in [
        (Priority::Urgent, 3, 3),
        (Priority::Short, 10, 10),
        (Priority::Deferrable, 30, 60),
        (Priority::Planned, 120, 120),
    ] {
        assert_eq!(day(priority, Service::EyeVisit), visit, "{priority:?}");
        assert_eq!(
            day(priority, Service::ChestXRay),
            examination,
            "{priority:?}"
        );
    }
    let urgent = latest_start(Service::EyeVisit, Priority::Urgent, NOW);
    assert_eq!(urgent.hour(), NOW.hour());
}

/// A step of somebody who may have looked long ago.
#[derive(Clone, Debug)]
enum Step {
    Book {
        person: usize,
        time: usize,
        nre: usize,
    },
    Cancel {
        booking: Index,
        version: u32,
    },
    End {
        booking: Index,
        version: u32,
        came: bool,
    },
    Prescription {
        what: usize,
        person: usize,
        version: u32,
    },
    Wait {
        hours: i64,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let booking = any::<Index>;
    prop_oneof![
        6 => (0_usize..4, 0_usize..6, prop::bool::weighted(0.9))
            .prop_map(|(person, time, own)| Step::Book {
                person,
                time,
                nre: if own { person } else { 3 - person },
            }),
        3 => (booking(), 0_u32..2).prop_map(|(booking, version)| Step::Cancel { booking, version }),
        1 => (booking(), 0_u32..2, any::<bool>())
            .prop_map(|(booking, version, came)| Step::End { booking, version, came }),
        2 => (0_usize..3, 0_usize..4, 0_u32..6)
            .prop_map(|(what, person, version)| Step::Prescription { what, person, version }),
        1 => (1_i64..40).prop_map(|hours| Step::Wait { hours }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn nothing_is_booked_twice(steps in prop::collection::vec(step(), 1..80)) {
        let Cast { mut world, maria, mario, paolo, rosa, .. } = cast_among(12);
        let people = [maria, mario, paolo, rosa];
        let agenda = agenda(&world, Service::ChestXRay);
        let hospital = Requester::Structure(structure(&world, agenda));
        let nres = people.map(|person| {
            prescribe(&mut world, person, Service::ChestXRay, Priority::Planned, NOW)
        });
        let times: Vec<_> = world.bookings().free(agenda, in_days(3)).take(6).collect();
        let mut bookings = vec![(maria, BookingNumber(u32::MAX))];
        let mut now = NOW;
        for step in steps {
            let target = |booking: Index, version| {
                let (person, booking) = *booking.get(&bookings);
                Target { person, booking, version: Version::of_number(version) }
            };
            let (who, command) = match step {
                Step::Wait { hours } => {
                    now += Duration::hours(hours);
                    continue;
                }
                Step::Book { person, time, nre } => (
                    Requester::Citizen(people[person]),
                    book(people[person], agenda, times[time], Some(nres[nre])),
                ),
                Step::Cancel { booking, version } => {
                    let target = target(booking, version);
                    (Requester::Citizen(target.person), Any::Booking(Command::Cancel(target)))
                }
                Step::End { booking, version, came } => {
                    let target = target(booking, version);
                    let command = if came { Command::Attend(target) } else { Command::Miss(target) };
                    (hospital, Any::Booking(command))
                }
                Step::Prescription { what, person, version } => {
                    use prescriptions::Command::{Dispense, Release, TakeInCharge};
                    let target = prescriptions::Target {
                        person: people[person],
                        nre: nres[person],
                        version: Version::of_number(version),
                    };
                    let command = [TakeInCharge, Release, Dispense][what](target);
                    (hospital, Any::Prescription(command))
                }
            };
            let before = world.clone();
            match world.perform(who, command.clone(), now) {
                Err(_) => prop_assert!(world == before, "a refusal has changed something"),
                Ok(event) => if let Any::Booking(Command::Book { person, .. }) = command {
                    bookings.push((person, booked(event).0));
                },
            }
            expect_nothing_twice(&world, &people)?;
        }
        let back = World::import(&world.export().unwrap()).unwrap();
        prop_assert!(back == world);
    }
}

/// No time of an agenda and no prescription has two bookings that are not cancelled.
fn expect_nothing_twice(world: &World, people: &[CodiceFiscale]) -> Result<(), TestCaseError> {
    let (mut places, mut prescriptions) = (HashSet::new(), HashSet::new());
    for person in people {
        for (_, booking) in world.bookings().of(&access(world, *person)) {
            if booking.state != State::Cancelled {
                prop_assert!(places.insert((booking.agenda, booking.starts)));
            }
            if booking.state == State::Booked {
                prop_assert!(booking.nre.is_none_or(|nre| prescriptions.insert(nre)));
            }
        }
    }
    Ok(())
}

fn access(world: &World, person: CodiceFiscale) -> cns_services::Access {
    world
        .access(Requester::Citizen(person), person, TODAY)
        .unwrap()
}
