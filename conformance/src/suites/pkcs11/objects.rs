//! Objects that everybody may see: the certificate and the public key.

use cryptoki::object::{Attribute, AttributeType, ObjectClass};
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::public_key::PublicKey;

use super::{opensc, pkcs11};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::state::State;
use crate::token::{Access, Token, TokenSession};

pub(super) const CASES: &[Case<Token>] = &[
    Case {
        id: "pkcs11.objects.certificate-is-public",
        requirement: "The certificate is found without a login.",
        sources: &[pkcs11("C_FindObjects"), opensc("pkcs11-tool -O")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let mut session = token.open(Access::ReadOnly)?;
            session.first(ObjectClass::CERTIFICATE).map(drop)
        },
    },
    Case {
        id: "pkcs11.objects.certificate-is-the-cards",
        requirement: "CKA_VALUE of the certificate is the DER in EF.C_Carta, without what fills the \
                      file up.",
        sources: &[pkcs11("X.509 public key certificate objects")],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let value = certificate(token)?;
            let on_card = &token.issue()?.certificate_der;
            same(&value, on_card)
        },
    },
    Case {
        id: "pkcs11.objects.certificate-describes-itself",
        requirement: "CKA_SUBJECT, CKA_ISSUER and CKA_SERIAL_NUMBER are those of the certificate, \
                      DER.",
        sources: &[pkcs11("X.509 public key certificate objects")],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let value = certificate(token)?;
            let certificate = parse(&value)?;
            let mut session = token.open(Access::ReadOnly)?;
            let object = session.some(ObjectClass::CERTIFICATE)?;
            let subject = session.bytes_of(object, AttributeType::Subject)?;
            same(&subject, certificate.subject().as_raw())?;
            let issuer = session.bytes_of(object, AttributeType::Issuer)?;
            same(&issuer, certificate.issuer().as_raw())?;
            let serial = session.bytes_of(object, AttributeType::SerialNumber)?;
            let raw = certificate.raw_serial();
            let length = u8::try_from(raw.len()).unwrap_or(u8::MAX);
            same(&serial, &[&[0x02, length], raw].concat())
        },
    },
    Case {
        id: "pkcs11.objects.public-key-is-the-certificates",
        requirement: "Modulus and exponent of the public key are those in the certificate.",
        sources: &[pkcs11("RSA public key objects")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let value = certificate(token)?;
            let certificate = parse(&value)?;
            let Ok(PublicKey::RSA(expected)) = certificate.public_key().parsed() else {
                return Err(Stop::fail("an RSA key in the certificate", "another one"));
            };
            let mut session = token.open(Access::ReadOnly)?;
            let key = session.first(ObjectClass::PUBLIC_KEY)?;
            let modulus = session.bytes_of(key, AttributeType::Modulus)?;
            same(number(&modulus), number(expected.modulus))?;
            let exponent = session.bytes_of(key, AttributeType::PublicExponent)?;
            same(number(&exponent), number(expected.exponent))
        },
    },
    Case {
        id: "pkcs11.objects.share-an-identifier",
        requirement: "Certificate, public key and private key have the same CKA_ID, and are found \
                      by it.",
        sources: &[pkcs11("CKA_ID"), opensc("pkcs11-tool -O --login")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let mut session = token.logged_in()?;
            let certificate = session.some(ObjectClass::CERTIFICATE)?;
            let id = session.bytes_of(certificate, AttributeType::Id)?;
            for class in [
                ObjectClass::CERTIFICATE,
                ObjectClass::PUBLIC_KEY,
                ObjectClass::PRIVATE_KEY,
            ] {
                let template = vec![Attribute::Class(class), Attribute::Id(id.clone())];
                one(&mut session, template, "this class and CKA_ID")?;
            }
            Ok(())
        },
    },
    Case {
        id: "pkcs11.objects.are-found-by-label",
        requirement: "The certificate is found by its CKA_LABEL, and nothing by another.",
        sources: &[pkcs11("C_FindObjectsInit"), pkcs11("CKA_LABEL")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let mut session = token.open(Access::ReadOnly)?;
            let certificate = session.some(ObjectClass::CERTIFICATE)?;
            let label = session.bytes_of(certificate, AttributeType::Label)?;
            let class = Attribute::Class(ObjectClass::CERTIFICATE);
            let template = vec![class.clone(), Attribute::Label(label)];
            one(&mut session, template, "this CKA_LABEL")?;
            let unknown = vec![class, Attribute::Label(b"no such label".to_vec())];
            match session.find(unknown)?.len() {
                0 => Ok(()),
                count => Err(Stop::fail(
                    "nothing with an unknown label",
                    format!("{count}"),
                )),
            }
        },
    },
    Case {
        id: "pkcs11.objects.stay-on-the-token",
        requirement: "The certificate is a token object: it is there in the next session.",
        sources: &[pkcs11("CKA_TOKEN")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let mut session = token.open(Access::ReadOnly)?;
            let object = session.some(ObjectClass::CERTIFICATE)?;
            let stays = session.flag_of(object, AttributeType::Token)?;
            session.close()?.ok()?;
            let mut next = token.open(Access::ReadOnly)?;
            next.some(ObjectClass::CERTIFICATE)?;
            match stays {
                true => Ok(()),
                false => Err(Stop::fail("CKA_TOKEN", "it is false")),
            }
        },
    },
];

/// The value of the token's first certificate.
pub(super) fn certificate(token: &Token) -> Result<Vec<u8>, Stop> {
    let mut session = token.open(Access::ReadOnly)?;
    let object = session.some(ObjectClass::CERTIFICATE)?;
    session.bytes_of(object, AttributeType::Value)
}

/// A certificate that can be read.
pub(super) fn parse(der: &[u8]) -> Result<X509Certificate<'_>, Stop> {
    match X509Certificate::from_der(der) {
        Ok((_, certificate)) => Ok(certificate),
        Err(error) => Err(Stop::fail("a certificate", error.to_string())),
    }
}

/// The bytes of a number without leading zeros.
pub(super) fn number(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

fn one(session: &mut TokenSession, template: Vec<Attribute>, by: &str) -> Verdict {
    match session.find(template)?.len() {
        1 => Ok(()),
        count => Err(Stop::fail(
            format!("one object with {by}"),
            format!("{count}"),
        )),
    }
}

fn same(seen: &[u8], expected: &[u8]) -> Verdict {
    match seen == expected {
        true => Ok(()),
        false => Err(Stop::fail(
            cns_apdu::hex::encode(expected),
            cns_apdu::hex::encode(seen),
        )),
    }
}
