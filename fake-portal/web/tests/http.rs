//! The portal as a web server: routes, methods, headers, limits, start and stop.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use cns_authority::ServerCredential;
use cns_portal::{Exposure, Portal, PortalConfig, PortalError, TrustGuard};
use support::{Bench, NOW, certifier, clock, connect, openssl, succeed, years};

#[test]
fn routes_and_methods() {
    let bench = Bench::start();
    assert_eq!(
        bench.visit("/healthz", ""),
        (200, r#"{"status":"ok"}"#.to_owned())
    );
    assert_eq!(bench.visit("/style.css", "").0, 200);
    assert_eq!(bench.visit("/nowhere", "").0, 404);
    assert_eq!(bench.visit("/api/login/", "").0, 404);
    assert_eq!(bench.visit("/", "--request DELETE").0, 405);
    assert_eq!(bench.visit("/api/login", "--data a=b").0, 405);
    let allowed = succeed(bench.curl("/", "--request DELETE --include --output -"));
    assert!(allowed.contains("\r\nallow: GET, HEAD\r\n"), "{allowed}");
}

#[test]
fn the_home_page_is_json_for_those_who_prefer_it() {
    let bench = Bench::start();
    let json = succeed(bench.curl("/", "--header Accept:application/json"));
    assert!(json.contains(r#""outcome": "no_certificate""#), "{json}");
    let html = succeed(bench.curl("/", "--header Accept:text/html,*/*;q=0.1"));
    assert!(html.starts_with("<!DOCTYPE html>"), "{html}");
}

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    let bench = Bench::start();
    let head = succeed(bench.curl("/", "--head"));
    let get = succeed(bench.curl("/", "--dump-header - --output /dev/null"));
    let without_date = |headers: &str| {
        headers
            .lines()
            .filter(|line| !line.starts_with("date:"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(without_date(&head), without_date(&get));
    insta::with_settings!({filters => vec![(r"content-length: \d+", "content-length: [bytes]")]}, {
        insta::assert_snapshot!("headers", without_date(&head));
    });
}

/// A resumed session would be a login without the card.
#[test]
fn sessions_are_not_resumed() {
    let bench = Bench::start();
    let visit = format!("s_client -connect 127.0.0.1:{} -CAfile ca.pem", bench.port);
    for version in ["-tls1_2", "-tls1_3"] {
        let talk = succeed(openssl(
            bench.folder.path(),
            &format!("{visit} {version} -reconnect"),
        ));
        assert!(talk.contains("New,"), "{version}: {talk}");
        assert!(!talk.contains("Reused,"), "{version}: {talk}");
        assert!(!talk.contains("TLS session ticket:"), "{version}: {talk}");
    }
}

#[test]
fn several_requests_share_a_connection() {
    let bench = Bench::start();
    let again = format!("https://cns.test:{}/healthz", bench.port);
    let body = succeed(bench.curl("/healthz", &again));
    assert_eq!(body, r#"{"status":"ok"}"#.repeat(2));
    assert_eq!(bench.journal_of(1).len(), 1);
}

#[test]
fn what_is_not_tls_is_noted_and_does_no_harm() {
    let bench = Bench::start();
    let mut plain = connect(bench.addresses.cns);
    plain
        .write_all(b"GET / HTTP/1.1\r\nHost: cns.test\r\n\r\n")
        .unwrap();
    // An alert or a reset: what matters is that the connection ends.
    let _ = plain.read_to_end(&mut Vec::new());
    assert_eq!(bench.journal_of(1)[0].outcome, "handshake_failed");
    assert_eq!(bench.visit("/healthz", "").0, 200);
}

/// HTTP/2 is left out on purpose: a login belongs to one connection, and HTTP/2 shares connections between
/// names, so between profiles.
#[test]
fn http_2_is_not_spoken() {
    let bench = Bench::start();
    for version in ["-tls1_2", "-tls1_3"] {
        let both = bench.s_client("default", &format!("-alpn h2,http/1.1 {version}"));
        let talk = succeed(both);
        assert!(talk.contains("ALPN protocol: http/1.1"), "{talk}");
        let alone = bench.s_client("default", &format!("-alpn h2 {version}"));
        let talk = String::from_utf8_lossy(&alone.stderr).into_owned();
        assert!(talk.contains("SSL alert number 120"), "{talk}");
    }
    let before = bench.journal.entries().len();
    assert_eq!(before, 4);
    // Who does not ask, and begins with the preface of RFC 9113 §3.4: over TLS, and in the clear.
    let refused = "HTTP/1.1 505 HTTP Version Not Supported";
    assert_eq!(preface(bench.shake_hands(&bench.client_config())), refused);
    assert_eq!(preface(connect(bench.addresses.pki)), refused);
    // An upgrade is not taken up either.
    let url = format!("http://{}/ca/1.cer", bench.addresses.pki);
    let upgraded = ["--http2", "--include", "--output", "-"];
    let answer = bench.curl_url(&url, &upgraded).stdout;
    assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"));
    assert_eq!(bench.visit("/healthz", "").0, 200);
}

/// The first line of what comes back.
fn preface(mut stream: impl Read + Write) -> String {
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer);
    answer.lines().next().unwrap_or_default().to_owned()
}

fn credential() -> (ServerCredential, Vec<Vec<u8>>) {
    let certifier = certifier("Regione Collaudo");
    let server = certifier
        .issue_server(&["cns.test"], years(2020, 2040))
        .unwrap();
    (server, vec![certifier.certificate_der().to_vec()])
}

fn refusal(change: impl FnOnce(&mut PortalConfig)) -> PortalError {
    let (server, trusted) = credential();
    let mut config = PortalConfig::on_loopback(server, trusted, Arc::new(NOW));
    config.clock = clock();
    change(&mut config);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(Portal::bind(config)).unwrap_err()
}

#[test]
fn a_portal_that_cannot_start_says_why() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let error = refusal(|config| config.listen = address);
    assert!(matches!(error, PortalError::AddressInUse { .. }), "{error}");
    assert!(error.to_string().contains("\nhint: "), "{error}");

    let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
    let error = refusal(|config| config.listen = everywhere);
    assert!(matches!(error, PortalError::NotLoopback { .. }), "{error}");

    let error = refusal(|config| config.trusted.clear());
    assert!(matches!(error, PortalError::NoCertifier), "{error}");
    let error = refusal(|config| {
        config.trusted = vec![b"text".to_vec()];
        config.trust_guard = TrustGuard::AnyCertifier;
    });
    assert!(matches!(error, PortalError::Certifier(_)), "{error}");
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let error = refusal(|config| config.server.private_key_der = credential().0.private_key_der);
    assert!(matches!(error, PortalError::ServerCredential(_)), "{error}");
}

#[test]
fn other_addresses_are_possible_when_allowed() {
    let (server, trusted) = credential();
    let mut config = PortalConfig::on_loopback(server, trusted, Arc::new(NOW));
    config.clock = clock();
    config.listen = SocketAddr::from(([0, 0, 0, 0], 0));
    config.exposure = Exposure::AnyAddress;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let portal = runtime.block_on(Portal::bind(config)).unwrap();
    assert_ne!(portal.local_address().port(), 0);
}

/// A browser may keep its connection open for minutes; stopping does not wait for it.
#[test]
fn an_idle_connection_does_not_hold_the_portal_up() {
    let bench = Bench::start();
    let idle = std::net::TcpStream::connect(("127.0.0.1", bench.port)).unwrap();
    let started = std::time::Instant::now();
    drop(bench);
    assert!(started.elapsed() < Duration::from_secs(5));
    drop(idle);
}
