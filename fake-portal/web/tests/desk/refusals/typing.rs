//! What cannot be read, in a field of each kind.

use super::Attempt;
use crate::counter::{at, form, identification};

pub(super) fn all() -> Vec<Attempt> {
    let mut attempts = at_the_counter();
    attempts.extend(in_the_post());
    attempts
}

fn at_the_counter() -> Vec<Attempt> {
    let identify = |code, what| {
        let attempt = Attempt::new(code, what, "/desk/identify");
        attempt.typing_all(identification("maria-rossi"))
    };
    let card = Attempt::new(
        "FORM-103",
        "no card number",
        at("maria-rossi", "form/at-desk"),
    );
    vec![
        identify("FORM-101", "nobody is named")
            .typing([("identity", "")])
            .at_field("identity"),
        identify("FORM-102", "no codice fiscale")
            .typing([("identity", "RSSMRA")])
            .at_field("identity"),
        card.typing_all(form("maria-rossi", "maria-rossi"))
            .typing([("card", "6030")])
            .with_at_the_counter("maria-rossi")
            .at_field("card"),
        identify("FORM-104", "no day")
            .typing([("document.expires", "soon")])
            .at_field("document.expires"),
        identify("FORM-105", "no office of ours")
            .typing([("office", "moon")])
            .choosing("office"),
        identify("FORM-106", "nobody")
            .typing([("identity", "RSSMRA80A01H501U")])
            .at_field("identity"),
        Attempt::new("FORM-101", "nothing is looked for", "/desk/find").at_field("sought"),
    ]
}

fn in_the_post() -> Vec<Attempt> {
    let arm = |code, what| Attempt::new(code, what, "/outbox/faults").by("maria-rossi");
    let read = |code, what| Attempt::new(code, what, "/outbox/mailbox").by("maria-rossi");
    vec![
        arm("FORM-101", "how late")
            .typing([("fault", "late"), ("times", "3")])
            .at_field("seconds"),
        arm("FORM-105", "no fault of ours")
            .typing([("fault", "eaten"), ("times", "3")])
            .choosing("fault"),
        arm("FORM-107", "late by a word")
            .typing([("fault", "late"), ("seconds", "soon")])
            .at_field("seconds"),
        arm("DESK-107", "to a landline")
            .typing([("fault", "lost"), ("contact", "0371 000001")])
            .at_field("contact"),
        read("FORM-101", "of nobody").at_field("contact"),
        read("DESK-107", "of a landline")
            .typing([("contact", "0371 000001")])
            .at_field("contact"),
    ]
}
