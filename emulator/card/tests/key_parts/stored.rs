//! Half a key as bytes.

use cns_card::{Card, CardImage, ImageError, LifeCycle};
use cns_fixtures::KeySize;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::common::{card_in, counting, send};
use crate::host::{EXPONENT, MODULUS, committed, number, put, sign, stored};

#[test]
fn half_a_key_survives_as_bytes() {
    let key = committed(KeySize::Rsa2048);
    for [first, second] in [[MODULUS, EXPONENT], [EXPONENT, MODULUS]] {
        let mut card = card_in(LifeCycle::Personalisation);
        send(&mut card, &put(first, &number(&key, first)));
        let bytes = stored(&card);
        let image = CardImage::decode(&bytes).unwrap();
        assert_eq!(image.encode().unwrap(), bytes);
        let shown = format!("{image:?}").replace(' ', "");
        let secret = format!("{:?}", &key.d().to_vec()[..8]).replace(' ', "");
        assert!(!shown.contains(secret.trim_matches(['[', ']'])));
        let mut card = Card::volatile(image, counting());
        assert_eq!(sign(&mut card, &key), "6984");
        let command = put(second, &number(&key, second));
        assert_eq!(send(&mut card, &command), "9000");
        assert_eq!(sign(&mut card, &key), "9000");
    }
}

#[test]
fn a_stored_half_that_cannot_be_one_is_told() {
    let key = committed(KeySize::Rsa1024);
    let mut card = card_in(LifeCycle::Personalisation);
    send(&mut card, &put(MODULUS, &number(&key, MODULUS)));
    let bytes = stored(&card);
    let modulus = number(&key, MODULUS);
    let at = bytes
        .windows(modulus.len())
        .position(|window| window == modulus)
        .unwrap();
    // 88 81 80 modulus: as it is, with another low or high bit, under the exponent's tag.
    assert_eq!(bytes[at - 3..at], [0x88, 0x81, 0x80]);
    let with = |place: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[place] = byte;
        CardImage::decode(&bytes)
    };
    for (place, byte) in [(at + 127, 0x00), (at, 0x7F)] {
        let error = with(place, byte).unwrap_err();
        assert_eq!(
            error.to_string(),
            "one of its keys is wrong: this number is no modulus or private exponent of an RSA key \
             of 1024 or 2048 bits"
        );
    }
    assert!(with(at - 3, 0x89).is_ok());
    let error = with(at - 3, 0x8A).unwrap_err();
    assert_eq!(error.to_string(), "it is incomplete: object 87 is missing");
}

#[test]
fn a_stored_key_with_both_halves_is_told() {
    let key = committed(KeySize::Rsa1024);
    let mut card = card_in(LifeCycle::Personalisation);
    send(&mut card, &put(MODULUS, &number(&key, MODULUS)));
    let bytes = stored(&card);
    let modulus = number(&key, MODULUS);
    // 126 bytes of the modulus become an exponent, 89 01 03: the key has 125 + 3 in their place.
    let at = bytes
        .windows(modulus.len())
        .position(|window| window == modulus)
        .unwrap();
    let mut bytes = bytes.clone();
    bytes[at - 1] = 0x7D;
    bytes[at + 125..at + 128].copy_from_slice(&[0x89, 0x01, 0x03]);
    let error = CardImage::decode(&bytes).unwrap_err();
    assert!(matches!(error, ImageError::Value(_)), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_half_a_key_or_a_reason(
        place in any::<Index>(),
        byte in any::<u8>(),
        is_modulus in any::<bool>(),
    ) {
        let class = if is_modulus { MODULUS } else { EXPONENT };
        let mut card = card_in(LifeCycle::Personalisation);
        let key = committed(KeySize::Rsa1024);
        send(&mut card, &put(class, &number(&key, class)));
        let mut bytes = stored(&card);
        let number = number(&key, class);
        let at = bytes.windows(number.len()).position(|window| window == number).unwrap();
        // The key's object, from its head on.
        let around = at - 40..at + number.len();
        bytes[around.start + place.index(around.len())] = byte;
        let _ = CardImage::decode(&bytes);
    }
}
