//! The listeners besides the one for logins.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::sync::Arc;

use cns_portal::{Document, DocumentRequest, DocumentShelf, Documents};
use support::{Bench, openssl, succeed};

fn curl(bench: &Bench, url: &str, options: &[&str]) -> (u16, String) {
    let text = succeed(bench.curl_url(url, &[&["--write-out", "%{http_code}"], options].concat()));
    let (body, status) = text.split_at(text.len() - 3);
    (status.parse().unwrap(), body.to_owned())
}

#[test]
fn www_asks_for_no_certificate_and_shows_the_way() {
    let bench = Bench::start();
    let port = bench.addresses.www.port();
    let visit = format!("s_client -connect 127.0.0.1:{port} -CAfile ca.pem");
    for version in ["-tls1_2", "-tls1_3"] {
        let talk = succeed(openssl(bench.folder.path(), &format!("{visit} {version}")));
        assert!(
            talk.contains("No client certificate CA names sent"),
            "{talk}"
        );
        assert!(!talk.contains("Requested Signature Algorithms"), "{talk}");
    }
    let (status, html) = curl(&bench, &format!("https://127.0.0.1:{port}/?lang=en"), &[]);
    assert_eq!(status, 200);
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(&bench.port.to_string(), "[port]");
    settings.bind(|| insta::assert_snapshot!("welcome_en_html", html));

    let nowhere = format!("https://127.0.0.1:{port}/api/login");
    assert_eq!(curl(&bench, &nowhere, &[]).0, 404);
    let health = format!("https://127.0.0.1:{port}/healthz");
    assert_eq!(curl(&bench, &health, &[]).0, 200);
    assert_eq!(curl(&bench, &health, &["--data", "a=b"]).0, 405);
    assert!(
        bench.journal.entries().is_empty(),
        "nobody has tried to log in"
    );
}

#[test]
fn pki_hands_out_the_certifiers() {
    let bench = Bench::start();
    let url = |path: &str| format!("http://{}{path}", bench.addresses.pki);
    let (status, _) = curl(&bench, &url("/ca/1.cer"), &["--output", "1.cer"]);
    assert_eq!(status, 200);
    let fetched = std::fs::read(bench.folder.path().join("1.cer")).unwrap();
    assert_eq!(fetched, bench.certifier.certificate_der());
    assert_eq!(curl(&bench, &url("/ca/2.cer"), &[]).0, 404);
    assert_eq!(
        curl(&bench, &url("/ca/../ca/1.cer"), &["--path-as-is"]).0,
        404
    );
    assert_eq!(
        curl(&bench, &url("/ca/1.cer"), &["--request", "DELETE"]).0,
        405
    );
    assert_eq!(curl(&bench, &url("/healthz"), &[]).0, 200);
}

/// Somebody who answers, as a responder for OCSP would, with what was asked.
#[derive(Debug)]
struct Echo(DocumentShelf);

impl Documents for Echo {
    fn answer(&self, request: &DocumentRequest<'_>) -> Option<Document> {
        match (request.path, request.posted) {
            ("/echo", Some(content)) => Some(Document::new("application/ocsp-response", content)),
            _ => self.0.answer(request),
        }
    }
}

#[test]
fn pki_can_be_filled_while_it_runs_and_answers_what_is_posted() {
    let shelf = DocumentShelf::default();
    let documents = Arc::new(Echo(shelf.clone()));
    let bench = Bench::start_with(|config, _| config.documents = documents);
    let url = |path: &str| format!("http://{}{path}", bench.addresses.pki);
    assert_eq!(curl(&bench, &url("/crl"), &[]).0, 404);
    shelf.put("/crl", Document::new("application/pkix-crl", b"list"));
    let (status, body) = curl(&bench, &url("/crl"), &["--include"]);
    assert_eq!(status, 200);
    assert!(
        body.contains("application/pkix-crl") && body.ends_with("list"),
        "{body}"
    );
    let (status, head) = curl(&bench, &url("/crl"), &["--include", "--data", "x"]);
    assert_eq!(status, 405);
    assert!(head.contains("allow: GET, HEAD\r\n"), "{head}");
    let (status, head) = curl(&bench, &url("/echo"), &["--include"]);
    assert_eq!(status, 405);
    assert!(head.contains("allow: POST\r\n"), "{head}");
    assert_eq!(curl(&bench, &url("/nowhere"), &["--request", "PUT"]).0, 404);
    shelf.remove("/crl");
    assert_eq!(curl(&bench, &url("/crl"), &[]).0, 404);
    assert_eq!(
        curl(
            &bench,
            &url("/echo"),
            &["--data", "question", "--header", OCSP_REQUEST]
        ),
        (200, "question".to_owned())
    );
    // A form is no question to a responder.
    assert_eq!(curl(&bench, &url("/echo"), &["--data", "question"]).0, 415);
}

const OCSP_REQUEST: &str = "Content-Type: application/ocsp-request";
