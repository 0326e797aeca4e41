//! The forms that a number comes in: one-byte lengths and BER, one command and a chain.

use cns_apdu::hex;
use cns_card::LifeCycle;
use cns_fixtures::KeySize;
use proptest::prelude::*;

use crate::common::{self, card_in, converse, send};
use crate::host::{EXPONENT, MODULUS, OF_PIN, committed, number, put, put_value, sign};

#[test]
fn a_length_is_one_byte_or_ber() {
    let key = committed(KeySize::Rsa1024);
    let (n, d) = (key.n().to_vec(), key.d().to_vec());
    let good = |length: &[u8], number: &[u8]| [&[0x8F], length, number].concat();
    for (length, expected) in [
        (&[0x82, 0x81, 0x00][..], "9000"),
        (&[0x81, 0x82, 0x81, 0x00], "9000"),
        (&[0x82, 0x00, 0x82, 0x81, 0x00], "9000"),
        (&[0x81, 0x83, 0x00, 0x81, 0x00], "9000"),
        // Another number of bytes than there are, a missing 00, no head.
        (&[0x82, 0x80, 0x00], "6A80"),
        (&[0x82, 0x82, 0x00], "6A80"),
        (&[0x83, 0x81, 0x00], "6A80"),
        (&[0x82, 0x81, 0x01], "6A80"),
        (&[0x81, 0x82, 0x80, 0x00], "6A80"),
        (&[0x81, 0x80], "6A80"),
        (&[], "6A80"),
    ] {
        let mut card = card_in(LifeCycle::Personalisation);
        let command = put_value(MODULUS, OF_PIN, &good(length, &n));
        assert_eq!(send(&mut card, &command), expected, "{length:02X?}");
    }
    // 8F 81 80 is a number of 127 bytes with one-byte lengths, not a BER length.
    let mut card = card_in(LifeCycle::Personalisation);
    converse(&mut card, &[(&put(EXPONENT, &d[1..]), "9000")]);
    for rest in ["8F", "8F00", "8F01", "8F0102", "8F020200", "8F0203FF 9F"] {
        let command = put_value(MODULUS, OF_PIN, &common::bytes(rest));
        assert_eq!(send(&mut card, &command), "6A80", "{rest}");
    }
}

#[test]
fn a_long_number_comes_in_a_chain_too() {
    let key = committed(KeySize::Rsa2048);
    let mut card = card_in(LifeCycle::Personalisation);
    for class in [MODULUS, EXPONENT] {
        let whole = common::bytes(&put(class, &number(&key, class)));
        let (head, tail) = whole[7..].split_at(200);
        let head = format!("10DA016EC8{}", hex::encode(head));
        let tail = format!("00DA016E{:02X}{}", tail.len(), hex::encode(tail));
        converse(&mut card, &[(&head, "9000"), (&tail, "9000")]);
    }
    assert_eq!(sign(&mut card, &key), "9000");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_a_value_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut card = card_in(LifeCycle::Personalisation);
        let value = [&[0x8F][..], &bytes].concat();
        let answer = send(&mut card, &put_value(MODULUS, OF_PIN, &value));
        prop_assert!(["9000", "6A80"].contains(&answer.as_str()), "{answer}");
    }
}
