//! Every other command: what it answers, and what it leaves behind.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use cns_apdu::{Command, Le, hex};
use cns_card::{Card, RsaPrivateKey};
use common::{PIN, card, converse, send};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};

#[test]
fn select_finds_files_in_all_its_ways() {
    converse(
        &mut card(),
        &[
            ("00A4000C023F00", "9000"),
            ("00A4000C021100", "9000"),
            ("00A4000C021102", "9000"), // a child of the current folder
            ("00A4000C021101", "9000"), // its sibling
            ("00A4000C021200", "9000"), // a sibling of the folder
            ("00A4020C021203", "9000"), // under the current folder
            ("00A4020C021100", "6A82"), // a folder is no elementary file
            ("00A4030C", "9000"),       // the parent: the master file
            ("00A4030C", "6A82"),       // which has none
            ("00A4080C0411001102", "9000"), // from the master file
            ("00A4090C021101", "9000"), // from the current folder
            ("00A4090C0411001102", "6A82"),
            ("00A4040C07A0000000790100", "6A82"),
            ("00A4000C", "9000"),
            ("00A4080C03110011", "6A87"),
            ("00A4080C", "6A87"),
            ("00A4000C03110011", "6A87"),
            ("00A4010C021100", "6A86"),
            ("00A4000102110000", "6A86"),
        ],
    );
}

#[test]
fn what_is_not_found_leaves_the_current_file_alone() {
    converse(
        &mut card(),
        &[
            ("00A4080C0410001003", "9000"),
            ("00A4040C07A0000000790100", "6A82"),
            ("00A4000C02ABCD", "6A82"),
            ("00B0000004", "36303330 9000"),
        ],
    );
}

#[test]
fn the_fci_comes_to_those_only_who_ask() {
    let mut card = card();
    assert_eq!(
        send(&mut card, "00A408000411001102"),
        "9000",
        "no Le, no data"
    );
    let fci = send(&mut card, "00A40800041100110200");
    assert!(
        fci.starts_with("6F38800201908203010000830211028501018609"),
        "{fci}"
    );
    assert!(fci.ends_with("9000"));
    // What an exact Le has no room for waits.
    assert_eq!(
        send(&mut card, "00A40800041100110205"),
        "6F3880020161 35".replace(' ', "")
    );
    assert_eq!(send(&mut card, "00C0000003"), "9082036132");
    assert_eq!(
        send(&mut card, "00A4000C"),
        "9000",
        "another command drops it"
    );
    assert_eq!(send(&mut card, "00C0000000"), "6985");
}

#[test]
fn reading_ends_where_the_file_ends() {
    let mut card = card();
    converse(
        &mut card,
        &[
            ("00B0000010", "6986"),
            ("00A4080C0410001003", "9000"),
            ("00B0000E02", &(send_number(14) + "9000")),
            ("00B0000E10", &(send_number(14) + "6282")),
            ("00B0001000", "6282"),
            ("00B07FFF00", "6282"),
            ("00B0800000", "6A82"),
            ("00B00000", "6700"),
            ("00A4000C023F00", "9000"),
            ("00A4000C023F01", "9000"),
            ("00B0000000", "6981"),
        ],
    );
    // A reader in the field sends an empty Lc as well.
    send(&mut card, "00A4080C0410001003");
    assert_eq!(send(&mut card, "00B000000000").len(), (16 + 2) * 2);
}

fn send_number(offset: usize) -> String {
    hex::encode(&b"6030000000002007"[offset..]).replace(' ', "")
}

#[test]
fn an_extended_read_takes_the_whole_certificate() {
    let mut card = card();
    send(&mut card, "00A4080C0411001101");
    assert_eq!(send(&mut card, "00B00000000800").len(), (2048 + 2) * 2);
    let whole = send(&mut card, "00B00000000000");
    assert!(whole.ends_with("6282"), "65,536 bytes were asked for");
}

