//! Files, PINs, keys and environments that are put on the card from outside, and who may do it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use cns_apdu::hex;
use cns_card::{Card, LifeCycle};
use common::{PIN, card, card_in, converse, send};
use openssl::symm::{Cipher, Crypter, Mode};

/// An authentication key: identifier 05, three tries, changed with itself.
const AUTHENTICATION_KEY: &str = "000102030405060708090A0B0C0D0E0F";
const PUT_AUTHENTICATION_KEY: &str = "00DA016E(83(0005) 85(02 03 03 00 FF 00 00 00) \
    86(00 05 FF) 8F(000102030405060708090A0B0C0D0E0F))";

/// A file that opens with it: 3F00/AA01.
const CREATE_GUARDED: &str =
    "00E00000(6F(80(0004) 82(010000) 83(AA01) 85(01) 86(05 05 FF FF FF FF FF FF FF)))";

fn triple_des(mode: Mode, key: &str, blocks: &[u8]) -> Vec<u8> {
    let mut key = hex::decode(key).unwrap();
    key.extend_from_within(..8);
    let mut crypter = Crypter::new(Cipher::des_ede3_cbc(), mode, &key, Some(&[0; 8])).unwrap();
    crypter.pad(false);
    let mut out = vec![0; blocks.len() + 8];
    let length = crypter.update(blocks, &mut out).unwrap();
    out.truncate(length);
    out
}

/// The cryptogram of the card's next challenge.
fn cryptogram(card: &mut Card, key: &str) -> String {
    let challenge = send(card, "0084000008");
    let challenge = hex::decode(&challenge[..16]).unwrap();
    hex::encode(&triple_des(Mode::Encrypt, key, &challenge)).replace(' ', "")
}

#[test]
fn a_host_that_has_the_key_opens_the_file() {
    let mut card = card_in(LifeCycle::Creation);
    converse(
        &mut card,
        &[
            (PUT_AUTHENTICATION_KEY, "9000"),
            (CREATE_GUARDED, "9000"),
            ("00D6000004 01020304", "6982"),
            ("0082000508 0000000000000000", "6985"),
        ],
    );
    let answer = cryptogram(&mut card, AUTHENTICATION_KEY);
    converse(
        &mut card,
        &[
            (&format!("0082000508 {answer}"), "9000"),
            (&format!("0082000508 {answer}"), "6985"), // a challenge is good for one try
            ("00D6000004 01020304", "9000"),
            ("00B0000004", "01020304 9000"),
        ],
    );
    card.reset();
    converse(
        &mut card,
        &[("00A4000C02AA01", "9000"), ("00B0000004", "6982")],
    );
}

#[test]
fn a_wrong_cryptogram_costs_a_try_and_three_block_the_key() {
    let mut card = card_in(LifeCycle::Creation);
    send(&mut card, PUT_AUTHENTICATION_KEY);
    for expected in ["63C2", "63C1", "63C0", "6983"] {
        send(&mut card, "0084000008");
        assert_eq!(send(&mut card, "0082000508 0000000000000000"), expected);
    }
    let right = cryptogram(&mut card, AUTHENTICATION_KEY);
    assert_eq!(send(&mut card, &format!("0082000508 {right}")), "6983");
}

#[test]
fn a_key_is_no_pin_and_a_pin_is_no_key() {
    converse(
        &mut card_in(LifeCycle::Creation),
        &[
            (PUT_AUTHENTICATION_KEY, "9000"),
            (&format!("0020000508{PIN}"), "6A88"),
            (&format!("0024000510{PIN}{PIN}"), "6A88"),
            (&format!("0082001008{PIN}"), "6A88"),
            ("00200010", "63C3"),
        ],
    );
}

#[test]
fn a_key_gets_a_new_value_from_whom_it_allows() {
    let new = "F0E0D0C0B0A090807060504030201000";
    let mut card = card_in(LifeCycle::Creation);
    converse(
        &mut card,
        &[
            (PUT_AUTHENTICATION_KEY, "9000"),
            (&format!("9024000510{new}"), "6982"),
            (&format!("9024000508{PIN}"), "6700"),
            (&format!("9024001010{new}"), "6A88"),
            (&format!("9024300510{new}"), "6A86"),
            (&format!("0024000510{new}"), "6A88"),
        ],
    );
    let answer = cryptogram(&mut card, AUTHENTICATION_KEY);
    converse(
        &mut card,
        &[
            (&format!("0082000508 {answer}"), "9000"),
            (&format!("9024000510{new}"), "9000"),
        ],
    );
    let answer = cryptogram(&mut card, new);
    converse(&mut card, &[(&format!("0082000508 {answer}"), "9000")]);
}

