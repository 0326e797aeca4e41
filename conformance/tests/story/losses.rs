//! What happens to a card that is not where it should be.

use std::fs;

use cns_authority::CardNumber;
use cns_fixtures::citizen;
use serde_json::json;
use time::Duration;

use super::place::Place;
use super::{act, ask_and_collect, identify, letter, log_in, seen_by_ocsp};

/// The holder is at home, without the card, and has the message with the CIP.
#[test]
fn a_lost_card_is_suspended_with_the_cip_and_reactivated_at_the_desk() {
    let mut place = Place::with_reader();
    place.sign_in("mario", "sportello-1");
    let maria = citizen("maria-rossi").unwrap();
    let card = maria.card_number;
    identify(&place, "maria-rossi");
    let codes = ask_and_collect(&place, card, "maria-rossi");
    place.insert(card);
    assert_eq!(log_in(&place, &codes.pin), Ok("MARIA ROSSI".to_owned()));

    let letter = letter(&place, card, "maria-rossi");
    let cip = letter.rsplit(' ').next().unwrap();
    let reported = |card: String, cip: &str| json!({"card": card, "cip": cip, "cause": "loss"});
    let card_number = card.to_string();
    let nobodys = CardNumber::compose(maria.region, 999_999_999).unwrap();
    for (other_card, cip) in [
        (card_number.clone(), "00000000"),
        // Somebody else's card, and one that nobody has: nobody is told which it is.
        (citizen("paolo-conti").unwrap().card_number.to_string(), cip),
        (nobodys.to_string(), cip),
    ] {
        let report = reported(other_card, cip);
        assert_eq!(place.refused("/pin/suspend", &report), "DESK-112 cip");
    }
    assert_eq!(log_in(&place, &codes.pin), Ok("MARIA ROSSI".to_owned()));
    place.done("/pin/suspend", &reported(card_number, cip));
    let seen = seen_by_ocsp(&place, &codes.pin);
    assert!(seen.contains("certificateHold"), "{seen}");
    assert!(ocsp_tells(&place).contains("certificateHold"));

    identify(&place, "maria-rossi");
    act(&place, card, "reactivate", &json!({}));
    assert_eq!(log_in(&place, &codes.pin), Ok("MARIA ROSSI".to_owned()));
    assert!(ocsp_tells(&place).contains("card.pem: good"));
}

/// What the certifier's responder tells openssl of the card in the reader, which reads its certificate there.
pub(crate) fn ocsp_tells(place: &Place) -> String {
    let workbench = place.workbench();
    let read = workbench.client("pkcs15-tool");
    let read = read.arguments(["--read-certificate", "01"]).run().unwrap();
    fs::write(workbench.folder().join("card.pem"), read.stdout).unwrap();
    let asked = workbench
        .client("openssl")
        .arguments(["ocsp", "-no_nonce", "-issuer"])
        .argument(workbench.certifier_path())
        .argument("-CAfile")
        .argument(workbench.certifier_path())
        // openssl goes by its own clock, which is more than a year behind the responder's.
        .arguments([
            "-validity_period",
            &Duration::weeks(60).whole_seconds().to_string(),
        ])
        .arguments(["-cert", "card.pem", "-url"])
        .argument(format!("{}/ocsp/collaudo", place.pki))
        .run()
        .unwrap();
    assert!(
        asked.complaint().contains("Response verify OK"),
        "{asked:?}"
    );
    asked.text()
}
