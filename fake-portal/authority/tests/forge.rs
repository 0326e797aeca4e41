//! Certificates that are wrong in one way, and what openssl says of each.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::fs;
use std::path::Path;

use cns_authority::der::read::{Reader, only};
use cns_authority::forge::{
    AttributeType, CertificateParts, CertificateVersion, Change, Extension, ExtensionType,
    KeyPurpose, KeyUsageBit, Policy, StringType,
};
use cns_authority::{CertificationAuthority, SerialNumber, SignatureAlgorithm, Validity};
use support::{
    card, certifier, certifier_name, certifier_term, openssl, rsa_certifier, rsa_public_key,
    stdout_of,
};
use time::macros::datetime;

const VERIFY: &str = "verify -CAfile ca.pem -purpose sslclient -policy 1.3.76.16.2.1 \
                      -explicit_policy -x509_strict -auth_level 2 -attime 1767225600 card.der";

/// What somebody made, and what `openssl verify` says of it.
struct Forgery {
    name: &'static str,
    changes: Vec<Change>,
    /// A piece of what openssl prints of the certificate.
    reads: &'static str,
    /// A piece of why openssl refuses it; nothing if it takes it.
    refusal: Option<&'static str>,
}

fn taken(name: &'static str, change: Change, reads: &'static str) -> Forgery {
    Forgery {
        name,
        changes: vec![change],
        reads,
        refusal: None,
    }
}

fn refused(
    name: &'static str,
    change: Change,
    reads: &'static str,
    refusal: &'static str,
) -> Forgery {
    Forgery {
        refusal: Some(refusal),
        ..taken(name, change, reads)
    }
}

fn wrong_form() -> Vec<Forgery> {
    let years = |from, to| Change::Validity(Validity::new(from, to).unwrap());
    let past = years(
        datetime!(2010-01-01 0:00 UTC),
        datetime!(2016-01-01 0:00 UTC),
    );
    let future = years(
        datetime!(2051-01-01 0:00 UTC),
        datetime!(2052-01-01 0:00 UTC),
    );
    let serial = |content: &[u8]| Change::SerialNumber(content.to_vec());
    let version_1 = Change::Version(CertificateVersion::V1);
    vec![
        taken("negative number", serial(&[0x80]), "Serial Number: -128"),
        taken("number of 21 bytes", serial(&[0x11; 21]), "11:11:11"),
        taken("number zero", serial(&[0]), "Serial Number: 0 (0x0)"),
        refused(
            "version 1 with extensions",
            version_1.clone(),
            "Version: 1 (0x0)",
            "Using cert extension requires at least X509v3",
        ),
        Forgery {
            name: "version 1",
            changes: vec![version_1, Change::RemoveExtensions],
            reads: "Version: 1 (0x0)",
            refusal: Some("no explicit policy"),
        },
        refused(
            "expired",
            past,
            "Not After : Jan  1 00:00:00 2016 GMT",
            "certificate has expired",
        ),
        refused(
            "not yet valid",
            future,
            "Not Before: Jan  1 00:00:00 2051 GMT",
            "certificate is not yet valid",
        ),
    ]
}

fn odd_subjects() -> Vec<Forgery> {
    use AttributeType::{CommonName, GivenName, OrganizationalUnitName, Surname};
    let strings = Change::SubjectStrings;
    let text = |text: &str| Change::SubjectText(CommonName, text.to_owned());
    vec![
        taken("short name", text("X"), "commonName=UTF8STRING:X\n"),
        taken("name of 65 letters", text(&"è".repeat(65)), "èèèèè"),
        taken(
            "BMPString",
            strings(StringType::Bmp),
            "givenName=BMPSTRING:NICCOLÒ\n",
        ),
        taken(
            "TeletexString",
            strings(StringType::Teletex),
            "givenName=T61STRING:NICCOLÒ\n",
        ),
        taken(
            "UniversalString",
            strings(StringType::Universal),
            "givenName=UNIVERSALSTRING:NICCOLÒ\n",
        ),
        taken(
            "PrintableString",
            strings(StringType::Printable),
            "surname=PRINTABLESTRING:D'AMICO\n",
        ),
        taken(
            "no administration",
            Change::RemoveFromSubject(OrganizationalUnitName),
            "Certificatore",
        ),
        taken(
            "two common names",
            Change::RepeatInSubject(CommonName),
            "commonName=UTF8STRING:DMCNCL",
        ),
        taken(
            "given name and surname in one",
            Change::JoinInSubject(vec![GivenName, Surname]),
            "surname=UTF8STRING:D'AMICO + givenName=UTF8STRING:NICCOLÒ\n",
        ),
    ]
}

