//! The life of a card, through real parts: asked for at the desk over HTTP, in a reader, used by Firefox and
//! curl through OpenSC, blocked, lost, found, stolen, replaced.
//!
//! The pictures of what people see are kept in `target/pages`.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod area;
mod browser;
mod losses;
mod pages;
mod paper;
mod place;
mod refusals;
mod secrecy;
mod slip;

use cns_authority::CardNumber;
use cns_conformance::clients::curl;
use cns_conformance::clients::pkcs15_tool;
use cns_conformance::login::TlsVersion;
use cns_fixtures::{citizen, town};
use serde_json::{Value, json};
use time::Duration;

use place::Place;

/// PIN and PUK, joined of the slip and of what came by the post.
struct Codes {
    pin: String,
    puk: String,
}

#[test]
fn a_card_is_asked_for_used_blocked_lost_found_stolen_and_replaced() {
    let mut place = Place::with_reader();
    place.sign_in("mario", "sportello-1");
    let maria = citizen("maria-rossi").unwrap();
    let card = maria.card_number;

    identify(&place, "maria-rossi");
    let codes = ask_and_collect(&place, card, "maria-rossi");
    assert_eq!(known_of(&place, card), "second-part-delivered");
    place.insert(card);
    let report = area::a_report_is_published(&place);
    browser::reads_a_report(&place, &codes.pin);
    assert_eq!(known_of(&place, card), "in-use");
    area::curl_fetches_the_report(&place, &codes.pin, report);
    assert_eq!(log_in(&place, &codes.pin), Ok("MARIA ROSSI".to_owned()));

    let wrong = if codes.pin == "00000" {
        "11111"
    } else {
        "00000"
    };
    for _ in 0..3 {
        assert!(log_in(&place, wrong).is_err());
    }
    assert!(log_in(&place, &codes.pin).is_err(), "the PIN is blocked");
    identify(&place, "maria-rossi");
    let advice = act(&place, card, "unblock", &json!({}));
    assert!(advice["advice"].as_str().unwrap().contains("PUK"));
    assert_eq!(known_of(&place, card), "pin-blocked");
    let unblocked = pkcs15_tool::unblock_pin(place.workbench(), &codes.puk, NEW_PIN).unwrap();
    assert!(unblocked.succeeded().is_ok());
    assert_eq!(log_in(&place, NEW_PIN), Ok("MARIA ROSSI".to_owned()));
    assert_eq!(known_of(&place, card), "in-use");

    act(&place, card, "suspend", &json!({"cause": "theft"}));
    assert!(seen_by_ocsp(&place, NEW_PIN).contains("certificateHold"));
    let port = place.addresses.cns.port();
    let page = curl::read_page(place.workbench(), TlsVersion::Tls12, port, NEW_PIN, "/").unwrap();
    assert!(page.text().starts_with("HTTP/1.1 403"));
    assert!(page.text().contains("(certificateHold)"), "{page:?}");
    act(&place, card, "reactivate", &json!({}));
    assert_eq!(log_in(&place, NEW_PIN), Ok("MARIA ROSSI".to_owned()));
    act(
        &place,
        card,
        "revoke",
        &json!({"cause": "theft", "declaration": "police-report", "police_report": "12/2026"}),
    );
    // An hour later, and a year later: the same day of the week, so that the desk is open.
    for later in [Duration::HOUR, Duration::weeks(52)] {
        place.pass(later);
        assert!(seen_by_ocsp(&place, NEW_PIN).contains("keyCompromise"));
        assert!(losses::ocsp_tells(&place).contains("card.pem: revoked"));
        place.sign_in("mario", "sportello-1");
        identify(&place, "maria-rossi");
        let again = format!("/desk/cards/{card}/reactivate");
        assert_eq!(place.refused(&again, &json!({})), "DESK-128 card");
    }
    browser::is_refused(&place, NEW_PIN);

    identify(&place, "maria-rossi");
    act(&place, card, "order", &json!({}));
    let successor = successor_of(&place, card);
    let codes = ask_and_collect(&place, successor, "maria-rossi");
    place.insert(successor);
    assert_eq!(log_in(&place, &codes.pin), Ok("MARIA ROSSI".to_owned()));
}

/// What the holder sets with the PUK.
const NEW_PIN: &str = "24680";

/// What the desk knows of the card's PIN and PUK.
fn known_of(place: &Place, card: CardNumber) -> String {
    let known = place.get(&format!("/desk/cards/{card}"));
    known["credential"].as_str().unwrap().to_owned()
}

/// An operator sees a person and a valid document.
fn identify(place: &Place, id: &str) {
    place.done("/desk/identify", &identification(id, "2040-01-01"));
}

