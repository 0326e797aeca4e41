//! The control API of a real portal, used with curl.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use cns_authority::OfficeTerms;
use cns_portal::{Exposure, Portal, PortalError};
use serde_json::{Value, json};
use support::country::{Country, HOME};
use support::tester::Tester;
use support::{Bench, CARD, certifier, openssl, succeed, years};

/// A bench where Maria has logged in, somebody of an unknown certifier has not, and nobody came.
fn bench_with_visitors() -> Bench {
    let bench = Bench::start();
    bench.issue(&certifier("Regione Ignota"), years(2024, 2030));
    assert_eq!(bench.login("").0, 403);
    bench.issue(&bench.certifier, years(2024, 2030));
    assert_eq!(bench.login("--tls-max 1.2").0, 200);
    assert_eq!(bench.visit("/healthz?a=b", "").0, 200);
    bench
}

#[test]
fn the_journal_has_everything_of_a_connection() {
    let bench = bench_with_visitors();
    let journal = Tester(&bench).read("/journal");
    let entry = &journal[1];
    assert_eq!(entry["outcome"], "logged_in");
    assert_eq!(
        entry["holder"],
        json!({ "codice_fiscale": "RSSMRA85C55F205Y", "card": "6030000000001009", "serial": "1234" })
    );
    let handshake = &entry["handshake"];
    assert_eq!(handshake["server_name"], "cns.test");
    assert_eq!(handshake["version"], "TLSv1.2");
    assert_eq!(handshake["signature_length"], 256);
    assert_eq!(handshake["resumed"], false);
    for field in [
        "offered",
        "cipher_suite",
        "alpn",
        "signature_scheme",
        "signing_time_ms",
    ] {
        assert!(!handshake[field].is_null(), "{field}: {handshake}");
    }
    // curl sends its certifier along.
    assert_eq!(entry["chain"].as_array().map(Vec::len), Some(2));
    assert_eq!(entry["chain"][0]["serial_number"], "1234");
    let mut requests = entry["requests"].clone();
    assert!(requests[0]["duration_us"].take().is_u64(), "{entry}");
    let request = json!({ "request": 2, "connection": 2, "listener": "cns", "time": "2026-01-01T00:00:00Z",
                          "duration_us": null, "method": "GET", "path": "/api/login", "status": 200,
                          "fault": null, "inquiry": null });
    assert_eq!(requests, json!([request]));
    assert_eq!(entry["requests_left_out"], 0);
    assert_eq!(journal[2]["requests"][0]["path"], "/healthz");
}