#[test]
fn a_triple_des_key_enciphers_and_deciphers() {
    let put = "00DA016E(83(1006) 85(02 03 03 00 FF 00 00 00) 86(10 00 FF) \
        8F(000102030405060708090A0B0C0D0E0F))";
    let plain = "3031323334353637 3839414243444546";
    let expected = triple_des(
        Mode::Encrypt,
        AUTHENTICATION_KEY,
        &hex::decode(plain).unwrap(),
    );
    let expected = hex::encode(&expected).replace(' ', "");
    converse(
        &mut card_in(LifeCycle::Creation),
        &[
            (put, "9000"),
            ("0022F30300", "9000"),
            ("0022F1B803830106", "9000"),
            (&format!("002A868010 {plain} 00"), "6982"),
            (&format!("0020001008{PIN}"), "9000"),
            (
                &format!("002A868010 {plain} 00"),
                &format!("00{expected}9000"),
            ),
            (
                &format!("002A808611 00{expected} 00"),
                &format!("{plain}9000"),
            ),
            ("002A868007 30313233343536 00", "6700"),
            ("0022F1B603830106", "9000"),
            ("002A9E9A07 30313233343536 00", "6984"),
            // Its change condition is "always".
            (&format!("9024100610{}", "11".repeat(16)), "9000"),
        ],
    );
}

#[test]
fn a_generated_key_signs_and_its_public_half_is_in_its_file() {
    let put = "00DA016E(83(2007) 85(02 03 0C 00 FF 00 00 00) 86(10 FF FF FF FF FF 10 FF))";
    let mut card = card_in(LifeCycle::Creation);
    converse(
        &mut card,
        &[
            (put, "9000"),
            ("0022F1B603830107", "9000"),
            ("00460007082007 3F01 00100020", "6982"),
            (&format!("0020001008{PIN}"), "9000"),
            (&format!("002A9E9A10{}00", "01".repeat(16)), "6984"), // no key yet
            ("00460007082006 3F01 00100020", "6A80"),
            ("00460007082007 3F02 00100020", "6981"),
            ("00460007082007 3F09 00100020", "6A82"),
            ("00460008082008 3F01 00100020", "6A88"),
            ("00460007082007 3F01 00100020", "9000"),
        ],
    );
    send(&mut card, "00A4080C023F01");
    let record = hex::decode(&send(&mut card, "00B20104000109")).unwrap();
    let record = match record.len() {
        0..=2 => hex::decode(&send(&mut card, "00B20104000000")).unwrap(),
        _ => record,
    };
    let modulus = &record[7..263];
    // block^d must come back as the block when it is raised to the public exponent.
    let block = [&[0x00][..], &[0x5A; 255]].concat();
    let command = format!("002A9E9A000100{}0000", hex::encode(&block));
    let signature = hex::decode(&send(&mut card, &command)).unwrap();
    let bn = |bytes: &[u8]| openssl::bn::BigNum::from_slice(bytes).unwrap();
    let mut power = openssl::bn::BigNum::new().unwrap();
    let mut context = openssl::bn::BigNumContext::new().unwrap();
    power
        .mod_exp(
            &bn(&signature[..256]),
            &bn(&[1, 0, 1]),
            &bn(modulus),
            &mut context,
        )
        .unwrap();
    assert_eq!(power.to_vec(), block[1..]);
}

#[test]
fn a_pin_is_put_used_and_put_again() {
    let with = "00DA016E(83(0008) 85(02 02 87 00 FF 00 00 04) 86(00 08 11) 8F(31313131FFFFFFFF))";
    let without = "00DA016E(83(0009) 85(02 02 87 00 FF 00 00 04) 86(00 09 11))";
    converse(
        &mut card_in(LifeCycle::Personalisation),
        &[
            (with, "9000"),
            ("00200008", "63C2"),
            ("0020000808 31313131FFFFFFFF", "9000"),
            // A PIN without a value cannot be used until the PUK gives it one.
            (without, "9000"),
            ("00200009", "6984"),
            ("0020000908 31313131FFFFFFFF", "6984"),
            ("002C000910 3837363534333231 32323232FFFFFFFF", "9000"),
            ("0020000908 32323232FFFFFFFF", "9000"),
            (with, "9000"),
            ("0020000808 32313131FFFFFFFF", "63C1"),
            ("00DA016E04 83020008", "6A80"),
            (
                "00DA016E(83(0000) 85(02 02 87 00 FF 00 00 04) 86(00 08 11))",
                "6A80",
            ),
            ("00DA016C04 83020008", "6A86"),
        ],
    );
}

