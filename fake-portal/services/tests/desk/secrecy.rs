//! Nobody sees both parts, and what is not a phone, a slip or a card sees no digit at all.

use std::fmt::Write;

use crate::support::*;
use cns_language::Language;
use cns_services::Role;
use cns_services::desk::{CardEvent, Cause, Effect, Policy};
use cns_services::outbox::{Fault, MessageFilter, OutboxFault};
use time::Duration;

/// All who look, in all roles.
fn readers() -> Vec<Role> {
    let who = [maria(), paolo(), luca(), operator_as_citizen()];
    let who = who.map(|person| person.codice_fiscale);
    let roles = [
        Role::Citizen,
        Role::Guardian,
        Role::Delegate,
        Role::Operator,
        Role::Auditor,
    ];
    let people = roles
        .into_iter()
        .flat_map(|role| who.map(role))
        .chain([Role::Tester, Role::System]);
    people.collect()
}

/// Everything that this role can have on a page or as JSON, the debugging of everything included.
fn everything(world: &World, reader: Role) -> String {
    let mut seen = serde_json::to_string_pretty(&world.desk.views(reader, world.now)).unwrap();
    let filter = MessageFilter::default();
    let post = world.outbox.list(&filter, world.now);
    seen += &serde_json::to_string_pretty(&post).unwrap();
    if let Ok(audit) = world.desk.audit(reader) {
        seen += audit.export();
    }
    if reader != Role::Tester {
        let mailbox = world.outbox.mailbox(reader, &phone_of(&maria()), world.now);
        let refusal = mailbox.err().unwrap();
        for language in Language::ALL {
            seen += &refusal.reason.in_language(language);
        }
    }
    write!(seen, "{:?}{:?}", world.desk, world.outbox).unwrap();
    seen
}

/// A busy day with all kinds of requests, faults and refusals.
pub fn busy_day(seed: u64) -> (World, Vec<String>) {
    let mut world = World::seeded(seed, Policy::default());
    let mut said = Vec::new();
    world.send_code(&maria(), &phone_of(&maria())).unwrap();
    for (person, form) in [
        (maria(), own_card(0)),
        (paolo(), for_sofia()),
        (luca(), for_rosa()),
        (luca(), own_card(3)),
    ] {
        let request = world.ask(&person, form).unwrap();
        let effects = world.effects_of_hand_over(request).unwrap();
        said.push(format!("{effects:?}"));
        world.execute(effects);
        said.push(format!("{:?}", world.hand_over(request).unwrap_err()));
    }
    world.outbox.arm(OutboxFault::next(Fault::Twice));
    world.pass(Duration::MINUTE);
    let guess = world
        .desk
        .identify_by_cip(card(0), "not even digits", world.now);
    said.push(format!("{guess:?}"));
    let code = world
        .desk
        .identify_by_one_time_code(&maria(), "none", world.now);
    said.push(format!("{code:?}"));
    let at_desk = world.identify(&maria()).unwrap();
    let effects = world
        .desk
        .send_again(&at_desk, card(0), None, world.now)
        .unwrap();
    said.push(format!("{effects:?}"));
    world.execute(effects);
    world.pass(Duration::MINUTE);
    world
        .desk
        .card_event(card(0), CardEvent::PinProven, world.now)
        .unwrap();
    world
        .desk
        .card_event(card(0), CardEvent::PinBlocked, world.now)
        .unwrap();
    let effects = world
        .desk
        .suspend(&at_desk, card(0), Cause::Theft, world.now)
        .unwrap();
    said.push(format!("{effects:?}"));
    world.execute(effects);
    (world, said)
}

/// Two days that differ in nothing but the digits look the same to everybody: not even a digest of a
/// digit is anywhere.
#[test]
fn what_anybody_sees_does_not_depend_on_the_digits() {
    let (one, one_said) = busy_day(1);
    let (other, other_said) = busy_day(2);
    assert_ne!(one.chips, other.chips);
    assert_ne!(one.phone(&maria()), other.phone(&maria()));
    assert_eq!(one_said, other_said);
    for reader in readers() {
        assert_eq!(
            everything(&one, reader),
            everything(&other, reader),
            "{reader:?}"
        );
    }
}

/// The same by search, for the day when somebody adds what is not compared: whole codes, the long second part
/// of the PUK, and the CIP are long enough not to be found by chance.
#[test]
fn no_digits_of_a_code_stand_anywhere() {
    let (world, said) = busy_day(3);
    let codes = codes_of(&world);
    assert!(16 < codes.len(), "the search looks for something");
    for reader in readers() {
        let seen = everything(&world, reader) + &said.concat();
        for code in &codes {
            assert!(!seen.contains(code.as_str()), "{reader:?} sees {code}");
        }
    }
}

/// All codes that were drawn, as whoever has them in hand reads them.
pub fn codes_of(world: &World) -> Vec<String> {
    let mut codes = Vec::new();
    for (pin, puk) in world.chips.values() {
        codes.extend([pin.clone(), puk.clone(), puk[2..].to_owned()]);
    }
    for person in everybody() {
        for message in world.phone(&person) {
            let digits = message.split(|letter: char| !letter.is_ascii_digit());
            codes.extend(
                digits
                    .filter(|digits| 6 <= digits.len() && digits.len() <= 8)
                    .map(str::to_owned),
            );
        }
    }
    codes
}

/// The slip has the first part only, the phone the second only.
#[test]
fn the_parts_go_separate_ways() {
    let (world, _) = busy_day(4);
    for (_, card, slip) in &world.slips {
        let (pin, puk) = world.chips.get(card).unwrap();
        let digits: String = slip.chars().filter(char::is_ascii_digit).collect();
        assert_eq!(digits, format!("{}{}", &pin[..2], &puk[..2]));
    }
    let message = world
        .phone(&maria())
        .into_iter()
        .find(|words| words.starts_with("Second"));
    let message = message.unwrap();
    let (pin, puk) = world.chips.get(&card(0)).unwrap();
    let digits: String = message.chars().filter(char::is_ascii_digit).collect();
    assert!(digits.starts_with(&format!("{}{}", &pin[2..], &puk[2..])));
    assert_eq!(digits.len(), 3 + 6 + 8);
}

/// Each hand-over sends digits three ways, once each.
#[test]
fn a_hand_over_has_three_effects() {
    let mut world = World::new();
    let request = world.ask(&maria(), own_card(0)).unwrap();
    let effects = world.effects_of_hand_over(request).unwrap();
    assert!(matches!(
        effects.as_slice(),
        [
            Effect::PersonaliseCard { .. },
            Effect::ShowFirstPart(_),
            Effect::Send(_)
        ]
    ));
}
