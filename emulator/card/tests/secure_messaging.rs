//! Secure messaging, on a card whose profile switches it on: the host's side is built here, from the
//! description in `secure_messaging.rs`, with another library.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use cns_apdu::hex;
use cns_card::{Card, LifeCycle};
use common::{PIN, bytes, converse, counting, image, send};
use openssl::symm::{Cipher, Crypter, Mode};

const KEY: &str = "000102030405060708090A0B0C0D0E0F";

/// Key 0C, without conditions of use; a PIN 08 and a file AA01 that ask for it.
const SET_UP: [&str; 3] = [
    "00DA016E(83(100C) 85(02 03 03 00 FF 00 00 00) 86(00 00) \
     8F(000102030405060708090A0B0C0D0E0F))",
    // Enciphered and signed use.
    "00DA016E(83(0008) 85(02 03 87 00 FF 00 00 04) 86(00 08 11) \
     8B(0C 0C FF FF FF FF FF FF FF FF FF FF FF FF FF FF) 8F(31313131FFFFFFFF))",
    // Read enciphered and signed, written signed, added to freely.
    "00E00000(6F(80(0005) 82(010000) 83(AA01) 86(00 00 00) \
     CB(0C 0C FF 0C FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF)))",
];

fn secured_card() -> Card {
    let mut image = image();
    image.life_cycle = LifeCycle::Creation;
    image.dialect.secure_messaging = true;
    let mut card = Card::volatile(image, counting());
    for command in SET_UP {
        assert_eq!(send(&mut card, command), "9000", "{command}");
    }
    card
}

/// Triple DES in CBC mode from zeros; with equal parts it is single DES.
fn run(mode: Mode, key: [&[u8]; 3], vector: &[u8], blocks: &[u8]) -> Vec<u8> {
    let mut crypter =
        Crypter::new(Cipher::des_ede3_cbc(), mode, &key.concat(), Some(vector)).unwrap();
    crypter.pad(false);
    let mut out = vec![0; blocks.len() + 8];
    let length = crypter.update(blocks, &mut out).unwrap();
    out.truncate(length);
    out
}

fn padded(data: &[u8]) -> Vec<u8> {
    let mut padded = [data, &[0x80]].concat();
    padded.resize(padded.len().next_multiple_of(8), 0);
    padded
}

fn key() -> ([u8; 8], [u8; 8]) {
    let key = hex::decode(KEY).unwrap();
    (key[..8].try_into().unwrap(), key[8..].try_into().unwrap())
}

fn enciphered(data: &[u8]) -> String {
    let (a, b) = key();
    let cryptogram = run(Mode::Encrypt, [&a, &b, &a], &[0; 8], &padded(data));
    format!("87(01 {})", hex::encode(&cryptogram))
}

/// The retail MAC: single DES up to the last block, triple DES on it.
fn mac(number: &[u8], header: &str, data: &[u8]) -> String {
    let (a, b) = key();
    let header = hex::decode(header).unwrap();
    let covered = padded(&[number, &header, &[0x80, 0, 0, 0], data].concat());
    let (first, last) = covered.split_at(covered.len() - 8);
    let chained = run(Mode::Encrypt, [&a, &a, &a], &[0; 8], first);
    let vector = &chained[chained.len() - 8..];
    let mac = run(Mode::Encrypt, [&a, &b, &a], vector, last);
    format!("8E({})", hex::encode(&mac))
}

fn challenge(card: &mut Card) -> Vec<u8> {
    let answer = hex::decode(&send(card, "0084000008")).unwrap();
    answer[..8].to_vec()
}

#[test]
fn a_pin_that_asks_for_it_is_proven_in_cipher() {
    let mut card = secured_card();
    let value = [0x31, 0x31, 0x31, 0x31, 0xFF, 0xFF, 0xFF, 0xFF];
    let cryptogram = enciphered(&value);
    let number = challenge(&mut card);
    let mac = mac(&number, "0C200008", &bytes(&cryptogram));
    converse(
        &mut card,
        &[
            ("0020000808 31313131FFFFFFFF", "6987"),
            (&format!("0C200008({cryptogram} {mac})"), "9000"),
            // The challenge is spent.
            (&format!("0C200008({cryptogram} {mac})"), "6985"),
        ],
    );
    challenge(&mut card);
    converse(
        &mut card,
        &[
            (&format!("0C200008({cryptogram} {mac})"), "6988"),
            // A PIN that does not ask stays as it is, and takes nothing secured.
            (&format!("0020001008{PIN}"), "9000"),
            (&format!("0C20001008{PIN}"), "6882"),
            ("00A4000C(AA01)", "9000"),
        ],
    );
}

