//! What the portal says that others would say, beside what they say.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::process::Output;
use std::sync::Arc;

use cns_portal::{SystemClock, VirtualClock};
use rcgen::{CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, KeyUsagePurpose};
use support::papers::{
    CIE, CNS, EXTENSIONS, good, issue_by_openssl, issued_by_rcgen, policies, policy,
};
use support::{Bench, NOW, certifier, maria_rossi, openssl, rsa_key, succeed, years};
use time::OffsetDateTime;

/// What the portal says that `who` would say of `card.pem`, and whether that accepts it.
fn opinion(bench: &Bench, who: &str) -> (Option<bool>, String) {
    let before = bench.journal.entries().len();
    // A short key can prove itself on `diagnostic` alone.
    let options = "-cert card.pem -key card.key -tls1_2 -cipher DEFAULT@SECLEVEL=0";
    bench.s_client("diagnostic", options);
    let entry = bench.journal_of(before + 1).pop().unwrap();
    let judgement = entry.judgement.unwrap();
    let opinion = judgement.opinions.iter().find(|it| it.who == who).unwrap();
    (opinion.accepts, opinion.says.clone())
}

fn openssl_verify(bench: &Bench, at: OffsetDateTime) -> Output {
    let at = at.unix_timestamp();
    openssl(
        bench.folder.path(),
        &format!("verify -CAfile ca.pem -purpose sslclient -auth_level 2 -attime {at} card.pem"),
    )
}

/// The portal's word for OpenSSL's, and OpenSSL's own.
fn same_as_openssl(bench: &Bench, at: OffsetDateTime, what: &str) {
    let output = openssl_verify(bench, at);
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    let (accepts, says) = opinion(bench, "openssl");
    assert_eq!(
        accepts,
        Some(output.status.success()),
        "{what}: {says}\n{talk}"
    );
    if !output.status.success() {
        // "error 26 at 0 depth lookup: unsuitable certificate purpose"
        let line = talk
            .lines()
            .find(|line| line.starts_with("error "))
            .unwrap();
        let (number, words) = line.split_once(" at ").unwrap();
        let (_, words) = words.split_once(": ").unwrap();
        assert_eq!(says, format!("{number}: {words}"), "{what}");
    }
}

#[test]
fn openssl_says_what_we_say_that_it_says() {
    type Change = fn(&mut CertificateParams);
    let cases: &[(&str, Change)] = &[
        ("good", |_| {}),
        ("expired", |it| it.not_after = NOW - time::Duration::SECOND),
        ("not yet valid", |it| {
            it.not_before = NOW + time::Duration::SECOND
        }),
        ("no key usage", |it| it.key_usages = vec![]),
        ("for documents", |it| {
            it.key_usages = vec![KeyUsagePurpose::ContentCommitment]
        }),
        ("for both", |it| {
            it.key_usages.push(KeyUsagePurpose::ContentCommitment)
        }),
        ("key agreement", |it| {
            it.key_usages = vec![KeyUsagePurpose::KeyAgreement]
        }),
        ("no extended key usage", |it| {
            it.extended_key_usages = vec![]
        }),
        ("for e-mail", |it| {
            it.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection]
        }),
        ("for anything", |it| {
            it.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any]
        }),
        ("no policy", |it| it.custom_extensions = vec![]),
        ("unknown critical extension", |it| {
            let mut extension =
                CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 32473, 9], vec![5, 0]);
            extension.set_criticality(true);
            it.custom_extensions.push(extension);
        }),
        ("expired and for e-mail", |it| {
            it.not_after = NOW - time::Duration::SECOND;
            it.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
        }),
    ];
    let bench = Bench::start();
    for (what, change) in cases {
        let mut params = good();
        change(&mut params);
        bench.write_certificate(&issued_by_rcgen(&bench, &params));
        same_as_openssl(&bench, NOW, what);
    }
    bench.issue(&certifier("Regione Ignota"), years(2024, 2030));
    same_as_openssl(&bench, NOW, "unknown certifier");
    bench.issue(&certifier("Regione Collaudo"), years(2024, 2030));
    same_as_openssl(&bench, NOW, "namesake");

    let spki = rsa_key(bench.folder.path(), "card", 1_024);
    let der = bench
        .certifier
        .issue_cns(&maria_rossi(), &spki, years(2024, 2030), 0x1024.into())
        .unwrap();
    bench.write_certificate(&der);
    same_as_openssl(&bench, NOW, "short key");
}

