//! The profiles, as real clients meet them.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use cns_authority::SerialNumber;
use cns_portal::PROFILES;
use cns_portal::alert::ALERTS;
use support::{Bench, maria_rossi, openssl, rsa_key, succeed, years};

const WITH_CARD: &str = "-cert card.pem -key card.key";

fn bench_with_card() -> Bench {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    bench
}

/// Which versions, signatures and names of certifiers `openssl s_client` sees, profile by profile.
#[test]
fn what_each_profile_asks_for() {
    let bench = bench_with_card();
    let mut told = String::new();
    for profile in &PROFILES {
        for version in ["-tls1_2", "-tls1_3"] {
            let output = bench.s_client(profile.name, version);
            let talk = String::from_utf8_lossy(&output.stdout).into_owned();
            let asked = match talk.split_once("Requested Signature Algorithms: ") {
                Some((_, rest)) => rest.lines().next().unwrap().to_owned(),
                None => "no handshake".to_owned(),
            };
            let names = talk
                .matches("COLLAUDO")
                .count()
                .saturating_sub(own_names(&talk));
            told += &format!("{:12} {version} {asked}; {names} names\n", profile.name);
        }
    }
    insta::assert_snapshot!("profiles", told);
}

/// How often the server's own certifier is named for other reasons than the request.
fn own_names(talk: &str) -> usize {
    match talk.split_once("Acceptable client certificate CA names") {
        Some((before, rest)) => {
            let (_, after) = rest.split_once("Requested Signature Algorithms").unwrap();
            before.matches("COLLAUDO").count() + after.matches("COLLAUDO").count()
        }
        None => talk.matches("COLLAUDO").count(),
    }
}

#[test]
fn versions_and_signatures_are_those_of_the_profile() {
    let bench = bench_with_card();
    for (profile, options, expected) in [
        ("tls12", "", "TLSv1.2 rsa_pss_rsae_sha512"),
        ("tls13", "", "TLSv1.3 rsa_pss_rsae_sha512"),
        ("pkcs1-only", "", "TLSv1.2 rsa_pkcs1_sha512"),
        ("pss-only", "-tls1_2", "TLSv1.2 rsa_pss_rsae_sha512"),
        ("pss-only", "-tls1_3", "TLSv1.3 rsa_pss_rsae_sha512"),
        ("hints-none", "", "TLSv1.3 rsa_pss_rsae_sha512"),
        ("hints-wrong", "", "TLSv1.3 rsa_pss_rsae_sha512"),
        ("hints-huge", "-tls1_2", "TLSv1.2 rsa_pss_rsae_sha512"),
        ("hints-huge", "-tls1_3", "TLSv1.3 rsa_pss_rsae_sha512"),
        ("legacy1024", "", "TLSv1.2 rsa_pkcs1_sha256"),
        ("diagnostic", "-tls1_2", "TLSv1.2 rsa_pkcs1_sha256"),
        ("unheard-of", "", "TLSv1.3 rsa_pss_rsae_sha512"),
    ] {
        let before = bench.journal.entries().len();
        succeed(bench.s_client(profile, &format!("{WITH_CARD} {options}")));
        let entry = bench.journal_of(before + 1).pop().unwrap();
        assert_eq!(
            entry.outcome, "logged_in",
            "{profile}: {:?}",
            entry.handshake
        );
        let tls = entry.report.unwrap().tls;
        let seen = format!("{} {}", tls.version, tls.signature_scheme.unwrap());
        assert_eq!(seen, expected, "{profile}");
    }
    for (profile, options, alert) in [
        ("tls12", "-tls1_3", "protocol version"),
        ("tls13", "-tls1_2", "protocol version"),
    ] {
        let output = bench.s_client(profile, options);
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(talk.contains(alert), "{profile}: {talk}");
    }
}

