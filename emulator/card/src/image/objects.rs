//! PINs, keys and security environments of an encoded image. `encoding` has the layout.

use cns_apdu::tlv::{self, Tag};

use super::fields::{ImageError, array, byte, number};
use crate::access::Condition;
use crate::crypto::{RsaPart, RsaPartKind, RsaPrivateKey, TripleDesKey};
use crate::key::{Key, KeyAlgorithm, KeyMaterial, KeyRules};
use crate::reference_data::{ReferenceData, ReferenceRules, Secret, Verifier};
use crate::secure_messaging::ObjectMessaging;
use crate::security_environment::SecurityEnvironment;

const SALT: Tag = Tag(0x86);
const DIGEST: Tag = Tag(0x87);
const TRANSPORT: Tag = Tag(0x88);
const AUTHENTICATION_KEY: Tag = Tag(0x89);

/// Left out where nothing is secured.
const MESSAGING: Tag = Tag(0x8B);

const RSA_KEY: Tag = Tag(0x83);
const TRIPLE_DES_KEY: Tag = Tag(0x86);
const BITS: Tag = Tag(0x87);
const MODULUS: Tag = Tag(0x88);
const PRIVATE_EXPONENT: Tag = Tag(0x89);

pub(super) fn encode_reference_data(datum: &ReferenceData, out: &mut Vec<u8>) {
    encode_messaging(datum.messaging(), out);
    tlv::write(out, Tag(0x80), &[datum.id]);
    tlv::write(out, Tag(0x81), &[datum.rules.change.into()]);
    tlv::write(out, Tag(0x82), &[datum.rules.unblock.into()]);
    tlv::write(out, Tag(0x83), &[datum.rules.tries_max]);
    tlv::write(out, Tag(0x84), &[datum.tries_left()]);
    tlv::write(out, Tag(0x85), &[datum.rules.length_min]);
    match datum.secret() {
        Secret::Unset => {}
        Secret::Value(verifier) => encode_verifier(verifier, out),
        Secret::Transport(verifier) => {
            encode_verifier(verifier, out);
            tlv::write(out, TRANSPORT, &[]);
        }
        Secret::Key(key) => tlv::write(out, AUTHENTICATION_KEY, key.as_bytes()),
    }
}

fn encode_messaging(messaging: ObjectMessaging, out: &mut Vec<u8>) {
    if messaging != ObjectMessaging::NONE {
        tlv::write(out, MESSAGING, &messaging.0);
    }
}

fn decode_messaging(bytes: &[u8]) -> Result<ObjectMessaging, ImageError> {
    match tlv::find(bytes, MESSAGING) {
        Some(_) => array(bytes, MESSAGING).map(ObjectMessaging),
        None => Ok(ObjectMessaging::NONE),
    }
}

fn encode_verifier(verifier: &Verifier, out: &mut Vec<u8>) {
    tlv::write(out, SALT, &verifier.salt);
    tlv::write(out, DIGEST, &verifier.digest);
}

pub(super) fn decode_reference_data(bytes: &[u8]) -> Result<ReferenceData, ImageError> {
    let rules = ReferenceRules {
        change: Condition::from(byte(bytes, Tag(0x81))?),
        unblock: Condition::from(byte(bytes, Tag(0x82))?),
        tries_max: byte(bytes, Tag(0x83))?,
        length_min: byte(bytes, Tag(0x85))?,
    };
    let left = byte(bytes, Tag(0x84))?;
    if left > rules.tries_max {
        return Err(ImageError::Value(Tag(0x84)));
    }
    let datum = ReferenceData::stored(byte(bytes, Tag(0x80))?, rules, left, decode_secret(bytes)?);
    Ok(datum.with_messaging(decode_messaging(bytes)?))
}

fn decode_secret(bytes: &[u8]) -> Result<Secret, ImageError> {
    if let Some(key) = tlv::find(bytes, AUTHENTICATION_KEY) {
        return triple_des_key(key, AUTHENTICATION_KEY).map(Secret::Key);
    }
    if tlv::find(bytes, SALT).is_none() {
        return Ok(Secret::Unset);
    }
    let verifier = Verifier {
        salt: array(bytes, SALT)?,
        digest: array(bytes, DIGEST)?,
    };
    Ok(match tlv::find(bytes, TRANSPORT) {
        Some(_) => Secret::Transport(verifier),
        None => Secret::Value(verifier),
    })
}

