//! The private key: whom it is shown to, and what it tells of itself.

use cryptoki::object::{Attribute, AttributeInfo, AttributeType, ObjectClass};

use super::objects::number;
use super::{opensc, pkcs11};
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::state::State;
use crate::token::{Access, Token};

pub(super) const CASES: &[Case<Token>] = &[
    Case {
        id: "pkcs11.key.hides-before-login",
        requirement: "The private key is not found before a login.",
        sources: &[
            pkcs11("CKA_PRIVATE: only after the user has been authenticated"),
            opensc("pkcs11-tool -O"),
        ],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let mut session = token.open(Access::ReadOnly)?;
            let keys = session.find(vec![Attribute::Class(ObjectClass::PRIVATE_KEY)])?;
            match keys.len() {
                0 => Ok(()),
                count => Err(Stop::fail("no private key", format!("{count}"))),
            }
        },
    },
    Case {
        id: "pkcs11.key.shows-after-login",
        requirement: "After a login there is a private key, marked CKA_PRIVATE and CKA_TOKEN.",
        sources: &[pkcs11("CKA_PRIVATE")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            flags(
                token,
                &[(AttributeType::Private, true), (AttributeType::Token, true)],
            )
        },
    },
    Case {
        id: "pkcs11.key.is-sensitive",
        requirement: "The private key is and always was sensitive.",
        sources: &[pkcs11("CKA_SENSITIVE, CKA_ALWAYS_SENSITIVE")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let always = (AttributeType::AlwaysSensitive, true);
            flags(token, &[(AttributeType::Sensitive, true), always])
        },
    },
    Case {
        id: "pkcs11.key.is-not-extractable",
        requirement: "The private key is not and never was extractable.",
        sources: &[pkcs11("CKA_EXTRACTABLE, CKA_NEVER_EXTRACTABLE")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let never = (AttributeType::NeverExtractable, true);
            flags(token, &[(AttributeType::Extractable, false), never])
        },
    },
    Case {
        id: "pkcs11.key.does-not-tell-its-secret",
        requirement: "Neither the private exponent nor a prime is told, even after a login.",
        sources: &[pkcs11("CKR_ATTRIBUTE_SENSITIVE")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let mut session = token.logged_in()?;
            let key = session.some(ObjectClass::PRIVATE_KEY)?;
            for secret in [
                AttributeType::PrivateExponent,
                AttributeType::Prime1,
                AttributeType::Prime2,
            ] {
                if let AttributeInfo::Available(length @ 1..) =
                    session.availability_of(key, secret)?
                {
                    return Err(Stop::fail(
                        format!("{secret} is refused"),
                        format!("{length} bytes can be had"),
                    ));
                }
            }
            Ok(())
        },
    },
    Case {
        id: "pkcs11.key.signs",
        requirement: "The private key is for signing, and its modulus is the public key's.",
        sources: &[pkcs11("CKA_SIGN"), pkcs11("RSA private key objects")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            flags(token, &[(AttributeType::Sign, true)])?;
            let mut session = token.logged_in()?;
            let private = session.some(ObjectClass::PRIVATE_KEY)?;
            let public = session.some(ObjectClass::PUBLIC_KEY)?;
            let one = session.bytes_of(private, AttributeType::Modulus)?;
            let other = session.bytes_of(public, AttributeType::Modulus)?;
            match number(&one) == number(&other) {
                true => Ok(()),
                false => Err(Stop::fail("one modulus", "two")),
            }
        },
    },
];

fn flags(token: &mut Token, expected: &[(AttributeType, bool)]) -> Verdict {
    let mut session = token.logged_in()?;
    let key = session.some(ObjectClass::PRIVATE_KEY)?;
    for (kind, value) in expected {
        let seen = session.flag_of(key, *kind)?;
        if seen != *value {
            return Err(Stop::fail(
                format!("{kind} is {value}"),
                format!("it is {seen}"),
            ));
        }
    }
    Ok(())
}
