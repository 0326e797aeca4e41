//! Exemptions: the terms for every day of ten years, then the rules as a table.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod cast;

use cast::{Cast, NOW, TODAY, cast, code, in_days};
use cns_authority::CodiceFiscale;
use cns_services::exemptions::{
    Command, Event, ExemptionCode, ExemptionNumber, last_day, thirty_first_of_march,
};
use cns_services::world::{self, Command as Any};
use cns_services::{Requester, Version};
use time::macros::{date, datetime};
use time::{Date, Duration, Month};

fn exemption(text: &str) -> ExemptionCode {
    text.parse().unwrap()
}

fn declare(person: CodiceFiscale, text: &str) -> Any {
    Any::Exemption(Command::Declare {
        person,
        code: exemption(text),
    })
}

fn grant(person: CodiceFiscale, text: &str, until: Option<Date>) -> Any {
    Any::Exemption(Command::Grant {
        person,
        code: exemption(text),
        until,
    })
}

fn began(event: world::Event) -> ExemptionNumber {
    match event {
        world::Event::Exemption(Event::Began(number)) => number,
        other => panic!("did not begin: {other:?}"),
    }
}

#[test]
fn terms_by_example() {
    for (text, declared, expected) in [
        ("E02", date!(2026 - 01 - 01), date!(2027 - 03 - 31)),
        ("E02", date!(2026 - 03 - 31), date!(2027 - 03 - 31)),
        ("E02", date!(2026 - 04 - 01), date!(2027 - 03 - 31)),
        ("E02", date!(2026 - 12 - 31), date!(2027 - 03 - 31)),
        ("E12", date!(2026 - 03 - 31), date!(2028 - 03 - 31)),
        ("E13", date!(2026 - 11 - 24), date!(2028 - 03 - 31)),
        ("E30", date!(2028 - 02 - 29), date!(2029 - 03 - 31)),
    ] {
        assert_eq!(
            last_day(exemption(text), declared),
            expected,
            "{text} {declared}"
        );
    }
}

/// What the rule says, said in another way: to the first 31 March that is not in the year of the
/// declaration's own first quarter, and a year more for two years.
#[test]
fn terms_on_every_day_of_ten_years() {
    let mut day = date!(2024 - 01 - 01);
    while day < date!(2034 - 01 - 01) {
        for (text, years) in [("E02", 1), ("E12", 2), ("E13", 2)] {
            let last = last_day(exemption(text), day);
            assert_eq!((last.month(), last.day()), (Month::March, 31), "{day}");
            let next_march = (0..)
                .map(|days| day + Duration::days(days))
                .find(|day| (day.month(), day.day()) == (Month::March, 31));
            let next_march = next_march.unwrap();
            let first_quarter = next_march.year() == day.year();
            let expected = next_march.year() + i32::from(first_quarter) + years - 1;
            assert_eq!(last.year(), expected, "{text} {day}");
            // At least a year, or to the next 31 March; never more than fifteen months a year.
            assert!(day + Duration::days(89) < last, "{day}");
            assert!(
                last < day + Duration::days(457 + 366 * i64::from(years - 1)),
                "{day}"
            );
        }
        day = day.next_day().unwrap();
    }
}

#[test]
fn who_declares_and_grants_what() {
    let Cast {
        mut world,
        maria,
        mario,
        paolo,
        sofia,
        rosa,
        giulia,
        ..
    } = cast();
    // Nobody's history has E13, E30 or E40.
    let citizen = Requester::Citizen;
    for (who, command, expected) in [
        (citizen(maria), declare(maria, "048"), "EXEMPTION-102"),
        (citizen(maria), declare(maria, "E99"), "EXEMPTION-102"),
        (citizen(maria), declare(maria, "E01"), "EXEMPTION-105"),
        (citizen(maria), declare(maria, "E04"), "EXEMPTION-105"),
        (citizen(maria), declare(mario, "E13"), "PERSON-101"),
        (citizen(maria), declare(maria, "E13"), "done"),
        (citizen(maria), declare(maria, "E13"), "EXEMPTION-104"),
        (citizen(maria), declare(maria, "E40"), "done"),
        (citizen(paolo), declare(sofia, "E13"), "done"),
        (citizen(paolo), declare(sofia, "E40"), "EXEMPTION-103"),
        (citizen(giulia), declare(rosa, "E40"), "EXEMPTION-103"),
        (citizen(giulia), declare(rosa, "E13"), "done"),
        (Requester::Operator, declare(sofia, "E40"), "done"),
        (citizen(mario), grant(mario, "048", None), "PERSON-103"),
        (
            Requester::Operator,
            grant(mario, "E30", Some(date!(2026 - 11 - 23))),
            "EXEMPTION-108",
        ),
        (Requester::Operator, grant(mario, "RC0030", None), "done"),
        (Requester::Ministry, declare(mario, "E30"), "PERSON-101"),
    ] {
        let shown = format!("{command:?}");
        assert_eq!(code(&world.perform(who, command, NOW)), expected, "{shown}");
    }
}

