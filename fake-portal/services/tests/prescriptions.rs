//! Prescriptions: the rules as a table, then any sequence of commands over months.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod cast;

use cast::{Cast, NOW, TODAY, cast, code, in_days};
use cns_authority::CodiceFiscale;
use cns_services::bookings::Service;
use cns_services::doctors::DoctorNumber;
use cns_services::prescriptions::{
    Command, Drug, Event, Nre, Prescribed, Prescription, Priority, Status, Target,
};
use cns_services::structure::StructureNumber;
use cns_services::world::{self, Command as Any};
use cns_services::{Requester, Version, World};
use proptest::prelude::*;
use time::Date;
use time::macros::date;

const DOCTOR: Requester = Requester::Doctor(DoctorNumber(0));
const PHARMACY: Requester = Requester::Structure(StructureNumber(2));
const OTHER_PHARMACY: Requester = Requester::Structure(StructureNumber(6));

const RAMIPRIL: Prescribed = Prescribed::Drug {
    drug: Drug::Ramipril,
    packages: 2,
};

fn issue(person: CodiceFiscale, prescribed: Prescribed, exemption: Option<&str>) -> Any {
    Any::Prescription(Command::Issue {
        person,
        prescribed,
        exemption: exemption.map(|text| text.parse().unwrap()),
    })
}

fn issued(event: world::Event) -> Nre {
    match event {
        world::Event::Prescription(Event::Issued(nre)) => nre,
        other => panic!("not issued: {other:?}"),
    }
}

fn found(world: &World, person: CodiceFiscale, nre: Nre) -> &Prescription {
    let access = world
        .access(Requester::Citizen(person), person, TODAY)
        .unwrap();
    world.prescriptions().get(&access, nre).unwrap()
}

#[test]
fn validity_by_example() {
    let Cast {
        mut world, maria, ..
    } = cast();
    let visit = Prescribed::Service {
        service: Service::EyeVisit,
        priority: Priority::Planned,
    };
    let mut check = |prescribed, days, expected: Date| {
        let now = in_days(days);
        let nre = issued(
            world
                .perform(DOCTOR, issue(maria, prescribed, None), now)
                .unwrap(),
        );
        let prescription = found(&world, maria, nre);
        assert_eq!(prescription.valid_until(), expected);
        assert_eq!(prescription.status(expected), Status::Issued);
        assert_eq!(
            prescription.status(expected.next_day().unwrap()),
            Status::Expired
        );
    };
    check(RAMIPRIL, 0, date!(2026 - 12 - 24));
    check(visit, 0, date!(2027 - 05 - 24));
    // From 31 August to the last day of February.
    check(visit, 280, date!(2028 - 02 - 29));
}

