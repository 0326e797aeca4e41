//! Handing over, and what becomes of a card afterwards; and who works at a desk.

use cns_portal::Town;
use cns_services::desk::{Approval, Cause, Policy};
use time::{Duration, OffsetDateTime};

use super::Attempt;
use super::asking::own_form;
use crate::counter::{BROKEN, CONFUSED, NOW, at, at_counter, card, desk};

pub(super) fn all() -> Vec<Attempt> {
    let mut attempts = with_a_card();
    attempts.extend(by_two());
    attempts.extend(by_staff());
    attempts
}

fn with_a_card() -> Vec<Attempt> {
    let act = |code, what, id: &'static str, action| {
        Attempt::new(code, what, at(id, action)).with_at_the_counter(id)
    };
    let maria = "maria-rossi";
    vec![
        act("DESK-110", "another card is handed in", maria, "order")
            .typing([("card", &card("sofia-conti").to_string())])
            .at_field("card"),
        act("DESK-114", "five weeks on hold", maria, "reactivate")
            .after(|town| suspend(town, NOW - Duration::weeks(5))),
        act("DESK-119", "nothing is declared", maria, "revoke")
            .typing([("cause", "theft")])
            .at_field("declaration"),
        act("DESK-123", "back an hour later", maria, "hand-over")
            .typing([("request", "0")])
            .after(|town| {
                let when = NOW - Duration::HOUR;
                let maria = at_counter(&mut town.desk, "maria-rossi", when);
                town.desk.take_form(maria, own_form(), when).unwrap();
            }),
        act("DESK-127", "nothing is blocked", maria, "unblock"),
        act("DESK-128", "on hold already", maria, "suspend")
            .typing([("cause", "theft")])
            .after(|town| suspend(town, NOW))
            .at_field("card")
            .unseen(&["card", "cause"]),
        act("DESK-130", "blocked without a PIN", CONFUSED, "unblock"),
        act("DESK-131", "a stranger", maria, "suspend")
            .with_at_the_counter("paolo-conti")
            .typing([("cause", "theft")])
            .at_field("identity")
            .unseen(&["identity"]),
        act("DESK-135", "a request of nobody", maria, "hand-over")
            .typing([("request", "99")])
            .at_field("request")
            .unseen(&["request"]),
        act("DESK-140", "the PIN is in use", maria, "send-again"),
        act("DESK-141", "on hold and back again", maria, "revoke")
            .typing([
                ("version", "0"),
                ("cause", "loss"),
                ("declaration", "police-report"),
                ("police_report", "12/2026"),
            ])
            .after(|town| {
                suspend(town, NOW);
                let maria = at_counter(&mut town.desk, "maria-rossi", NOW);
                town.desk
                    .reactivate(&maria, card("maria-rossi"), NOW)
                    .unwrap();
            })
            .unseen(&["version"]),
        act("DESK-201", "nobody was identified", maria, "suspend")
            .without_anybody()
            .typing([("cause", "theft")]),
        act("TOWN-101", "the chip does not answer", BROKEN, "unblock"),
    ]
}

fn by_two() -> Vec<Attempt> {
    let revoke = |code, what| {
        let attempt = Attempt::new(code, what, at("maria-rossi", "revoke"));
        attempt
            .with_at_the_counter("maria-rossi")
            .typing([("cause", "theft"), ("declaration", "self-certification")])
            .after(|town| {
                town.desk = desk(Policy {
                    approval: Approval::TwoOperators,
                    ..Policy::default()
                });
            })
    };
    vec![
        revoke("DESK-116", "nobody else agrees"),
        revoke("DESK-116", "the operator agrees twice")
            .typing([("second_user", "mario"), ("second_password", "sportello-1")])
            .hiding(&["second_password"]),
        revoke("STAFF-101", "the second types another password")
            .typing([("second_user", "niccolo"), ("second_password", "segreta-9")])
            .at_field("second_password")
            .hiding(&["second_password"]),
    ]
}

fn by_staff() -> Vec<Attempt> {
    vec![
        Attempt::new("STAFF-101", "another password", "/desk/sign-in")
            .typing([("user", "mario"), ("password", "segreta-9")])
            .at_field("password")
            .hiding(&["password"]),
        Attempt::new("DESK-124", "an auditor looks for a card", "/desk/find")
            .by("davide-moretti")
            .typing([("sought", "Rossi")])
            .unseen(&["sought"]),
        Attempt::new("DESK-124", "an operator reads the log", "/audit"),
    ]
}

/// Maria's card was suspended, at some time.
fn suspend(town: &mut Town, when: OffsetDateTime) {
    let maria = at_counter(&mut town.desk, "maria-rossi", when);
    let card = card("maria-rossi");
    town.desk.suspend(&maria, card, Cause::Loss, when).unwrap();
}