#[test]
fn who_revokes_what() {
    let Cast {
        mut world,
        maria,
        mario,
        ..
    } = cast();
    let own = began(
        world
            .perform(Requester::Citizen(maria), declare(maria, "E13"), NOW)
            .unwrap(),
    );
    let granted = began(
        world
            .perform(Requester::Operator, grant(maria, "C02", None), NOW)
            .unwrap(),
    );
    let revoke = |person, exemption, version| {
        Any::Exemption(Command::Revoke {
            person,
            exemption,
            version: Version::of_number(version),
        })
    };
    for (who, command, now, expected) in [
        (
            Requester::Citizen(mario),
            revoke(mario, own, 0),
            NOW,
            "EXEMPTION-101",
        ),
        (
            Requester::Citizen(maria),
            revoke(maria, own, 1),
            NOW,
            "WORLD-101",
        ),
        (
            Requester::Citizen(maria),
            revoke(maria, granted, 0),
            NOW,
            "EXEMPTION-107",
        ),
        (
            Requester::Citizen(maria),
            revoke(maria, own, 0),
            in_days(900),
            "EXEMPTION-106",
        ),
        (
            Requester::Citizen(maria),
            revoke(maria, own, 0),
            NOW,
            "done",
        ),
        (
            Requester::Citizen(maria),
            revoke(maria, own, 1),
            NOW,
            "EXEMPTION-106",
        ),
        (
            Requester::Citizen(maria),
            declare(maria, "E13"),
            NOW,
            "done",
        ),
        (Requester::Operator, revoke(maria, granted, 0), NOW, "done"),
    ] {
        assert_eq!(code(&world.perform(who, command, now)), expected);
    }
}

#[test]
fn the_ministry_renews_what_is_in_its_lists_once() {
    let Cast {
        mut world, maria, ..
    } = cast();
    let maria_herself = Requester::Citizen(maria);
    let renewed = began(
        world
            .perform(maria_herself, declare(maria, "E40"), NOW)
            .unwrap(),
    );
    let other = began(
        world
            .perform(maria_herself, declare(maria, "E02"), NOW)
            .unwrap(),
    );
    let renew = Any::Exemption(Command::Renew { year: 2027 });
    let april = datetime!(2027-04-01 0:30 +2);
    let first = world
        .perform(Requester::Ministry, renew.clone(), april)
        .unwrap();
    assert!(matches!(
        first,
        world::Event::Exemption(Event::Renewed { count: 1.. })
    ));
    let second = world.perform(Requester::Ministry, renew.clone(), april);
    assert_eq!(
        second,
        Ok(world::Event::Exemption(Event::Renewed { count: 0 }))
    );
    assert_eq!(
        code(&world.perform(maria_herself, renew, april)),
        "PERSON-103"
    );

    let access = world.access(maria_herself, maria, TODAY).unwrap();
    let in_force = |number| {
        let exemption = world.exemptions().get(&access, number).unwrap();
        exemption.in_force(date!(2027 - 04 - 01))
    };
    assert_eq!((in_force(renewed), in_force(other)), (true, false));
    let exemption = world.exemptions().get(&access, renewed).unwrap();
    assert_eq!(exemption.until, Some(thirty_first_of_march(2028)));
}