#[test]
fn records_are_counted_until_they_end() {
    let mut card = card();
    send(&mut card, "00A4080C023F01");
    let modulus = send(&mut card, "00B2010400");
    assert_eq!(&modulus[..14], "10FF0103010100");
    assert_eq!(
        &modulus[modulus.len() - 4..],
        "6107",
        "263 bytes, 256 were asked for"
    );
    converse(
        &mut card,
        &[
            ("00B2020400", "11050400010001 9000"),
            ("00B2030400", "6A83"),
            ("00B2000400", "11050400010001 9000"), // the current record
            ("00B2110000", "11050400010001 9000"), // the first with this identifier
            ("00B2000200", "6A83"),                // the next: none
            ("00B2000100", "11050400010001 9000"), // the last
            ("00B2000500", "6A86"),
            ("00B2010C00", "6A82"),
        ],
    );
    assert_eq!(&send(&mut card, "00B2000300")[..4], "10FF", "the previous");
}

#[test]
fn the_holder_writes_with_the_pin_and_reading_stays_free() {
    converse(
        &mut card(),
        &[
            ("00A4080C0412001201", "9000"),
            ("00D600000401020304", "6982"),
            (&format!("0020001008{PIN}"), "9000"),
            ("00D600000401020304", "9000"),
            ("00B0000005", "0102030400 9000"),
            ("00D600FF020102", "6A84"),
            ("00D6010101AA", "6B00"),
            ("00D60000", "6700"),
            ("00A4080C0411001102", "9000"),
            ("00D600000130", "6982"),
        ],
    );
}

#[test]
fn a_challenge_is_as_long_as_asked() {
    let mut card = card();
    assert_eq!(send(&mut card, "0084000008").len(), 20);
    assert_eq!(send(&mut card, "0084000000").len(), (256 + 2) * 2);
    assert_eq!(send(&mut card, "00840000"), "6700");
    assert_eq!(send(&mut card, "00840000000200"), "6700");
    assert_eq!(send(&mut card, "0084000108"), "6A86");
}

#[test]
fn what_a_cns_does_not_have() {
    converse(
        &mut card(),
        &[
            ("00CADF3005", "6D00"),
            ("00CB3FFF035C017E08", "6D00"),
            ("0088000008", "6D00"),
            ("80200010", "6E00"),
            ("0C200010", "6E00"),
            ("FF000000", "6E00"),
            ("002A808200", "6A86"),
            ("10A4000C023F00", "6884"),
            ("00", "6700"),
            ("", "6700"),
        ],
    );
}

/// The EMSA-PKCS1-v1_5 block of a message, 256 bytes (RFC 8017 §9.2).
fn padded(message: &[u8]) -> Vec<u8> {
    let info = digest_info(message);
    [&[0, 1][..], &vec![0xFF; 256 - 3 - info.len()], &[0], &info].concat()
}

fn digest_info(message: &[u8]) -> Vec<u8> {
    let digest = ring::digest::digest(&ring::digest::SHA256, message);
    [
        &hex::decode("3031300D060960864801650304020105000420").unwrap()[..],
        digest.as_ref(),
    ]
    .concat()
}

fn public_key() -> RsaPublicKeyComponents<Vec<u8>> {
    let pem = cns_fixtures::citizen("mario-bianchi").unwrap().key.pem();
    let key = RsaPrivateKey::parse(pem.as_bytes()).unwrap();
    RsaPublicKeyComponents {
        n: key.modulus(),
        e: key.public_exponent(),
    }
}

fn transmit(card: &mut Card, command: &Command<'_>) -> (Vec<u8>, String) {
    let mut response = Vec::new();
    card.transmit(&command.to_bytes(), &mut response);
    let sw = response.split_off(response.len() - 2);
    (response, hex::encode(&sw).replace(' ', ""))
}

const MESSAGE: &[u8] = b"a login to a portal";
const DECIPHER: [u8; 4] = [0x00, 0x2A, 0x80, 0x86];
const SIGN: [u8; 4] = [0x00, 0x2A, 0x9E, 0x9A];

