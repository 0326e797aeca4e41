//! What a portal refuses to start with, unless it is asked to in so many words.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::sync::Arc;

use cns_authority::{CertificationAuthority, ServerCredential, Validity};
use cns_portal::{Portal, PortalConfig, ServerGuard, SystemClock, TrustGuard};
use support::{Bench, certifier, openssl, succeed};
use time::{Duration, OffsetDateTime};

/// Whoever trusts a real certifier lets real citizens in: that takes a word of its own.
#[test]
fn only_test_certifiers_are_trusted_unless_that_is_said() {
    let folder = tempfile::tempdir().unwrap();
    for (name, days, why) in [
        ("Regione", "9", "the name of a test certifier says COLLAUDO"),
        ("COLLAUDO", "3650", "ends with the run"),
    ] {
        let make = format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key \
             -outform DER -out ca.der -subj /CN={name} -days {days}"
        );
        succeed(openssl(folder.path(), &make));
        let real = std::fs::read(folder.path().join("ca.der")).unwrap();
        let bind = |guard| {
            let home = certifier("Regione Collaudo");
            let server = of(&home, "cns.test", between(-1, 1));
            let trusted = vec![home.certificate_der().to_vec(), real.clone()];
            bound(server, trusted, |config| config.trust_guard = guard)
        };
        let error = bind(TrustGuard::TestCertifiers).unwrap_err();
        assert!(error.contains(why), "{error}");
        assert!(error.contains("\nhint: "), "{error}");
        assert!(bind(TrustGuard::AnyCertifier).is_ok());
    }
}

/// Clients would refuse it, and whoever sits before them would blame the card.
#[test]
fn a_certificate_that_no_client_takes_is_not_shown_unless_that_is_on_purpose() {
    let home = certifier("Regione Collaudo");
    let stranger = certifier("Regione Collaudo");
    for (server, why) in [
        (of(&home, "cns.test", between(-1, 1)), None),
        (of(&home, "127.0.0.1", between(-1, 1)), None),
        (of(&home, "cns.test", between(-2, -1)), Some("has expired")),
        (of(&home, "cns.test", between(1, 2)), Some("not valid yet")),
        (
            of(&home, "altro.test", between(-1, 1)),
            Some("another host"),
        ),
        (
            of(&stranger, "cns.test", between(-1, 1)),
            Some("has not signed it"),
        ),
        // Of a certifier that the portal does not know its clients may know.
        (
            of(&certifier("Regione Ignota"), "cns.test", between(-1, 1)),
            None,
        ),
    ] {
        let bind = |guard| {
            let trusted = vec![home.certificate_der().to_vec()];
            bound(server.clone(), trusted, |config| {
                config.server_guard = guard
            })
        };
        let bound = bind(ServerGuard::WhatClientsTake);
        match (&bound, why) {
            (Ok(()), None) => {}
            (Err(error), Some(why)) => {
                assert!(error.contains(why) && error.contains("\nhint: "), "{error}");
            }
            _ => panic!("{bound:?}, not {why:?}"),
        }
        assert_eq!(bind(ServerGuard::AnythingOnPurpose), Ok(()));
    }
}

/// Whatever page somebody lands on, it says what it belongs to.
#[test]
fn every_page_says_that_this_is_a_test_environment() {
    let templates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut whole = 0;
    for template in std::fs::read_dir(templates).unwrap() {
        let path = template.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "html")
        {
            let text = std::fs::read_to_string(&path).unwrap();
            if text.contains("<html") {
                assert!(text.contains("class=\"banner\""), "{}", path.display());
                whole += 1;
            }
        }
    }
    assert!(0 < whole);

    let bench = Bench::start();
    let (cns, www) = (bench.addresses.cns, bench.addresses.www);
    for (language, banner) in [
        ("it", "AMBIENTE DI COLLAUDO"),
        ("en", "TEST ENVIRONMENT"),
        ("de", "TESTUMGEBUNG"),
    ] {
        for (address, path) in [(www, "/"), (www, "/nowhere"), (cns, "/"), (cns, "/nowhere")] {
            let url = format!("https://{address}{path}?lang={language}");
            let page = succeed(bench.curl_url(&url, &["--header", "Accept: text/html"]));
            assert!(page.contains(banner), "{url}: {page}");
        }
    }
}

/// A portal with this certificate of its own, which trusts these.
fn bound(
    server: ServerCredential,
    trusted: Vec<Vec<u8>>,
    change: impl FnOnce(&mut PortalConfig),
) -> Result<(), String> {
    let mut config = PortalConfig::on_loopback(server, trusted, Arc::new(SystemClock));
    change(&mut config);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let bound = runtime.block_on(Portal::bind(config));
    bound.map(drop).map_err(|error| error.to_string())
}

fn of(certifier: &CertificationAuthority, name: &str, validity: Validity) -> ServerCredential {
    certifier.issue_server(&[name], validity).unwrap()
}

/// So many days from now to so many.
fn between(from: i64, to: i64) -> Validity {
    let day = |count| OffsetDateTime::now_utc() + Duration::days(count);
    Validity::new(day(from), day(to)).unwrap()
}
