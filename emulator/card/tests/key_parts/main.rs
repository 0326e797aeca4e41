//! RSA keys that a host puts as two numbers, the modulus and the private exponent.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../common/mod.rs"]
mod common;
mod conditions;
mod form;
mod host;
mod refused;
mod stored;

use cns_card::{LifeCycle, RsaPartKind};
use cns_fixtures::KeySize;
use common::{PIN, card_in, converse, send};
use host::{EXPONENT, MODULUS, change, committed, committed_of, number, part, put, sign, stored};
use openssl::bn::{BigNum, BigNumContext};
use openssl::rsa::Rsa;

#[test]
fn the_vendors_driver_stores_a_key() {
    let key = committed(KeySize::Rsa1024);
    let (n, d) = (key.n().to_vec(), key.d().to_vec());
    let mut card = card_in(LifeCycle::Personalisation);
    let modulus = put(MODULUS, &n);
    assert!(modulus.starts_with("00DA016EB0"), "a short command");
    assert!(modulus.replace(' ', "").contains("8F828100"));
    converse(
        &mut card,
        &[(&modulus, "9000"), (&put(EXPONENT, &d), "9000")],
    );
    assert_eq!(sign(&mut card, &key), "9000");
    // The driver then gives the same numbers again.
    converse(&mut card, &[(&change(MODULUS, &n), "9000")]);
    assert_eq!(sign(&mut card, &key), "6984");
    converse(&mut card, &[(&change(EXPONENT, &d), "9000")]);
    assert_eq!(sign(&mut card, &key), "9000");
}

#[test]
fn the_vendors_driver_makes_a_place_and_generates_a_key() {
    let blank = [0xFF; 128];
    let mut card = card_in(LifeCycle::Creation);
    converse(
        &mut card,
        &[
            (&put(MODULUS, &blank), "9000"),
            (&put(EXPONENT, &blank), "9000"),
            (&format!("0020001008{PIN}"), "9000"),
            (&change(MODULUS, &blank), "9000"),
            (&change(EXPONENT, &blank), "9000"),
            (
                "00E00000(6F(83(FD02) 85(01) 80(0200) 82(05FFFF) 86(00 00 00)))",
                "9000",
            ),
            ("0046000008 2009 FD02 00100020", "6A88"),
            ("0046000008 2007 FD02 00100020", "9000"),
            ("00A4000C02 FD02", "9000"),
        ],
    );
    let modulus = send(&mut card, "00B2010400");
    assert!(modulus.starts_with("10828100"), "{modulus}");
    assert_eq!(modulus.len(), 2 * (4 + 128 + 2));
}

#[test]
fn the_numbers_come_in_any_order_length_and_form() {
    for size in [KeySize::Rsa1024, KeySize::Rsa2048] {
        let key = committed(size);
        for [first, second] in [[MODULUS, EXPONENT], [EXPONENT, MODULUS]] {
            for operation in [put, change] {
                let mut card = card_in(LifeCycle::Personalisation);
                // Something to change.
                send(&mut card, &put(MODULUS, &[0xFF; 256]));
                send(&mut card, &format!("0020001008{PIN}"));
                let first = operation(first, &number(&key, first));
                let second = operation(second, &number(&key, second));
                converse(&mut card, &[(&first, "9000")]);
                assert_eq!(sign(&mut card, &key), "6984");
                converse(&mut card, &[(&second, "9000")]);
                assert_eq!(sign(&mut card, &key), "9000");
            }
        }
    }
}

#[test]
fn every_usual_public_exponent_is_found() {
    for e in [3, 5, 17, 257, 65_537] {
        let key = Rsa::generate_with_e(1024, &BigNum::from_u32(e).unwrap()).unwrap();
        let mut card = card_in(LifeCycle::Personalisation);
        for class in [EXPONENT, MODULUS] {
            assert_eq!(send(&mut card, &put(class, &number(&key, class))), "9000");
        }
        assert_eq!(sign(&mut card, &key), "9000", "{e}");
    }
}