#[test]
fn a_wrong_pin_in_cipher_costs_a_try_and_a_broken_message_none() {
    let mut card = secured_card();
    let attempt = |card: &mut Card, value: &[u8], break_it: bool| {
        let cryptogram = enciphered(value);
        let number = challenge(card);
        let mac = mac(&number, "0C200008", &bytes(&cryptogram));
        let mac = if break_it {
            mac.replace("8E(", "8E(00")
        } else {
            mac
        };
        send(card, &format!("0C200008({cryptogram} {mac})"))
    };
    assert_eq!(attempt(&mut card, &[0x39; 8], false), "63C2");
    assert!(["6987", "6988"].contains(&attempt(&mut card, &[0x31; 8], true).as_str()));
    assert_eq!(attempt(&mut card, &[0x39; 8], false), "63C1");
}

#[test]
fn a_file_is_written_signed_and_read_in_cipher() {
    let mut card = secured_card();
    let data = [1, 2, 3, 4, 5];
    let plain = hex::encode(&data);
    let number = challenge(&mut card);
    let written = mac(&number, "0CD60000", &data);
    converse(
        &mut card,
        &[
            ("00A4000C(AA01)", "9000"),
            (&format!("00D60000({plain})"), "6987"),
            (&format!("0CD60000({plain} {written})"), "9000"),
            ("00B0000005", "6987"),
            // A signed response needs a number of the host's.
            ("0CB0000000", "6985"),
            ("80860000(A0A1A2A3A4A5A6A7)", "9000"),
        ],
    );
    let cryptogram = enciphered(&data);
    let host = [0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7];
    let expected = format!(
        "{cryptogram} {}",
        mac(&host, "0CB00000", &bytes(&cryptogram))
    );
    let expected = hex::encode(&bytes(&expected)).replace(' ', "");
    // All of the file, and the end of it: more was asked for.
    assert_eq!(send(&mut card, "0CB0000000"), format!("{expected}6282"));
}

#[test]
fn a_key_that_asks_for_it_gets_its_new_value_signed() {
    let new = "F0E0D0C0B0A090807060504030201000";
    // An authentication key 05 and a working key 06, both changed freely but signed.
    let put = |class_and_id: &str| {
        format!(
            "00DA016E(83({class_and_id}) 85(02 03 03 00 FF 00 00 00) 86(00 00 FF) \
             8B(FF FF FF 0C FF FF FF FF FF FF FF FF FF FF FF FF) \
             8F(000102030405060708090A0B0C0D0E0F))"
        )
    };
    let mut card = secured_card();
    for (object, class_and_id, header) in [("00", "0005", "9C240005"), ("10", "1006", "9C241006")] {
        let id = &header[6..];
        assert_eq!(send(&mut card, &put(class_and_id)), "9000");
        let plain = format!("9024{object}{id}({new})");
        assert_eq!(send(&mut card, &plain), "6987", "{plain}");
        let number = challenge(&mut card);
        let mac = mac(&number, header, &bytes(new));
        assert_eq!(
            send(&mut card, &format!("{header}({new} {mac})")),
            "9000",
            "{header}"
        );
    }
}

#[test]
fn what_was_secured_stays_so_in_the_image() {
    let card = secured_card();
    let encoded = card.image().encode().unwrap();
    let again = cns_card::CardImage::decode(&encoded).unwrap();
    assert_eq!(again.encode().unwrap(), encoded);
    let mut card = Card::volatile(again, counting());
    converse(&mut card, &[("0020000808 31313131FFFFFFFF", "6987")]);
    let fci = send(&mut card, "00A4080002AA0100");
    assert!(fci.contains("CB180C0CFF0CFF"), "{fci}");
}

#[test]
fn a_card_without_it_does_not_know_the_class() {
    converse(
        &mut common::card(),
        &[
            ("0C200010", "6E00"),
            ("0CB0000000", "6E00"),
            ("04200010", "6E00"),
        ],
    );
    converse(
        &mut secured_card(),
        &[("04200010", "6E00"), ("08200010", "6E00")],
    );
}
