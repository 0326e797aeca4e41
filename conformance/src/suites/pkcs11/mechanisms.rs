//! Mechanisms: what the token says that it can do with an RSA key, and with how long a one.

use cryptoki::mechanism::MechanismType;
use cryptoki::object::{AttributeType, ObjectClass};

use super::{opensc, pkcs11};
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::state::State;
use crate::token::{Access, Ask, MechanismFacts, Token};

pub(super) const CASES: &[Case<Token>] = &[
    Case {
        id: "pkcs11.mechanisms.rsa-pkcs",
        requirement: "The token signs with CKM_RSA_PKCS.",
        sources: &[pkcs11("C_GetMechanismInfo"), opensc("pkcs11-tool -M")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| signs_with(token, Ask::RsaPkcs),
    },
    Case {
        id: "pkcs11.mechanisms.sha256-rsa-pkcs",
        requirement: "The token signs with CKM_SHA256_RSA_PKCS.",
        sources: &[pkcs11("C_GetMechanismInfo"), opensc("pkcs11-tool -M")],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| signs_with(token, Ask::Sha256RsaPkcs),
    },
    Case {
        id: "pkcs11.mechanisms.rsa-pss",
        requirement: "The token signs with CKM_RSA_PKCS_PSS, which TLS 1.3 cannot do without.",
        sources: &[
            pkcs11("C_GetMechanismInfo"),
            opensc("pkcs11-tool -M"),
            crate::evidence::read(crate::evidence::Document::Tls13, "4.2.3"),
        ],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| signs_with(token, Ask::RsaPss),
    },
    Case {
        id: "pkcs11.mechanisms.rsa-raw",
        requirement: "The token does the raw operation of the card as CKM_RSA_X_509.",
        sources: &[pkcs11("C_GetMechanismInfo"), opensc("pkcs11-tool -M")],
        level: Level::May,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| signs_with(token, Ask::RsaRaw),
    },
    Case {
        id: "pkcs11.mechanisms.take-the-size-of-the-key",
        requirement: "The key is no shorter and no longer than its mechanisms say a key is.",
        sources: &[pkcs11("CK_MECHANISM_INFO, ulMinKeySize and ulMaxKeySize")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let mut session = token.open(Access::ReadOnly)?;
            let key = session.some(ObjectClass::PUBLIC_KEY)?;
            let modulus = session.bytes_of(key, AttributeType::Modulus)?;
            let bits = modulus.iter().skip_while(|byte| **byte == 0).count() * 8;
            let info = mechanism(token, MechanismType::RSA_PKCS)?;
            let sizes = info.key_bits;
            match sizes.contains(&bits) {
                true => Ok(()),
                false => Err(Stop::fail(
                    format!("{bits} bits are allowed"),
                    format!("{sizes:?}"),
                )),
            }
        },
    },
];

fn signs_with(token: &mut Token, ask: Ask) -> Verdict {
    match mechanism(token, ask.kind())?.signs {
        true => Ok(()),
        false => Err(Stop::fail("CKF_SIGN", "it is clear")),
    }
}

fn mechanism(token: &Token, kind: MechanismType) -> Result<MechanismFacts, Stop> {
    let info = token.mechanism(kind)?;
    info.ok_or_else(|| Stop::fail(format!("the mechanism {kind}"), "it is not in the list"))
}