/// Certificates that only OpenSSL writes; the clock is the machine's here.
#[test]
fn openssl_says_the_same_of_odd_certificates() {
    let bench =
        Bench::start_with(|config, _| config.clock = VirtualClock::over(Arc::new(SystemClock)));
    for (what, extensions, options) in [
        ("version 1", "", ""),
        ("SHA-1", EXTENSIONS, "-sha1"),
        ("a negative serial number", EXTENSIONS, "-set_serial -5"),
        ("a certifier's", "basicConstraints = CA:true\n", ""),
        ("damaged policies", "2.5.29.32 = DER:0500\n", ""),
    ] {
        issue_by_openssl(&bench, extensions, options);
        same_as_openssl(&bench, OffsetDateTime::now_utc(), what);
    }
}

/// The form of RFC 2253 is OpenSSL's own, of which nginx and Apache take theirs.
#[test]
fn a_proxy_tells_of_the_subject_what_openssl_does() {
    let bench = Bench::start();
    let mut params = good();
    let name = &mut params.distinguished_name;
    name.push(DnType::CountryName, "IT");
    name.push(
        DnType::OrganizationalUnitName,
        "REGIONE \"COLLAUDO\", <A> #1;",
    );
    name.push(DnType::CustomDnType(vec![2, 5, 4, 4]), "D'AMICO");
    name.push(DnType::CustomDnType(vec![2, 5, 4, 42]), "NICCOLÒ");
    name.push(
        DnType::CommonName,
        "RSSMRA85C55F205Y/6030000000001009.i1ZpZfaCX/eKyikBfnF8to+M2T8=",
    );
    bench.write_certificate(&issued_by_rcgen(&bench, &params));
    let subject = succeed(openssl(
        bench.folder.path(),
        "x509 -in card.pem -noout -subject -nameopt RFC2253",
    ));
    let (accepts, says) = opinion(&bench, "proxy");
    assert_eq!(accepts, None);
    assert_eq!(format!("subject={says}\n"), subject);
    assert!(says.contains("to\\+M2T8="), "{says}");
}

/// The template's regular expression, over what `openssl x509 -text` writes.
#[test]
fn the_template_matches_policies_as_its_expression_does() {
    let lombardia: &[u8] = &[0x2B, 0x81, 0x1F, 0x06, 0x01, 0x03, 0x02, 0x0A];
    let longer: &[u8] = &[0x2B, 0x4C, 0x10, 0x02, 0x0A];
    let bench = Bench::start();
    for policies in [
        policy(&CNS),
        policy(&CIE),
        policy(lombardia),
        policy(longer),
        policies(&[&CIE, &CNS]),
    ] {
        let mut params = good();
        params.custom_extensions = vec![policies];
        bench.write_certificate(&issued_by_rcgen(&bench, &params));
        let text = succeed(openssl(
            bench.folder.path(),
            "x509 -in card.pem -noout -text",
        ));
        let line = |line: &str| {
            let ending: Vec<char> = line.chars().rev().collect();
            let wanted: Vec<char> = "Policy: 1.3.76.16.2.1".chars().rev().collect();
            wanted.len() <= ending.len()
                && wanted
                    .iter()
                    .zip(&ending)
                    .all(|(wanted, seen)| *wanted == '.' || wanted == seen)
        };
        let matches = text.lines().any(line);
        let (accepts, says) = opinion(&bench, "apache-template");
        assert_eq!(accepts, Some(matches), "{says}");
    }
}
