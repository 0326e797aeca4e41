//! A card in a file: what it survives, and what it says when it is none.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::fs;
use std::path::Path;

use cns_apdu::hex;
use cns_card::Card;
use cns_reader::{ImageFile, SystemEntropy};
use common::image;

fn insert(path: &Path) -> Card {
    let (image, file) = ImageFile::open(path).unwrap();
    Card::new(image, file, SystemEntropy::new())
}

fn send(card: &mut Card, command: &str) -> String {
    let mut response = Vec::new();
    card.transmit(&hex::decode(command).unwrap(), &mut response);
    hex::encode(&response).replace(' ', "")
}

#[test]
fn counters_pins_and_files_survive_without_power() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mario.cns");
    ImageFile::create(&path, &image()).unwrap();

    let mut card = insert(&path);
    assert_eq!(send(&mut card, "00200010083030303030303030"), "63C2");
    drop(card); // no farewell: the power is simply gone

    let mut card = insert(&path);
    assert_eq!(send(&mut card, "00200010"), "63C2");
    assert_eq!(
        send(&mut card, "00240010103132333435363738 3939393939FFFFFF"),
        "9000"
    );
    send(&mut card, "00A4080C0412001201");
    assert_eq!(send(&mut card, "00D6000003414243"), "9000");
    drop(card);

    let mut card = insert(&path);
    assert_eq!(send(&mut card, "00200010"), "63C3");
    assert_eq!(send(&mut card, "00200010083939393939FFFFFF"), "9000");
    send(&mut card, "00A4080C0412001201");
    assert_eq!(send(&mut card, "00B0000003"), "4142439000");
}

#[test]
fn nothing_is_left_beside_the_image() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mario.cns");
    ImageFile::create(&path, &image()).unwrap();
    send(&mut insert(&path), "00200010083132333435363738");
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names, ["mario.cns"]);
}

#[test]
fn a_pin_does_not_stand_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mario.cns");
    ImageFile::create(&path, &image()).unwrap();
    let bytes = fs::read(&path).unwrap();
    for secret in [&b"12345678"[..], b"87654321"] {
        assert!(!bytes.windows(secret.len()).any(|window| window == secret));
    }
}

#[test]
fn a_memory_that_cannot_be_written_refuses_the_try() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gone").join("mario.cns");
    fs::create_dir(path.parent().unwrap()).unwrap();
    ImageFile::create(&path, &image()).unwrap();
    let mut card = insert(&path);
    fs::remove_dir_all(path.parent().unwrap()).unwrap();
    assert_eq!(send(&mut card, "00200010083132333435363738"), "6581");
    assert_eq!(send(&mut card, "00200010"), "63C3");
}

#[test]
fn what_is_no_image_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mario.cns");
    let message = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let text = ImageFile::open(&path).unwrap_err().to_string();
        text.replace(&*path.to_string_lossy(), "mario.cns")
    };

    ImageFile::create(&path, &image()).unwrap();
    let good = fs::read(&path).unwrap();
    let mut damaged = good.clone();
    damaged[200] ^= 1;
    let mut later = good.clone();
    later[7] = 9;

    assert_eq!(
        message(b"-----BEGIN CERTIFICATE-----"),
        "mario.cns is no card image: it does not begin with CNSCARD\n\
         hint: `cns card issue` makes card images"
    );
    let checksum = "mario.cns is damaged: its checksum does not match\n\
                    hint: restore it from a copy, or issue the card anew";
    assert_eq!(message(&damaged), checksum);
    assert_eq!(message(&good[..good.len() / 2]), checksum);
    assert_eq!(message(b"CNSCARD\x01"), checksum);
    assert_eq!(
        message(&later),
        "mario.cns is a card image of version 9; this program reads version 1\n\
         hint: use the version of cns that wrote it, or a later one"
    );
    fs::remove_file(&path).unwrap();
    let missing = ImageFile::open(&path).unwrap_err().to_string();
    assert!(
        missing.ends_with("hint: `cns card issue` makes card images"),
        "{missing}"
    );
}
