//! The portal behind a proxy: the same verdicts as far as they can be had, and no login by a header that is
//! not the proxy's.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::fs;
use std::net::SocketAddr;

use cns_portal::proxy::{BehindProxy, Dialect, Forwarded, Verification};
use cns_portal::{Exposure, Portal, PortalError};
use serde_json::Value;
use support::{Bench, CARD, certifier, succeed, years};

type Headers = Vec<(&'static str, String)>;

fn behind(dialect: Dialect) -> Bench {
    let bench = Bench::start_with(|config, _| {
        config.behind = Some(BehindProxy::on_loopback(dialect));
    });
    bench.issue(&bench.certifier, years(2024, 2030));
    bench
}

/// What a proxy says that found the certificate of the folder good.
fn said(bench: &Bench, dialect: Dialect) -> Headers {
    dialect.write(&forwarded(bench, Verification::Good))
}

fn forwarded(bench: &Bench, verification: Verification) -> Forwarded {
    Forwarded {
        certificate: fs::read(bench.folder.path().join("card.der")).unwrap(),
        chain: Vec::new(),
        verification,
    }
}

/// Status and body of a request as the proxy makes it, or as somebody at another address does.
fn request(bench: &Bench, path: &str, headers: &Headers, from: &str) -> (u16, String) {
    let url = format!("http://{}{path}", bench.addresses.behind.unwrap());
    let lines = headers.iter().map(|(name, value)| match value.as_str() {
        "" => format!("{name};"),
        value => format!("{name}: {value}"),
    });
    let mut options: Vec<String> = lines.flat_map(|it| ["--header".to_owned(), it]).collect();
    let others = ["--interface", from, "--write-out", "%{http_code}"];
    options.extend(others.map(str::to_owned));
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    let text = succeed(bench.curl_url(&url, &options));
    let (body, status) = text.split_at(text.len() - 3);
    (status.parse().unwrap(), body.to_owned())
}

const PROXY: &str = "127.0.0.1";
const SOMEBODY: &str = "127.0.0.2";

#[test]
fn a_citizen_logs_in_through_a_proxy_of_every_dialect() {
    for dialect in Dialect::ALL {
        let bench = behind(dialect);
        let (status, body) = request(&bench, "/api/login", &said(&bench, dialect), PROXY);
        assert_eq!(status, 200, "{dialect:?}: {body}");
        assert!(body.contains("RSSMRA85C55F205Y"), "{dialect:?}: {body}");
        let (status, page) = request(&bench, "/?lang=en", &said(&bench, dialect), PROXY);
        assert_eq!(status, 200, "{dialect:?}");
        assert!(page.contains("shook hands in the portal"), "{page}");
    }
}

#[test]
fn what_only_the_proxy_saw_is_told_as_its_word() {
    let bench = behind(Dialect::Nginx);
    let headers = said(&bench, Dialect::Nginx);
    let (_, body) = request(&bench, "/api/verdict?lang=en", &headers, PROXY);
    let verdict: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(verdict["handshake"]["forwarded_by"], "nginx");
    let checks = verdict["checks"].as_array().unwrap().iter();
    let told: Vec<String> = checks
        .filter(|check| {
            ["tls.", "session.", "header."]
                .iter()
                .any(|family| check["id"].as_str().unwrap().starts_with(family))
        })
        .map(|check| format!("{} {} {}", check["id"], check["status"], check["seen"]))
        .collect();
    insta::assert_snapshot!(told.join("\n").replace('"', ""), @"
    tls.certificate pass a certificate came
    tls.possession could_not_tell by the word of the proxy (nginx): it has verified the signature, which this portal has not seen
    tls.version could_not_tell only the proxy has seen it
    tls.signature_scheme could_not_tell only the proxy has seen it
    tls.server_name could_not_tell only the proxy has seen it
    session.resumption could_not_tell only the proxy has seen it
    header.trust pass from the proxy (nginx), which finds it good
    ");
}

#[test]
fn without_a_certificate_nobody_is_logged_in() {
    for dialect in Dialect::ALL {
        let bench = behind(dialect);
        let (status, body) = request(&bench, "/api/login", &dialect.nobody(), PROXY);
        assert_eq!(status, 401, "{dialect:?}: {body}");
    }
}

/// The proxy's own judgement counts as well as the portal's.
#[test]
fn a_certificate_that_the_proxy_refuses_is_no_login() {
    for (dialect, reason) in [
        (Dialect::Apache, "GENEROUS"),
        (Dialect::Nginx, "FAILED:certificate revoked"),
        (Dialect::Haproxy, "23"),
    ] {
        let bench = behind(dialect);
        let bad = Verification::Bad(reason.to_owned());
        let headers = dialect.write(&forwarded(&bench, bad));
        let (status, body) = request(&bench, "/api/login?lang=en", &headers, PROXY);
        assert_eq!(status, 403, "{dialect:?}: {body}");
        assert!(body.contains("header.trust"), "{body}");
        assert!(body.contains(reason), "{body}");
    }
}

/// Whatever is wrong with a certificate is found behind a proxy too.
#[test]
fn the_verdict_on_a_certificate_is_that_of_a_handshake() {
    let bench = behind(Dialect::Rfc9440);
    let stranger = certifier("Regione Ignota");
    for (certifier, validity) in [
        (&bench.certifier, years(2021, 2024)),
        (&stranger, years(2024, 2030)),
    ] {
        bench.issue(certifier, validity);
        let ids = |body: &str| -> Vec<String> {
            let report: Value = serde_json::from_str(body).unwrap();
            let reasons = report["reasons"].as_array().unwrap().iter();
            reasons.map(|reason| reason["id"].to_string()).collect()
        };
        let (_, direct) = bench.login("");
        let headers = said(&bench, Dialect::Rfc9440);
        let (status, forwarded) = request(&bench, "/api/login", &headers, PROXY);
        assert_eq!(status, 403);
        assert_eq!(ids(&direct), ids(&forwarded));
        assert_ne!(ids(&direct), [""; 0]);
    }
}

/// Spoofing, in every dialect: the client's header beside the proxy's, a proxy that sets none, and one that
/// was set up for another dialect.
#[test]
fn headers_that_no_proxy_of_the_kind_sends_log_nobody_in() {
    for dialect in Dialect::ALL {
        let bench = behind(dialect);
        let twice = [said(&bench, dialect), said(&bench, dialect)].concat();
        let (status, body) = request(&bench, "/api/login", &twice, PROXY);
        assert_eq!(status, 400, "{dialect:?}: {body}");
        assert!(body.contains(" came 2 times\nhint: "), "{body}");

        // A dialect without a verdict says nothing of a client without a certificate.
        let silent = match dialect.said_always() {
            Some(_) => 400,
            None => 401,
        };
        let (status, body) = request(&bench, "/api/login", &Headers::new(), PROXY);
        assert_eq!(status, silent, "{dialect:?}: {body}");
        for other in Dialect::ALL.into_iter().filter(|other| *other != dialect) {
            let (status, body) = request(&bench, "/api/login", &said(&bench, other), PROXY);
            assert_eq!(status, silent, "{dialect:?} {other:?}: {body}");
        }
        // The proxy's word that there is nobody, and the client's own certificate.
        let own = said(&bench, dialect).remove(0);
        let mut mixed = dialect.nobody();
        mixed.retain(|(name, _)| *name != own.0);
        mixed.push(own);
        let (status, body) = request(&bench, "/api/login", &mixed, PROXY);
        match dialect {
            // To HAProxy all is well too when there was nothing to verify, and the last two have no verdict:
            // what keeps the client's header away there is the proxy alone, or the address.
            Dialect::Haproxy | Dialect::Rfc9440 | Dialect::Traefik => assert_eq!(status, 200),
            _ => assert_eq!(status, 400, "{dialect:?}: {body}"),
        }
    }
}

#[test]
fn who_is_not_the_proxy_is_not_heard() {
    for dialect in Dialect::ALL {
        let bench = behind(dialect);
        bench.issue(&bench.certifier, years(2024, 2030));
        let headers = said(&bench, dialect);
        let (status, body) = request(&bench, "/api/login", &headers, SOMEBODY);
        assert_eq!(status, 403, "{dialect:?}: {body}");
        assert!(
            body.starts_with("the request came from 127.0.0.2, which is not the proxy\nhint: "),
            "{body}"
        );
        let entry = bench.journal_of(1).pop().unwrap();
        assert_eq!(entry.outcome, "mistrusted");
        // Nor does a header log anybody in where the portal shakes hands itself.
        let lines = headers.iter();
        let lines: Vec<String> = lines
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        let url = format!("https://127.0.0.1:{}/api/login", bench.port);
        let mut options = vec!["--write-out", "%{http_code}", "--output", "/dev/null"];
        options.extend(lines.iter().flat_map(|line| ["--header", line]));
        assert_eq!(
            succeed(bench.curl_url(&url, &options)),
            "401",
            "{dialect:?}"
        );
    }
}

/// What the portal says that a proxy would send is what a portal behind such a proxy takes.
#[test]
fn headers_that_are_emitted_log_the_same_citizen_in() {
    for dialect in Dialect::ALL {
        let bench = behind(dialect);
        let emitted = |card: &str| -> Headers {
            let path = format!("/api/headers?dialect={}", dialect.name());
            let (status, lines) = bench.visit(&path, card);
            assert_eq!(status, 200);
            let lines = lines.lines().map(|line| line.split_once(": ").unwrap());
            lines
                .map(|(name, value)| {
                    let own = dialect.headers().find(|own| *own == name).unwrap();
                    (own, value.to_owned())
                })
                .collect()
        };
        let (status, body) = request(&bench, "/api/login", &emitted(CARD), PROXY);
        assert_eq!(status, 200, "{dialect:?}: {body}");
        let (status, body) = request(&bench, "/api/login", &emitted(""), PROXY);
        assert_eq!(status, 401, "{dialect:?}: {body}");
    }
    let bench = behind(Dialect::Nginx);
    bench.issue(&bench.certifier, years(2021, 2024));
    let (_, all) = bench.visit("/api/headers", CARD);
    let all: Value = serde_json::from_str(&all).unwrap();
    let told = |place: usize| {
        let headers = all[place]["headers"].as_array().unwrap().iter();
        let values: Vec<&str> = headers.map(|it| it["value"].as_str().unwrap()).collect();
        (all[place]["dialect"].as_str().unwrap(), values)
    };
    assert_eq!(told(0), ("apache", Vec::new()));
    assert_eq!(all[0]["handshake_refused"], true);
    assert_eq!(told(1).1[1], "FAILED:certificate has expired");
    assert_eq!(told(2).1[1], "10");
    assert_eq!(bench.visit("/api/headers?dialect=f5", "").0, 404);
}

#[test]
fn only_this_machine_is_heard_unless_more_is_allowed() {
    let certifier = certifier("Regione Collaudo");
    let server = certifier
        .issue_server(&["cns.test"], years(2020, 2040))
        .unwrap();
    let trusted = vec![certifier.certificate_der().to_vec()];
    let clock = std::sync::Arc::new(support::NOW);
    let mut config = cns_portal::PortalConfig::on_loopback(server, trusted, clock);
    config.clock = support::clock();
    config.behind = Some(BehindProxy {
        listen: SocketAddr::from(([0, 0, 0, 0], 0)),
        ..BehindProxy::on_loopback(Dialect::Nginx)
    });
    assert_eq!(config.exposure, Exposure::Loopback);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let refused = runtime.block_on(Portal::bind(config)).unwrap_err();
    assert!(
        matches!(refused, PortalError::NotLoopback { .. }),
        "{refused}"
    );
}
