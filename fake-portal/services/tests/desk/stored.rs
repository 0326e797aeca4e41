//! What is left of desk and post when they are written and read again: all but what is secret, and what is
//! over when nobody waits for it.

use crate::secrecy::{busy_day, codes_of};
use crate::sequences::action::action;
use crate::sequences::witness::Witness;
use crate::support::*;
use cns_services::desk::Policy;
use cns_services::outbox::{Fault, OutboxFault};
use cns_services::{Role, Town, audit};
use proptest::prelude::*;
use serde_json::{Value, json};
use time::Duration;

fn town(world: &World) -> Town {
    Town {
        world: cns_services::World::default(),
        desk: world.desk.clone(),
        outbox: world.outbox.clone(),
    }
}

/// The same world after its portal was started again.
fn restarted(mut world: World) -> World {
    let json = town(&world).export().unwrap();
    let read = Town::import(&json, world.now).unwrap();
    (world.desk, world.outbox) = (read.desk, read.outbox);
    world.deliver_post();
    world
}

/// No code by search, and none by comparison: two days that differ in their digits are stored alike, but for
/// the salted digests of CIPs.
#[test]
fn no_digit_of_a_code_is_stored() {
    for seed in 3..6 {
        let (world, _) = busy_day(seed);
        let file = String::from_utf8(town(&world).to_file().unwrap()).unwrap();
        let codes = codes_of(&world);
        assert!(16 < codes.len(), "the search looks for something");
        for code in codes {
            assert!(!file.contains(&code), "the file has {code}");
        }
    }
    let stored = |seed| {
        let (world, _) = busy_day(seed);
        let mut stored: Value = serde_json::from_str(&town(&world).export().unwrap()).unwrap();
        for dossier in stored["desk"]["dossiers"].as_array_mut().unwrap() {
            dossier["cip"]["salt"].take();
            dossier["cip"]["digest"].take();
        }
        stored
    };
    assert_eq!(stored(1), stored(2));
}

#[test]
fn a_message_that_had_arrived_is_there_without_its_words() {
    let mut world = World::new();
    world.maria_has_a_pin();
    let before = (world.states(0), world.phone(&maria()).len());
    let world = restarted(world);
    assert_eq!((world.states(0), world.phone(&maria()).len()), before);
    assert_eq!(
        world.phone(&maria()),
        ["The words of this message were not kept: the portal was started again from its file."]
    );
    assert_eq!(world.states(0), "active, good, second-part-delivered");
}

/// On its way or lost: it comes back, the desk hears of it, and new codes can be asked for.
#[test]
fn a_second_part_that_had_not_arrived_comes_back() {
    for fault in [None, Some(Fault::Lost), Some(Fault::Late(Duration::DAY))] {
        let mut world = World::new();
        if let Some(fault) = fault {
            world.outbox.arm(OutboxFault::next(fault));
        }
        let request = world.ask(&maria(), own_card(0)).unwrap();
        world.hand_over(request).unwrap();
        assert_eq!(world.states(0), "active, good, second-part-queued");
        let mut world = restarted(world);
        assert_eq!(world.states(0), "active, good, second-part-bounced");
        world.pass(Duration::WEEK);
        assert_eq!(world.phone(&maria()), [""; 0], "{fault:?}");
        world.maria_has_a_pin();
        assert_eq!(world.states(0), "active, good, second-part-delivered");
    }
}

/// What was not kept cannot be sent again.
#[test]
fn a_second_part_that_is_sent_again_comes_back() {
    let mut world = World::new();
    world.maria_has_a_pin();
    let mut world = restarted(world);
    let who = world.identify(&maria()).unwrap();
    let effects = world.desk.send_again(&who, card(0), None, world.now);
    world.execute(effects.unwrap());
    world.pass(Duration::MINUTE);
    assert_eq!(world.phone(&maria()).len(), 1);
    assert_eq!(world.states(0), "active, good, second-part-bounced");
}

#[test]
fn an_open_request_is_given_up_and_the_log_says_so() {
    let mut world = World::new();
    let request = world.ask(&maria(), own_card(0)).unwrap();
    assert_eq!(world.states(0), "delivered, good, request-open");
    let mut world = restarted(world);
    assert_eq!(world.states(0), "delivered, good, none");
    assert_eq!(world.hand_over(request).unwrap_err().code, "DESK-135");
    let log = world.audit();
    audit::verify(log.export().as_bytes(), log.head()).unwrap();
    let entry = log.entries().iter().rev().nth(1).unwrap();
    assert_eq!(
        (entry.what.as_str(), entry.why.as_str()),
        ("withdraw", "request 0, which does not outlive a restart")
    );
    world.maria_has_a_pin();
}

#[test]
fn an_unused_code_is_good_no_more() {
    let mut world = World::new();
    world.send_code(&maria(), &phone_of(&maria())).unwrap();
    world.pass(Duration::MINUTE);
    let words = world.phone(&maria()).remove(0);
    let code = words.rsplit(' ').next().unwrap();
    let mut world = restarted(world);
    let now = world.now;
    let refused = world.desk.identify_by_one_time_code(&maria(), code, now);
    assert_eq!(refused.unwrap_err().code, "DESK-108");
}

/// Whoever restarts a portal gets no tries.
#[test]
fn tries_that_were_used_stay_used() {
    let mut world = World::new();
    world.maria_has_a_pin();
    let words = world.phone(&maria()).remove(0);
    let cip = words.rsplit(' ').next().unwrap();
    for _ in 0..3 {
        let now = world.now;
        let refused = world.desk.identify_by_cip(card(0), "00000000", now);
        assert_eq!(refused.unwrap_err().code, "DESK-112");
        world = restarted(world);
    }
    let now = world.now;
    let refused = world.desk.identify_by_cip(card(0), cip, now);
    assert_eq!(refused.unwrap_err().code, "DESK-112");
}

