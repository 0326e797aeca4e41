//! Files that hold no card that can be read: each is refused with the reason and the offset, and left
//! as it was.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use std::fs;
use std::path::PathBuf;

use cns_card::{AccessConditions, Content, ElementaryFile, File, FileId};
use cns_reader::store::{Fault, PassphraseError};
use cns_reader::{ImageFile, Passphrase};
use common::{fast_folder, image, passphrase};
use ring::digest::{SHA256, digest};
use tempfile::TempDir;

const HEADER: usize = 13;
const CHECKSUM: usize = 48;

/// A folder with one file in it, which changes its content.
struct Bench {
    folder: TempDir,
}

impl Bench {
    fn new() -> Self {
        Self {
            folder: fast_folder(),
        }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("mario.cns")
    }

    /// A good file.
    fn card(&self, passphrase: Option<&Passphrase>) -> Vec<u8> {
        ImageFile::create(&self.path(), &image(), passphrase).unwrap();
        fs::read(self.path()).unwrap()
    }

    fn refusal(&self, bytes: &[u8], passphrase: Option<&Passphrase>) -> Fault {
        fs::write(self.path(), bytes).unwrap();
        let refused = ImageFile::open(&self.path(), passphrase).unwrap_err();
        let read = ImageFile::read(&self.path(), passphrase).unwrap_err();
        assert_eq!(refused.to_string(), read.to_string());
        assert!(fs::read(self.path()).unwrap() == bytes, "it was touched");
        refused.fault
    }

    /// What is said about a plain file.
    fn message(&self, bytes: &[u8]) -> String {
        self.refusal(bytes, None).to_string()
    }
}

/// The documented checksum of a file's content, computed once more.
fn with_checksum(content: &[u8]) -> Vec<u8> {
    let mut sums = [0_u64; 2];
    for (offset, byte) in content.iter().enumerate() {
        sums[0] += u64::from(*byte);
        sums[1] += u64::from(*byte) * offset as u64;
    }
    let digest = digest(&SHA256, content);
    [
        content,
        sums.map(u64::to_be_bytes).as_flattened(),
        digest.as_ref(),
    ]
    .concat()
}

#[test]
fn a_plain_file_is_laid_out_as_documented() {
    let content = image().encode().unwrap();
    let length = (content.len() as u32).to_be_bytes();
    let file = with_checksum(&[b"CNSCARD\x01\x00", &length[..], &content].concat());
    assert!(Bench::new().card(None) == file);
}

#[test]
fn a_card_that_could_not_be_read_again_is_not_written() {
    let bench = Bench::new();
    let good = bench.card(None);
    let mut image = image();
    let content = Content::Transparent(vec![0; 1 << 24]);
    let file = ElementaryFile::new(FileId(0xAA01), AccessConditions::READ_ONLY, content);
    image.master_file.files.push(File::Elementary(file));
    let refused = ImageFile::create(&bench.path(), &image, None).unwrap_err();
    assert!(matches!(refused.fault, Fault::TooLarge(_)), "{refused}");
    assert!(fs::read(bench.path()).unwrap() == good);
}

#[test]
fn every_edited_byte_is_found() {
    let bench = Bench::new();
    for passphrase in [None, Some(&passphrase("sesame"))] {
        let good = bench.card(passphrase);
        let end = good.len();
        let checked = end - CHECKSUM;
        for offset in 0..end {
            let mut edited = good.clone();
            edited[offset] ^= 1 << (offset % 8);
            let (is, was) = (edited[offset], good[offset]);
            let fault = bench.refusal(&edited, passphrase);
            let expected = match offset {
                0..7 => matches!(fault, Fault::NotAnImage),
                7 => matches!(fault, Fault::Version(version) if version == is),
                _ if offset < checked => matches!(
                    fault,
                    Fault::Edited { offset: o, was: w, is: i } if (o, w, i) == (offset, was, is)
                ),
                _ => matches!(
                    fault,
                    Fault::Checksum { checked: c, end: e } if (c, e) == (checked, end)
                ),
            };
            assert!(expected, "byte {offset}: {fault}");
        }
    }
}

#[test]
fn a_file_that_ends_anywhere_is_truncated() {
    let bench = Bench::new();
    for passphrase in [None, Some(&passphrase("sesame"))] {
        let good = bench.card(passphrase);
        for end in 0..good.len() {
            let fault = bench.refusal(&good[..end], passphrase);
            let expected = match fault {
                Fault::NoHeader { present } => end < HEADER && present == end,
                Fault::Truncated { present, announced } => {
                    HEADER <= end && (present, announced) == (end, good.len())
                }
                _ => false,
            };
            assert!(expected, "{end} bytes: {fault}");
        }
    }
}

