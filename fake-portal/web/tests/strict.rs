//! A strict portal: each refusal by its alert, and what OpenSSL makes of it.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use cns_portal::Refusal;
use cns_portal::alert::ALERTS;
use rcgen::{CertificateParams, CustomExtension, ExtendedKeyUsagePurpose};
use support::papers::{good, issued_by_rcgen};
use support::{Bench, NOW, certifier, succeed, years};

fn refused_by_openssl(bench: &Bench, profile: &str, version: &str) -> (String, Option<String>) {
    let before = bench.journal.entries().len();
    let options = format!("-cert card.pem -key card.key {version} -ign_eof");
    let output = bench.s_client(profile, &options);
    let entry = bench.journal_of(before + 1).pop().unwrap();
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    (talk, entry.handshake.alert_sent)
}

fn expect_alert(bench: &Bench, profile: &str, name: &str) {
    let alert = ALERTS.iter().find(|alert| alert.name == name).unwrap();
    for version in ["-tls1_2", "-tls1_3"] {
        let (talk, sent) = refused_by_openssl(bench, profile, version);
        assert_eq!(sent.as_deref(), Some(name), "{version}: {talk}");
        assert!(talk.contains(alert.openssl), "{version}: {talk}");
        let number = format!("SSL alert number {}", alert.number);
        assert!(talk.contains(&number), "{version}: {talk}");
    }
}

#[test]
fn each_fault_has_its_alert() {
    type Change = fn(&mut CertificateParams);
    let cases: &[(&str, Change)] = &[
        ("certificate_expired", |it| {
            it.not_after = NOW - time::Duration::SECOND
        }),
        ("certificate_expired", |it| {
            it.not_before = NOW + time::Duration::SECOND
        }),
        ("unsupported_certificate", |it| {
            it.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
        }),
        ("unsupported_certificate", |it| it.key_usages = vec![]),
        ("access_denied", |it| it.custom_extensions = vec![]),
        ("bad_certificate", |it| {
            let mut extension =
                CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 32473, 9], vec![5, 0]);
            extension.set_criticality(true);
            it.custom_extensions.push(extension);
        }),
    ];
    let bench = Bench::start();
    for (alert, change) in cases {
        let mut params = good();
        change(&mut params);
        bench.write_certificate(&issued_by_rcgen(&bench, &params));
        expect_alert(&bench, "strict", alert);
    }
    bench.issue(&certifier("Regione Ignota"), years(2024, 2030));
    expect_alert(&bench, "strict", "unknown_ca");
    bench.issue(&certifier("Regione Collaudo"), years(2024, 2030));
    expect_alert(&bench, "strict", "decrypt_error");

    bench.issue(&bench.certifier, years(2024, 2030));
    for version in ["-tls1_2", "-tls1_3"] {
        let options = format!("-cert card.pem -key card.key {version}");
        succeed(bench.s_client("strict", &options));
    }
}

/// The whole portal can be strict; `diagnostic` stays open for those who want to know why.
#[test]
fn a_strict_portal_explains_on_its_diagnostic_name() {
    let bench = Bench::start_with(|config, _| config.refusal = Refusal::Alert);
    bench.issue(&certifier("Regione Ignota"), years(2024, 2030));
    expect_alert(&bench, "unheard-of", "unknown_ca");
    let card = support::CARD;
    let status = format!("{card} --output /dev/null --write-out %{{http_code}}");
    let refused = succeed(bench.curl_at("diagnostic.cns.test", "/", &status));
    assert_eq!(refused, "403");

    // What a strict portal cannot show, its journal keeps.
    let judgement = bench.journal.entries()[0].judgement.clone().unwrap();
    assert_eq!(
        judgement.failed_checks(),
        ["chain.issuer_listed", "chain.trusted"]
    );
}
