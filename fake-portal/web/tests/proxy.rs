//! What proxies say of a client's certificate: read as it was written, and refused where no proxy says so.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use cns_portal::proxy::{Dialect, ForwardError, Forwarded, Verification};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;

fn forwarded(certificate: &[u8]) -> Forwarded {
    Forwarded {
        certificate: certificate.to_vec(),
        chain: Vec::new(),
        verification: Verification::Good,
    }
}

/// As this dialect can say it.
fn as_told(dialect: Dialect, mut told: Forwarded) -> Forwarded {
    if matches!(dialect, Dialect::Rfc9440 | Dialect::Traefik) {
        told.verification = Verification::NotTold;
    } else {
        told.chain.clear();
    }
    told
}

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_str(value).unwrap(),
        );
    }
    headers
}

#[test]
fn each_dialect_has_its_own_words() {
    let certificate = forwarded(&[0x30, 0x03, 0x02, 0x01, 0xFB]);
    let said: Vec<String> = Dialect::ALL
        .into_iter()
        .flat_map(|dialect| dialect.write(&certificate))
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    insta::assert_snapshot!(said.join("\n"), @"
    SSL_CLIENT_CERT: -----BEGIN CERTIFICATE----- MAMCAfs= -----END CERTIFICATE----- 
    SSL_CLIENT_VERIFY: SUCCESS
    ssl-client-cert: -----BEGIN%20CERTIFICATE-----%0AMAMCAfs%3D%0A-----END%20CERTIFICATE-----%0A
    ssl-client-verify: SUCCESS
    X-SSL-Client-DER: MAMCAfs=
    X-SSL-Client-Verify: 0
    Client-Cert: :MAMCAfs=:
    X-Forwarded-Tls-Client-Cert: MAMCAfs%3D
    ");
}

#[test]
fn a_header_that_comes_twice_is_a_forgery() {
    for dialect in Dialect::ALL {
        let mut said = dialect.to_header_map(&forwarded(b"right"));
        for (name, value) in &dialect.to_header_map(&forwarded(b"forged")) {
            said.append(name, value.clone());
        }
        let refused = dialect.read(&said).unwrap_err();
        assert!(
            matches!(refused, ForwardError::Repeated { count: 2, .. }),
            "{refused}"
        );
    }
}

#[test]
fn headers_of_another_dialect_log_nobody_in() {
    for dialect in Dialect::ALL {
        for other in Dialect::ALL.into_iter().filter(|other| *other != dialect) {
            let said = other.to_header_map(&forwarded(b"somebody"));
            assert_eq!(dialect.read(&said).unwrap(), None, "{dialect:?} {other:?}");
        }
    }
}

#[test]
fn nobody_is_nobody_in_every_dialect() {
    for dialect in Dialect::ALL {
        assert_eq!(dialect.read(&HeaderMap::new()).unwrap(), None);
    }
    let check = |dialect: Dialect, said: &[(&str, &str)]| {
        assert_eq!(dialect.read(&headers(said)).unwrap(), None, "{said:?}");
    };
    check(
        Dialect::Apache,
        &[("SSL_CLIENT_VERIFY", "NONE"), ("SSL_CLIENT_CERT", "(null)")],
    );
    check(
        Dialect::Nginx,
        &[("ssl-client-verify", "NONE"), ("ssl-client-cert", "")],
    );
    check(Dialect::Haproxy, &[("X-SSL-Client-Verify", "0")]);
}

#[test]
fn what_contradicts_itself_is_refused() {
    let said = headers(&[("ssl-client-verify", "SUCCESS")]);
    let refused = Dialect::Nginx.read(&said).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "ssl-client-verify says \"SUCCESS\", and ssl-client-cert says otherwise"
    );
    let mut said = Dialect::Apache.to_header_map(&forwarded(b"somebody"));
    said.insert("ssl_client_verify", HeaderValue::from_static("NONE"));
    assert!(matches!(
        Dialect::Apache.read(&said),
        Err(ForwardError::Contradiction { .. })
    ));
}

#[test]
fn what_the_proxy_refuses_is_told() {
    let said = headers(&[
        (
            "ssl-client-verify",
            "FAILED:unable to verify the first certificate",
        ),
        (
            "ssl-client-cert",
            "-----BEGIN%20CERTIFICATE-----%0AMAMCAfs%3D%0A-----END%20CERTIFICATE-----%0A",
        ),
    ]);
    let seen = Dialect::Nginx.read(&said).unwrap().unwrap();
    let reason = "FAILED:unable to verify the first certificate".to_owned();
    assert_eq!(seen.verification, Verification::Bad(reason));
}

fn dialect() -> impl Strategy<Value = Dialect> {
    prop::sample::select(Dialect::ALL.to_vec())
}

fn der() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 1..2_000)
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        dialect in dialect(),
        certificate in der(),
        chain in prop::collection::vec(der(), 0..3),
    ) {
        let told = Forwarded { chain, ..forwarded(&certificate) };
        let seen = dialect.read(&dialect.to_header_map(&told)).unwrap();
        prop_assert_eq!(seen, Some(as_told(dialect, told)));
    }

    #[test]
    fn no_value_upsets_the_reader(
        dialect in dialect(),
        values in prop::collection::vec("[ -~]{0,80}", 3),
    ) {
        let names = dialect.headers().zip(&values);
        let pairs: Vec<(&str, &str)> = names.map(|(name, value)| (name, value.as_str())).collect();
        let _ = dialect.read(&headers(&pairs));
    }
}