fn odd_extensions() -> Vec<Forgery> {
    use ExtensionType as E;
    use KeyUsageBit::{DigitalSignature, NonRepudiation};
    let unknown = |critical| Change::Extension(Extension::new(E::Unknown, critical, vec![5, 0]));
    let policies =
        |policies: &[Policy]| Change::Extension(Extension::certificate_policies(policies));
    let usage = |bits: &[KeyUsageBit]| Change::Extension(Extension::key_usage(bits));
    let mail = Extension::extended_key_usage(&[KeyPurpose::EmailProtection]);
    let no_policy = "no explicit policy";
    let purpose = "unsuitable certificate purpose";
    vec![
        taken("unknown", unknown(false), "1.3.6.1.4.1.32473.99"),
        refused(
            "critical unknown",
            unknown(true),
            "1.3.6.1.4.1.32473.99: critical",
            "unhandled critical extension",
        ),
        taken(
            "critical policies",
            Change::Criticality(E::CertificatePolicies, true),
            "Certificate Policies: critical",
        ),
        taken(
            "CNS policy second",
            policies(&[Policy::Certifier, Policy::Cns]),
            "Policy: 1.3.6.1.4.1.32473.1.1\n                Policy: 1.3.76.16.2.1\n",
        ),
        taken("any policy", policies(&[Policy::Any]), "X509v3 Any Policy"),
        refused(
            "no policy",
            Change::RemoveExtension(E::CertificatePolicies),
            "Key Usage",
            no_policy,
        ),
        refused(
            "of a CIE",
            policies(&[Policy::Cie]),
            "1.3.76.47.4",
            no_policy,
        ),
        refused(
            "of Lombardy",
            policies(&[Policy::LombardySiss]),
            "1.3.159.6.1.3.2.10",
            no_policy,
        ),
        refused(
            "of Lombardy, later",
            policies(&[Policy::LombardyCrs]),
            "1.3.76.12.1.1.10.2.2.10",
            no_policy,
        ),
        refused(
            "two of one type",
            Change::RepeatExtension(E::KeyUsage),
            "Key Usage",
            "invalid certificate",
        ),
        taken(
            "non-repudiation too",
            usage(&[DigitalSignature, NonRepudiation]),
            "Digital Signature, Non Repudiation\n",
        ),
        refused(
            "no digital signature",
            usage(&[NonRepudiation]),
            "Non Repudiation\n",
            purpose,
        ),
        refused(
            "mail only",
            Change::Extension(mail),
            "E-mail Protection\n",
            purpose,
        ),
        taken(
            "no extended key usage",
            Change::RemoveExtension(E::ExtendedKeyUsage),
            "Key Usage",
        ),
        taken(
            "a certifier's",
            Change::Extension(Extension::basic_constraints(true)),
            "CA:TRUE",
        ),
        refused(
            "of no certifier's key",
            Change::RemoveExtension(E::AuthorityKeyIdentifier),
            "Key Usage",
            "Missing Authority Key Identifier",
        ),
    ]
}

fn wrong_signatures() -> Vec<Forgery> {
    vec![
        refused(
            "damaged",
            Change::DamagedSignature,
            "Signature Value",
            "certificate signature failure",
        ),
        refused(
            "SHA-1",
            Change::SignedWith(SignatureAlgorithm::EcdsaWithSha1),
            "ecdsa-with-SHA1",
            "CA signature digest algorithm too weak",
        ),
        refused(
            "another algorithm inside",
            Change::SaysSignedWith(SignatureAlgorithm::RsaWithSha256),
            "Signature Algorithm: sha256WithRSAEncryption",
            "unable to get local issuer certificate",
        ),
    ]
}

/// What `openssl verify` says: nothing if it takes the certificate.
fn refusal(
    folder: &Path,
    certifier: &CertificationAuthority,
    certificate: &[u8],
) -> Option<String> {
    fs::write(folder.join("ca.pem"), certifier.certificate_pem()).unwrap();
    fs::write(folder.join("card.der"), certificate).unwrap();
    let judged = openssl(folder, VERIFY);
    (!judged.status.success()).then(|| String::from_utf8(judged.stderr).unwrap())
}

/// What `openssl x509` prints of the certificate that was judged last.
fn text(folder: &Path) -> String {
    let names = "sep_multiline,utf8,show_type,lname";
    stdout_of(openssl(
        folder,
        &format!("x509 -in card.der -noout -text -nameopt {names}"),
    ))
}

