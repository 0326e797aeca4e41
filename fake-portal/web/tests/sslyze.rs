//! The listeners that speak TLS, judged by sslyze: versions, cipher suites, curves, known flaws, and what
//! Mozilla recommends ("intermediate").
//!
//! `tests/sslyze/exceptions.txt` lists what it finds fault with and why that stays. A finding that is not
//! listed fails the test, and so does a line that nothing needs.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use cns_authority::{CertificationAuthority, Validity};
use support::judges::judge;
use support::{Bench, CARD, years};
use time::OffsetDateTime;

const EXCEPTIONS: &str = include_str!("sslyze/exceptions.txt");

/// Every scan that it has.
const SCANS: &str = "--certinfo --sslv2 --sslv3 --tlsv1 --tlsv1_1 --tlsv1_2 --tlsv1_3 --compression --openssl_ccs \
                     --fallback --heartbleed --robot --reneg --elliptic_curves --ems --resum --early_data \
                     --http_headers --mozilla_config intermediate";

#[test]
fn sslyze_finds_nothing_but_what_is_listed() {
    let bench = Bench::start_with(|config, folder| {
        // Judged by the machine's clock, and by how long it is good for.
        let now = OffsetDateTime::now_utc();
        let read = |name| fs::read_to_string(folder.join(name)).unwrap();
        let certifier =
            CertificationAuthority::from_pem_pair(&read("ca.pem"), &read("ca.key"), now);
        let from = now - time::Duration::DAY;
        let names = ["cns.test", "*.cns.test", "127.0.0.1"];
        let server = certifier
            .unwrap()
            .issue_server(&names, Validity::days(from, 90).unwrap());
        config.server = server.unwrap();
    });
    bench.issue(&bench.certifier, years(2024, 2030));
    let (cns, www) = (bench.addresses.cns.port(), bench.addresses.www.port());
    let listeners = [
        ("www", "www.cns.test", www, ""),
        ("cns", "cns.test", cns, ""),
        ("card", "cns.test", cns, CARD),
        ("tls12", "tls12.cns.test", cns, CARD),
    ];
    let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    std::thread::scope(|scope| {
        let judges = listeners.map(|(name, host, port, card)| {
            let bench = &bench;
            let judge = scope.spawn(move || findings(bench, host, port, card));
            (name, judge)
        });
        for (name, judge) in judges {
            for finding in judge.join().unwrap() {
                found.entry(finding).or_default().push(name);
            }
        }
    });
    let findings: BTreeSet<String> = found
        .into_iter()
        .map(|(finding, names)| match names.len() == listeners.len() {
            true => format!("all: {finding}"),
            false => format!("{}: {finding}", names.join(", ")),
        })
        .collect();
    let listed: BTreeSet<String> = EXCEPTIONS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            line.split_once(" | ")
                .expect("listener and finding | reason")
                .0
        })
        .map(|finding| finding.trim().to_owned())
        .collect();
    let new: Vec<_> = findings.difference(&listed).collect();
    let idle: Vec<_> = listed.difference(&findings).collect();
    assert!(new.is_empty(), "sslyze finds what is not listed: {new:#?}");
    assert!(
        idle.is_empty(),
        "sslyze does not find what is listed: {idle:#?}"
    );
}

/// What one listener is blamed for.
fn findings(bench: &Bench, host: &str, port: u16, card: &str) -> BTreeSet<String> {
    let server = format!("127.0.0.1:{port}");
    let options = ["--certinfo_ca_file", "ca.pem", "--sni", host, &server];
    let words = SCANS.split_whitespace().chain(card.split_whitespace());
    let judged = judge("sslyze", bench.folder.path(), words.chain(options));
    let text = String::from_utf8_lossy(&judged.stdout);
    assert!(text.contains("SCANS COMPLETED"), "{host}: {text}");
    text.lines()
        .filter_map(|line| finding(line, port))
        .collect()
}

/// What a line is about and its verdict, if it says that something is not as it should be.
fn finding(line: &str, port: u16) -> Option<String> {
    const FAULTS: [&str; 6] = [
        "FAILED",
        "VULNERABLE",
        "NOT SUPPORTED",
        "WARNING",
        "Error when",
        "Not compliant",
    ];
    let fault = FAULTS.iter().find(|fault| line.contains(**fault))?;
    let (about, said) = line.split_once(*fault)?;
    // Without versions in parentheses. What a line says of nothing in particular is in its explanation.
    let about = about.split('(').next().unwrap_or_default();
    let about = about.trim().trim_end_matches(':');
    let about = about.replace(&format!("127.0.0.1:{port} => 127.0.0.1"), "");
    let said = match about.is_empty() || about.starts_with("127.0.0.1") {
        true => said.trim_start_matches([' ', '-', ':']),
        false => about.as_str(),
    };
    let words: Vec<&str> = said.split_whitespace().collect();
    Some(format!("{} {fault}", words.join(" ")))
}