#[test]
fn an_environment_is_put_and_restored() {
    converse(
        &mut card_in(LifeCycle::Personalisation),
        &[
            ("0022F30700", "6A88"),
            ("00DA016D(83(07) 8F(010203040506))", "9000"),
            ("0022F30700", "9000"),
            ("00DA016D03 830107", "6A80"),
        ],
    );
}

#[test]
fn files_are_created_once_and_become_current() {
    converse(
        &mut card_in(LifeCycle::Creation),
        &[
            (
                "00E00000(62(81(0100) 82(38) 83(DD01) 86(00 00 00 00 00 00 00 00)))",
                "9000",
            ),
            ("00E00000(62(80(0004) 82(01) 83(EE01) 86(FF 00)))", "9000"),
            ("00B0000004", "6982"),
            ("00D6000004 01020304", "9000"),
            ("00A4080C04DD01EE01", "9000"),
            ("00A4030C", "9000"),
            ("00A4000C02DD01", "9000"),
            ("00E00000(62(80(0004) 82(01) 83(EE01) 86(FF 00)))", "6A89"),
            ("00E00000(62(80(8000) 82(01) 83(EE02) 86(FF 00)))", "6A84"),
            ("00E00000(62(80(0004) 82(07) 83(EE02) 86(FF 00)))", "6A80"),
            ("00E00000(62(80(0004) 83(EE02)))", "6A80"),
            ("00E00000(62(00))", "6A80"),
        ],
    );
}

#[test]
fn access_conditions_are_put_on_the_current_file() {
    converse(
        &mut card_in(LifeCycle::Personalisation),
        &[
            ("00A4080C0412001203", "9000"),
            ("00B0000001", "00 9000"),
            ("00DA016F(86(10 FF FF FF FF FF FF FF FF))", "9000"),
            ("00B0000001", "6982"),
            ("00DA016F(86(10 FF FF FF FF FF FF FF FF FF))", "6A80"),
        ],
    );
}

#[test]
fn an_operational_card_is_built_on_by_nobody_whom_it_does_not_allow() {
    for life_cycle in [LifeCycle::Personalisation, LifeCycle::Operational] {
        converse(&mut card_in(life_cycle), &[(CREATE_GUARDED, "6982")]);
    }
    converse(
        &mut card(),
        &[
            (PUT_AUTHENTICATION_KEY, "6982"),
            ("00DA016D(83(07) 8F(010203040506))", "6982"),
            ("00A4080C0412001203", "9000"),
            ("00DA016F(86(10 FF FF FF FF FF FF FF FF))", "6982"),
        ],
    );
}

#[test]
fn a_host_gives_a_random_number() {
    converse(
        &mut card(),
        &[
            ("8086000008 0102030405060708", "9000"),
            ("8086000007 01020304050607", "6700"),
            ("0086000008 0102030405060708", "6E00"),
        ],
    );
}

#[test]
fn what_was_put_survives_as_bytes() {
    let mut card = card_in(LifeCycle::Creation);
    for command in [
        PUT_AUTHENTICATION_KEY,
        CREATE_GUARDED,
        "00E00000(6F(80(0004) 82(060002) 83(AA02) 85(01) 86(00 00 00)))",
        "00E2000002 0101",
    ] {
        assert_eq!(send(&mut card, command), "9000", "{command}");
    }
    let bytes = card.image().encode().unwrap();
    let again = cns_card::CardImage::decode(&bytes).unwrap();
    assert_eq!(again.encode().unwrap(), bytes);
    let mut card = Card::volatile(again, common::counting());
    let answer = cryptogram(&mut card, AUTHENTICATION_KEY);
    converse(
        &mut card,
        &[
            (&format!("0082000508 {answer}"), "9000"),
            ("00A4000C02AA01", "9000"),
            ("00B0000004", "00000000 9000"),
            ("00A4000C02AA02", "9000"),
            ("00B2010400", "0101 9000"),
        ],
    );
}
