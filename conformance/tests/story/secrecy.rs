//! No page and no API tells any role a digit of what is not theirs, however long one looks.

use cns_fixtures::{citizen, town};
use serde_json::json;
use time::Duration;

use super::{act, codes, identify, letter, own_form, paper::Paper, place::Place};

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

/// What is nobody's to read once it has been handed over and sent.
struct Secret {
    /// PIN and PUK, the second part of the PUK, and the CIP.
    digits: [String; 4],
    /// The first part and the second, in their words.
    parts: [String; 2],
}

#[test]
fn no_page_in_any_role_has_a_digit_of_the_codes() {
    let mut place = Place::found();
    place.sign_in("mario", "sportello-1");
    let card = citizen("maria-rossi").unwrap().card_number;
    identify(&place, "maria-rossi");
    let mut secrets = Vec::new();
    // Once as a page, and then, as if those had come to nothing, once as PDF.
    for as_pdf in [false, true] {
        let request = act(&place, card, "form/at-desk", &own_form(card, "maria-rossi"));
        let hand_over = format!("/desk/cards/{card}/hand-over");
        let slip = match as_pdf {
            false => place.done(&hand_over, &request)[0]["slip"].to_string(),
            true => Paper::new(&place.pdf(&hand_over, &request).bytes).text(),
        };
        assert!(!slip.contains("CIP"));
        place.pass(Duration::MINUTE);
        let letter = letter(&place, card, "maria-rossi");
        let codes = codes(&slip, &letter);
        let (first_of_pin, end_of_pin) = codes.pin.split_at(2);
        let (first_of_puk, end_of_puk) = codes.puk.split_at(2);
        let cip = letter.rsplit(' ').next().unwrap();
        assert!(!slip.contains(end_of_puk), "{slip}");
        secrets.push(Secret {
            digits: [&codes.pin, &codes.puk, end_of_puk, cip].map(str::to_owned),
            parts: [
                format!("PIN: {first_of_pin} _ _ _ PUK: {first_of_puk} _"),
                format!("PIN: _ _ {end_of_pin} PUK: _ _ {end_of_puk}"),
            ],
        });
        identify(&place, "maria-rossi");
    }

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
                for Secret { digits, parts } in &secrets {
                    for digits in digits {
                        assert!(
                            !has_digits(&told, digits),
                            "{role:?} reads {digits} at {path}"
                        );
                    }
                    for part in parts {
                        assert!(!told.contains(part), "{role:?} reads {part} at {path}");
                    }
                }
            }
        }
    }

    // Nor does what testers read of the portal have them. A port may have the digits of a PIN by chance.
    let journal = place.control("journal", &[]).text;
    for Secret { digits, parts } in &secrets {
        let [_pin, puk, ..] = digits;
        assert!(!has_digits(&journal, puk), "the journal has {puk}");
        for part in parts {
            assert!(!journal.contains(part), "the journal has {part}");
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
