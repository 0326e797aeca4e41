//! Every rule of the desk, broken once: the code of the refusal, and nothing else changed.

use std::collections::BTreeSet;

use crate::attempts::{ASKING, Attempt, KEEPING, delegation, four_eyes, revocation, world};
use crate::support::*;
use cns_language::Language;
use cns_services::Role;
use cns_services::desk::rules::TABLE;
use cns_services::desk::{CardEvent, Cause};
use cns_services::outbox::MessageFilter;
use time::Duration;

#[test]
fn each_is_refused_with_its_code() {
    for (code, what, attempt) in ASKING.iter().chain(KEEPING) {
        let refusal = attempt(&mut world()).expect_err(what);
        assert_eq!(refusal.code, *code, "{what}: {refusal}");
        for language in Language::ALL {
            let sentence = refusal.reason.in_language(language);
            assert!(!sentence.contains(['{', '}']), "{what}: {sentence}");
        }
    }
}

#[test]
fn each_rule_can_be_broken() {
    let broken: BTreeSet<&str> = ASKING
        .iter()
        .chain(KEEPING)
        .map(|(code, ..)| *code)
        .collect();
    let rules: BTreeSet<&str> = TABLE.iter().map(|rule| rule.code).collect();
    assert_eq!(broken, rules);
}

#[test]
fn a_refusal_changes_nothing_but_the_log() {
    let seen = |world: &World| {
        let post = world.outbox.list(&MessageFilter::default(), world.now);
        (
            world.desk.views(Role::Tester, world.now),
            post,
            world.chips.clone(),
        )
    };
    let mut world = world();
    let before = seen(&world);
    let refused: [Attempt; 4] = [
        |world| world.ask(&luca(), own_card(0)).map(drop),
        |world| delegation(world, |form| form.contact = phone_of(&luca())),
        |world| {
            let at_desk = world.identify(&maria())?;
            let theft = revocation(Cause::Theft, None);
            world
                .desk
                .revoke(&at_desk, &theft, None, world.now)
                .map(drop)
        },
        |world| {
            world
                .desk
                .card_event(card(3), CardEvent::PukBlocked, world.now)
        },
    ];
    for attempt in refused {
        let entries = world.audit().entries().len();
        let refusal = attempt(&mut world).unwrap_err();
        assert_eq!(seen(&world), before, "{refusal}");
        assert!(entries < world.audit().entries().len());
        assert_eq!(
            world.audit().entries().last().unwrap().outcome,
            refusal.code
        );
    }
}

#[test]
fn with_another_operator_it_is_done() {
    four_eyes(|world, revocation| {
        let at_desk = world.identify(&maria())?;
        world
            .desk
            .revoke(&at_desk, revocation, Some(&otto()), world.now)
            .map(drop)
    })
    .unwrap();
}

#[test]
fn a_request_that_nobody_came_back_for_is_in_nobodys_way() {
    let mut world = world();
    world.ask(&luca(), own_card(3)).unwrap();
    world.now += Duration::HOUR;
    let request = world.ask(&luca(), own_card(3)).unwrap();
    world.hand_over(request).unwrap();
}
