//! Logins by real clients: curl and `openssl s_client`, with keys in files.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyUsagePurpose};
use support::papers::{NAME, good, issued_by_rcgen, plain_certificate, policy};
use support::{Bench, CARD, certifier, openssl, succeed, volatile_values_hidden, years};

#[test]
fn a_card_logs_in_over_tls_1_3() {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    let (status, body) = bench.login("--tlsv1.3");
    assert_eq!(status, 200);
    volatile_values_hidden().bind(|| insta::assert_snapshot!("logged_in_json", body));

    let (status, html) = bench.visit("/", CARD);
    assert_eq!(status, 200);
    volatile_values_hidden().bind(|| insta::assert_snapshot!("logged_in_html", html));

    let entries = bench.journal_of(2);
    assert_eq!(
        entries
            .iter()
            .map(|entry| entry.outcome)
            .collect::<Vec<_>>(),
        ["logged_in"; 2]
    );
    let citizen = entries[0].report.as_ref().unwrap().citizen.clone().unwrap();
    assert_eq!(citizen.codice_fiscale, "RSSMRA85C55F205Y");
}

#[test]
fn a_card_logs_in_over_tls_1_2() {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    let (status, _) = bench.login("--tls-max 1.2");
    assert_eq!(status, 200);
    let tls = bench.journal_of(1)[0].report.as_ref().unwrap().tls.clone();
    assert_eq!(tls.version, "TLSv1.2");
    assert_eq!(tls.cipher_suite, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    assert_eq!(tls.server_name.as_deref(), Some("cns.test"));
}

/// Older middleware signs with PKCS#1 v1.5 only, which TLS 1.2 alone allows.
#[test]
fn openssl_logs_in_with_pkcs1_signatures() {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    let visit = format!(
        "s_client -connect 127.0.0.1:{} -CAfile ca.pem -verify_return_error -cert card.pem \
         -key card.key -tls1_2 -client_sigalgs RSA+SHA256",
        bench.port
    );
    succeed(openssl(bench.folder.path(), &visit));
    let entry = bench.journal_of(1).remove(0);
    let tls = &entry.report.as_ref().unwrap().tls;
    assert_eq!(
        (entry.outcome, tls.version.as_str()),
        ("logged_in", "TLSv1.2")
    );
    assert_eq!(tls.signature_scheme.as_deref(), Some("rsa_pkcs1_sha256"));
    assert_eq!(tls.server_name, None);
}

#[test]
fn no_certificate_gets_advice() {
    let bench = Bench::start();
    let (status, body) = bench.visit("/api/login", "--tlsv1.3");
    assert_eq!(status, 401);
    volatile_values_hidden().bind(|| insta::assert_snapshot!("no_certificate_json", body));
    let (status, html) = bench.visit("/", "--tls-max 1.2");
    assert_eq!(status, 401);
    volatile_values_hidden().bind(|| insta::assert_snapshot!("no_certificate_html", html));
}

#[test]
fn an_unknown_certifier_is_refused() {
    let bench = Bench::start();
    bench.issue(&certifier("Regione Ignota"), years(2024, 2030));
    let (status, body) = bench.login("");
    assert_eq!(status, 403);
    assert_eq!(
        failed_checks(&bench, 1),
        ["chain.issuer_listed", "chain.trusted"]
    );
    assert!(
        body.contains("Regione Ignota - CA Cittadini COLLAUDO"),
        "{body}"
    );
}

/// A name is not an identity: the certificate must bear the certifier's signature.
#[test]
fn a_certifier_of_the_same_name_is_refused() {
    let bench = Bench::start();
    bench.issue(&certifier("Regione Collaudo"), years(2024, 2030));
    assert_eq!(bench.login("").0, 403);
    assert_eq!(
        failed_checks(&bench, 1),
        ["chain.signature", "chain.trusted"]
    );
}

#[test]
fn time_is_told_apart_from_trust() {
    let bench = Bench::start();
    for (count, validity, expected) in [
        (1, years(2020, 2025), vec!["cert.time"]),
        (2, years(2027, 2030), vec!["cert.time"]),
    ] {
        bench.issue(&bench.certifier, validity);
        assert_eq!(bench.login("").0, 403);
        assert_eq!(failed_checks(&bench, count), expected);
    }
    bench.issue(&certifier("Regione Ignota"), years(2020, 2025));
    assert_eq!(bench.login("").0, 403);
    assert_eq!(
        failed_checks(&bench, 3),
        ["cert.time", "chain.issuer_listed", "chain.trusted"]
    );
}

#[test]
fn every_fault_of_a_certificate_is_listed() {
    let bench = Bench::start();
    let mut params = plain_certificate("RSSMRA85C55F205X/6030000000001009.");
    params.key_usages = vec![KeyUsagePurpose::ContentCommitment];
    bench.write_certificate(&issued_by_rcgen(&bench, &params));
    let (status, body) = bench.login("");
    assert_eq!(status, 403);
    volatile_values_hidden().bind(|| insta::assert_snapshot!("refused_json", body));
    let (status, html) = bench.visit("/", CARD);
    assert_eq!(status, 403);
    volatile_values_hidden().bind(|| insta::assert_snapshot!("refused_html", html));
}

#[test]
fn each_rule_of_the_profile_is_checked() {
    let mut cases = vec![(good(), vec![])];
    let mut case = |change: &dyn Fn(&mut CertificateParams), expected: &[&'static str]| {
        let mut params = good();
        change(&mut params);
        cases.push((params, expected.to_vec()));
    };
    case(
        &|params| params.key_usages = vec![],
        &["ku.digital_signature"],
    );
    case(
        &|params| params.key_usages.push(KeyUsagePurpose::ContentCommitment),
        &["ku.no_nonrepudiation"],
    );
    case(
        &|params| params.extended_key_usages = vec![],
        &["eku.client_auth"],
    );
    case(
        &|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection],
        &["eku.client_auth"],
    );
    case(
        &|params| params.custom_extensions = vec![],
        &["policy.cns_oid"],
    );
    // The policy of the electronic identity card, 1.3.76.47.4.
    case(
        &|params| params.custom_extensions = vec![policy(&[0x2B, 0x4C, 0x2F, 0x04])],
        &["policy.cns_oid"],
    );
    // The policy of Lombardia's card, 1.3.159.6.1.3.2.10, is as good.
    case(
        &|params| {
            let lombardia = [0x2B, 0x81, 0x1F, 0x06, 0x01, 0x03, 0x02, 0x0A];
            params.custom_extensions = vec![policy(&lombardia)];
        },
        &[],
    );
    case(
        &|params| {
            let name = NAME.replace("1009", "1008");
            params.distinguished_name.push(DnType::CommonName, name);
        },
        &["idcarta", "cn.grammar"],
    );
    case(
        &|params| {
            params.distinguished_name.remove(DnType::CommonName);
        },
        &["cn.grammar"],
    );

    let bench = Bench::start();
    for (count, (params, expected)) in cases.into_iter().enumerate() {
        bench.write_certificate(&issued_by_rcgen(&bench, &params));
        let status = if expected.is_empty() { 200 } else { 403 };
        assert_eq!(bench.login("").0, status, "{expected:?}");
        assert_eq!(failed_checks(&bench, count + 1), expected);
    }
}

/// The client sends a certificate whose key it does not have.
#[test]
fn a_stolen_certificate_is_no_login() {
    for version in ["1.2", "1.3"] {
        let bench = Bench::start();
        bench.issue(&bench.certifier, years(2024, 2030));
        support::rsa_key(bench.folder.path(), "thief", 2048);
        let error = support::thief::visit(&bench, version).unwrap_err();
        assert!(error.contains("DecryptError"), "TLS {version}: {error}");

        let entry = bench.journal_of(1).remove(0);
        assert_eq!(entry.outcome, "handshake_failed");
        let handshake_error = entry.handshake_error.unwrap();
        assert!(
            handshake_error.contains("did not prove"),
            "TLS {version}: {handshake_error}"
        );
    }
}

/// The checks that the journal's entry number `count` says failed.
fn failed_checks(bench: &Bench, count: usize) -> Vec<&'static str> {
    let entries = bench.journal_of(count);
    let report = entries
        .get(count - 1)
        .and_then(|entry| entry.report.as_ref())
        .unwrap();
    report.reasons.iter().map(|reason| reason.id).collect()
}
