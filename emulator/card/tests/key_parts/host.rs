//! The host: how it writes the numbers of key 07, and how it has the card sign with it.

use cns_apdu::hex;
use cns_card::{Card, KeyMaterial, RsaPartKind};
use cns_fixtures::{KeyPurpose, KeySize, test_key};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Verifier;

use crate::common::{self, PIN, send};

pub(crate) const MODULUS: u8 = 0x20;
pub(crate) const EXPONENT: u8 = 0x21;

/// The conditions that the vendor's driver gives: used and changed with the PIN, generated freely.
pub(crate) const OF_PIN: &str = "10 10 FFFFFFFF 00 FFFFFF";

pub(crate) fn committed(size: KeySize) -> Rsa<Private> {
    committed_of(1, size)
}

pub(crate) fn committed_of(number: u8, size: KeySize) -> Rsa<Private> {
    let key = test_key(number)
        .unwrap()
        .variant(size, KeyPurpose::Authentication);
    Rsa::private_key_from_pem(key.pem().as_bytes()).unwrap()
}

/// The number of a key that is an object of this class.
pub(crate) fn number(key: &Rsa<Private>, class: u8) -> Vec<u8> {
    match class {
        MODULUS => key.n().to_vec(),
        _ => key.d().to_vec(),
    }
}

pub(crate) fn put(class: u8, number: &[u8]) -> String {
    put_value(class, OF_PIN, &value(number))
}

/// PUT DATA in one command, extended if it must be.
pub(crate) fn put_value(class: u8, conditions: &str, value: &[u8]) -> String {
    let data = [
        common::bytes(&description(class, conditions)).as_slice(),
        value,
    ]
    .concat();
    with_data("00DA016E", &data)
}

/// CHANGE KEY DATA of key 07, looked for from the current folder upwards.
pub(crate) fn change(class: u8, number: &[u8]) -> String {
    with_data(&format!("9024{class:02X}87"), number)
}

pub(crate) fn value(number: &[u8]) -> Vec<u8> {
    match number.len() {
        ..=253 => short_value(number),
        _ => long_value(number),
    }
}

/// `8F L+2 L+1 00 number`, as the vendor's driver writes it, up to 253 bytes.
pub(crate) fn short_value(number: &[u8]) -> Vec<u8> {
    let length = u8::try_from(number.len()).unwrap();
    [&[0x8F, length + 2, length + 1, 0x00][..], number].concat()
}

/// The same with a BER length and a long length, for the keys of 2048 bits.
pub(crate) fn long_value(number: &[u8]) -> Vec<u8> {
    let length = u16::try_from(number.len()).unwrap();
    let head = [0x8F, 0x82];
    let outer = (length + 3).to_be_bytes();
    let inner = (length + 1).to_be_bytes();
    [&head[..], &outer, &inner, &[0x00], number].concat()
}

/// What surrounds the number in the vendor's driver, but for the value: key 07.
pub(crate) fn description(class: u8, conditions: &str) -> String {
    let option = if class == MODULUS { "22" } else { "02" };
    let no_messaging = "FF".repeat(16);
    format!("83(.. 07) 85({option} 00 88 0F FF FF 00 00) 86({conditions}) 8B({no_messaging})")
        .replace("..", &format!("{class:02X}"))
}

pub(crate) fn with_data(header: &str, data: &[u8]) -> String {
    let length = data.len();
    let lc = match length {
        ..=255 => format!("{length:02X}"),
        _ => format!("00{length:04X}"),
    };
    format!("{header}{lc}{}", hex::encode(data))
}

/// Has key 07 sign, and says the status word; a signature is good or the test fails.
pub(crate) fn sign(card: &mut Card, key: &Rsa<Private>) -> String {
    let message = b"whoever holds the key";
    let digest = openssl::hash::hash(MessageDigest::sha256(), message).unwrap();
    let head = hex::decode("3031300D060960864801650304020105000420").unwrap();
    let digest_info = [head.as_slice(), &digest].concat();
    send(card, &format!("0020001008{PIN}"));
    send(card, "0022F1B603830107");
    let answer = send(
        card,
        &format!("002A9E9A0000 33{}0000", hex::encode(&digest_info)),
    );
    let (signature, sw) = answer.split_at(answer.len() - 4);
    if sw == "9000" {
        let public = PKey::from_rsa(
            Rsa::from_public_components(key.n().to_owned().unwrap(), key.e().to_owned().unwrap())
                .unwrap(),
        )
        .unwrap();
        let mut verifier = Verifier::new(MessageDigest::sha256(), &public).unwrap();
        verifier.update(message).unwrap();
        assert!(verifier.verify(&hex::decode(signature).unwrap()).unwrap());
    }
    sw.to_owned()
}

/// What of key 07 a card has.
pub(crate) fn part(card: &Card) -> Option<RsaPartKind> {
    let mut keys = card.image().master_file.keys.iter();
    match &keys.find(|key| key.id == 7)?.material {
        KeyMaterial::RsaPart(part) => Some(part.kind()),
        _ => None,
    }
}

pub(crate) fn stored(card: &Card) -> Vec<u8> {
    card.image().encode().unwrap()
}
