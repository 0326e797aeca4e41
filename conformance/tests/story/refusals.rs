//! Who is not given a PIN, and what goes wrong on the way.

use cns_fixtures::{citizen, town};
use serde_json::{Value, json};
use time::Duration;

use super::{act, codes, identification, identify, letter, own_form, place::Place};

fn with(mut form: Value, changes: &[(&str, &str)]) -> Value {
    for (name, value) in changes {
        form[*name] = json!(value);
    }
    form
}

#[test]
fn minors_delegates_documents_and_hours_are_looked_at() {
    let mut place = Place::found();
    place.sign_in("mario", "sportello-1");
    let sofia = citizen("sofia-conti").unwrap();
    let maria = citizen("maria-rossi").unwrap();
    let code = |id: &str| citizen(id).unwrap().codice_fiscale.to_string();

    // A minor, whose father comes with the signed form.
    let form = format!("/desk/cards/{}/form/minor", sofia.card_number);
    let asked = own_form(sofia.card_number, "paolo-conti");
    assert_eq!(place.refused(&form, &asked), "DESK-201 -");
    identify(&place, "maria-rossi");
    let signed = with(asked.clone(), &[("form", &code("maria-rossi"))]);
    assert_eq!(place.refused(&form, &signed), "DESK-131 identity");
    identify(&place, "paolo-conti");
    assert_eq!(place.refused(&form, &asked), "DESK-106 form");
    let signed = with(asked, &[("form", &code("paolo-conti"))]);
    let request = place.done(&form, &signed);
    let slips = act(
        &place,
        sofia.card_number,
        "hand-over",
        &json!({"request": request["request"]}),
    );
    assert_eq!(slips[0]["handed_to"], code("paolo-conti"));

    // A delegate without a photocopy of the holder's document.
    identify(&place, "luca-marino");
    let form = format!("/desk/cards/{}/form/delegate", maria.card_number);
    let delegation = with(
        own_form(maria.card_number, "maria-rossi"),
        &[
            ("form", &code("maria-rossi")),
            ("delegate", &code("luca-marino")),
            ("kinship", "2"),
            ("impediment", "2020-01-01"),
            ("impediment.until", "2040-01-01"),
        ],
    );
    assert_eq!(
        place.refused(&form, &delegation),
        "DESK-105 holder_document"
    );
    let with_photocopy = with(
        identification("maria-rossi", "2040-01-01"),
        &[("holder_document", "yes")],
    );
    let mut complete = delegation;
    for (name, value) in with_photocopy.as_object().unwrap() {
        complete[name] = value.clone();
    }
    place.done(&form, &complete);

    let expired = identification("luca-marino", "2020-01-01");
    assert_eq!(
        place.refused("/desk/identify", &expired),
        "DESK-101 document.expires"
    );
    place.pass(Duration::hours(10));
    let valid = identification("luca-marino", "2040-01-01");
    place.sign_in("mario", "sportello-1");
    assert_eq!(place.refused("/desk/identify", &valid), "DESK-115 -");
}

#[test]
fn online_is_for_adults_and_by_known_contacts() {
    let place = Place::found();
    let maria = citizen("maria-rossi").unwrap();
    let sofia = citizen("sofia-conti").unwrap();
    let spid = |id: &str, level: &str| {
        let person = citizen(id).unwrap().codice_fiscale.to_string();
        json!({"identity": person, "level": level})
    };
    assert_eq!(
        place.refused("/pin/spid", &spid("maria-rossi", "1")),
        "DESK-134 -"
    );
    let of_sofia = place.done("/pin/spid", &spid("sofia-conti", "2"));
    let path = format!("/pin/request/{}/form", of_sofia["ticket"].as_str().unwrap());
    let form = own_form(sofia.card_number, "paolo-conti");
    assert_eq!(place.refused(&path, &form), "DESK-102 -");

    // A contact that is somebody else's, and somebody who does not exist, sound the same.
    let [phone, _] = town::contacts(&maria);
    let asked = |person: &str, contact: &str| json!({"identity": person, "contact": contact});
    let nobody = "RSSMRA80A01H501U";
    let paolo = citizen("paolo-conti").unwrap().codice_fiscale.to_string();
    for person in [paolo.as_str(), nobody] {
        assert_eq!(
            place.refused("/pin/code", &asked(person, phone.address())),
            "DESK-117 contact"
        );
    }
    let person = maria.codice_fiscale.to_string();
    place.done("/pin/code", &asked(&person, phone.address()));
    place.pass(Duration::MINUTE);
    let address = phone.address().replace('+', "%2B");
    let seen = place.get(&format!("/outbox/wait?contact={address}&seconds=10"));
    let words = seen["letter"]["words"].as_str().unwrap();
    let code = words.rsplit(' ').next().unwrap();
    let confirm = |code: &str| json!({"identity": person, "one_time_code": code});
    assert_eq!(
        place.refused("/pin/confirm", &confirm("1")),
        "DESK-122 one_time_code"
    );
    let ticket = place.done("/pin/confirm", &confirm(code));
    let path = format!("/pin/request/{}/form", ticket["ticket"].as_str().unwrap());
    let slips = place.done(&path, &own_form(maria.card_number, "maria-rossi"));
    assert!(
        slips[0]["slip"]
            .as_str()
            .unwrap()
            .starts_with("First part.")
    );
    // The ticket was used up.
    assert_eq!(place.post(&path, &json!({})).status, 404);
}

#[test]
fn a_second_part_that_was_lost_is_sent_again() {
    let mut place = Place::with_reader();
    place.sign_in("mario", "sportello-1");
    let maria = citizen("maria-rossi").unwrap();
    let card = maria.card_number;
    place.done(
        "/outbox/faults",
        &json!({"fault": "lost", "channel": "sms"}),
    );
    identify(&place, "maria-rossi");
    let request = act(&place, card, "form/at-desk", &own_form(card, "maria-rossi"));
    let slips = act(
        &place,
        card,
        "hand-over",
        &json!({"request": request["request"]}),
    );
    let slip = slips[0]["slip"].as_str().unwrap().to_owned();
    place.pass(Duration::MINUTE);
    let [phone, _] = town::contacts(&maria);
    let address = phone.address().replace('+', "%2B");
    let waited = place.get(&format!("/outbox/wait?contact={address}&seconds=0"));
    assert_eq!(waited["arrived"], false);
    identify(&place, "maria-rossi");
    act(&place, card, "send-again", &json!({}));
    place.pass(Duration::MINUTE);
    let codes = codes(&slip, &letter(&place, card, "maria-rossi"));
    place.insert(card);
    assert_eq!(
        super::log_in(&place, &codes.pin),
        Ok("MARIA ROSSI".to_owned())
    );
}
