//! What each role reads of a card and of the post, as JSON.

use cns_services::Role;
use cns_services::outbox::MessageFilter;
use serde_json::json;
use time::macros::datetime;

use crate::support::*;

#[test]
fn what_changes_a_card_and_nothing_else_is_another_version() {
    let mut world = World::new();
    let version = |world: &World| {
        let view = world.desk.view(Role::Tester, card(0), world.now);
        view.unwrap().version
    };
    let first = version(&world);
    world.ask(&luca(), own_card(0)).unwrap_err();
    world.ask(&luca(), own_card(3)).unwrap();
    let at_desk = world.identify(&maria()).unwrap();
    let form = own_card(0);
    let now = world.now;
    world.desk.look_at_form(&at_desk, &form, now).unwrap();
    assert_eq!(version(&world), first);
    world.desk.take_form(at_desk, form, now).unwrap();
    let second = version(&world);
    assert_ne!(second, first);
    world.now = datetime!(2032-01-01 9:00 UTC);
    world.desk.pass(world.now);
    assert_ne!(version(&world), second, "it has expired");
}

#[test]
fn each_role_sees_what_is_its_business() {
    let mut world = World::new();
    world.maria_has_a_pin();
    world.ask(&luca(), by_delegation()).unwrap();
    let whole = json!({
        "card": card(0).to_string(),
        "holder": "Maria Rossi",
        "expires": "2031-12-31",
        "state": "active",
        "certificate": "good",
        "credential": "request-open",
        "suspended_since": null,
        "contact": "*********0000",
        "request": {
            "id": 1,
            "kind": "delegate",
            "asked_by": luca().codice_fiscale.to_string(),
            "identified": "2026-11-23T09:01:00Z",
        },
        // Asked for, handed over, queued, delivered, asked for again.
        "version": 5,
    });
    let mut without_contact = whole.clone();
    without_contact["contact"] = json!(null);
    let mut states = without_contact.clone();
    states["holder"] = json!(null);
    let check = |reader: Role, expected: Option<&serde_json::Value>| {
        let view = world.desk.view(reader, card(0), world.now).ok();
        let view = view.map(|view| serde_json::to_value(view).unwrap());
        assert_eq!(view.as_ref(), expected, "{reader:?}");
    };
    check(Role::Citizen(maria().codice_fiscale), Some(&whole));
    check(Role::Citizen(luca().codice_fiscale), None);
    check(Role::Guardian(maria().codice_fiscale), None);
    check(
        Role::Delegate(luca().codice_fiscale),
        Some(&without_contact),
    );
    check(Role::Delegate(paolo().codice_fiscale), None);
    check(Role::Operator(olga().codice_fiscale), Some(&whole));
    check(Role::Auditor(paolo().codice_fiscale), Some(&states));
    check(Role::Tester, Some(&whole));
    check(Role::System, None);
    let of_paolo = world
        .desk
        .views(Role::Guardian(paolo().codice_fiscale), world.now);
    assert_eq!(of_paolo.len(), 1, "his daughter's");
    let grown_up = datetime!(2033-05-04 9:00 UTC);
    let of_paolo = world
        .desk
        .views(Role::Guardian(paolo().codice_fiscale), grown_up);
    assert_eq!(of_paolo, [], "she is of age");
    let post = world.outbox.list(&MessageFilter::default(), world.now);
    let expected = json!([{
        "id": 0,
        "channel": "sms",
        "to": "*********0000",
        "purpose": "second-part",
        "card": card(0).to_string(),
        "sent": "2026-11-23T09:00:00Z",
        "times": 1,
        "state": "delivered",
    }]);
    assert_eq!(serde_json::to_value(post).unwrap(), expected);
}
