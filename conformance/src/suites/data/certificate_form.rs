//! The certificate as a file and as DER: EF.C_Carta, 3F00/1100/1101, or where the profile has it.
//!
//! ```text
//! 30 82 hh ll | certificate | 00 ... up to the size of the file
//! ```

use cns_fixtures::KeyPurpose;
use ring::signature::{ECDSA_P256_SHA256_ASN1, UnparsedPublicKey};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::PublicKey;
use x509_parser::x509::X509Version;

use super::reading::{certificate, looks, must};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, Grade, Source, read, source};
use crate::state::State;
use crate::test_card::TestCard;

const KEY: &[Needs] = &[Needs::Key(KeyPurpose::Authentication)];
const OPENSC: Source = source(Document::OpenSc, "itacns_add_cert", Grade::Verified);
const FILE: Source = source(Document::CnsFileSystem, "EF.C_Carta", Grade::Verified);
const GUESS: Source = source(Document::CnsFileSystem, "EF.C_Carta", Grade::Inferred);

pub(super) const CASES: &[Case<TestCard>] = &[
    looks(
        "data.certificate.der",
        "The certificate is plain DER, from where its file begins.",
        &[FILE, OPENSC],
        Level::Must,
        KEY,
        |card| certificate(card, KeyPurpose::Authentication, |_, _| Ok(())),
    ),
    looks(
        "data.certificate.padding",
        "One byte, repeated, follows the certificate up to the size of \
        the file.",
        &[GUESS],
        Level::Should,
        KEY,
        |card| {
            certificate(card, KeyPurpose::Authentication, |_, rest| {
                let is_same = rest.iter().all(|byte| rest.first() == Some(byte));
                must(is_same, "padding", "something else")
            })
        },
    ),
    looks(
        "data.certificate.version",
        "The certificate is of X.509 version 3.",
        &[read(Document::X509, "4.1.2.1")],
        Level::Must,
        KEY,
        |card| {
            certificate(card, KeyPurpose::Authentication, |certificate, _| {
                must(
                    certificate.version() == X509Version::V3,
                    "version 3",
                    "another one",
                )
            })
        },
    ),
    looks(
        "data.certificate.serial-number",
        "The serial number is positive and has at most 20 bytes.",
        &[read(Document::X509, "4.1.2.2")],
        Level::Must,
        KEY,
        |card| {
            certificate(card, KeyPurpose::Authentication, |certificate, _| {
                let serial = certificate.raw_serial();
                let is_positive = serial.first().is_some_and(|byte| *byte < 0x80)
                    && serial.iter().any(|byte| *byte != 0x00);
                must(
                    is_positive && serial.len() <= 20,
                    "a positive number",
                    "something else",
                )
            })
        },
    ),
    looks(
        "data.certificate.algorithm",
        "The certifier signs with SHA-256 or better; cards from before \
        2017 may have SHA-1.",
        &[source(
            Document::CnsCertificate,
            "signatureAlgorithm",
            Grade::Remembered,
        )],
        Level::Should,
        KEY,
        |card| {
            const GOOD: [&str; 7] = [
                "1.2.840.113549.1.1.10",
                "1.2.840.113549.1.1.11",
                "1.2.840.113549.1.1.12",
                "1.2.840.113549.1.1.13",
                "1.2.840.10045.4.3.2",
                "1.2.840.10045.4.3.3",
                "1.2.840.10045.4.3.4",
            ];
            certificate(card, KeyPurpose::Authentication, |certificate, _| {
                let oid = certificate.signature_algorithm.algorithm.to_id_string();
                if certificate.validity().not_before.to_datetime().year() < 2017 {
                    return Err(Stop::skip("the certificate is older"));
                }
                must(GOOD.contains(&oid.as_str()), "SHA-256 or better", &oid)
            })
        },
    ),
    looks(
        "data.certificate.key-size",
        "The key in the certificate is as long as cards of this make \
        have it.",
        &[OPENSC],
        Level::Must,
        KEY,
        |card| {
            let size = card.key(KeyPurpose::Authentication)?.size.bits();
            certificate(card, KeyPurpose::Authentication, |certificate, _| {
                let bits = match certificate.public_key().parsed() {
                    Ok(PublicKey::RSA(key)) => key.key_size(),
                    _ => 0,
                };
                must(
                    bits == usize::from(size),
                    &format!("RSA, {size} bits"),
                    &format!("{bits} bits"),
                )
            })
        },
    ),
    looks(
        "data.certificate.exponent",
        "The public exponent is odd, and greater than 1.",
        &[read(Document::Pkcs1, "3.1")],
        Level::Must,
        KEY,
        |card| {
            let exponent = card.certified_key(KeyPurpose::Authentication)?.exponent();
            let is_odd = exponent.last().is_some_and(|byte| byte % 2 == 1) && exponent != [1];
            must(is_odd, "an odd exponent", "another one")
        },
    ),
    Case {
        id: "data.certificate.private-key",
        requirement: "The private key on the card belongs to the certificate.",
        sources: &[OPENSC],
        level: Level::Must,
        needs: KEY,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |card| {
            let key = card.certified_key(KeyPurpose::Authentication)?;
            card.verify_pin()?;
            let id = card.key(KeyPurpose::Authentication)?.id;
            card.prepare_with("00 22 F3 03 00")?;
            card.prepare_with(&format!("00 22 F1 B8 (83 01 {id:02X})"))?;
            let mut block = card.random(key.length());
            if let Some(first) = block.first_mut() {
                *first = 0x00;
            }
            let answer = card.decipher(&block)?.is_ok()?;
            let belongs = key.raw(&answer.data) == block;
            answer.must(belongs, "what the certificate's key turns back")?;
            Ok(())
        },
    },
    looks(
        "data.certificate.signed-by-its-certifier",
        "The certifier has signed the certificate.",
        &[read(Document::X509, "4.1.1.3")],
        Level::Must,
        &[Needs::Key(KeyPurpose::Authentication), Needs::OwnCard],
        |card| {
            let authority = card.issue()?.authority_der.clone();
            let (_, authority) = X509Certificate::from_der(&authority).map_err(Stop::broken)?;
            let key = &authority.public_key().subject_public_key.data;
            certificate(card, KeyPurpose::Authentication, |certificate, _| {
                let signed = certificate.tbs_certificate.as_ref();
                let is_signed = UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key)
                    .verify(signed, &certificate.signature_value.data)
                    .is_ok();
                must(is_signed, "the certifier's signature", "another one")
            })
        },
    ),
];