fn identification(id: &str, expires: &str) -> Value {
    let person = citizen(id).unwrap().codice_fiscale.to_string();
    json!({
        "office": "regional-desk",
        "identity": person,
        "document.kind": "identity-card",
        "document.number": "CA00000AA",
        "document.issuer": "Comune di Collaudo",
        "document.holder": person,
        "document.expires": expires,
    })
}

fn act(place: &Place, card: CardNumber, action: &str, typed: &Value) -> Value {
    place.done(&format!("/desk/cards/{card}/{action}"), typed)
}

/// The form for one's own card, with the phone that the desk knows.
fn own_form(card: CardNumber, id: &str) -> Value {
    let [phone, _] = town::contacts(&citizen(id).unwrap());
    json!({
        "card": card.to_string(),
        "channel": "sms",
        "contact": phone.address(),
        "language": "en",
    })
}

/// Who was identified asks for codes, gets the slip, and reads the phone.
fn ask_and_collect(place: &Place, card: CardNumber, id: &str) -> Codes {
    let request = act(place, card, "form/at-desk", &own_form(card, id));
    let slips = act(
        place,
        card,
        "hand-over",
        &json!({"request": request["request"]}),
    );
    let slip = slips[0]["slip"].as_str().unwrap().to_owned();
    place.pass(Duration::MINUTE);
    codes(&slip, &letter(place, card, id))
}

/// The newest second part on somebody's phone.
fn letter(place: &Place, card: CardNumber, id: &str) -> String {
    let [phone, _] = town::contacts(&citizen(id).unwrap());
    let address = phone.address().replace('+', "%2B");
    let arrived = place.get(&format!(
        "/outbox/wait?contact={address}&card={card}&seconds=10"
    ));
    assert_eq!(arrived["arrived"], true, "{arrived}");
    let letters = place.get(&format!("/outbox/mailbox?contact={address}"));
    let letters = letters["letters"].as_array().unwrap().iter();
    let mut words = letters.map(|letter| letter["words"].as_str().unwrap().to_owned());
    words.rfind(|words| words.contains("PIN")).unwrap()
}

/// `First part. PIN: 01 _ _ _ PUK: 23 ...` and `Second part. PIN: _ _ 456 PUK: _ _ 789012 CIP: ...`
fn codes(slip: &str, letter: &str) -> Codes {
    let part = |text: &str, name: &str| {
        let (_, rest) = text.split_once(name).unwrap();
        let digits = rest.split_whitespace().find(|word| *word != "_").unwrap();
        digits.to_owned()
    };
    Codes {
        pin: part(slip, "PIN:") + &part(letter, "PIN:"),
        puk: part(slip, "PUK:") + &part(letter, "PUK:"),
    }
}

/// Whom curl logs in as, through OpenSC; or what the portal says instead; or what curl says.
fn log_in(place: &Place, pin: &str) -> Result<String, String> {
    let port = place.addresses.cns.port();
    let visit = curl::visit_at(place.workbench(), TlsVersion::Tls13, port, Some(pin), &[]).unwrap();
    let text = visit.text();
    let body = text.split_once("\r\n\r\n").map(|(_, body)| body);
    let Some(told) = body.and_then(|body| serde_json::from_str::<Value>(body).ok()) else {
        return Err(visit.complaint());
    };
    match told["citizen"]["given_name"].as_str() {
        Some(name) => {
            let surname = told["citizen"]["surname"].as_str().unwrap();
            Ok(format!("{name} {surname}").to_uppercase())
        }
        None => Err(told.to_string()),
    }
}

/// What the portal saw when it asked the certifier's responder about the card that did not log in.
fn seen_by_ocsp(place: &Place, pin: &str) -> String {
    let refused = log_in(place, pin).unwrap_err();
    let told: Value = serde_json::from_str(&refused).unwrap_or_else(|_| panic!("{refused}"));
    let reasons = told["reasons"].as_array().unwrap();
    let by_ocsp = reasons.iter().find(|reason| reason["id"] == "rev.ocsp");
    by_ocsp.unwrap()["seen"].as_str().unwrap().to_owned()
}

/// The card that is Maria's and was not there before.
fn successor_of(place: &Place, card: CardNumber) -> CardNumber {
    let sought = citizen("maria-rossi").unwrap().codice_fiscale.to_string();
    let found = place.done("/desk/find", &json!({"sought": sought}));
    let cards = found["cards"].as_array().unwrap().iter();
    let numbers = cards.map(|view| view["card"].as_str().unwrap().parse().unwrap());
    let mut others = numbers.filter(|number: &CardNumber| *number != card);
    others.next().expect("a new card")
}