pub(super) fn encode_key(key: &Key, triple_des: u8, out: &mut Vec<u8>) -> Result<(), ImageError> {
    encode_messaging(key.messaging, out);
    tlv::write(out, Tag(0x80), &[key.id]);
    tlv::write(out, Tag(0x81), &[key.rules.usage.into()]);
    tlv::write(out, Tag(0x84), &[key.rules.change.into()]);
    tlv::write(out, Tag(0x85), &[key.rules.generate.into()]);
    tlv::write(out, Tag(0x82), &[key.algorithm.to_byte(triple_des)]);
    match &key.material {
        KeyMaterial::Rsa(rsa) => tlv::write(out, RSA_KEY, &rsa.to_der()?),
        KeyMaterial::RsaPart(part) => tlv::write(out, part_tag(part.kind()), part.as_bytes()),
        KeyMaterial::TripleDes(key) => tlv::write(out, TRIPLE_DES_KEY, key.as_bytes()),
        KeyMaterial::Absent { bits } => tlv::write(out, BITS, &bits.to_be_bytes()),
    }
    Ok(())
}

pub(super) fn decode_key(bytes: &[u8], triple_des: u8) -> Result<Key, ImageError> {
    let algorithm = Tag(0x82);
    Ok(Key {
        id: byte(bytes, Tag(0x80))?,
        rules: KeyRules {
            usage: Condition::from(byte(bytes, Tag(0x81))?),
            change: Condition::from(byte(bytes, Tag(0x84))?),
            generate: Condition::from(byte(bytes, Tag(0x85))?),
        },
        algorithm: KeyAlgorithm::from_byte(byte(bytes, algorithm)?, triple_des)
            .ok_or(ImageError::Value(algorithm))?,
        material: decode_material(bytes)?,
        messaging: decode_messaging(bytes)?,
    })
}

fn decode_material(bytes: &[u8]) -> Result<KeyMaterial, ImageError> {
    if let Some(der) = tlv::find(bytes, RSA_KEY) {
        return Ok(KeyMaterial::Rsa(RsaPrivateKey::parse(der)?));
    }
    if let Some(key) = tlv::find(bytes, TRIPLE_DES_KEY) {
        return triple_des_key(key, TRIPLE_DES_KEY).map(KeyMaterial::TripleDes);
    }
    let part = |kind| tlv::find(bytes, part_tag(kind)).map(|number| RsaPart::parse(kind, number));
    match (
        part(RsaPartKind::Modulus),
        part(RsaPartKind::PrivateExponent),
    ) {
        (None, None) => Ok(KeyMaterial::Absent {
            bits: number(bytes, BITS)?,
        }),
        (Some(part), None) | (None, Some(part)) => Ok(KeyMaterial::RsaPart(part?)),
        // Both of them are a key, and would be stored as one.
        (Some(_), Some(_)) => Err(ImageError::Value(PRIVATE_EXPONENT)),
    }
}

const fn part_tag(kind: RsaPartKind) -> Tag {
    match kind {
        RsaPartKind::Modulus => MODULUS,
        RsaPartKind::PrivateExponent => PRIVATE_EXPONENT,
    }
}

fn triple_des_key(bytes: &[u8], tag: Tag) -> Result<TripleDesKey, ImageError> {
    TripleDesKey::new(bytes).ok_or(ImageError::Value(tag))
}

pub(super) fn encode_environment(environment: &SecurityEnvironment, out: &mut Vec<u8>) {
    tlv::write(out, Tag(0x80), &[environment.id]);
    tlv::write(out, Tag(0x81), &environment.components);
}

pub(super) fn decode_environment(bytes: &[u8]) -> Result<SecurityEnvironment, ImageError> {
    Ok(SecurityEnvironment {
        id: byte(bytes, Tag(0x80))?,
        components: array(bytes, Tag(0x81))?,
    })
}