fn ready_to_sign() -> Card {
    let mut card = card();
    converse(
        &mut card,
        &[
            (&format!("0020009008{PIN}"), "9000"),
            ("0022F30300", "9000"),
            ("0022F1B803830101", "9000"),
            ("0022F1B603830101", "9000"),
        ],
    );
    card
}

#[test]
fn ring_accepts_what_the_card_signs_in_every_form() {
    let block = padded(MESSAGE);
    let indicated = [&[0x00][..], &block].concat();
    let check = |signature: &[u8]| {
        public_key()
            .verify(&RSA_PKCS1_2048_8192_SHA256, MESSAGE, signature)
            .unwrap();
    };
    let mut card = ready_to_sign();

    // Extended.
    let (signature, sw) = transmit(
        &mut card,
        &Command::new(DECIPHER, &indicated, Le::exact(256)),
    );
    assert_eq!(sw, "9000");
    check(&signature);

    // Chained.
    let first = Command::new([0x10, 0x2A, 0x80, 0x86], &indicated[..255], Le::Absent);
    assert_eq!(transmit(&mut card, &first), (vec![], "9000".into()));
    let last = Command::new(DECIPHER, &indicated[255..], Le::Maximum);
    check(&transmit(&mut card, &last).0);

    // As a signature: the whole block, or what the card pads itself.
    check(&transmit(&mut card, &Command::new(SIGN, &block, Le::Maximum)).0);
    check(
        &transmit(
            &mut card,
            &Command::new(SIGN, &digest_info(MESSAGE), Le::Maximum),
        )
        .0,
    );

    // Without an Le the signature waits for GET RESPONSE.
    let (nothing, sw) = transmit(&mut card, &Command::new(SIGN, &block, Le::Absent));
    assert_eq!((nothing.len(), sw.as_str()), (0, "6100"));
    let (signature, sw) = transmit(&mut card, &Command::new([0, 0xC0, 0, 0], &[], Le::Maximum));
    assert_eq!(sw, "9000");
    check(&signature);
}

#[test]
fn the_private_key_wants_its_pin_its_environment_and_a_whole_block() {
    let block = [&[0x00][..], &padded(MESSAGE)].concat();
    let decipher = hex::encode(&Command::new(DECIPHER, &block, Le::Maximum).to_bytes());
    let too_large = hex::encode(
        &Command::new(DECIPHER, &[&[0x00][..], &[0xFF; 256]].concat(), Le::Maximum).to_bytes(),
    );
    let mut card = card();
    converse(
        &mut card,
        &[
            (&decipher, "6985"),
            ("0022F30500", "6A88"),
            ("0022F30300", "9000"),
            ("0022F1B803830107", "9000"),
            (&decipher, "6A88"),
            ("0022F1B803840101", "9000"),
            (&decipher, "6982"),
            ("0022F1B8028301", "6A80"),
            ("0022F1B703830101", "6A86"),
            (&format!("0020001008{PIN}"), "9000"),
            ("002A8086020011", "6700"),
            ("002A80860311223300", "6A80"),
            (&too_large, "6A80"),
        ],
    );
    assert!(send(&mut card, &decipher).ends_with("9000"));
    // The environment and the right die with the session.
    card.reset();
    converse(&mut card, &[(&decipher, "6985")]);
}

#[test]
fn a_chain_that_breaks_is_forgotten() {
    let first = format!("102A8086FF{}", "00".repeat(255));
    let mut card = ready_to_sign();
    converse(
        &mut card,
        &[
            (&first, "9000"),
            ("00A4000C023F00", "6883"),
            ("00A4000C023F00", "9000"),
            ("002A808602000000", "6700"),
            (&first, "9000"),
            (&first, "9000"),
            (&first, "9000"),
            (&first, "9000"),
            (&first, "6700"),
        ],
    );
}
