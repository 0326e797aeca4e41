//! What goes wrong on purpose, as curl and openssl meet it.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::process::Output;

use cns_authority::OfficeTerms;
use support::country::Country;
use support::tester::Tester;
use support::{Bench, CARD, succeed, years};

fn bench_with_card() -> Bench {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    bench
}

/// A visit that goes wrong, and one that does not.
fn spoilt(bench: &Bench, fault: &str, options: &str) -> Output {
    Tester(bench).order("/faults", &format!(r#"{{"fault":{fault}}}"#));
    let output = bench.curl("/api/login", &format!("{CARD} {options}"));
    assert_eq!(bench.login("").0, 200, "after {fault}");
    output
}

fn complaint(output: &Output) -> String {
    assert!(!output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// One after the other on one portal: the fault, how to visit it, what curl says, what the journal says.
#[test]
fn handshakes_fail_as_ordered() {
    let bench = bench_with_card();
    let ordered = |name: &str| format!("the handshake was to fail: the fault {name} was ordered");
    for version in ["--tlsv1.3", "--tls-max 1.2"] {
        for (fault, seen, alert, error) in [
            (
                r#"{"alert_after_hello":80}"#,
                "tlsv1 alert internal error",
                Some("internal_error"),
                ordered("alert_after_hello"),
            ),
            (
                r#"{"alert_after_certificate":"certificate_revoked"}"#,
                "sslv3 alert certificate revoked",
                Some("certificate_revoked"),
                ordered("alert_after_certificate"),
            ),
            (
                r#"{"alert_after_certificate":"handshake_failure"}"#,
                "handshake failure",
                Some("handshake_failure"),
                ordered("alert_after_certificate"),
            ),
            (
                r#"{"close_after":"hello"}"#,
                "curl: (35)",
                None,
                ordered("close_after"),
            ),
            (
                r#"{"reset_after":"hello"}"#,
                "Connection reset by peer",
                None,
                ordered("reset_after"),
            ),
            (
                r#"{"close_after":"certificate"}"#,
                "curl: (",
                None,
                ordered("close_after"),
            ),
            (
                r#"{"reset_after":"certificate"}"#,
                "curl: (",
                None,
                ordered("reset_after"),
            ),
        ] {
            let before = bench.journal.entries().len();
            let complaint = complaint(&spoilt(&bench, fault, version));
            assert!(complaint.contains(seen), "{version} {fault}: {complaint}");
            let entry = &bench.journal_of(before + 2)[before];
            assert_eq!(entry.outcome, "handshake_failed", "{version} {fault}");
            assert_eq!(entry.handshake.alert_sent.as_deref(), alert, "{fault}");
            assert_eq!(entry.handshake_error, Some(error), "{version}");
            assert_eq!(entry.handshake.faults.len(), 1);
        }
    }
}

#[test]
fn a_stall_is_a_wait_and_then_a_login() {
    let bench = bench_with_card();
    for flight in ["hello", "certificate"] {
        let fault = format!(r#"{{"stall_after":{{"flight":"{flight}","seconds":2}}}}"#);
        let output = spoilt(
            &bench,
            &fault,
            "--tls-max 1.2 --output /dev/null --write-out %{time_total}",
        );
        let seconds: f64 = succeed(output).parse().unwrap();
        assert!(2.0 <= seconds, "{flight}: {seconds}");
    }
}

#[test]
fn a_login_ends_as_ordered() {
    let bench = bench_with_card();
    let tester = Tester(&bench);
    let fault = r#"{"fault":{"check_fails":"chain.issuer_listed"}}"#;
    tester.order("/faults", fault);
    let (status, body) = bench.login("");
    assert_eq!(status, 403);
    assert!(
        body.contains("chi collauda ha ordinato questo esito"),
        "{body}"
    );
    assert_eq!(bench.login("").0, 200);

    // A strict profile says it with the check's own alert.
    tester.order("/faults", fault);
    let output = bench.curl_at("strict.cns.test", "/", CARD);
    let complaint = complaint(&output);
    assert!(complaint.contains("unknown ca"), "{complaint}");
}

#[test]
fn answers_are_spoilt_as_ordered() {
    let bench = bench_with_card();
    let get = |fault: &str| {
        let output = spoilt(&bench, fault, "--include");
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    };
    let (code, text) = get(r#"{"status":503}"#);
    assert_eq!(code, Some(0));
    assert!(
        text.starts_with("HTTP/1.1 503") && text.contains("retry-after: 1"),
        "{text}"
    );
    let (_, text) = get(r#""redirect_loop""#);
    assert!(
        text.starts_with("HTTP/1.1 307") && text.contains("location: /api/login"),
        "{text}"
    );
    let (_, text) = get(r#""html_instead""#);
    assert!(
        text.contains("text/html") && text.contains("<!DOCTYPE html>"),
        "{text}"
    );
    let (code, text) = get(r#""truncated_body""#);
    assert!(matches!(code, Some(18 | 56)), "{code:?}");
    assert!(
        text.contains("\"outcome\"") && !text.ends_with("}\n"),
        "{text}"
    );
    let (code, text) = get(r#"{"slow_body":1}"#);
    assert_eq!(code, Some(0));
    assert!(text.ends_with("}\n"), "{text}");
}

#[test]
fn tls_ends_without_a_farewell_as_ordered() {
    let bench = bench_with_card();
    std::fs::write(
        bench.folder.path().join("request"),
        "GET / HTTP/1.1\r\nHost: cns.test\r\nConnection: close\r\n\r\n",
    )
    .unwrap();
    let visit = || {
        let talk = std::process::Command::new("sh")
            .arg("-c")
            .arg(format!(
                "(cat request; sleep 1) | openssl s_client -connect 127.0.0.1:{} -msg -ign_eof 2>&1",
                bench.port
            ))
            .current_dir(bench.folder.path())
            .output()
            .unwrap();
        String::from_utf8_lossy(&talk.stdout)
            .contains("<<< TLS 1.3, Alert [length 0002], warning close_notify")
    };
    assert!(visit());
    Tester(&bench).order("/faults", r#"{"fault":"no_close_notify"}"#);
    assert!(!visit());
    assert!(visit());
}

#[test]
fn a_fault_is_aimed_at_one_card() {
    let bench = bench_with_card();
    let tester = Tester(&bench);
    let fault = |codice_fiscale: &str| {
        let when = format!(r#"{{"codice_fiscale":"{codice_fiscale}"}}"#);
        tester.order(
            "/faults",
            &format!(r#"{{"when":{when},"fault":{{"check_fails":"cert.time"}}}}"#),
        );
    };
    fault("VRDGPP80A01F205X");
    assert_eq!(bench.login("").0, 200);
    fault("RSSMRA85C55F205Y");
    assert_eq!(bench.login("").0, 403);
    let rules = tester.read("/faults");
    assert_eq!(
        (&rules[0]["struck"], &rules[1]["struck"]),
        (&0.into(), &1.into())
    );
    let id = rules[0]["id"].as_u64().unwrap();
    let gone = format!("/faults/{id}");
    assert_eq!(tester.curl(&gone, &["--request", "DELETE"]).0, 200);
    assert_eq!(tester.curl(&gone, &["--request", "DELETE"]).0, 404);
}

/// What is broken at the `pki` listener is broken for those who fetch, and for the portal's own logins.
#[test]
fn certifiers_answers_are_spoilt_for_everybody() {
    let country = Country::with(OfficeTerms::default());
    let bench = &country.bench;
    let tester = Tester(bench);
    assert_eq!(bench.login("").0, 200);
    let url = format!("http://{}/crl/collaudo.crl", bench.addresses.pki);
    for (fault, status) in [(r#"{"status":404}"#, "404"), (r#""html_instead""#, "200")] {
        tester.order(
            "/faults",
            &format!(r#"{{"when":{{"path":"/crl/collaudo.crl"}},"times":2,"fault":{fault}}}"#),
        );
        let options = ["--output", "/dev/null", "--write-out", "%{http_code}"];
        assert_eq!(succeed(bench.curl_url(&url, &options)), status);
        let told = country.login(&["rev"]);
        assert!(told.contains("rev.crl"), "{told}");
        let entry = bench.journal.entries().pop().unwrap();
        let judgement = entry.judgement.unwrap();
        let crl = judgement
            .results
            .iter()
            .find(|it| it.check.id == "rev.crl")
            .unwrap();
        assert_ne!(crl.finding.status.word(), "pass", "{fault}");
    }
    tester.order(
        "/faults",
        r#"{"when":{"path":"/ocsp/collaudo"},"fault":{"ocsp_error":"try_later"}}"#,
    );
    let response = succeed(bench.curl_url(
        &format!("http://{}/ocsp/collaudo", bench.addresses.pki),
        &["--data-binary", "x", "--include"],
    ));
    assert!(response.contains("application/ocsp-response"), "{response}");
    // Each struck twice, once where nobody but the portal itself looked.
    let url = format!("http://{}/metrics", bench.addresses.control);
    let metrics = succeed(bench.curl_url(&url, &[]));
    for line in [
        r#"cns_portal_faults_total{fault="status"} 2"#,
        r#"cns_portal_faults_total{fault="html_instead"} 2"#,
        r#"cns_portal_faults_total{fault="ocsp_error"} 1"#,
    ] {
        assert!(metrics.lines().any(|it| it == line), "{line}: {metrics}");
    }
}
