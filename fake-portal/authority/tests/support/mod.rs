//! What the tests of certifiers share: a certifier, a citizen, and programs that judge.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses its part, and ends where it meets the unexpected"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use cns_authority::{
    CertificationAuthority, CertifierKey, CertifierName, CertifierTerm, CnsCommonName, CnsSubject,
    Registry, SerialNumber, TrustedListSigner, Validity, personal_data_hash,
};
use time::OffsetDateTime;
use time::macros::datetime;

/// When the tests are: 1767225600 in the seconds that `openssl -attime` takes.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

/// Runs `openssl` (Debian package `openssl`) in `folder`.
pub(crate) fn openssl(folder: &Path, arguments: &str) -> Output {
    Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("the program `openssl` runs: it is in the Debian package openssl")
}

pub(crate) fn stdout_of(output: Output) -> String {
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl failed: {talk}");
    String::from_utf8(output.stdout).unwrap()
}

/// For what openssl prints: keys, key identifiers and signatures, which are not the same in two runs,
/// are left out of snapshots.
pub(crate) fn settings() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"(?m)^ +(?:[0-9A-Fa-f]{2}:)+(?:[0-9A-Fa-f]{2})?\n?", "");
    settings
}

/// The public half of a new RSA key.
pub(crate) fn rsa_public_key(folder: &Path, bits: u16) -> Vec<u8> {
    stdout_of(openssl(
        folder,
        &format!("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:{bits} -out card.key"),
    ));
    stdout_of(openssl(
        folder,
        "pkey -in card.key -pubout -outform DER -out card.spki",
    ));
    fs::read(folder.join("card.spki")).unwrap()
}

/// The name and the term of [`certifier`].
pub(crate) fn certifier_name() -> CertifierName {
    CertifierName::regional("Regione Collaudo")
}

pub(crate) fn certifier_term() -> CertifierTerm {
    CertifierTerm::of_run(datetime!(2020-01-01 0:00 UTC), NOW).unwrap()
}

/// A certifier with a P-256 key.
pub(crate) fn certifier() -> CertificationAuthority {
    CertificationAuthority::new(&certifier_name(), certifier_term()).unwrap()
}

/// Two RSA keys, which are public.
pub(crate) fn rsa_keys() -> [CertifierKey; 2] {
    [
        include_str!("../../../../fixtures/data/keys/certifier-1.pem"),
        include_str!("../../../../fixtures/data/keys/certifier-2.pem"),
    ]
    .map(|pem| CertifierKey::from_pem(pem).unwrap())
}

/// Who publishes the trusted list.
pub(crate) fn publisher() -> TrustedListSigner {
    let key = include_str!("../../../../fixtures/data/keys/publisher.pem");
    TrustedListSigner::new(CertifierKey::from_pem(key).unwrap(), certifier_term()).unwrap()
}

/// All certifiers, as of [`NOW`].
pub(crate) fn registry() -> Registry {
    Registry::new(NOW, rsa_keys()).unwrap()
}

/// A certifier with an RSA key.
pub(crate) fn rsa_certifier() -> CertificationAuthority {
    let [key, _] = rsa_keys();
    CertificationAuthority::with_key(&certifier_name(), key, certifier_term()).unwrap()
}

pub(crate) fn subject() -> CnsSubject {
    CnsSubject {
        common_name: CnsCommonName {
            codice_fiscale: "DMCNCL80A01F205S".parse().unwrap(),
            card_number: "6030000000001009".parse().unwrap(),
            personal_data_hash: personal_data_hash(b"synthetic"),
        },
        surname: "D'Amico".to_owned(),
        given_name: "Niccolò".to_owned(),
        issuing_administration: "REGIONE COLLAUDO".to_owned(),
    }
}

pub(crate) fn validity() -> Validity {
    Validity::new(
        datetime!(2024-01-08 0:00 UTC),
        datetime!(2030-01-07 23:00 UTC),
    )
    .unwrap()
}

/// A card's certificate of this number.
pub(crate) fn card(
    certifier: &CertificationAuthority,
    serial: SerialNumber,
    folder: &Path,
) -> Vec<u8> {
    let spki = rsa_public_key(folder, 2048);
    certifier
        .issue_cns(&subject(), &spki, validity(), serial)
        .unwrap()
}
