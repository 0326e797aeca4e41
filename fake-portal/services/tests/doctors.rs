//! The choice of a doctor: ceilings, associations, districts, ages, moves.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod cast;

use cast::{Cast, NOW, TODAY, cast, code, in_days};
use cns_authority::CodiceFiscale;
use cns_services::doctors::{
    ApplicationNumber, Command, Decision, District, Doctor, DoctorKind, DoctorNumber, Event,
};
use cns_services::world::{self, Command as Any};
use cns_services::{Requester, Version, World};
use time::Date;
use time::macros::date;

fn choose(person: CodiceFiscale, doctor: DoctorNumber, version: u32) -> Any {
    Any::Doctor(Command::Choose {
        person,
        doctor,
        version: Version::of_number(version),
    })
}

fn apply(person: CodiceFiscale, doctor: DoctorNumber, reasons: &str) -> Any {
    Any::Doctor(Command::Apply {
        person,
        doctor,
        reasons: reasons.to_owned(),
    })
}

fn decide(application: ApplicationNumber, granted: bool) -> Any {
    Any::Doctor(Command::Decide {
        application,
        granted,
    })
}

fn domicile(person: CodiceFiscale, municipality: &str, until: Date) -> Any {
    Any::Doctor(Command::RegisterDomicile {
        person,
        municipality: municipality.parse().unwrap(),
        until,
    })
}

/// The doctor of a person now, with the version of the enrolment.
fn doctor_of(world: &World, person: CodiceFiscale) -> (Option<DoctorNumber>, u32) {
    let access = world
        .access(Requester::Citizen(person), person, TODAY)
        .unwrap();
    let enrolment = world.doctors().enrolment(&access).unwrap();
    (enrolment.doctor, enrolment.version.number())
}

fn find(world: &World, wanted: impl Fn(DoctorNumber, &Doctor) -> bool) -> DoctorNumber {
    let mut doctors = world.doctors().iter();
    doctors
        .find(|(number, doctor)| wanted(*number, doctor))
        .unwrap()
        .0
}

const HERE: District = District(0);

/// A general practitioner of Maria's district with places, of another association than her own.
fn another(world: &World, person: CodiceFiscale) -> DoctorNumber {
    let (current, _) = doctor_of(world, person);
    let current = current.and_then(|number| world.doctors().get(number));
    let association = current.and_then(|doctor| doctor.association);
    find(world, |number, doctor| {
        (doctor.district, doctor.kind) == (HERE, DoctorKind::GeneralPractitioner)
            && 0 < world.doctors().places(number)
            && Some(doctor) != current
            && (association.is_none() || doctor.association != association)
    })
}

#[test]
fn a_choice_counts_at_once_and_frees_the_old_place() {
    let Cast {
        mut world, maria, ..
    } = cast();
    let (old, version) = doctor_of(&world, maria);
    let (old, new) = (old.unwrap(), another(&world, maria));
    let before = [old, new].map(|number| world.doctors().patients(number));
    let maria_herself = Requester::Citizen(maria);
    let event = world
        .perform(maria_herself, choose(maria, new, version), NOW)
        .unwrap();
    assert_eq!(event, world::Event::Doctor(Event::Chosen(new)));
    assert_eq!(doctor_of(&world, maria), (Some(new), version + 1));
    let after = [old, new].map(|number| world.doctors().patients(number));
    assert_eq!(after, [before[0] - 1, before[1] + 1]);
    let stale = world.perform(maria_herself, choose(maria, old, version), NOW);
    assert_eq!(code(&stale), "WORLD-101");
}