#[test]
fn the_messages_say_what_where_and_what_to_do() {
    let bench = Bench::new();
    let good = bench.card(None);
    let end = good.len();
    let check = |bytes: &[u8], expected: &str| assert_eq!(bench.message(bytes), expected);
    let restore = "\nhint: restore it from a copy, or issue the card anew";

    check(
        b"-----BEGIN CERTIFICATE-----",
        "is no card image: it does not begin with CNSCARD\nhint: `cns card issue` makes card images",
    );
    check(
        b"CNSCARD\x01",
        &format!("is truncated: it ends after 8 bytes, within its header{restore}"),
    );
    check(
        &good[..1000],
        &format!("is truncated: it ends after 1000 bytes, bytes 9 to 12 announce {end}{restore}"),
    );
    check(
        &[&good, &b"\n"[..]].concat(),
        &format!(
            "has something behind its end: it has {} bytes, bytes 9 to 12 announce {end}{restore}",
            end + 1
        ),
    );
    let mut edited = good.clone();
    edited[200] ^= 0xFF;
    check(
        &edited,
        &format!(
            "is damaged: byte 200 is {:02X} and was {:02X}{restore}",
            edited[200], good[200]
        ),
    );
    edited[300] ^= 0xFF;
    check(
        &edited,
        &format!(
            "is damaged: bytes 0 to {} do not match their checksum in bytes {} to {}{restore}",
            end - 49,
            end - 48,
            end - 1
        ),
    );
    let mut later = good.clone();
    later[7] = 9;
    check(
        &later,
        "is a card image of version 9 (byte 7); this program reads version 1\n\
         hint: use the version of cns that wrote it, or a later one",
    );
    let content = &good[..end - CHECKSUM];
    let mut form = content.to_vec();
    form[8] = 5;
    check(
        &with_checksum(&form),
        "is neither plain (00) nor sealed (01): byte 8 is 05\n\
         hint: use the version of cns that wrote it",
    );
    let nothing = with_checksum(b"CNSCARD\x01\x00\x00\x00\x00\x00");
    assert!(matches!(bench.refusal(&nothing, None), Fault::Image(_)));

    fs::remove_file(bench.path()).unwrap();
    let missing = ImageFile::open(&bench.path(), None).unwrap_err();
    assert_eq!(
        missing
            .to_string()
            .replace(&*bench.path().to_string_lossy(), "mario.cns"),
        "mario.cns cannot be read: No such file or directory (os error 2)\n\
         hint: `cns card issue` makes card images"
    );
}

#[test]
fn a_seal_opens_with_its_passphrase_only() {
    let bench = Bench::new();
    let (right, wrong) = (passphrase("sesame"), passphrase("Sesame"));
    let plain = bench.card(None);
    assert!(matches!(
        bench.refusal(&plain, Some(&right)),
        Fault::NotSealed
    ));
    let sealed = bench.card(Some(&right));
    assert!(matches!(bench.refusal(&sealed, None), Fault::Sealed));
    let end = sealed.len() - CHECKSUM;
    let fault = bench.refusal(&sealed, Some(&wrong));
    assert!(
        matches!(fault, Fault::Seal { end: e } if e == end),
        "{fault}"
    );

    // Who alters a file on purpose makes its checksum right, and still cannot make a seal. These are
    // bytes of the form, the salt, the nonce, the sealed image and the tag.
    for offset in [8, 17, 33, 45, end - 1] {
        let mut altered = sealed[..end].to_vec();
        altered[offset] ^= 1;
        let fault = bench.refusal(&with_checksum(&altered), Some(&right));
        let expected = match offset {
            8 => matches!(fault, Fault::NotSealed),
            _ => matches!(fault, Fault::Seal { .. }),
        };
        assert!(expected, "byte {offset}: {fault}");
    }
    for rounds in [0, 99_999, 10_000_001, u32::MAX] {
        let mut altered = sealed[..end].to_vec();
        altered[13..17].copy_from_slice(&rounds.to_be_bytes());
        let fault = bench.refusal(&with_checksum(&altered), Some(&right));
        assert!(matches!(fault, Fault::Rounds(r) if r == rounds), "{fault}");
    }
    // A seal that is too short to be one.
    for length in [0_usize, 3, 31, 47] {
        let mut altered = [b"CNSCARD\x01\x01", &(length as u32).to_be_bytes()[..]].concat();
        altered.extend_from_slice(&sealed[13..13 + length]);
        let fault = bench.refusal(&with_checksum(&altered), Some(&right));
        assert!(matches!(fault, Fault::Seal { .. }), "{length}: {fault}");
    }
    fs::write(bench.path(), &sealed).unwrap();
    ImageFile::read(&bench.path(), Some(&right)).unwrap();
}

#[test]
fn a_passphrase_is_a_file_without_its_line_end() {
    let bench = Bench::new();
    let sealed = bench.card(Some(&passphrase("open sesame")));
    fs::write(bench.path(), sealed).unwrap();
    for same in ["open sesame\n", "open sesame\r\n"] {
        ImageFile::read(&bench.path(), Some(&passphrase(same))).unwrap();
    }
    let file = bench.folder.path().join("passphrase");
    for (bytes, told) in [
        (String::new(), 0),
        ("\n".to_owned(), 0),
        ("x".repeat(4097), 4097),
    ] {
        fs::write(&file, bytes).unwrap();
        match Passphrase::from_file(&file) {
            Err(PassphraseError::Length { length, .. }) => assert_eq!(length, told),
            _ => panic!("{told} bytes are a passphrase"),
        }
    }
}
