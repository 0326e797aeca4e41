//! The generated world: the same from the same seed, true to the rules, and the same after JSON.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod cast;

use std::sync::OnceLock;

use cast::{TODAY, cast};
use cns_authority::BelfioreCode;
use cns_services::doctors::DoctorNumber;
use cns_services::person::Mandate;
use cns_services::structure::StructureNumber;
use cns_services::world::Command;
use cns_services::{Requester, World};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;
use time::Duration;
use time::macros::datetime;

#[test]
fn the_same_seed_makes_the_same_world() {
    let world = |seed| World::generate(seed, 300, TODAY);
    assert!(world(1) == world(1));
    assert!(world(1) != world(2));
    assert!(world(1) != World::generate(1, 300, TODAY + Duration::days(1)));
}

#[test]
fn everybody_has_a_codice_fiscale_of_a_place_that_is_none() {
    let world = World::generate(1, 3_000, TODAY);
    assert_eq!(world.people().len(), 3_000);
    for person in world.people().iter() {
        assert!(person.has_own_codice_fiscale(), "{person:?}");
        let place = person.codice_fiscale.birth_place().unwrap();
        assert!(is_reserved(place), "{place}");
        assert!(is_reserved(person.residence), "{}", person.residence);
        assert!(person.birth_date <= TODAY);
    }
}

/// M9xx and Z999 are out of reach of the codes that are given out.
fn is_reserved(place: BelfioreCode) -> bool {
    let code = place.to_string();
    code.starts_with("M9") || code == "Z999"
}

#[test]
fn all_kinds_of_people_live_there() {
    let world = World::generate(1, 5_000, TODAY);
    let people = world.people();
    let count = |wanted: &dyn Fn(&cns_services::person::Person) -> bool| {
        people.iter().filter(|person| wanted(person)).count()
    };
    let minors = count(&|person| person.is_minor(TODAY));
    assert!((500..2_500).contains(&minors), "{minors} minors");
    assert!(0 < count(&|person| person.codice_fiscale.is_omocodia()));
    assert!(0 < count(&|person| person.surname.contains('\'')));
    assert!(0 < count(&|person| !person.name().is_ascii()));
    assert!(0 < count(&|person| person.died.is_some()));
    let abroad = |person: &cns_services::person::Person| {
        person
            .codice_fiscale
            .birth_place()
            .is_some_and(|place| place.is_abroad())
    };
    assert!(100 < count(&abroad));
    for mandate in [Mandate::Parent, Mandate::CourtGuardian, Mandate::Delegate] {
        let mut representations = people.representations();
        assert!(
            representations.any(|one| one.mandate == mandate),
            "{mandate:?}"
        );
    }
    for minor in people.iter().filter(|person| person.is_minor(TODAY)) {
        let mut representatives = people.representatives(minor.codice_fiscale);
        assert!(
            representatives.any(|one| one.mandate == Mandate::Parent),
            "{minor:?}"
        );
    }
}

#[test]
fn there_is_something_of_everything_to_see() {
    let world = World::generate(1, 1_000, TODAY);
    let mut seen = [0; 5];
    for person in world.people().iter().filter(|person| person.died.is_none()) {
        let code = person.codice_fiscale;
        let access = world.access(Requester::Citizen(code), code, TODAY).unwrap();
        let counts = [
            world.reports().of(&access).unwrap().count(),
            world.prescriptions().of(&access).count(),
            world.vaccinations().of(&access).count(),
            world.exemptions().of(&access).count(),
            world.bookings().of(&access).count(),
        ];
        for (sum, count) in seen.iter_mut().zip(counts) {
            *sum += count;
        }
        let enrolment = world.doctors().enrolment(&access).unwrap();
        if let Some(doctor) = enrolment
            .doctor
            .and_then(|doctor| world.doctors().get(doctor))
        {
            assert!(doctor.fits_age(person.age(TODAY)), "{person:?} {doctor:?}");
            assert_eq!(
                world.doctors().district(enrolment.municipality),
                Some(doctor.district)
            );
        }
    }
    assert!(seen.iter().all(|sum| 50 < *sum), "{seen:?}");
    let full = world
        .doctors()
        .iter()
        .filter(|(number, _)| world.doctors().places(*number) == 0);
    assert!(full.count() >= 4, "in every district a doctor is full");
}