#[test]
fn the_journal_is_searched() {
    let bench = bench_with_visitors();
    let tester = Tester(&bench);
    let found = |query: &str| {
        let found = tester.read(&format!("/journal/find?{query}"));
        let found = found.as_array().unwrap();
        let count = tester.read(&format!("/journal/count?{query}"));
        assert_eq!(count["count"], found.len());
        found
            .iter()
            .map(|entry| entry["connection"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(found(""), [1, 2, 3]);
    assert_eq!(found("codice_fiscale=RSSMRA85C55F205Y"), [1, 2]);
    assert_eq!(found("card=6030000000001009&version=TLSv1.2"), [2]);
    assert_eq!(found("serial=1234&outcome=refused"), [1]);
    assert_eq!(found("failing_check=chain.issuer_listed"), [1]);
    assert_eq!(found("server_name=cns.test&path=/healthz"), [3]);
    assert_eq!(
        found("outcome=no_certificate&since=2026-01-01T00:00:00Z"),
        [3]
    );
    assert_eq!(found("since=2026-01-01T00:00:01Z"), [0; 0]);
    assert_eq!(found("until=2025-12-31T23:59:59%2B00:00"), [0; 0]);

    let misses = tester.read("/journal/near-misses?outcome=logged_in&version=TLSv1.3");
    let order = misses.as_array().unwrap().iter();
    let order: Vec<&Value> = order.map(|miss| &miss["connection"]).collect();
    assert_eq!(order, [3, 2, 1]);
    assert_eq!(
        misses[1]["differences"],
        json!([{ "field": "version", "wanted": "TLSv1.3", "seen": "TLSv1.2" }])
    );
    assert_eq!(tester.get("/journal/find?outcome=lost").0, 400);
}

#[test]
fn verdicts_are_read_in_every_form() {
    let bench = bench_with_visitors();
    let tester = Tester(&bench);
    let verdict = tester.read("/verdict/1?lang=en");
    assert_eq!(verdict["outcome"], "refused");
    assert_eq!(verdict["language"], "en");
    let (status, page) = tester.get("/verdict/1?format=html&lang=de");
    assert!(
        status == 200 && page.contains("<html lang=\"de\">"),
        "{page}"
    );
    let (status, junit) = tester.get("/verdict/1?format=junit");
    assert!(
        status == 200 && junit.contains("chain.issuer_listed"),
        "{junit}"
    );
    assert_eq!(tester.get("/verdict/77").0, 404);
    assert_eq!(tester.get("/verdict/1?format=pdf").0, 400);
}

#[test]
fn expectations_are_met_or_say_what_was_almost_it() {
    let bench = bench_with_visitors();
    let tester = Tester(&bench);
    let maria = r#"{"codice_fiscale":"RSSMRA85C55F205Y","outcome":"logged_in"}"#;
    tester.order(
        "/expectations",
        &format!(r#"{{"name":"Maria logs in twice","that":{maria},"at_least":2,"at_most":2}}"#),
    );
    tester.order(
        "/expectations",
        r#"{"name":"nobody is refused","that":{"outcome":"refused"},"at_least":0,"at_most":0,
            "by":"2026-01-02T00:00:00Z"}"#,
    );
    let report = |format: &str| {
        tester
            .get(&format!("/expectations/report?format={format}"))
            .1
    };
    assert_eq!(bench.login("").0, 200);
    assert_eq!(bench.login("").0, 200);
    tester.curl(
        "/clock",
        &["--request", "PUT", "--json", r#"{"advance_seconds":86400}"#],
    );
    let met: Value = serde_json::from_str(&report("json")).unwrap();
    assert_eq!(met["all_met"], true, "{met}");
    assert_eq!(met["expectations"][0]["connections"], json!([4, 5]));

    tester.order(
        "/expectations",
        r#"{"name":"somebody comes by strict.cns.test","that":{"server_name":"strict.cns.test"}}"#,
    );
    assert_eq!(bench.login("").0, 200);
    insta::assert_snapshot!("expectations_junit", report("junit"));
    insta::assert_snapshot!("expectations_html", report("html"));
    assert_eq!(
        tester.curl("/expectations", &["--request", "DELETE"]).0,
        200
    );
    let none: Value = serde_json::from_str(&report("json")).unwrap();
    assert_eq!(none["expectations"], json!([]));
    let (status, problem) = tester.post("/expectations", r#"{"at_least":2,"at_most":1}"#);
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (422, &json!("at_most"))
    );
}

#[test]
fn events_are_told_as_they_happen() {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    let mut curl = Command::new("curl")
        .args(["--silent", "--no-buffer", "--max-time", "20"])
        .arg(format!("{}/events", bench.addresses.control_url()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(curl.stdout.take().unwrap())
        .lines()
        .map(Result::unwrap);
    assert_eq!(lines.next().as_deref(), Some(": listening"));
    assert_eq!(bench.login("").0, 200);
    let mut told = lines.filter(|line| !line.is_empty());
    assert_eq!(told.next().as_deref(), Some("event: connection"));
    let data = told.next().unwrap();
    let entry: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
    assert_eq!(
        (&entry["connection"], &entry["outcome"]),
        (&json!(1), &json!("logged_in"))
    );
    assert_eq!(told.next().as_deref(), Some("event: request"));
    let data = told.next().unwrap();
    assert!(
        data.contains(r#""path":"/api/login","status":200"#),
        "{data}"
    );
    // The portal ends although somebody still listens.
    drop(bench);
    assert_eq!(told.next(), None);
    curl.wait().unwrap();
}

#[test]
fn certificates_are_issued_held_released_and_revoked() {
    let country = Country::with(OfficeTerms::default());
    let bench = &country.bench;
    let tester = Tester(bench);
    let key = succeed(openssl(bench.folder.path(), "pkey -in card.key -pubout"));
    let application = json!({
        "certifier": "lombardia", "codice_fiscale": "RSSMRA85C55F205Y", "card": "6030000000001009",
        "surname": "Rossi", "given_name": "Maria", "public_key": key,
    });
    let issued = tester.order("/ca/issue", &application.to_string());
    std::fs::write(
        bench.folder.path().join("card.pem"),
        issued["certificate"].as_str().unwrap(),
    )
    .unwrap();
    let which = json!({ "certifier": "lombardia", "serial": issued["serial"] }).to_string();
    let login = || bench.login("").0;
    assert_eq!(login(), 200);
    tester.order("/ca/hold", &which);
    assert_eq!(login(), 403);
    tester.order("/snapshot", "{}");
    tester.order("/ca/release", &which);
    assert_eq!(login(), 200);
    assert_eq!(tester.post("/ca/release", &which).0, 409);
    tester.order("/ca/revoke", &which);
    assert_eq!(tester.post("/ca/hold", &which).0, 409);
    assert_eq!(login(), 403);
    // A snapshot brings back even what is for ever.
    tester.order("/restore", r#"{"id":1}"#);
    tester.order("/ca/release", &which);
    assert_eq!(login(), 200);

    let listed = tester.read("/ca");
    let office = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|it| it["id"] == "lombardia");
    assert_eq!(office.unwrap()["certificates"][0]["status"], "good");
    assert!(listed.as_array().unwrap().iter().any(|it| it["id"] == HOME));
    for (field, value) in [
        ("codice_fiscale", json!("RSSMRA85C55F205X")),
        ("card", json!("6030000000001008")),
        ("public_key", json!("none")),
        ("days", json!(0)),
        ("surname", json!("")),
    ] {
        let mut wrong = application.clone();
        wrong[field] = value;
        let (status, problem) = tester.post("/ca/issue", &wrong.to_string());
        assert_eq!(
            (status, &problem["errors"][0]["field"]),
            (422, &json!(field)),
            "{problem}"
        );
    }
    // Nobody would answer for it.
    let mut ended = application;
    ended["certifier"] = json!("veneto");
    let (status, problem) = tester.post("/ca/issue", &ended.to_string());
    let field = &problem["errors"][0]["field"];
    assert_eq!((status, field), (422, &json!("days")), "{problem}");
    let unknown = r#"{"certifier":"atlantide","serial":"12"}"#;
    assert_eq!(tester.post("/ca/hold", unknown).0, 404);
}

/// The certificate expires, for the portal only, when its clock is set.
#[test]
fn logins_go_by_the_clock() {
    let bench = Bench::start();
    let tester = Tester(&bench);
    bench.issue(&bench.certifier, years(2024, 2027));
    assert_eq!(bench.login("").0, 200);
    tester.curl(
        "/clock",
        &[
            "--request",
            "PUT",
            "--json",
            r#"{"freeze_at":"2028-01-01T00:00:00Z"}"#,
        ],
    );
    assert_eq!(bench.login("").0, 403);
    tester.curl("/reset", &["--request", "POST"]);
    assert_eq!(bench.login("").0, 200);
    assert_eq!(tester.read("/journal").as_array().map(Vec::len), Some(1));
}

#[test]
fn metrics_count_and_name_nobody() {
    let bench = bench_with_visitors();
    Tester(&bench).order("/faults", r#"{"fault":{"status":503}}"#);
    assert_eq!(bench.visit("/", CARD).0, 503);
    let url = format!("http://{}/metrics", bench.addresses.control);
    let metrics = succeed(bench.curl_url(&url, &[]));
    for line in [
        r#"cns_portal_connections_total{outcome="refused",profile="default",version="TLSv1.3"} 1"#,
        r#"cns_portal_failed_checks_total{check="chain.issuer_listed"} 1"#,
        r#"cns_portal_requests_total{listener="cns",status="503"} 1"#,
        r#"cns_portal_faults_total{fault="status"} 1"#,
        "cns_portal_signing_time_seconds_count 3",
        "# EOF",
    ] {
        assert!(metrics.lines().any(|it| it == line), "{line}: {metrics}");
    }
    assert!(!metrics.contains("RSSMRA"), "{metrics}");
}

#[test]
fn bodies_have_a_limit() {
    let bench = Bench::start();
    std::fs::write(bench.folder.path().join("large"), vec![b'a'; 70_000]).unwrap();
    let post = ["--json", "@large", "--header", "Expect:"];
    assert_eq!(Tester(&bench).curl("/faults", &post).0, 413);
}

#[test]
fn the_control_api_is_not_for_other_machines_unless_that_is_said() {
    let everywhere = SocketAddr::from(([0, 0, 0, 0], 0));
    let bind = |exposure| {
        let certifier = certifier("Regione Collaudo");
        let server = certifier
            .issue_server(&["cns.test"], years(2020, 2040))
            .unwrap();
        let trusted = vec![certifier.certificate_der().to_vec()];
        let clock = std::sync::Arc::new(support::NOW);
        let mut config = cns_portal::PortalConfig::on_loopback(server, trusted, clock);
        config.clock = support::clock();
        // To let others log in is not to let them order what happens.
        config.exposure = Exposure::AnyAddress;
        config.listen_control = everywhere;
        config.control_exposure = exposure;
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(Portal::bind(config))
    };
    let refused = bind(Exposure::Loopback).unwrap_err();
    assert!(
        matches!(refused, PortalError::ControlNotLoopback { .. }),
        "{refused}"
    );
    assert!(refused.to_string().contains("\nhint: "), "{refused}");
    assert!(bind(Exposure::AnyAddress).is_ok());
}
