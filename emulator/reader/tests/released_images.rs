//! Every image that a version of this program has written is read by all later ones.
//!
//! The images were made with `cns card issue --citizen mario-bianchi`, the sealed one with
//! `--passphrase-file fixtures/data/images/passphrase.txt`. A new version of the format adds its own;
//! none is ever removed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs;
use std::path::Path;

use cns_card::Card;
use cns_reader::{ImageFile, Passphrase, SystemEntropy};
use common::{names, send};

#[test]
fn every_released_image_holds_a_card() {
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/data/images");
    let passphrase = Passphrase::from_file(&images.join("passphrase.txt")).unwrap();
    let mut held = Vec::new();
    for name in names(&images) {
        if !name.ends_with(".cns") {
            continue;
        }
        // A copy, which the card may change.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(&name);
        fs::copy(images.join(&name), &path).unwrap();
        let passphrase = name.contains("sealed").then_some(&passphrase);
        let (image, file) = ImageFile::open(&path, passphrase).unwrap();
        let mut card = Card::new(image, file, SystemEntropy::new());
        assert_eq!(
            send(&mut card, "00200010083132333435363738"),
            "9000",
            "{name}"
        );
        drop(card);
        ImageFile::read(&path, passphrase).unwrap();
        held.push(name);
    }
    for released in ["1-plain.cns", "1-sealed.cns"] {
        assert!(
            held.iter().any(|name| name == released),
            "{released} is gone"
        );
    }
}
