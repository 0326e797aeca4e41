//! The proof of possession, and what the portal asks for, seen by a TLS of another make.
//!
//! `tests/tlslite/client.py` drives tlslite-ng's client, which sends what no client should: the cases of
//! tlsfuzzer's scripts for CertificateVerify and CertificateRequest, which cannot be had from PyPI.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use support::judges::judge;
use support::{Bench, succeed, years};

/// How every visit ends.
fn ends(version: &str) -> String {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    let client = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tlslite/client.py");
    let port = bench.port.to_string();
    let arguments = [client, &port, "card.pem", "card.key", version];
    let output = judge("python", bench.folder.path(), arguments);
    let ends = succeed(output);
    // Whoever proved nothing is not among those who logged in.
    let logged_in = bench.journal.entries().into_iter();
    let logged_in = logged_in.filter(|entry| entry.outcome == "logged_in");
    assert_eq!(logged_in.count(), ends.matches(": status 200").count());
    ends
}

#[test]
fn in_tls_1_2() {
    insta::assert_snapshot!("tls12", ends("1.2"));
}

#[test]
fn in_tls_1_3() {
    insta::assert_snapshot!("tls13", ends("1.3"));
}
