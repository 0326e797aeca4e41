//! A town as the bytes of a file: whole, or refused with the reason.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where it meets the unexpected"
)]

mod cast;

use std::sync::LazyLock;

use cast::TODAY;
use cns_services::desk::{Desk, Policy};
use cns_services::outbox::{Fault, Outbox, OutboxFault};
use cns_services::structure::StructureNumber;
use cns_services::town::FileFault;
use cns_services::world::Command;
use cns_services::{Requester, Town, World};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-24 9:00 UTC);

static FILE: LazyLock<Vec<u8>> = LazyLock::new(|| town().to_file().unwrap());

fn town() -> Town {
    Town {
        world: World::generate(1, 40, TODAY),
        desk: Desk::new(Policy::default()),
        outbox: Outbox::default(),
    }
}

#[test]
fn a_town_comes_back_as_it_was() {
    let mut town = town();
    let person = town.world.people().iter().next().unwrap().codice_fiscale;
    let enrolled =
        town.desk
            .register_contact("email:maria.rossi@posta.test".parse().unwrap(), person, NOW);
    enrolled.unwrap();
    town.outbox
        .arm(OutboxFault::next(Fault::Late(time::Duration::HOUR)));
    let back = Town::of_file(&town.to_file().unwrap(), NOW).unwrap();
    assert!(back.world == town.world);
    assert_eq!(back.export(), town.export());
    assert!(back.outbox.armed().eq(town.outbox.armed()));
}

/// What the world is asked to do has another revision if it is done, and the same if not.
#[test]
fn every_change_of_the_world_is_seen() {
    let mut town = town();
    let before = town.revision();
    let person = town.world.people().iter().next().unwrap().codice_fiscale;
    let command = |code: &str| -> Command {
        let declare = json!({"person": person.to_string(), "code": code});
        serde_json::from_value(json!({"exemption": {"declare": declare}})).unwrap()
    };
    let who = Requester::Structure(StructureNumber(0));
    town.world.perform(who, command("E01"), NOW).unwrap_err();
    assert_eq!(town.revision(), before);
    let renew = serde_json::from_value(json!({"exemption": {"renew": {"year": 2026}}})).unwrap();
    town.world.perform(Requester::Ministry, renew, NOW).unwrap();
    assert_ne!(town.revision(), before);
}

/// Whatever is cut off, added or changed. The header is tried byte by byte.
#[test]
fn every_damage_is_refused_with_the_reason() {
    let header = FILE.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let refused = |bytes: &[u8], what: &str| {
        let fault = Town::of_file(bytes, NOW).unwrap_err();
        assert!(!matches!(fault, FileFault::Town(_)), "{what}: {fault}");
        assert!(fault.to_string().contains("\nhint: "), "{what}: {fault}");
    };
    for place in (0..header).chain((header..FILE.len()).step_by(997)) {
        for bit in [0x01, 0x20, 0x80] {
            let mut bytes = FILE.clone();
            bytes[place] ^= bit;
            refused(&bytes, &format!("bit {bit:02X} of byte {place}"));
        }
        refused(&FILE[..place], &format!("cut off after {place} bytes"));
    }
    refused(&[FILE.as_slice(), b"\n"].concat(), "a line feed more");
    refused(b"", "nothing");
}

#[test]
fn a_file_says_what_is_wrong_with_it() {
    let text = String::from_utf8(FILE.clone()).unwrap();
    let said = |text: &str| Town::of_file(text.as_bytes(), NOW).unwrap_err().to_string();
    let other = text.replacen("cns-town 1 ", "cns-town 2 ", 1);
    assert!(said(&other).contains("version 2; this program reads version 1"));
    let short = &text[..text.len() - 1];
    assert!(said(short).contains("bytes follow its first line, which announces"));
    let spelt = text.replacen("Russo", "Rosso", 1);
    assert!(spelt != text);
    assert!(said(&spelt).contains("does not match the SHA-256"));
    assert!(said("CNSCARD").contains("its first line is not that of a town"));
}

proptest! {
    /// Any bytes, and any change of the JSON: a town that comes back as it is, or a reason.
    #[test]
    fn any_bytes_are_a_town_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(Town::of_file(&bytes, NOW).is_err());
    }

    #[test]
    fn a_damaged_town_is_refused_or_whole(
        damage in prop::collection::vec((any::<Index>(), b' '..=b'~'), 1..4),
    ) {
        static JSON: LazyLock<String> = LazyLock::new(|| town().export().unwrap());
        let mut bytes = JSON.clone().into_bytes();
        for (place, byte) in damage {
            let place = place.index(bytes.len());
            // What is left of a letter of two bytes would not be text.
            if bytes[place].is_ascii() {
                bytes[place] = byte;
            }
        }
        if let Ok(town) = Town::import(&String::from_utf8(bytes).unwrap(), NOW) {
            let json = town.export().unwrap();
            prop_assert_eq!(Town::import(&json, NOW).unwrap().export().unwrap(), json);
        }
    }
}