/// d is unique only modulo the least common multiple of p - 1 and q - 1: a host may give the least
/// one or one as large as the modulus.
#[test]
fn any_exponent_of_the_key_will_do() {
    let key = committed(KeySize::Rsa1024);
    let one = BigNum::from_u32(1).unwrap();
    let (p, q) = (key.p().unwrap() - &one, key.q().unwrap() - &one);
    let (mut context, mut common) = (BigNumContext::new().unwrap(), BigNum::new().unwrap());
    common.gcd(&p, &q, &mut context).unwrap();
    let period = &(&p * &q) / &common;
    let least = key.d() % &period;
    let mut largest = &least + &period;
    while &(&largest + &period) < key.n() {
        largest = &largest + &period;
    }
    for d in [least, largest] {
        let mut card = card_in(LifeCycle::Personalisation);
        converse(
            &mut card,
            &[
                (&put(MODULUS, &key.n().to_vec()), "9000"),
                (&put(EXPONENT, &d.to_vec()), "9000"),
            ],
        );
        assert_eq!(sign(&mut card, &key), "9000");
    }
}

#[test]
fn half_a_key_is_of_no_use() {
    let key = committed(KeySize::Rsa1024);
    for class in [MODULUS, EXPONENT] {
        let mut card = card_in(LifeCycle::Personalisation);
        let block = "01".repeat(128);
        converse(
            &mut card,
            &[
                (&put(class, &number(&key, class)), "9000"),
                ("0022F1B603830107", "9000"),
                ("0022F1B803830107", "9000"),
                (&format!("002A9E9A80{block}00"), "6982"),
                (&format!("0020001008{PIN}"), "9000"),
                (&format!("002A9E9A80{block}00"), "6984"),
                ("002A9E9A033031 3200", "6984"),
                (&format!("002A80868100{block}00"), "6984"),
                ("002A86800830313233343536 3700", "6984"),
                ("9024100710 000102030405060708090A0B0C0D0E0F", "6A88"),
                // A pair is generated over it, of the length that it promised.
                ("0046000708 2007 3F01 00100020", "9000"),
            ],
        );
        assert_eq!(send(&mut card, &format!("002A9E9A80{block}00")).len(), 260);
    }
}

#[test]
fn a_number_that_is_put_on_a_whole_key_begins_another() {
    let old = committed(KeySize::Rsa1024);
    let new = committed(KeySize::Rsa2048);
    for operation in [put, change] {
        let mut card = card_in(LifeCycle::Personalisation);
        for class in [MODULUS, EXPONENT] {
            assert_eq!(send(&mut card, &put(class, &number(&old, class))), "9000");
        }
        assert_eq!(sign(&mut card, &old), "9000");
        assert_eq!(part(&card), None);
        send(&mut card, &operation(EXPONENT, &number(&new, EXPONENT)));
        assert_eq!(part(&card), Some(RsaPartKind::PrivateExponent));
        assert_eq!(sign(&mut card, &old), "6984");
        // The old modulus is gone: nothing but the new one makes a key.
        let before = stored(&card);
        let wrong = operation(MODULUS, &number(&old, MODULUS));
        assert_eq!(send(&mut card, &wrong), "6A80");
        assert_eq!(stored(&card), before);
        let right = operation(MODULUS, &number(&new, MODULUS));
        assert_eq!(send(&mut card, &right), "9000");
        assert_eq!(sign(&mut card, &new), "9000");
    }
}

#[test]
fn the_same_number_again_takes_the_place_of_the_first() {
    let key = committed(KeySize::Rsa1024);
    let other = committed_of(2, KeySize::Rsa1024);
    let mut card = card_in(LifeCycle::Personalisation);
    converse(
        &mut card,
        &[
            (&put(MODULUS, &number(&other, MODULUS)), "9000"),
            (&put(MODULUS, &number(&key, MODULUS)), "9000"),
            (&put(EXPONENT, &number(&key, EXPONENT)), "9000"),
        ],
    );
    assert_eq!(sign(&mut card, &key), "9000");
}
