//! A card in the hand of a test: typed in hexadecimal, answered in hexadecimal.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::LazyLock;

use cns_apdu::hex;
use cns_authority::{CertificationAuthority, CertifierName, CertifierTerm};
use cns_card::{Card, CardImage, EntropyFault, LifeCycle};
use cns_fixtures::{citizen, personalise, profile};
use time::macros::{date, datetime};

/// PIN and PUK of the citizen on the card.
pub const PIN: &str = "3132333435363738";
pub const PUK: &str = "3837363534333231";
pub const WRONG: &str = "3030303030303030";

/// The default card of the citizen whose PIN the recorded clients use.
pub fn image() -> CardImage {
    static IMAGE: LazyLock<CardImage> = LazyLock::new(make_image);
    IMAGE.clone()
}

fn make_image() -> CardImage {
    let start = datetime!(2026-01-01 0:00 UTC);
    let term = CertifierTerm::of_run(start, start).unwrap();
    let authority =
        CertificationAuthority::new(&CertifierName::regional("Collaudo"), term).unwrap();
    let profile = profile("cns11-st2021").unwrap();
    let citizen = citizen("mario-bianchi").unwrap();
    let today = date!(2026 - 11 - 01);
    personalise(&profile, &citizen, &authority, today, &mut counting())
        .unwrap()
        .image
}

/// Bytes that are the same in every run.
pub fn counting() -> impl FnMut(&mut [u8]) -> Result<(), EntropyFault> + Send {
    let mut next = 0u8;
    move |bytes: &mut [u8]| {
        for byte in bytes {
            *byte = next;
            next = next.wrapping_add(1);
        }
        Ok(())
    }
}

pub fn card() -> Card {
    let mut card = Card::volatile(image(), counting());
    card.power_on();
    card
}

/// A card that is not in the citizen's hands yet.
pub fn card_in(life_cycle: LifeCycle) -> Card {
    let mut image = image();
    image.life_cycle = life_cycle;
    Card::volatile(image, counting())
}

/// Sends a command and returns the response, both as hexadecimal without spaces. What stands in
/// brackets is preceded by its length in one byte: `00A4000C(3F00)` has an Lc of 02.
pub fn send(card: &mut Card, command: &str) -> String {
    let mut response = Vec::new();
    card.transmit(&bytes(command), &mut response);
    hex::encode(&response).replace(' ', "")
}

/// The bytes of such a notation.
pub fn bytes(notation: &str) -> Vec<u8> {
    let mut open = vec![String::new()];
    for character in notation.chars() {
        match character {
            '(' => open.push(String::new()),
            ')' => {
                let value = hex::decode(&open.pop().unwrap()).unwrap();
                let outer = open.last_mut().unwrap();
                outer.push_str(&format!("{:02X}", value.len()));
                outer.push_str(&hex::encode(&value));
            }
            other => open.last_mut().unwrap().push(other),
        }
    }
    hex::decode(&open.concat()).unwrap()
}

/// Commands and the responses they must get, in order.
pub fn converse(card: &mut Card, exchanges: &[(&str, &str)]) {
    for (number, (command, expected)) in exchanges.iter().enumerate() {
        let response = send(card, command);
        let expected = expected.replace(' ', "");
        assert_eq!(response, expected, "exchange {number}: {command}");
    }
}