#[test]
fn people_who_join_have_their_representatives() {
    let first = cast();
    let again = cast();
    assert!(
        first.world == again.world,
        "a person's history is always the same"
    );
    let represented: Vec<_> = first.world.people().representatives(first.sofia).collect();
    assert_eq!(represented.len(), 1);
    assert_eq!(
        (represented[0].by, represented[0].mandate),
        (first.paolo, Mandate::Parent)
    );
    let sofia = first.world.people().get(first.sofia).unwrap();
    let household: Vec<_> = first.world.people().household(sofia).collect();
    assert_eq!(household.len(), 2, "she lives with her father");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_world_comes_back_from_json_as_it_was(
        seed: u64,
        citizens in 0_u32..120,
        days in -4_000_i64..4_000,
    ) {
        let world = World::generate(seed, citizens, TODAY + Duration::days(days));
        let back = World::import(&world.export().unwrap()).unwrap();
        prop_assert!(back == world);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// A few bytes of a world are others: it is refused, or it is a world that comes back as it is.
    #[test]
    fn a_damaged_world_is_refused_or_whole(
        damage in prop::collection::vec((any::<Index>(), b' '..=b'~'), 1..4),
    ) {
        static JSON: OnceLock<String> = OnceLock::new();
        let json = JSON.get_or_init(|| World::generate(1, 12, TODAY).export().unwrap());
        let mut bytes = json.clone().into_bytes();
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            // What is left of a letter of two bytes would not be text.
            if bytes[place].is_ascii() {
                bytes[place] = byte;
            }
        }
        if let Ok(world) = World::import(&String::from_utf8(bytes).unwrap()) {
            let back = World::import(&world.export().unwrap()).unwrap();
            prop_assert!(back == world);
        }
    }
}

#[test]
fn the_ends_of_the_calendar_upset_nothing() {
    let cast = cast();
    let maria = cast.maria;
    let commands: Vec<Command> = [
        json!({"exemption": {"declare": {"person": maria.to_string(), "code": "E12"}}}),
        json!({"exemption": {"renew": {"year": i32::MAX}}}),
        json!({"prescription": {"issue": {"person": maria.to_string(),
            "prescribed": {"service": {"service": "eye-visit", "priority": "planned"}}}}}),
        json!({"booking": {"book": {"person": maria.to_string(), "agenda": 2,
            "starts": "9999-12-31T09:30", "nre": null}}}),
        json!({"vaccination": {"record": {"person": maria.to_string(), "vaccine": "influenza",
            "lot": "AB12", "site": "LA"}}}),
        json!({"doctor": {"register-domicile": {"person": maria.to_string(),
            "municipality": "M902", "until": "9999-12-31"}}}),
    ]
    .map(|command| serde_json::from_value(command).unwrap())
    .into();
    let requesters = [
        Requester::Citizen(maria),
        Requester::Doctor(DoctorNumber(0)),
        Requester::Structure(StructureNumber(3)),
        Requester::Operator,
        Requester::Ministry,
    ];
    for now in [
        datetime!(-9999-01-01 0:00 +14),
        datetime!(9999-12-31 23:59:59 -12),
    ] {
        let mut world = World::generate(1, 60, now.date()).with_people(&[], now.date());
        assert_eq!(world.people().len(), 60);
        world = if now.year() < 0 {
            world
        } else {
            cast.world.clone()
        };
        for command in &commands {
            for who in requesters {
                // Done or refused: only that it ends without a panic is asked here.
                let _ = world.perform(who, command.clone(), now);
            }
        }
        for (agenda, _) in world.bookings().agendas() {
            assert!(world.bookings().free(agenda, now).take(9_000).count() <= 9_000);
        }
    }
}

#[test]
fn a_world_that_is_none_says_why() {
    let json = World::generate(1, 40, TODAY).export().unwrap();
    let check = |wrong: &str, right: &str, expected: &str| {
        assert!(json.contains(right), "{right}");
        let error = World::import(&json.replacen(right, wrong, 1)).unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains(expected), "{shown}");
        assert!(shown.contains("\nhint: "), "{shown}");
    };
    check(
        "{\"format\":2,",
        "{\"format\":1,",
        "format 2, and this program reads format 1",
    );
    check("{\"form\":1,", "{\"format\":1,", "unknown field `form`");
    check(
        "\"surname\":\"Verdi",
        "\"surname\":\"",
        "people.people[0].codice_fiscale",
    );
    check(
        "\"birth_date\":\"2026-02-30",
        "\"birth_date\":\"19",
        "line 1 column",
    );
    check(
        "\"structure\":999,",
        "\"structure\":0,",
        "there is no structure 999",
    );
    check(
        "\"doctor\":999,\"p",
        "\"doctor\":0,\"p",
        "there is no doctor 999",
    );
    check(
        "\"nre\":\"0300A000000000X\"",
        "\"nre\":\"0300A0000000001\"",
        "cannot be 'X'",
    );
    check(
        "\"nre\":\"0300A0000000002\"",
        "\"nre\":\"0300A0000000001\"",
        "two prescriptions",
    );
    check(
        "\"minutes\":0",
        "\"minutes\":30",
        "appointments have a length",
    );
    for text in ["", "[]", "null", "{\"format\":1}"] {
        assert!(World::import(text).is_err(), "{text}");
    }
}
