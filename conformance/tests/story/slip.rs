//! The first part as a sheet of paper: PDF, for who asks for it so, once, at the counter and online.

use cns_fixtures::citizen;
use serde_json::json;
use time::Duration;

use super::paper::Paper;
use super::place::Place;
use super::{act, codes, identify, letter, log_in, own_form};

#[test]
fn the_first_part_is_printed_once_and_completes_the_pin() {
    let mut place = Place::with_reader();
    place.sign_in("mario", "sportello-1");
    let maria = citizen("maria-rossi").unwrap();
    let card = maria.card_number;
    identify(&place, "maria-rossi");
    let request = act(&place, card, "form/at-desk", &own_form(card, "maria-rossi"));
    let number = request["request"].to_string();
    let path = format!("/desk/cards/{card}");
    let page = place.browse(&path, None).text;
    let button = "name=\"as\" value=\"pdf\">Hand over the first part (PDF)</button>";
    assert!(page.contains(button), "{page}");

    // The second button of the form.
    let token = place.token(&path);
    let form = [
        ("token", token.as_str()),
        ("request", &number),
        ("as", "pdf"),
    ];
    let hand_over = format!("{path}/hand-over");
    let answer = place.browse(&hand_over, Some(&form));
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.headers["content-type"], "application/pdf");
    assert_eq!(answer.headers["cache-control"], "no-store");
    let name = format!("inline; filename=\"first-part-{card}.pdf\"");
    assert_eq!(answer.headers["content-disposition"], name);
    let paper = Paper::new(&answer.bytes);
    paper.keep_picture("slip");
    let slip = paper.text();
    let person = maria.codice_fiscale.to_string();
    let card_number = card.to_string();
    for expected in [
        "Maria Rossi",
        "SpazioRegione",
        &person,
        &card_number,
        "First part. PIN:",
    ] {
        assert!(slip.contains(expected), "no {expected:?} in {slip}");
    }

    // Who asks again gets nothing, in no form.
    let request = json!({"request": number});
    assert_eq!(place.refused(&hand_over, &request), "DESK-135 request");
    assert_eq!(place.pdf(&hand_over, &request).status, 404);

    place.pass(Duration::MINUTE);
    let codes = codes(&slip, &letter(&place, card, "maria-rossi"));
    place.insert(card);
    assert_eq!(log_in(&place, &codes.pin), Ok("MARIA ROSSI".to_owned()));
}

#[test]
fn programs_have_it_printed_online_too() {
    let place = Place::found();
    let maria = citizen("maria-rossi").unwrap();
    let person = maria.codice_fiscale.to_string();
    let ticket = place.done("/pin/spid", &json!({"identity": person, "level": "2"}));
    let path = format!("/pin/request/{}", ticket["ticket"].as_str().unwrap());
    let page = place.browse(&path, None).text;
    assert!(
        page.contains("Ask for PIN and PUK (PDF)</button>"),
        "{page}"
    );
    let form = own_form(maria.card_number, "maria-rossi");
    let answer = place.pdf(&format!("{path}/form"), &form);
    assert_eq!(answer.status, 200, "{}", answer.text);
    let slip = Paper::new(&answer.bytes).text();
    assert!(slip.contains("First part. PIN:"), "{slip}");
    assert!(slip.contains("online"), "{slip}");
    assert!(!slip.contains("CIP"), "{slip}");
}