#[test]
fn whom_one_cannot_choose() {
    let Cast {
        mut world,
        maria,
        mario,
        sofia,
        paolo,
        ..
    } = cast();
    let first = another(&world, maria);
    let (_, version) = doctor_of(&world, maria);
    let maria_herself = Requester::Citizen(maria);
    world
        .perform(maria_herself, choose(maria, first, version), NOW)
        .unwrap();
    let (_, version) = doctor_of(&world, maria);
    let association = world.doctors().get(first).unwrap().association;
    let kind = |kind, district| {
        find(&world, |number, doctor| {
            (doctor.kind, doctor.district) == (kind, district) && 0 < world.doctors().places(number)
        })
    };
    let paediatrician = kind(DoctorKind::Paediatrician, HERE);
    let far = kind(DoctorKind::GeneralPractitioner, District(3));
    let practitioner = kind(DoctorKind::GeneralPractitioner, HERE);
    let partner = find(&world, |number, doctor| {
        number != first && association.is_some() && doctor.association == association
    });
    let nobody = DoctorNumber(9_999);
    let (_, sofias) = doctor_of(&world, sofia);
    for (who, command, now, expected) in [
        (
            maria_herself,
            choose(maria, nobody, version),
            NOW,
            "DOCTOR-101",
        ),
        (
            maria_herself,
            choose(maria, first, version),
            NOW,
            "DOCTOR-107",
        ),
        (
            maria_herself,
            choose(maria, partner, version),
            NOW,
            "DOCTOR-103",
        ),
        (
            maria_herself,
            choose(maria, paediatrician, version),
            NOW,
            "DOCTOR-104",
        ),
        (
            maria_herself,
            choose(maria, far, version),
            NOW,
            "DOCTOR-105",
        ),
        (maria_herself, choose(mario, first, 0), NOW, "PERSON-101"),
        (
            Requester::Citizen(paolo),
            choose(sofia, practitioner, sofias),
            date_in(2025),
            "DOCTOR-104",
        ),
    ] {
        let shown = format!("{command:?}");
        assert_eq!(code(&world.perform(who, command, now)), expected, "{shown}");
    }
}

/// Noon of a summer's day.
fn date_in(year: i32) -> time::OffsetDateTime {
    let day = Date::from_calendar_date(year, time::Month::July, 1).unwrap();
    day.with_hms(12, 0, 0).unwrap().assume_offset(NOW.offset())
}

#[test]
fn ages_of_doctors() {
    let world = World::generate(1, 10, TODAY);
    let fits = |kind, years| {
        let number = find(&world, |_, doctor| doctor.kind == kind);
        world.doctors().get(number).unwrap().fits_age(years)
    };
    for (years, paediatrician, practitioner) in [
        (0, true, false),
        (5, true, false),
        (6, true, true),
        (13, true, true),
        (14, false, true),
        (90, false, true),
    ] {
        assert_eq!(
            fits(DoctorKind::Paediatrician, years),
            paediatrician,
            "{years}"
        );
        assert_eq!(
            fits(DoctorKind::GeneralPractitioner, years),
            practitioner,
            "{years}"
        );
    }
}

#[test]
fn a_full_doctor_takes_families_and_exceptions() {
    let Cast {
        mut world,
        maria,
        mario,
        ..
    } = cast();
    let full = find(&world, |number, doctor| {
        (doctor.district, doctor.kind) == (HERE, DoctorKind::GeneralPractitioner)
            && world.doctors().places(number) == 0
    });
    for person in [maria, mario] {
        let (current, version) = doctor_of(&world, person);
        // Whoever has them, or a partner of theirs, would be refused for another reason.
        let elsewhere = find(&world, |_, doctor| {
            (doctor.district, doctor.kind) == (HERE, DoctorKind::GeneralPractitioner)
                && doctor.association.is_none()
        });
        if current != Some(elsewhere) {
            let command = choose(person, elsewhere, version);
            world.perform(Requester::Operator, command, NOW).unwrap();
        }
    }
    let maria_herself = Requester::Citizen(maria);
    let (_, version) = doctor_of(&world, maria);
    for (command, expected) in [
        (choose(maria, full, version), "DOCTOR-102"),
        (apply(maria, full, "  "), "DOCTOR-108"),
        (
            apply(maria, another(&world, maria), "Vicino a casa."),
            "DOCTOR-112",
        ),
    ] {
        assert_eq!(code(&world.perform(maria_herself, command, NOW)), expected);
    }
    let event = world.perform(maria_herself, apply(maria, full, "Vicino a casa."), NOW);
    let Ok(world::Event::Doctor(Event::Applied(number))) = event else {
        panic!("not applied: {event:?}");
    };
    let patients = world.doctors().patients(full);
    assert_eq!(
        code(&world.perform(maria_herself, decide(number, true), NOW)),
        "PERSON-103"
    );
    let granted = world.perform(Requester::Operator, decide(number, true), in_days(3));
    let expected = Event::Decided(number, Decision::Granted);
    assert_eq!(granted, Ok(world::Event::Doctor(expected)));
    assert_eq!(doctor_of(&world, maria).0, Some(full));
    assert_eq!(world.doctors().patients(full), patients + 1);
    let twice = world.perform(Requester::Operator, decide(number, true), NOW);
    assert_eq!(code(&twice), "DOCTOR-109");

    // Somebody who lives with a patient goes where the ceiling lets nobody else.
    let (relative, relatives_version) = relative_of_a_patient(&world, full);
    let command = choose(relative, full, relatives_version);
    assert_eq!(
        code(&world.perform(Requester::Operator, command, NOW)),
        "done"
    );
}