#[test]
fn openssl_says_of_each_what_is_wrong_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let certifier = certifier();
    let good = card(&certifier, SerialNumber::from(1), folder);
    let parts = CertificateParts::read(&good).unwrap();
    let forgeries = [
        wrong_form(),
        odd_subjects(),
        odd_extensions(),
        wrong_signatures(),
    ];
    let mut wrong = String::new();
    for forgery in forgeries.into_iter().flatten() {
        let forged = certifier.forge(&parts, &forgery.changes).unwrap();
        let refusal = refusal(folder, &certifier, &forged);
        let text = text(folder);
        let as_said = match (&refusal, forgery.refusal) {
            (None, None) => true,
            (Some(said), Some(wanted)) => said.contains(wanted),
            _ => false,
        };
        if !as_said || !text.contains(forgery.reads) {
            wrong.push_str(&format!("{}: {refusal:?}\n{text}\n", forgery.name));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_is_not_changed_stays_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    for certifier in [certifier(), rsa_certifier()] {
        let good = card(&certifier, SerialNumber::from(1), folder.path());
        let parts = CertificateParts::read(&good).unwrap();
        let again = certifier.forge(&parts, &[]).unwrap();
        assert_eq!(CertificateParts::read(&again).unwrap(), parts);
        assert_eq!(refusal(folder.path(), &certifier, &again), None);

        // The certificate but for its signature, which is never the same with ECDSA.
        let content = |der: &[u8]| {
            let content = Reader::new(only(der).unwrap().content).element().unwrap();
            content.der.to_vec()
        };
        assert_eq!(content(&again), content(&good));
    }
}

#[test]
fn a_certifier_of_the_same_name_forges_what_only_the_key_tells_apart() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let namesake = CertificationAuthority::new(&certifier_name(), certifier_term()).unwrap();
    let good = card(&certifier, SerialNumber::from(1), folder.path());
    let parts = CertificateParts::read(&good).unwrap();
    let forged = namesake.forge(&parts, &[]).unwrap();
    let said = refusal(folder.path(), &certifier, &forged).unwrap();
    assert!(said.contains("certificate signature failure"), "{said}");
}

#[test]
fn an_rsa_certifier_signs_as_in_the_old_days() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = rsa_certifier();
    let good = card(&certifier, SerialNumber::from(1), folder.path());
    let parts = CertificateParts::read(&good).unwrap();
    let key_of_another = rsa_public_key(folder.path(), 1024);
    for (algorithm, name) in [
        (SignatureAlgorithm::RsaWithSha1, "sha1WithRSAEncryption"),
        (SignatureAlgorithm::RsaWithMd5, "md5WithRSAEncryption"),
    ] {
        let changes = [
            Change::SignedWith(algorithm),
            Change::PublicKey(key_of_another.clone()),
        ];
        let forged = certifier.forge(&parts, &changes).unwrap();
        let said = refusal(folder.path(), &certifier, &forged).unwrap();
        assert!(said.contains("EE certificate key too weak"), "{said}");
        let text = text(folder.path());
        assert!(
            text.contains(&format!("Signature Algorithm: {name}\n")),
            "{text}"
        );
        assert!(text.contains("Public-Key: (1024 bit)"), "{text}");
        // The signature is a true one: a judge from before SHA-1 was broken takes it.
        let judged = openssl(
            folder.path(),
            "verify -CAfile ca.pem -auth_level 0 -attime 1767225600 card.der",
        );
        assert!(judged.status.success(), "{judged:?}");
    }
}

/// A good certificate with one byte changed comes further into the reader than any bytes do.
#[test]
fn any_damaged_certificate_is_answered() {
    let good = certifier().certificate_der().to_vec();
    for place in 0..good.len() {
        for byte in [0x00, 0x7F, 0x80, 0xFF] {
            let mut damaged = good.clone();
            damaged[place] = byte;
            let _ = CertificateParts::read(&damaged);
        }
        let _ = CertificateParts::read(&good[..place]);
    }
}

#[test]
fn what_cannot_be_forged_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let good = card(&certifier, SerialNumber::from(1), folder.path());
    let parts = CertificateParts::read(&good).unwrap();
    let rsa = Change::SignedWith(SignatureAlgorithm::RsaWithSha1);
    assert_eq!(
        certifier.forge(&parts, &[rsa]).unwrap_err().to_string(),
        "the certifier's key does not sign with sha1WithRSAEncryption"
    );
    let trailing = certifier.forge(&parts, &[Change::TrailingByte]).unwrap();
    assert_eq!(
        CertificateParts::read(&trailing).unwrap_err().to_string(),
        "what is to be changed cannot be read: bytes follow the last element"
    );
}