/// The card of 1024 bits: OpenSSL signs with RSA-PSS where it may, which cannot be verified; asked for
/// PKCS #1 v1.5 alone, it logs in.
#[test]
fn short_keys_log_in_where_they_may_and_are_explained_elsewhere() {
    let bench = Bench::start();
    let spki = rsa_key(bench.folder.path(), "card", 1_024);
    let serial = SerialNumber::from(0x1024);
    let der = bench
        .certifier
        .issue_cns(&maria_rossi(), &spki, years(2024, 2030), serial)
        .unwrap();
    bench.write_certificate(&der);
    let options = format!("{WITH_CARD} -cipher DEFAULT@SECLEVEL=0");
    let visit = |profile: &str, version: &str| {
        let before = bench.journal.entries().len();
        bench.s_client(profile, &format!("{options} {version}"));
        let entry = bench.journal_of(before + 1).pop().unwrap();
        let failed = entry
            .judgement
            .map(|it| it.failed_checks())
            .unwrap_or_default();
        (entry.outcome, failed)
    };
    assert_eq!(visit("legacy1024", ""), ("logged_in", vec![]));
    assert_eq!(
        visit("diagnostic", "-tls1_2"),
        ("refused", vec!["key.strength"])
    );
    for version in ["-tls1_2", "-tls1_3"] {
        assert_eq!(
            visit("default", version),
            ("handshake_failed", vec!["tls.possession", "key.strength"])
        );
    }
}

#[test]
fn without_a_certificate_require_is_strict() {
    let bench = bench_with_card();
    let alert = ALERTS.iter().find(|alert| alert.number == 116).unwrap();
    for version in ["-tls1_2", "-tls1_3"] {
        let before = bench.journal.entries().len();
        // In TLS 1.3 the alert comes after the client's last flight: it has to wait for it.
        let output = bench.s_client("require", &format!("{version} -ign_eof"));
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(talk.contains(alert.openssl), "{version}: {talk}");
        let entry = bench.journal_of(before + 1).pop().unwrap();
        assert_eq!(
            entry.handshake.alert_sent.as_deref(),
            Some("certificate_required")
        );
    }
    succeed(bench.s_client("require", WITH_CARD));
}

#[test]
fn the_handshake_is_recorded() {
    let bench = bench_with_card();
    bench.login("--tlsv1.3");
    let handshake = bench.journal_of(1).remove(0).handshake;
    assert_eq!(handshake.profile, "default");
    assert_eq!(handshake.version.as_deref(), Some("TLSv1.3"));
    assert_eq!(handshake.alpn.as_deref(), Some("http/1.1"));
    assert_eq!(handshake.offered.versions, ["TLSv1.3"]);
    let offers = |name: &str| {
        handshake
            .offered
            .signature_schemes
            .contains(&name.to_owned())
    };
    assert!(offers("rsa_pss_rsae_sha256") && offers("ecdsa_secp256r1_sha256"));
    assert_eq!(
        handshake.signing_time_ms,
        Some(0),
        "the bench's clock stands still"
    );
    assert!(!handshake.resumed && !handshake.offered.wants_resumption);
    assert_eq!(handshake.alert_sent, None);
}

#[test]
fn protocols_that_nobody_speaks_are_refused() {
    let bench = bench_with_card();
    for version in ["-tls1_2", "-tls1_3"] {
        let before = bench.journal.entries().len();
        let output = bench.s_client("default", &format!("-alpn smtp {version}"));
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            talk.contains("no application protocol"),
            "{version}: {talk}"
        );
        let entry = bench.journal_of(before + 1).pop().unwrap();
        assert_eq!(entry.handshake.offered.alpn, ["smtp"]);
        assert_eq!(
            entry.handshake.alert_sent.as_deref(),
            Some("no_application_protocol")
        );
    }
}

/// A client that will not talk to such a server says so with an alert of its own.
#[test]
fn a_clients_alert_is_recorded() {
    let bench = bench_with_card();
    rsa_key(bench.folder.path(), "other", 2_048);
    succeed(openssl(
        bench.folder.path(),
        "req -x509 -new -key other.key -subj /CN=other -days 2 -out other.pem",
    ));
    let visit = format!(
        "s_client -connect 127.0.0.1:{} -CAfile other.pem -verify_return_error",
        bench.port
    );
    assert!(!openssl(bench.folder.path(), &visit).status.success());
    let entry = bench.journal_of(1).remove(0);
    assert_eq!(entry.outcome, "handshake_failed");
    assert_eq!(
        entry.handshake.alert_received.as_deref(),
        Some("unknown_ca")
    );
}
