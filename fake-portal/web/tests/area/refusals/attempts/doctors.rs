//! Doctors whom one cannot have: who they are is found out by trying.

use cns_authority::CodiceFiscale;
use cns_services::doctors::{Command, DoctorNumber};
use cns_services::{Requester, Version, World, world};

use super::{Attempt, attempt};
use crate::town::{NOW, Place, person};

pub(super) fn all(place: &Place) -> Vec<Attempt> {
    let mario = person("mario-bianchi");
    let world = place.see(Clone::clone);
    let version = version_of(&world, mario);
    let mut attempts: Vec<Attempt> = ["102", "103", "104", "105", "107"]
        .into_iter()
        .map(|number| {
            let code = known(&format!("DOCTOR-{number}"));
            let (who, doctor) = found(&world, code);
            choose(who, doctor.0, version_of(&world, who), code, Some("doctor"))
        })
        .collect();
    let (moved, doctor) = found(&world, "DOCTOR-106");
    let version_of_moved = version_of(&world, moved);
    let free = choosable(&world, mario);
    attempts.extend([
        choose(moved, doctor.0, version_of_moved, "DOCTOR-106", None),
        choose(mario, 9_999, version, "DOCTOR-101", Some("doctor")),
        choose(mario, 0, version + 7, "WORLD-101", None),
        apply(mario, 0, "", "DOCTOR-108", "reasons"),
        apply(mario, free.0, "Ci tengo", "DOCTOR-112", "doctor"),
    ]);
    attempts
}

fn choose(
    who: CodiceFiscale,
    doctor: u16,
    version: u32,
    code: &'static str,
    field: Option<&'static str>,
) -> Attempt {
    let fields = [
        ("doctor", doctor.to_string()),
        ("version", version.to_string()),
    ];
    attempt(who, "/area/doctor", &fields, code, field).choosing("doctor")
}

fn apply(
    who: CodiceFiscale,
    doctor: u16,
    reasons: &str,
    code: &'static str,
    field: &'static str,
) -> Attempt {
    let fields = [
        ("doctor", doctor.to_string()),
        ("reasons", reasons.to_owned()),
    ];
    attempt(who, "/area/doctor/applications", &fields, code, Some(field)).choosing("doctor")
}

/// Somebody, and a doctor whom they cannot choose for this reason.
fn found(world: &World, code: &str) -> (CodiceFiscale, DoctorNumber) {
    let mut trial = world.clone();
    let people = world.people().iter().filter(|person| person.died.is_none());
    for person in people.map(|person| person.codice_fiscale) {
        let who = Requester::Citizen(person);
        let access = world.access(who, person, NOW.date()).unwrap();
        let choosable = world.choosable_doctors(&access, NOW.date());
        let choosable = choosable.unwrap_or_default();
        for (doctor, _) in world.doctors().iter() {
            if choosable.contains(&(doctor, true)) {
                continue;
            }
            let command = Command::Choose {
                person,
                doctor,
                version: Version::of_number(version_of(world, person)),
            };
            let refusal = trial
                .perform(who, world::Command::Doctor(command), NOW)
                .unwrap_err();
            if refusal.code == code {
                return (person, doctor);
            }
        }
    }
    panic!("nobody of this world meets {code}");
}

/// A doctor who has a place for somebody.
fn choosable(world: &World, person: CodiceFiscale) -> DoctorNumber {
    let access = world
        .access(Requester::Citizen(person), person, NOW.date())
        .unwrap();
    let doctors = world.choosable_doctors(&access, NOW.date()).unwrap();
    let mut doctors = doctors.into_iter();
    doctors.find(|(_, has_place)| *has_place).unwrap().0
}

fn version_of(world: &World, person: CodiceFiscale) -> u32 {
    let access = world
        .access(Requester::Citizen(person), person, NOW.date())
        .unwrap();
    let enrolment = world.doctors().enrolment(&access);
    enrolment.map_or(0, |enrolment| enrolment.version.number())
}

/// The code as the table of rules has it.
fn known(code: &str) -> &'static str {
    let mut rules = cns_services::rules::TABLE.iter();
    rules.find(|rule| rule.code == code).unwrap().code
}