#[test]
fn who_does_what() {
    let Cast {
        mut world,
        maria,
        mario,
        ..
    } = cast();
    let nobody = "RSSMRA85C55F205Y".parse().unwrap();
    let three = Prescribed::Drug {
        drug: Drug::Ramipril,
        packages: 3,
    };
    let nowhere = Requester::Structure(StructureNumber(9_999));
    let no_such_doctor = Requester::Doctor(DoctorNumber(9_999));
    let nre = issued(
        world
            .perform(DOCTOR, issue(maria, RAMIPRIL, None), NOW)
            .unwrap(),
    );
    let on = |version| Target {
        person: maria,
        nre,
        version: Version::of_number(version),
    };
    let his = Target {
        person: mario,
        ..on(0)
    };
    let take = |target| Any::Prescription(Command::TakeInCharge(target));
    let release = |target| Any::Prescription(Command::Release(target));
    let dispense = |target| Any::Prescription(Command::Dispense(target));
    let cancel = |target| Any::Prescription(Command::Cancel(target));
    let citizen = Requester::Citizen(maria);
    let other_doctor = Requester::Doctor(DoctorNumber(1));
    for (who, command, now, expected) in [
        (citizen, issue(maria, RAMIPRIL, None), NOW, "PERSON-103"),
        (
            no_such_doctor,
            issue(maria, RAMIPRIL, None),
            NOW,
            "DOCTOR-101",
        ),
        (DOCTOR, issue(nobody, RAMIPRIL, None), NOW, "PERSON-104"),
        (DOCTOR, issue(maria, three, None), NOW, "PRESCRIPTION-106"),
        (
            DOCTOR,
            issue(maria, RAMIPRIL, Some("E30")),
            NOW,
            "PRESCRIPTION-107",
        ),
        (nowhere, take(on(0)), NOW, "PERSON-105"),
        (PHARMACY, take(his), NOW, "PRESCRIPTION-101"),
        (PHARMACY, take(on(0)), in_days(31), "PRESCRIPTION-102"),
        (PHARMACY, dispense(on(0)), NOW, "PRESCRIPTION-103"),
        (citizen, take(on(0)), NOW, "PERSON-103"),
        (citizen, cancel(on(0)), NOW, "PERSON-103"),
        (other_doctor, cancel(on(0)), NOW, "PRESCRIPTION-104"),
        (PHARMACY, take(on(1)), NOW, "WORLD-101"),
        (PHARMACY, take(on(0)), in_days(30), "done"),
        (OTHER_PHARMACY, take(on(1)), NOW, "PRESCRIPTION-103"),
        (OTHER_PHARMACY, dispense(on(1)), NOW, "PRESCRIPTION-105"),
        (OTHER_PHARMACY, release(on(1)), NOW, "PRESCRIPTION-105"),
        (DOCTOR, cancel(on(1)), NOW, "PRESCRIPTION-103"),
        (PHARMACY, release(on(1)), NOW, "done"),
        (OTHER_PHARMACY, take(on(2)), NOW, "done"),
        (OTHER_PHARMACY, dispense(on(3)), in_days(60), "done"),
        (
            OTHER_PHARMACY,
            dispense(on(4)),
            in_days(60),
            "PRESCRIPTION-103",
        ),
    ] {
        let shown = format!("{who:?} {command:?}");
        assert_eq!(code(&world.perform(who, command, now)), expected, "{shown}");
    }
}

#[test]
fn a_prescription_claims_an_exemption_that_is_held() {
    let Cast {
        mut world, maria, ..
    } = cast();
    let declare = Any::Exemption(cns_services::exemptions::Command::Declare {
        person: maria,
        code: "E30".parse().unwrap(),
    });
    world
        .perform(Requester::Citizen(maria), declare, NOW)
        .unwrap();
    let exempt = issue(maria, RAMIPRIL, Some("E30"));
    assert_eq!(code(&world.perform(DOCTOR, exempt.clone(), NOW)), "done");
    let after = in_days(400);
    assert_eq!(
        code(&world.perform(DOCTOR, exempt, after)),
        "PRESCRIPTION-107"
    );
}

/// Somebody does something with the prescription, or days go by.
#[derive(Clone, Debug)]
struct Step {
    who: usize,
    what: usize,
    version: u32,
    days: i64,
}

fn step() -> impl Strategy<Value = Step> {
    (0_usize..5, 0_usize..4, 0_u32..8, 0_i64..9).prop_map(|(who, what, version, days)| Step {
        who,
        what,
        version,
        days,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_final_state_is_never_left(steps in prop::collection::vec(step(), 1..60)) {
        let Cast { mut world, maria, .. } = cast_once();
        let nre = issued(world.perform(DOCTOR, issue(maria, RAMIPRIL, None), NOW).unwrap());
        let actors = [DOCTOR, PHARMACY, OTHER_PHARMACY, Requester::Citizen(maria), Requester::Operator];
        let mut now = NOW;
        let mut last = Status::Issued;
        for step in steps {
            now += time::Duration::days(step.days);
            let expired_meanwhile = found(&world, maria, nre).status(now.date());
            let target = Target { person: maria, nre, version: Version::of_number(step.version) };
            let command = [Command::TakeInCharge, Command::Release, Command::Dispense, Command::Cancel]
                [step.what](target);
            let result = world.perform(actors[step.who], Any::Prescription(command), now);
            let status = found(&world, maria, nre).status(now.date());
            if last.is_final() {
                prop_assert_eq!(status, last);
            }
            if expired_meanwhile.is_final() {
                prop_assert!(result.is_err());
            }
            last = status;
        }
    }
}

/// The same cast for every case, made once.
fn cast_once() -> Cast {
    static CAST: std::sync::OnceLock<Cast> = std::sync::OnceLock::new();
    CAST.get_or_init(cast).clone()
}
