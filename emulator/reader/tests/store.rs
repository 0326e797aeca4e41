//! A card in a file: what it survives, and who may have the file.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use cns_card::Card;
use cns_reader::store::Fault;
use cns_reader::{ImageFile, Passphrase, SystemEntropy};
use common::{image, names, passphrase, send};
use tempfile::TempDir;

const RIGHT_PIN: &str = "00200010083132333435363738";
const WRONG_PIN: &str = "00200010083030303030303030";

/// A folder with a card in it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    ImageFile::create(&folder.path().join("mario.cns"), &image(), None).unwrap();
    folder
}

fn insert(path: &Path, passphrase: Option<&Passphrase>) -> Card {
    let (image, file) = ImageFile::open(path, passphrase).unwrap();
    Card::new(image, file, SystemEntropy::new())
}

#[test]
fn counters_pins_and_files_survive_without_power() {
    for passphrase in [None, Some(&passphrase("sesame"))] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mario.cns");
        ImageFile::create(&path, &image(), passphrase).unwrap();

        let mut card = insert(&path, passphrase);
        assert_eq!(send(&mut card, WRONG_PIN), "63C2");
        drop(card); // no farewell: the power is simply gone

        let mut card = insert(&path, passphrase);
        assert_eq!(send(&mut card, "00200010"), "63C2");
        assert_eq!(
            send(&mut card, "00240010103132333435363738 3939393939FFFFFF"),
            "9000"
        );
        send(&mut card, "00A4080C0412001201");
        assert_eq!(send(&mut card, "00D6000003414243"), "9000");
        drop(card);

        let mut card = insert(&path, passphrase);
        assert_eq!(send(&mut card, "00200010"), "63C3");
        assert_eq!(send(&mut card, "00200010083939393939FFFFFF"), "9000");
        send(&mut card, "00A4080C0412001201");
        assert_eq!(send(&mut card, "00B0000003"), "4142439000");
    }
}

#[test]
fn no_secret_stands_in_a_file_and_nothing_at_all_in_a_sealed_one() {
    let folder = folder();
    let plain = fs::read(folder.path().join("mario.cns")).unwrap();
    let holds = |file: &[u8], what: &[u8]| file.windows(what.len()).any(|window| window == what);
    for secret in [&b"12345678"[..], b"87654321"] {
        assert!(!holds(&plain, secret));
    }

    let path = folder.path().join("sealed.cns");
    ImageFile::create(&path, &image(), Some(&passphrase("sesame"))).unwrap();
    let sealed = fs::read(&path).unwrap();
    let inside = image().encode().unwrap();
    assert!(inside.chunks_exact(16).any(|part| holds(&plain, part)));
    // Zeros alone might stand anywhere.
    let told = |part: &&[u8]| part.iter().any(|byte| *byte != 0) && holds(&sealed, part);
    assert_eq!(inside.chunks_exact(8).find(told), None);
    assert!(!holds(&sealed, b"sesame"));
}

#[test]
fn a_sealed_card_never_looks_the_same_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("mario.cns");
    let passphrase = passphrase("sesame");
    ImageFile::create(&path, &image(), Some(&passphrase)).unwrap();
    let mut card = insert(&path, Some(&passphrase));
    let mut seen = vec![fs::read(&path).unwrap()];
    for _ in 0..3 {
        send(&mut card, RIGHT_PIN);
        seen.push(fs::read(&path).unwrap());
    }
    // Rounds and salt stay, for the key is made once; the nonce and what is sealed do not.
    assert_eq!(distinct(&seen, 13..33), 1);
    assert_eq!(distinct(&seen, 33..45), 4);
    assert_eq!(distinct(&seen, 45..77), 4);
}

fn distinct(files: &[Vec<u8>], range: Range<usize>) -> usize {
    let parts: BTreeSet<_> = files.iter().map(|file| file.get(range.clone())).collect();
    parts.len()
}

#[test]
fn a_file_has_one_card_at_a_time() {
    let folder = folder();
    let path = folder.path().join("mario.cns");
    let mut card = insert(&path, None);
    for _ in 0..2 {
        let refused = ImageFile::open(&path, None).unwrap_err();
        assert!(matches!(refused.fault, Fault::InUse), "{refused}");
        let refused = ImageFile::create(&path, &image(), None).unwrap_err();
        assert!(matches!(refused.fault, Fault::InUse), "{refused}");
        // Whoever only looks may look.
        ImageFile::read(&path, None).unwrap();
        // And so it stays when the card has replaced its file.
        assert_eq!(send(&mut card, RIGHT_PIN), "9000");
    }
    drop(card);
    drop(insert(&path, None));
    ImageFile::create(&path, &image(), None).unwrap();
    assert_eq!(names(folder.path()), ["mario.cns"]);
}

#[test]
fn a_file_that_somebody_else_put_in_its_place_is_left_alone() {
    let folder = folder();
    let path = folder.path().join("mario.cns");
    let mut card = insert(&path, None);
    fs::write(folder.path().join("other"), "somebody's").unwrap();
    fs::rename(folder.path().join("other"), &path).unwrap();
    assert_eq!(send(&mut card, RIGHT_PIN), "6581");
    assert_eq!(fs::read(&path).unwrap(), b"somebody's");
    fs::remove_file(&path).unwrap();
    assert_eq!(send(&mut card, RIGHT_PIN), "6581");
    assert!(names(folder.path()).is_empty());
}

#[test]
fn a_memory_that_cannot_be_written_refuses_the_try() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("gone").join("mario.cns");
    fs::create_dir(path.parent().unwrap()).unwrap();
    ImageFile::create(&path, &image(), None).unwrap();
    let mut card = insert(&path, None);
    fs::remove_dir_all(path.parent().unwrap()).unwrap();
    assert_eq!(send(&mut card, RIGHT_PIN), "6581");
    assert_eq!(send(&mut card, "00200010"), "63C3");
}

#[test]
fn a_link_stays_a_link_and_a_file_keeps_its_permissions() {
    let folder = folder();
    let path = folder.path().join("mario.cns");
    let link = folder.path().join("link.cns");
    symlink("mario.cns", &link).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let mut card = insert(&link, None);
    assert_eq!(send(&mut card, WRONG_PIN), "63C2");
    let refused = ImageFile::open(&path, None).unwrap_err();
    assert!(matches!(refused.fault, Fault::InUse), "{refused}");
    drop(card);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(send(&mut insert(&path, None), "00200010"), "63C2");
}

#[test]
fn what_a_killed_process_left_is_swept_and_nothing_else() {
    let folder = folder();
    let stay = [
        ".maria.cns.AbCdEf.new",
        ".mario.cns.AbCdE.new",
        ".mario.cns.AbCdEf.old",
        "mario.cns.AbCdEf.new",
    ];
    for name in [".mario.cns.AbCdEf.new", ".mario.cns.123456.new"]
        .iter()
        .chain(&stay)
    {
        fs::write(folder.path().join(name), "half a card").unwrap();
    }
    drop(insert(&folder.path().join("mario.cns"), None));
    let left = names(folder.path());
    assert_eq!(left.len(), stay.len() + 1, "{left:?}");
    assert!(stay.iter().all(|name| left.contains(&(*name).to_owned())));
}
