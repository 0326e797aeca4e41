//! Who sees whose data: strangers nothing, and of what is obscured not even that it exists.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod cast;

use cast::{Cast, NOW, TODAY, cast, code};
use cns_authority::CodiceFiscale;
use cns_services::access::Standing;
use cns_services::person::Mandate;
use cns_services::reports::{Command, Content, Event, ReportKind, ReportNumber, Target};
use cns_services::rule::Answer;
use cns_services::structure::StructureNumber;
use cns_services::world::{self, Command as Any};
use cns_services::{Requester, Version, World};
use proptest::prelude::*;
use time::macros::date;
use time::{Date, Duration};

const HOSPITAL: Requester = Requester::Structure(StructureNumber(0));

#[test]
fn who_acts_for_whom() {
    let Cast {
        world,
        maria,
        paolo,
        sofia,
        rosa,
        giulia,
        elena,
        hans,
        ..
    } = cast();
    let grown_up = date!(2038 - 03 - 01);
    let day_before = date!(2038 - 02 - 28);
    for (who, person, today, expected) in [
        (maria, maria, TODAY, Some(Standing::Holder)),
        (maria, sofia, TODAY, None),
        (paolo, sofia, TODAY, Some(Standing::Guardian)),
        (paolo, sofia, day_before, Some(Standing::Guardian)),
        (paolo, sofia, grown_up, None),
        (sofia, paolo, TODAY, None),
        (sofia, sofia, TODAY, Some(Standing::Holder)),
        (giulia, rosa, TODAY, Some(Standing::Delegate)),
        (rosa, giulia, TODAY, None),
        (elena, hans, TODAY, Some(Standing::Guardian)),
        (hans, elena, TODAY, None),
    ] {
        let access = world.access(Requester::Citizen(who), person, today);
        assert_eq!(access.ok().map(|access| access.standing()), expected);
    }
    let nobody: CodiceFiscale = "RSSMRA85C55F205Y".parse().unwrap();
    let unknown = world.access(Requester::Citizen(maria), nobody, TODAY);
    let stranger = world.access(Requester::Citizen(maria), sofia, TODAY);
    assert_eq!(unknown, stranger, "nobody learns who exists");
}

#[test]
fn the_dead_are_closed() {
    let world = World::generate(3, 2_000, TODAY);
    let dead = world
        .people()
        .iter()
        .find(|person| person.died.is_some())
        .unwrap();
    let code_of_dead = dead.codice_fiscale;
    for who in [
        Requester::Citizen(code_of_dead),
        Requester::Operator,
        HOSPITAL,
    ] {
        let refusal = world.access(who, code_of_dead, TODAY).unwrap_err();
        assert_eq!(refusal.code, "PERSON-102");
    }
}

