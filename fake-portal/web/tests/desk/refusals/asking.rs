//! Identifying somebody, and taking a form.

use cns_language::Language;
use cns_services::desk::{Contact, Form, FormKind, Papers};

use super::Attempt;
use crate::counter::{NOW, at, at_counter, card, document, form, identification, person, phone};

pub(super) fn all() -> Vec<Attempt> {
    let mut attempts = identifying();
    attempts.extend(for_oneself());
    attempts.extend(for_others());
    attempts.extend(by_delegation());
    attempts
}

fn identifying() -> Vec<Attempt> {
    let identify = |code, what| {
        let attempt = Attempt::new(code, what, "/desk/identify");
        attempt.typing_all(identification("maria-rossi"))
    };
    vec![
        identify("DESK-101", "the document expired")
            .typing([("document.expires", "2020-01-01")])
            .at_field("document.expires"),
        identify("DESK-113", "operators identify themselves")
            .typing_all(identification("mario-bianchi")),
        identify("DESK-115", "the office is closed").typing([("office", "social-services")]),
        identify("DESK-138", "the document is somebody else's")
            .typing([("document.holder", &person("paolo-conti").to_string())])
            .at_field("document.holder"),
    ]
}

fn for_oneself() -> Vec<Attempt> {
    let ask = |code, what, id: &'static str| {
        let attempt = Attempt::new(code, what, at(id, "form/at-desk"));
        let attempt = attempt.typing_all(form(id, id));
        attempt.with_at_the_counter(id)
    };
    let nobody = Attempt::new(
        "DESK-201",
        "nobody was identified",
        at("maria-rossi", "form/at-desk"),
    );
    vec![
        nobody.typing_all(form("maria-rossi", "maria-rossi")),
        ask("DESK-103", "somebody else's card", "maria-rossi")
            .with_at_the_counter("paolo-conti")
            .at_field("identity")
            .unseen(&["identity"]),
        ask("DESK-107", "a landline", "maria-rossi")
            .typing([("contact", "0371 000001")])
            .at_field("contact"),
        ask("DESK-109", "a revoked card", "luca-marino").at_field("card"),
        ask("DESK-111", "a request is open", "maria-rossi").after(|town| {
            let maria = at_counter(&mut town.desk, "maria-rossi", NOW);
            town.desk.take_form(maria, own_form(), NOW).unwrap();
        }),
        ask("DESK-118", "another's phone", "maria-rossi")
            .typing([("contact", &phone("paolo-conti"))])
            .at_field("contact"),
        ask("DESK-126", "a minor comes alone", "sofia-conti"),
        ask("DESK-132", "the card is at home", "maria-rossi")
            .typing([("card", "")])
            .at_field("card"),
        ask("DESK-133", "the PUK is blocked", "chiara-rinaldi").at_field("card"),
        ask("DESK-141", "the form is of another day", "maria-rossi")
            .typing([("version", "9")])
            .unseen(&["version"]),
    ]
}

fn for_others() -> Vec<Attempt> {
    let paolo = person("paolo-conti").to_string();
    let minor = |code, what, id: &'static str| {
        let attempt = Attempt::new(code, what, at(id, "form/minor"));
        let attempt = attempt.typing_all(form(id, id));
        attempt
            .typing([("form", &paolo)])
            .with_at_the_counter("paolo-conti")
    };
    let ward = Attempt::new(
        "DESK-120",
        "the court's paper is missing",
        at("rosa-galli", "form/ward"),
    );
    vec![
        minor("DESK-106", "nobody signed", "sofia-conti")
            .typing([("form", "")])
            .at_field("form"),
        minor("DESK-131", "a stranger comes for her", "sofia-conti")
            .with_at_the_counter("maria-rossi")
            .at_field("identity")
            .unseen(&["identity"]),
        minor(
            "DESK-136",
            "the form for minors, for an adult",
            "maria-rossi",
        ),
        ward.typing_all(form("rosa-galli", "rosa-galli"))
            .typing([("form", &paolo)])
            .with_at_the_counter("paolo-conti")
            .at_field("court_paper"),
    ]
}

fn by_delegation() -> Vec<Attempt> {
    let delegate = |code, what| {
        let attempt = Attempt::new(code, what, at("maria-rossi", "form/delegate"));
        let mut fields = form("maria-rossi", "maria-rossi");
        fields.extend(document("maria-rossi"));
        attempt
            .typing_all(fields)
            .typing([
                ("form", &person("maria-rossi").to_string()),
                ("delegate", &person("paolo-conti").to_string()),
                ("kinship", "2"),
                ("holder_document", "yes"),
                ("impediment", "2026-11-01"),
                ("impediment.until", "2026-12-31"),
            ])
            .with_at_the_counter("paolo-conti")
    };
    vec![
        delegate("DESK-101", "the photocopy is of an old document")
            .typing([("document.expires", "2020-01-01")])
            .at_field("document.expires"),
        delegate("DESK-104", "a cousin")
            .typing([("kinship", "4")])
            .at_field("kinship"),
        delegate("DESK-105", "no photocopy")
            .typing([("holder_document", "")])
            .at_field("holder_document"),
        delegate("DESK-121", "the holder is well again")
            .typing([("impediment.until", "2026-11-02")])
            .at_field("impediment"),
    ]
}

/// Maria's form, as the desk takes it.
pub(crate) fn own_form() -> Form {
    Form {
        card: card("maria-rossi"),
        kind: FormKind::AtDesk,
        papers: Papers {
            card: Some(card("maria-rossi")),
            ..Papers::default()
        },
        contact: Contact::mobile(&phone("maria-rossi")).unwrap(),
        language: Language::English,
    }
}
