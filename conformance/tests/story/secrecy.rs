//! No page and no API tells any role a digit of what is not theirs, however long one looks.

use cns_fixtures::{citizen, town};
use serde_json::json;
use time::Duration;

use super::{act, codes, identify, letter, own_form, place::Place};

/// Everything that can be asked for without posting, by whoever is signed in.
const PATHS: &[&str] = &[
    "/",
    "/desk",
    "/desk/cards/CARD",
    "/desk/cards/CARD/form/at-desk",
    "/desk/cards/CARD/hand-over",
    "/pin",
    "/pin/confirm",
    "/pin/spid",
    "/pin/suspend",
    "/outbox",
    "/audit",
    "/audit/verify",
    "/audit/export",
];

#[test]
fn no_page_in_any_role_has_a_digit_of_the_codes() {
    let mut place = Place::found();
    place.sign_in("mario", "sportello-1");
    let card = citizen("maria-rossi").unwrap().card_number;
    identify(&place, "maria-rossi");
    let request = act(&place, card, "form/at-desk", &own_form(card, "maria-rossi"));
    let slips = act(
        &place,
        card,
        "hand-over",
        &json!({"request": request["request"]}),
    );
    let slip = slips[0]["slip"].as_str().unwrap().to_owned();
    assert!(!slip.contains("CIP"));
    place.pass(Duration::MINUTE);
    let letter = letter(&place, card, "maria-rossi");
    let codes = codes(&slip, &letter);
    let cip = letter.rsplit(' ').next().unwrap();
    let first_part = slip.trim_start_matches("First part. ");
    let second_part = letter.trim_start_matches("Second part. ");
    let (_, end_of_puk) = codes.puk.split_at(2);
    let secrets = [
        &codes.pin,
        &codes.puk,
        end_of_puk,
        cip,
        first_part,
        second_part,
    ];

    let roles = [
        None,
        Some(("mario", "sportello-1")),
        Some(("aminata", "sportello-2")),
        Some(("davide", "revisione-1")),
    ];
    for role in roles {
        place.forget_cookie();
        if let Some((user, password)) = role {
            place.sign_in(user, password);
        }
        for path in PATHS {
            let path = path.replace("CARD", &card.to_string());
            for path in [path.clone(), format!("/api{path}")] {
                let told = place.browse(&path, None).text;
                for digits in secrets {
                    assert!(
                        !has_digits(&told, digits),
                        "{role:?} reads {digits} at {path}"
                    );
                }
                for part in [first_part, second_part] {
                    assert!(!told.contains(part), "{role:?} reads {part} at {path}");
                }
            }
        }
    }

    // Only who plays the phone reads what came to it, and only what came to this one.
    let [_, mailbox] = town::contacts(&citizen("maria-rossi").unwrap());
    let others = place.get(&format!("/outbox/mailbox?contact={}", mailbox.address()));
    assert_eq!(others["letters"], json!([]));
}

/// Whether digits stand somewhere by themselves, or after letters. In hashes, five stand by chance.
fn has_digits(text: &str, digits: &str) -> bool {
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| word.len() <= 16)
        .flat_map(|word| word.split(|letter: char| !letter.is_ascii_digit()))
        .any(|run| run == digits)
}