#[test]
fn what_is_obscured_is_not_there_for_others() {
    let Cast {
        mut world,
        rosa,
        giulia,
        paolo,
        sofia,
        maria,
        ..
    } = cast();
    let [of_rosa, of_sofia] = [rosa, sofia].map(|person| publish(&mut world, person));
    let consent = |given| {
        Any::Report(Command::Consent {
            person: rosa,
            given,
        })
    };
    let target = |person, report, version| Target {
        person,
        report,
        version: Version::of_number(version),
    };
    let obscure = |target| Any::Report(Command::Obscure(target));
    let reveal = |target| Any::Report(Command::Reveal(target));
    let collect = |target| Any::Report(Command::Collect(target));
    for (who, command, expected) in [
        (Requester::Citizen(rosa), consent(true), "done"),
        (Requester::Citizen(giulia), consent(false), "REPORT-103"),
        (
            Requester::Citizen(giulia),
            obscure(target(rosa, of_rosa, 0)),
            "REPORT-103",
        ),
        (
            Requester::Operator,
            obscure(target(rosa, of_rosa, 0)),
            "REPORT-103",
        ),
        (
            Requester::Citizen(maria),
            obscure(target(rosa, of_rosa, 0)),
            "PERSON-101",
        ),
        (
            Requester::Citizen(rosa),
            obscure(target(rosa, of_sofia, 0)),
            "REPORT-101",
        ),
        (
            Requester::Citizen(giulia),
            collect(target(rosa, of_rosa, 0)),
            "done",
        ),
        (
            Requester::Citizen(rosa),
            obscure(target(rosa, of_rosa, 0)),
            "WORLD-101",
        ),
        (
            Requester::Citizen(rosa),
            obscure(target(rosa, of_rosa, 1)),
            "done",
        ),
        (
            Requester::Citizen(giulia),
            collect(target(rosa, of_rosa, 2)),
            "REPORT-101",
        ),
        (
            Requester::Citizen(paolo),
            obscure(target(sofia, of_sofia, 0)),
            "done",
        ),
    ] {
        let shown = format!("{command:?}");
        assert_eq!(code(&world.perform(who, command, NOW)), expected, "{shown}");
    }

    for (who, person, report, seen) in [
        (Requester::Citizen(rosa), rosa, of_rosa, true),
        (Requester::Citizen(giulia), rosa, of_rosa, false),
        (HOSPITAL, rosa, of_rosa, false),
        (Requester::Citizen(paolo), sofia, of_sofia, true),
        (Requester::Citizen(sofia), sofia, of_sofia, true),
    ] {
        let access = world.access(who, person, TODAY).unwrap();
        let obscured = world.reports().get(&access, report);
        let listed = world
            .reports()
            .of(&access)
            .unwrap()
            .any(|(number, _)| number == report);
        assert_eq!((obscured.is_ok(), listed), (seen, seen), "{who:?}");
        if let Err(refusal) = obscured {
            let never = world.reports().get(&access, ReportNumber(u32::MAX));
            assert_eq!(never, Err(refusal.clone()), "nobody can tell them apart");
            assert_eq!(refusal.answer, Answer::NotFound);
        }
    }

    let again = world.perform(
        Requester::Citizen(rosa),
        reveal(target(rosa, of_rosa, 2)),
        NOW,
    );
    assert_eq!(code(&again), "done");
    let access = world.access(HOSPITAL, rosa, TODAY).unwrap();
    assert!(world.reports().get(&access, of_rosa).is_ok());
    world
        .perform(Requester::Citizen(rosa), consent(false), NOW)
        .unwrap();
    let refusal = world.reports().get(&access, of_rosa).unwrap_err();
    assert_eq!(refusal.code, "REPORT-102");
}

fn publish(world: &mut World, person: CodiceFiscale) -> ReportNumber {
    let command = Any::Report(Command::Publish {
        person,
        kind: ReportKind::SpecialistVisit,
        content: Content::Narrative("Nella norma.".to_owned()),
    });
    match world.perform(HOSPITAL, command, NOW) {
        Ok(world::Event::Report(Event::Published(number))) => number,
        other => panic!("not published: {other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Anybody asks for any minor's data on any day of thirty years.
    #[test]
    fn nobody_sees_a_minors_data_but_who_represents_them(
        who in any::<prop::sample::Index>(),
        child in any::<prop::sample::Index>(),
        near in any::<bool>(),
        days in 0_i64..11_000,
    ) {
        let world = world();
        let people: Vec<_> = world.people().iter().collect();
        let today = TODAY + Duration::days(days);
        let children: Vec<_> = people.iter().filter(|person| person.is_minor(TODAY)).collect();
        let child = children[child.index(children.len())];
        // Somebody of the same household is more often right than somebody of two thousand.
        let household: Vec<_> = world.people().household(child).collect();
        let who = if near { household[who.index(household.len())] } else { people[who.index(people.len())] };
        let access = world.access(Requester::Citizen(who.codice_fiscale), child.codice_fiscale, today);
        prop_assert_eq!(access.is_ok(), may(world, who.codice_fiscale, child.codice_fiscale, today));
        if let Ok(access) = access {
            prop_assert_eq!(access.person(), child.codice_fiscale);
        }
    }
}

/// The rule again, from the other end: from the list of who represents whom.
fn may(world: &World, who: CodiceFiscale, child: CodiceFiscale, today: Date) -> bool {
    let person = world.people().get(child).unwrap();
    let alive = [who, child].map(|code| world.people().get(code).unwrap().died.is_none());
    let minor = today < date_of_majority(person.birth_date);
    let represents = world.people().representations().any(|representation| {
        representation.person == child
            && representation.by == who
            && (representation.mandate == Mandate::CourtGuardian
                || (representation.mandate == Mandate::Parent && minor))
    });
    alive == [true, true] && (who == child || represents)
}

fn date_of_majority(birth: Date) -> Date {
    let year = birth.year() + 18;
    birth
        .replace_year(year)
        .unwrap_or(Date::from_calendar_date(year, time::Month::March, 1).unwrap())
}

fn world() -> &'static World {
    static WORLD: std::sync::OnceLock<World> = std::sync::OnceLock::new();
    WORLD.get_or_init(|| World::generate(11, 2_000, TODAY))
}
