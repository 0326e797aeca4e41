//! Vaccinations: a childhood by the calendar, and what is refused.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod cast;

use cast::{NOW, TODAY, code, newcomer};
use cns_authority::{CodiceFiscale, Sex};
use cns_services::doctors::DoctorNumber;
use cns_services::structure::StructureNumber;
use cns_services::vaccinations::{Command, Event, Site, Standing, Vaccine};
use cns_services::world::{self, Command as Any};
use cns_services::{Requester, World};
use time::macros::date;
use time::{Date, OffsetDateTime};

const CENTRE: Requester = Requester::Structure(StructureNumber(3));
const DOCTOR: Requester = Requester::Doctor(DoctorNumber(0));

const SIX: Vaccine = Vaccine::Hexavalent;
const MEASLES: Vaccine = Vaccine::MeaslesMumpsRubellaVaricella;
const BOOSTER: Vaccine = Vaccine::DiphtheriaTetanusPertussisPolio;

/// A world with a child that is born today.
fn newborn() -> (World, CodiceFiscale) {
    let child = newcomer("Bò", "Zoe", Sex::Female, TODAY, "M901");
    let world = World::generate(1, 20, TODAY).with_people(std::slice::from_ref(&child), TODAY);
    (world, child.codice_fiscale)
}

fn noon(day: Date) -> OffsetDateTime {
    day.with_hms(12, 0, 0).unwrap().assume_offset(NOW.offset())
}

fn give(person: CodiceFiscale, vaccine: Vaccine, lot: &str) -> Any {
    Any::Vaccination(Command::Record {
        person,
        vaccine,
        lot: lot.to_owned(),
        site: Site::LeftThigh,
    })
}

fn defer(person: CodiceFiscale, vaccine: Vaccine, until: Option<Date>) -> Any {
    Any::Vaccination(Command::Defer {
        person,
        vaccine,
        until,
    })
}

fn standing(world: &World, child: CodiceFiscale, today: Date) -> [Standing; 3] {
    let access = world
        .access(Requester::Citizen(child), child, today)
        .unwrap();
    let person = world.people().get(child).unwrap();
    let all: Vec<_> = world
        .vaccinations()
        .standing(&access, person, today)
        .map(|(_, standing)| standing)
        .collect();
    all.try_into().unwrap()
}

#[test]
fn a_childhood_by_the_calendar() {
    use Standing::{Complete, Due, InOrder, NotAsked};
    let (mut world, child) = newborn();
    let measles = date!(2027 - 11 - 24);
    let school = date!(2031 - 11 - 24);
    let second = date!(2032 - 01 - 12);
    let twelve = date!(2038 - 11 - 24);
    assert_eq!(
        standing(&world, child, TODAY),
        [
            InOrder(date!(2027 - 01 - 24)),
            InOrder(measles),
            InOrder(school)
        ]
    );
    for (day, vaccine, expected, after) in [
        (
            date!(2027 - 01 - 23),
            SIX,
            "VACCINATION-101",
            [
                InOrder(date!(2027 - 01 - 24)),
                InOrder(measles),
                InOrder(school),
            ],
        ),
        (
            date!(2027 - 02 - 10),
            SIX,
            "done",
            [
                InOrder(date!(2027 - 04 - 07)),
                InOrder(measles),
                InOrder(school),
            ],
        ),
        (
            date!(2027 - 03 - 30),
            SIX,
            "VACCINATION-102",
            [
                InOrder(date!(2027 - 04 - 07)),
                InOrder(measles),
                InOrder(school),
            ],
        ),
        (
            date!(2027 - 04 - 07),
            SIX,
            "done",
            [
                InOrder(date!(2027 - 09 - 24)),
                InOrder(measles),
                InOrder(school),
            ],
        ),
        (
            date!(2027 - 12 - 01),
            SIX,
            "done",
            [Complete, Due(measles), InOrder(school)],
        ),
        (
            date!(2027 - 12 - 01),
            SIX,
            "VACCINATION-103",
            [Complete, Due(measles), InOrder(school)],
        ),
        (
            date!(2031 - 12 - 15),
            MEASLES,
            "done",
            [Complete, InOrder(second), Due(school)],
        ),
        (
            date!(2032 - 01 - 20),
            MEASLES,
            "done",
            [Complete, Complete, Due(school)],
        ),
        (
            date!(2032 - 01 - 20),
            BOOSTER,
            "done",
            [Complete, Complete, InOrder(twelve)],
        ),
        (
            date!(2043 - 11 - 23),
            BOOSTER,
            "done",
            [Complete, Complete, Complete],
        ),
    ] {
        assert_eq!(
            code(&world.perform(CENTRE, give(child, vaccine, "AB12"), noon(day))),
            expected,
            "{day}"
        );
        assert_eq!(standing(&world, child, day), after, "{day}");
    }
    let (unvaccinated, child) = newborn();
    let sixteen = standing(&unvaccinated, child, date!(2043 - 11 - 23));
    assert!(sixteen.iter().all(|standing| matches!(standing, Due(_))));
    assert_eq!(
        standing(&unvaccinated, child, date!(2043 - 11 - 24)),
        [NotAsked; 3]
    );
}

#[test]
fn a_doctor_puts_off_and_excuses() {
    let (mut world, child) = newborn();
    let june = date!(2027 - 06 - 01);
    for (who, command, expected) in [
        (
            Requester::Citizen(child),
            defer(child, SIX, None),
            "PERSON-103",
        ),
        (CENTRE, defer(child, SIX, None), "PERSON-103"),
        (DOCTOR, defer(child, SIX, Some(TODAY)), "VACCINATION-104"),
        (DOCTOR, defer(child, SIX, Some(june)), "done"),
        (DOCTOR, defer(child, MEASLES, None), "done"),
        (DOCTOR, give(child, SIX, "AB12"), "PERSON-103"),
        (CENTRE, give(child, SIX, " "), "VACCINATION-105"),
    ] {
        let shown = format!("{command:?}");
        assert_eq!(code(&world.perform(who, command, NOW)), expected, "{shown}");
    }
    let due = Standing::Due(date!(2027 - 01 - 24));
    for (day, expected) in [
        (date!(2027 - 05 - 31), Standing::Deferred(june)),
        (june, Standing::Deferred(june)),
        (date!(2027 - 06 - 02), due),
    ] {
        let [six, measles, _] = standing(&world, child, day);
        assert_eq!((six, measles), (expected, Standing::Excused), "{day}");
    }
}

#[test]
fn every_winter_one_against_influenza() {
    let (mut world, child) = newborn();
    for (day, dose) in [
        (date!(2028 - 11 - 02), 1),
        (date!(2029 - 11 - 02), 2),
        (date!(2030 - 11 - 02), 3),
    ] {
        let event = world.perform(CENTRE, give(child, Vaccine::Influenza, "FL1"), noon(day));
        let given = Event::Given {
            vaccine: Vaccine::Influenza,
            dose,
        };
        assert_eq!(event, Ok(world::Event::Vaccination(given)));
    }
    let access = world
        .access(Requester::Citizen(child), child, TODAY)
        .unwrap();
    assert_eq!(world.vaccinations().of(&access).count(), 3);
}