/// Somebody alive of the doctor's district and age, of another doctor and association, whose household
/// has a patient of the doctor.
fn relative_of_a_patient(world: &World, full: DoctorNumber) -> (CodiceFiscale, u32) {
    let doctor = world.doctors().get(full).unwrap();
    let lives_with_patient = |person: &cns_services::person::Person| {
        let mut household = world.people().household(person);
        household.any(|member| {
            member.died.is_none() && doctor_of(world, member.codice_fiscale).0 == Some(full)
        })
    };
    let relative = world.people().iter().find(|person| {
        person.died.is_none()
            && doctor.fits_age(person.age(TODAY))
            && lives_with_patient(person)
            && {
                let code = person.codice_fiscale;
                let access = world.access(Requester::Citizen(code), code, TODAY).unwrap();
                let enrolment = world.doctors().enrolment(&access).unwrap();
                let current = enrolment
                    .doctor
                    .and_then(|number| world.doctors().get(number));
                enrolment.municipality == person.residence
                    && enrolment.domicile.is_none()
                    && current.is_some_and(|current| {
                        current != doctor && current.association != doctor.association
                    })
            }
    });
    let code = relative.unwrap().codice_fiscale;
    (code, doctor_of(world, code).1)
}

#[test]
fn a_move_is_registered_at_the_desk() {
    let world = World::generate(5, 1_000, TODAY);
    let moved = world.people().iter().find(|person| {
        let code = person.codice_fiscale;
        person.died.is_none() && {
            let access = world.access(Requester::Citizen(code), code, TODAY).unwrap();
            let enrolment = world.doctors().enrolment(&access).unwrap();
            person.age(TODAY) > 20
                && enrolment.municipality != person.residence
                && enrolment.domicile.is_none()
        }
    });
    let person = moved.unwrap().clone();
    let code_of_person = person.codice_fiscale;
    let district = world.doctors().district(person.residence);
    let mut world = world;
    let (current, version) = doctor_of(&world, code_of_person);
    let wanted = find(&world, |number, doctor| {
        Some(doctor.district) == district
            && doctor.kind == DoctorKind::GeneralPractitioner
            && doctor.association.is_none()
            && Some(number) != current
    });
    let register = Any::Doctor(Command::RegisterResidence {
        person: code_of_person,
    });
    let herself = Requester::Citizen(code_of_person);
    let early = world.perform(herself, choose(code_of_person, wanted, version), NOW);
    assert_eq!(code(&early), "DOCTOR-106");
    assert_eq!(
        code(&world.perform(herself, register.clone(), NOW)),
        "PERSON-103"
    );
    assert_eq!(
        code(&world.perform(Requester::Operator, register, NOW)),
        "done"
    );
    let choice = choose(code_of_person, wanted, version + 1);
    assert_eq!(code(&world.perform(herself, choice, NOW)), "done");
}

#[test]
fn a_temporary_domicile_opens_its_district_until_it_ends() {
    let Cast {
        mut world, maria, ..
    } = cast();
    let until = date!(2027 - 06 - 30);
    let far = find(&world, |_, doctor| {
        (doctor.district, doctor.kind) == (District(3), DoctorKind::GeneralPractitioner)
            && doctor.association.is_none()
    });
    for (municipality, until, expected) in [
        ("M912", date!(2026 - 12 - 31), "DOCTOR-110"),
        ("M912", date!(2028 - 01 - 01), "DOCTOR-110"),
        ("M999", until, "DOCTOR-111"),
        ("M912", until, "done"),
    ] {
        let command = domicile(maria, municipality, until);
        assert_eq!(
            code(&world.perform(Requester::Operator, command, NOW)),
            expected
        );
    }
    let (_, version) = doctor_of(&world, maria);
    let choice = choose(maria, far, version);
    let after = in_days(250);
    let maria_herself = Requester::Citizen(maria);
    assert_eq!(
        code(&world.perform(maria_herself, choice.clone(), after)),
        "DOCTOR-105"
    );
    assert_eq!(code(&world.perform(maria_herself, choice, NOW)), "done");
}