/// A snapshot of a desk is another desk.
#[test]
fn a_clone_goes_its_own_way() {
    let mut world = World::new();
    let request = world.ask(&maria(), own_card(0)).unwrap();
    let snapshot = town(&world);
    world.hand_over(request).unwrap();
    let first = world.chips.values().next().cloned();
    (world.desk, world.outbox) = (snapshot.desk, snapshot.outbox);
    assert_eq!(world.states(0), "delivered, good, request-open");
    world.hand_over(request).unwrap();
    assert_ne!(world.chips.values().next().cloned(), first);
}

proptest! {
    #![proptest_config(ProptestConfig {
        max_shrink_iters: 4_096,
        failure_persistence: None,
        ..ProptestConfig::with_cases(60)
    })]

    /// Whatever is stored anew has another revision; and what was stored is read, and stored again the same.
    #[test]
    fn every_sequence_is_stored_when_it_changes_something(
        actions in proptest::collection::vec(action(), 1..60)
    ) {
        let mut witness = Witness::new();
        let mut before = town(&witness.world);
        for action in &actions {
            witness.experience(action);
            let after = town(&witness.world);
            if after.revision() == before.revision() {
                prop_assert_eq!(before.export().unwrap(), after.export().unwrap(), "{:?}", action);
            }
            before = after;
        }
        let now = witness.world.now;
        let once = Town::import(&before.export().unwrap(), now).unwrap().export().unwrap();
        let twice = Town::import(&once, now).unwrap().export().unwrap();
        prop_assert_eq!(once, twice);
    }
}

/// A town where one thing contradicts another, and where that is said to be.
#[test]
fn what_does_not_fit_together_is_refused() {
    let (world, _) = busy_day(1);
    let right: Value = serde_json::from_str(&town(&world).export().unwrap()).unwrap();
    let check = |pointer: &str, wrong: Value, expected: &str| {
        let mut json = right.clone();
        *json.pointer_mut(pointer).unwrap() = wrong;
        let error = Town::import(&json.to_string(), world.now).unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains(expected), "{pointer}: {shown}");
        assert!(shown.contains("\nhint: "), "{shown}");
    };
    check("/format", json!(2), "format 2");
    check("/world/format", json!(2), "format 2");
    check("/desk/dossiers/0/expires", json!("2026-02-30"), "line 1");
    check("/desk/dossiers/0/contact", json!("sms:12"), "line 1");
    check("/desk/dossiers/0/holder/parents", json!(["X"]), "line 1");
    check(
        "/desk/dossiers/1/certificate",
        json!("on-hold"),
        "dossiers[1]",
    );
    check("/desk/dossiers/1/certificate", json!({"revoked": 77}), "77");
    check(
        "/desk/dossiers/1/credential/state",
        json!("dead"),
        "dossiers[1]",
    );
    check(
        "/desk/dossiers/1/credential/request",
        json!(99),
        "dossiers[1]",
    );
    check("/desk/dossiers/1/successor", json!(99), "dossiers[1]");
    check("/desk/dossiers/1/second_part", json!(99), "message 99");
    check("/desk/dossiers/1/second_part", json!(0), "message 0");
    check("/desk/dossiers/1/contact", json!("paper-slip:x"), "counter");
    check("/desk/dossiers/1/cip/tries_left", json!(4), "tries");
    check(
        "/desk/dossiers/1/suspended_since",
        json!("2026-11-23T09:00:00Z"),
        "on hold",
    );
    check("/desk/dossiers/1/suspended_since", json!("today"), "line 1");
    check(
        "/desk/dossiers/1",
        right["desk"]["dossiers"][0].clone(),
        "already",
    );
    check(
        "/desk/address_book/1",
        right["desk"]["address_book"][0].clone(),
        "already",
    );
    check("/desk/policy/suspension_max", json!([-1, 0]), "desk.policy");
    check(
        "/desk/orders",
        json!({"0": {"replaces": card(9).to_string(),
        "holder": right["desk"]["dossiers"][0]["holder"]}}),
        "desk.orders.0",
    );
    check(
        "/desk/audit/entries/3/why",
        json!("no reason"),
        "desk.audit",
    );
    check("/desk/audit/head/entries", json!(3), "desk.audit");
    check("/desk/audit/entries", json!([]), "desk.audit");
    check("/outbox/messages/0/words", json!("123456"), "not stored");
    check("/outbox/messages/0/journeys", json!([]), "sent once");
    check(
        "/outbox/messages/0/card",
        json!(card(0).to_string()),
        "one-time code",
    );
    check("/outbox/swaps", json!(99), "message 99");
    check("/outbox", json!({}), "missing field");
}

/// Nothing that a role sees has changed, unless it was secret or open.
#[test]
fn views_are_the_same_after_a_restart() {
    let (world, _) = busy_day(2);
    let views = |world: &World| world.desk.views(Role::Tester, world.now);
    let before = views(&world);
    let world = restarted(world);
    assert_eq!(views(&world), before);
}

#[test]
fn a_policy_is_kept() {
    let policy = Policy {
        suspension_max: Duration::days(7),
        ..Policy::default()
    };
    let world = restarted(World::seeded(1, policy));
    assert_eq!(world.desk.policy(), policy);
}
