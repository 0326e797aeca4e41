//! C_Sign and C_Decrypt: what the key does, judged by ring with the key in the certificate.

mod judge;

use cryptoki::error::RvError;
use cryptoki::object::ObjectClass;

use super::{objects, opensc, pkcs11};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, read};
use crate::state::State;
use crate::token::{Access, Ask, Token};
use cns_fixtures::KeySize;
use judge::{Padding, digest_info, encrypt, judge, padded};

const MESSAGE: &[u8] = b"Documento di collaudo, senza valore.";
const PARTS: &[&[u8]] = &[b"Documento di collaudo,", b" ", b"senza valore."];

pub(super) const CASES: &[Case<Token>] = &[
    Case {
        id: "pkcs11.sign.rsa-pkcs",
        requirement: "CKM_RSA_PKCS over a DigestInfo is a PKCS #1 v1.5 signature of the message.",
        sources: &[pkcs11("PKCS #1 v1.5 RSA"), read(Document::Pkcs1, "8.2")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let signature = sign(token, Ask::RsaPkcs, &digest_info(MESSAGE))?;
            judge(token, Padding::Pkcs1, MESSAGE, &signature)
        },
    },
    Case {
        id: "pkcs11.sign.sha256-rsa-pkcs",
        requirement: "CKM_SHA256_RSA_PKCS over the message is its PKCS #1 v1.5 signature.",
        sources: &[
            pkcs11("PKCS #1 v1.5 RSA signature with SHA-256"),
            read(Document::Pkcs1, "8.2"),
        ],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let signature = sign(token, Ask::Sha256RsaPkcs, MESSAGE)?;
            judge(token, Padding::Pkcs1, MESSAGE, &signature)
        },
    },
    Case {
        id: "pkcs11.sign.in-parts",
        requirement: "The same message in three parts has the same signature.",
        sources: &[pkcs11("C_SignUpdate, C_SignFinal")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let mut session = token.logged_in()?;
            let key = session.some(ObjectClass::PRIVATE_KEY)?;
            let signature = session
                .sign_in_parts(Ask::Sha256RsaPkcs, key, PARTS)?
                .ok()?;
            judge(token, Padding::Pkcs1, MESSAGE, &signature)
        },
    },
    Case {
        id: "pkcs11.sign.rsa-pss",
        requirement: "CKM_RSA_PKCS_PSS over the hash is an RSASSA-PSS signature of the message.",
        sources: &[pkcs11("PKCS #1 RSA PSS"), read(Document::Pkcs1, "8.1")],
        level: Level::Must,
        // ring judges RSA-PSS from 2048 bits on.
        needs: &[Needs::KeySize(KeySize::Rsa2048)],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let hash = ring::digest::digest(&ring::digest::SHA256, MESSAGE);
            let signature = sign(token, Ask::RsaPss, hash.as_ref())?;
            judge(token, Padding::Pss, MESSAGE, &signature)
        },
    },
    Case {
        id: "pkcs11.sign.rsa-raw",
        requirement: "CKM_RSA_X_509 does the raw operation: a block that the caller has padded is \
                      signed as it is.",
        sources: &[pkcs11("X.509 (raw) RSA")],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let block = padded(token, &digest_info(MESSAGE))?;
            let signature = sign(token, Ask::RsaRaw, &block)?;
            judge(token, Padding::Pkcs1, MESSAGE, &signature)
        },
    },
    Case {
        id: "pkcs11.sign.again-and-again",
        requirement: "One login is enough for several signatures.",
        sources: &[
            pkcs11("C_Sign"),
            opensc("the key asks for no login of its own"),
        ],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let mut session = token.logged_in()?;
            let key = session.some(ObjectClass::PRIVATE_KEY)?;
            for part in PARTS {
                let signature = session.sign(Ask::Sha256RsaPkcs, key, part)?.ok()?;
                judge(token, Padding::Pkcs1, part, &signature)?;
            }
            Ok(())
        },
    },
    Case {
        id: "pkcs11.sign.too-much",
        requirement: "CKM_RSA_PKCS over more than the modulus' length less eleven bytes is refused \
                      with CKR_DATA_LEN_RANGE.",
        sources: &[
            pkcs11("PKCS #1 v1.5 RSA, table of lengths"),
            read(Document::Pkcs1, "9.2"),
        ],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let length = padded(token, &[])?.len();
            let mut session = token.logged_in()?;
            let key = session.some(ObjectClass::PRIVATE_KEY)?;
            let refused = session.sign(Ask::RsaPkcs, key, &vec![0x55; length - 10])?;
            refused.refused_with(&[RvError::DataLenRange])
        },
    },
    Case {
        id: "pkcs11.sign.after-logout",
        requirement: "With the handle of the private key, nothing is signed after C_Logout.",
        sources: &[pkcs11(
            "C_Logout: handles of private objects become invalid",
        )],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let mut session = token.logged_in()?;
            let key = session.some(ObjectClass::PRIVATE_KEY)?;
            session.sign(Ask::Sha256RsaPkcs, key, MESSAGE)?.ok()?;
            session.log_out()?.ok()?;
            session.sign(Ask::Sha256RsaPkcs, key, MESSAGE)?.refused()
        },
    },
    Case {
        id: "pkcs11.sign.in-another-session",
        requirement: "The handle of a key is good in every session of the application.",
        sources: &[pkcs11("token objects are visible in all sessions")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let mut session = token.logged_in()?;
            let key = session.some(ObjectClass::PRIVATE_KEY)?;
            let mut other = token.open(Access::ReadWrite)?;
            let signature = other.sign(Ask::Sha256RsaPkcs, key, MESSAGE)?.ok()?;
            judge(token, Padding::Pkcs1, MESSAGE, &signature)
        },
    },
    Case {
        id: "pkcs11.sign.decrypts",
        requirement: "CKM_RSA_PKCS decrypts what was encrypted with the public key.",
        sources: &[
            read(Document::Pkcs1, "7.2"),
            opensc("pkcs11-tool --decrypt"),
        ],
        level: Level::May,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let cryptogram = encrypt(token, MESSAGE)?;
            let mut session = token.logged_in()?;
            let key = session.some(ObjectClass::PRIVATE_KEY)?;
            let plain = session.decrypt(key, &cryptogram)?.ok()?;
            match plain == MESSAGE {
                true => Ok(()),
                false => Err(Stop::fail(
                    cns_apdu::hex::encode(MESSAGE),
                    cns_apdu::hex::encode(&plain),
                )),
            }
        },
    },
    Case {
        id: "pkcs11.sign.certificate-is-of-this-key",
        requirement: "The key that signs is the key of the certificate with the same CKA_ID.",
        sources: &[pkcs11("CKA_ID")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            use cryptoki::object::{Attribute, AttributeType};
            let mut session = token.logged_in()?;
            let key = session.some(ObjectClass::PRIVATE_KEY)?;
            let id = session.bytes_of(key, AttributeType::Id)?;
            let class = Attribute::Class(ObjectClass::CERTIFICATE);
            let certificates = session.find(vec![class, Attribute::Id(id)])?;
            let Some(certificate) = certificates.first().copied() else {
                return Err(Stop::fail("a certificate with the key's CKA_ID", "none"));
            };
            let der = session.bytes_of(certificate, AttributeType::Value)?;
            objects::parse(&der)?;
            let signature = session.sign(Ask::Sha256RsaPkcs, key, MESSAGE)?.ok()?;
            judge::judge_with(&der, Padding::Pkcs1, MESSAGE, &signature)
        },
    },
];

/// Logs in and signs with the first private key.
fn sign(token: &mut Token, ask: Ask, data: &[u8]) -> Result<Vec<u8>, Stop> {
    let mut session = token.logged_in()?;
    let key = session.some(ObjectClass::PRIVATE_KEY)?;
    session.sign(ask, key, data)?.ok()
}
