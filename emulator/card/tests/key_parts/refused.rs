//! Numbers that are no part of a key, or not of the same one.

use cns_card::{CardImage, LifeCycle};
use cns_fixtures::KeySize;
use openssl::bn::{BigNum, BigNumContext};
use openssl::rsa::Rsa;
use proptest::prelude::*;

use crate::common::{PIN, card_in, send};
use crate::host::{
    EXPONENT, MODULUS, change, committed, committed_of, number, put, put_value, stored, value,
};

#[test]
fn a_number_that_is_no_part_of_a_key_changes_nothing() {
    let key = committed(KeySize::Rsa1024);
    let one = BigNum::from_u32(1).unwrap();
    let (n, even) = (key.n().to_vec(), (key.n() - &one).to_vec());
    let with_length = |length: usize| [&[0x80][..], &vec![0x01; length - 1]].concat();
    let mut card = card_in(LifeCycle::Personalisation);
    send(&mut card, &put(MODULUS, &n));
    send(&mut card, &format!("0020001008{PIN}"));
    let before = stored(&card);
    let mut short = n.clone();
    short[0] &= 0x7F;
    for modulus in [
        even.clone(),
        short,
        vec![0x00; 128],
        vec![0x01],
        with_length(64),
        with_length(127),
        with_length(129),
        with_length(192),
        with_length(255),
        with_length(257),
        with_length(384),
        with_length(512),
    ] {
        for command in [put(MODULUS, &modulus), change(MODULUS, &modulus)] {
            assert_eq!(send(&mut card, &command), "6A80", "{command:.80}");
        }
    }
    for exponent in [
        even,
        vec![0x00; 128],
        vec![0x01],
        vec![0xFF; 257],
        vec![0xFF; 512],
    ] {
        for command in [put(EXPONENT, &exponent), change(EXPONENT, &exponent)] {
            assert_eq!(send(&mut card, &command), "6A80", "{command:.80}");
        }
    }
    assert_eq!(stored(&card), before);
    assert_eq!(
        send(&mut card, &put(EXPONENT, &number(&key, EXPONENT))),
        "9000"
    );
}

#[test]
fn numbers_that_do_not_belong_together_are_refused_and_the_first_one_stays() {
    let key = committed(KeySize::Rsa1024);
    let (n, d) = (key.n().to_vec(), key.d().to_vec());
    let other = committed_of(2, KeySize::Rsa1024);
    let longer = committed(KeySize::Rsa2048);
    let unusual = Rsa::generate_with_e(1024, &BigNum::from_u32(7).unwrap()).unwrap();
    let [no_primes @ .., prime] = false_keys();
    for (modulus, exponent) in [
        (n.clone(), other.d().to_vec()),
        (n.clone(), longer.d().to_vec()),
        (n.clone(), n.clone()),
        (longer.n().to_vec(), d.clone()),
        (n.clone(), vec![0x03]),
        (n, (key.d() + &BigNum::from_u32(2).unwrap()).to_vec()),
        (unusual.n().to_vec(), unusual.d().to_vec()),
        prime,
    ]
    .into_iter()
    .chain(no_primes)
    {
        for [(first, kept), (second, refused)] in [
            [(MODULUS, &modulus), (EXPONENT, &exponent)],
            [(EXPONENT, &exponent), (MODULUS, &modulus)],
        ] {
            let mut card = card_in(LifeCycle::Personalisation);
            assert_eq!(send(&mut card, &put(first, kept)), "9000");
            send(&mut card, &format!("0020001008{PIN}"));
            let before = stored(&card);
            assert_eq!(send(&mut card, &put(second, refused)), "6A80");
            assert_eq!(send(&mut card, &change(second, refused)), "6A80");
            assert_eq!(stored(&card), before);
        }
    }
}

/// Moduli and exponents that undo a public exponent, and yet are no key of two primes: with three
/// primes, with a square, and a prime by itself.
fn false_keys() -> [(Vec<u8>, Vec<u8>); 3] {
    let primes = |lengths: &[i32]| -> Vec<BigNum> {
        lengths
            .iter()
            .map(|bits| {
                let mut prime = BigNum::new().unwrap();
                prime.generate_prime(*bits, false, None, None).unwrap();
                prime
            })
            .collect()
    };
    let one = BigNum::from_u32(1).unwrap();
    // Until the modulus has 1024 bits and the exponent an inverse.
    let key = |lengths: &[i32], is_square: bool| loop {
        let mut primes = primes(lengths);
        let mut period = BigNum::from_u32(1).unwrap();
        for prime in &primes {
            period = &period * &(prime - &one);
        }
        if is_square {
            let prime = primes[0].to_owned().unwrap();
            period = &period * &prime;
            primes.push(prime);
        }
        let mut modulus = BigNum::from_u32(1).unwrap();
        for prime in &primes {
            modulus = &modulus * prime;
        }
        let (mut d, e) = (BigNum::new().unwrap(), BigNum::from_u32(65_537).unwrap());
        let mut context = BigNumContext::new().unwrap();
        if modulus.num_bits() == 1024 && d.mod_inverse(&e, &period, &mut context).is_ok() {
            return (modulus.to_vec(), d.to_vec());
        }
    };
    [
        key(&[342, 342, 341], false),
        key(&[512], true),
        key(&[1024], false),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_number_is_answered(
        numbers in proptest::collection::vec((any::<bool>(), any::<bool>(), value_bytes()), 1..5),
    ) {
        let mut card = card_in(LifeCycle::Personalisation);
        send(&mut card, &put_value(MODULUS, "00 00", &[]));
        for (is_modulus, is_put, bytes) in numbers {
            let class = if is_modulus { MODULUS } else { EXPONENT };
            let command = match is_put {
                true => put_value(class, "00 00", &value(&bytes)),
                false => change(class, &bytes),
            };
            let answer = send(&mut card, &command);
            prop_assert!(["9000", "6A80"].contains(&answer.as_str()), "{answer}");
            let bytes = stored(&card);
            let again = CardImage::decode(&bytes).unwrap();
            prop_assert_eq!(again.encode().unwrap(), bytes);
        }
    }
}

/// Odd numbers of every length, and those that look like a modulus.
fn value_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![Just(128usize), Just(256), 1..300usize]
        .prop_flat_map(|length| proptest::collection::vec(any::<u8>(), length))
        .prop_map(|mut bytes| {
            bytes[0] |= 0x80;
            let last = bytes.len() - 1;
            bytes[last] |= 1;
            bytes
        })
}
