//! The requests in the journal: at every listener, with what was asked of the certifiers and what they answered.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cns_authority::OfficeTerms;
use cns_portal::JournalCapacity;
use cns_portal::proxy::{BehindProxy, Dialect, Forwarded, Verification};
use serde_json::{Value, json};
use support::country::Country;
use support::tester::Tester;
use support::{Bench, CARD, openssl, succeed, years};

/// Asks the responder about the card, as these options say.
fn ask_responder(country: &Country, options: &str) {
    let url = country.url("/ocsp/collaudo");
    let ask = format!("ocsp -issuer ca.pem -CAfile ca.pem -cert card.pem -url {url} {options}");
    openssl(country.bench.folder.path(), &ask);
}

/// The same by GET (RFC 6960 appendix A.1).
fn fetch_from_responder(country: &Country) {
    let folder = country.bench.folder.path();
    let ask = "ocsp -issuer ca.pem -cert card.pem -no_nonce -reqout request.der";
    succeed(openssl(folder, ask));
    let text = STANDARD.encode(fs::read(folder.join("request.der")).unwrap());
    fetch(country, &format!("/ocsp/collaudo/{text}"));
}

fn fetch(country: &Country, path: &str) {
    succeed(
        country
            .bench
            .curl_url(&country.url(path), &["--output", "fetched"]),
    );
}

/// What was asked of the certifiers by the requests that are found.
fn inquiries(tester: &Tester<'_>, criteria: &str) -> Value {
    let found = tester.read(&format!("/journal/requests/find?{criteria}"));
    let count = tester.read(&format!("/journal/requests/count?{criteria}"));
    let found = found.as_array().unwrap();
    assert_eq!(count["count"], found.len());
    found.iter().map(|it| it["inquiry"].clone()).collect()
}

#[test]
fn what_is_asked_of_the_certifiers_is_told_with_what_they_answered() {
    let country = Country::with(OfficeTerms::default());
    let tester = Tester(&country.bench);
    ask_responder(&country, "");
    country.at_home(|office, serial, now| office.hold(serial, now).unwrap());
    fetch_from_responder(&country);
    ask_responder(&country, "-serial 4711");
    tester.order("/faults", r#"{"fault":{"ocsp_error":"try_later"}}"#);
    ask_responder(&country, "");
    for path in [
        "/crl/collaudo.crl",
        "/ca/lombardia.cer",
        "/tsl/TSL-IT.xml",
        "/ocsp/collaudo/AAAA",
        "/crl/atlantide.crl",
        "/elsewhere?codice_fiscale=RSSMRA85C55F205Y",
    ] {
        fetch(&country, path);
    }

    let serial = country.serial.to_string();
    let ocsp = |certificates: Value, refusal: Value| {
        json!({ "kind": "ocsp", "certifier": "collaudo", "certificates": certificates,
                "certificates_left_out": 0, "refusal": refusal })
    };
    let other = |kind: &str, certifier: Value| {
        json!({ "kind": kind, "certifier": certifier, "certificates": [],
                "certificates_left_out": 0, "refusal": null })
    };
    let certificate = |serial: &str, answer: Value, reason: Value| json!({ "serial": serial, "answer": answer, "reason": reason });
    let stranger = format!("{:04X}", 4711);
    let good = ocsp(
        json!([certificate(&serial, json!("good"), json!(null))]),
        json!(null),
    );
    let held = certificate(&serial, json!("revoked"), json!("certificateHold"));
    let unknown = certificate(&stranger, json!("unknown"), json!(null));
    assert_eq!(
        inquiries(&tester, "listener=pki"),
        json!([
            good,
            ocsp(json!([held]), json!(null)),
            ocsp(json!([held, unknown]), json!(null)),
            ocsp(
                json!([certificate(&serial, json!(null), json!(null))]),
                json!("try_later")
            ),
            other("revocation_list", json!("collaudo")),
            other("certificate", json!("lombardia")),
            other("trusted_list", json!(null)),
            ocsp(json!([]), json!("malformed_request")),
            other("revocation_list", json!("atlantide")),
            null,
        ])
    );

    let count = |criteria: &str| inquiries(&tester, criteria).as_array().unwrap().len();
    assert_eq!(inquiries(&tester, "answer=good"), json!([good]));
    assert_eq!(count("inquiry=ocsp"), 5);
    assert_eq!(count(&format!("serial={}", serial.to_lowercase())), 4);
    assert_eq!(count(&format!("serial={serial}&answer=revoked")), 2);
    assert_eq!(count(&format!("serial={stranger}&answer=revoked")), 0);
    assert_eq!(count(&format!("serial={stranger}&answer=unknown")), 1);
    assert_eq!(count("answer=try_later"), 1);
    assert_eq!(count("certifier=collaudo&method=POST"), 3);
    assert_eq!(count("path_prefix=/crl/"), 2);
    assert_eq!(count("path=/crl/collaudo.crl&status=200"), 1);
    assert_eq!(count("status=404"), 2);
    assert_eq!(count("path=/elsewhere"), 1);
    let all = tester.get("/journal/requests").1;
    assert!(
        !all.contains("RSSMRA"),
        "what a query says is not kept: {all}"
    );

    let misses = tester.read("/journal/requests/near-misses?path=/crl/toscana.crl&status=200");
    assert_eq!(
        (&misses[0]["request"], &misses[0]["differences"]),
        (
            &json!(8),
            &json!([{ "field": "path", "wanted": "/crl/toscana.crl", "seen": "/ocsp/collaudo/AAAA" }])
        )
    );
    let misses = tester
        .read("/journal/requests/near-misses?certifier=collaudo&answer=unauthorized&listener=pki");
    assert_eq!(
        misses[0]["differences"],
        json!([{ "field": "answer", "wanted": "unauthorized", "seen": "malformed_request" }])
    );
}

#[test]
fn an_expectation_may_be_about_requests() {
    let country = Country::with(OfficeTerms::default());
    let tester = Tester(&country.bench);
    let serial = country.serial.to_string();
    // What came before does not count.
    ask_responder(&country, "");
    let asked = json!({ "inquiry": "ocsp", "serial": serial });
    let expected = json!({ "name": "the client asks the responder", "request": asked });
    tester.order("/expectations", &expected.to_string());
    let list = json!({ "request": { "path_prefix": "/crl/" }, "at_least": 0, "at_most": 0 });
    tester.order("/expectations", &list.to_string());
    let report = || tester.read("/expectations/report")["expectations"].clone();
    assert_eq!(report()[0]["standing"], "broken");
    fetch(&country, "/ocsp/collaudo/AAAA");
    let misses = report()[0]["near_misses"].clone();
    assert_eq!(
        misses,
        json!([{ "connection": 2, "request": 2, "differences":
                 [{ "field": "serial", "wanted": serial, "seen": null }] }])
    );
    // A login asks too, but nobody sees that on the way.
    assert_eq!(country.bench.login("").0, 200);
    assert_eq!(report()[0]["standing"], "broken");
    ask_responder(&country, "");
    fetch(&country, "/crl/lombardia.crl");
    let told = report();
    assert_eq!(
        (&told[0]["standing"], &told[0]["requests"]),
        (&json!("met"), &json!([4]))
    );
    assert_eq!(
        (&told[1]["standing"], &told[1]["count"]),
        (&json!("broken"), &json!(1))
    );
    let junit = tester.get("/expectations/report?format=junit").1;
    assert!(
        junit.contains("{&quot;path_prefix&quot;:&quot;/crl/&quot;}"),
        "{junit}"
    );

    let both = json!({ "request": asked, "that": { "outcome": "refused" } });
    let (status, problem) = tester.post("/expectations", &both.to_string());
    assert_eq!(
        (status, &problem["errors"][0]["field"]),
        (422, &json!("that"))
    );
    for wrong in [
        json!({ "request": [] }),
        json!({ "request": null }),
        json!({ "request": { "status": "404" } }),
        json!({ "request": { "status": 99 } }),
    ] {
        assert_eq!(tester.post("/expectations", &wrong.to_string()).0, 422);
    }
}

#[test]
fn requests_on_one_connection_are_all_there() {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    let tester = Tester(&bench);
    let host = format!("https://cns.test:{}", bench.port);
    let others = ["/api/verdict?lang=en", "/nowhere", "/"].map(|path| format!("{host}{path}"));
    let resolve = format!("cns.test:{}:127.0.0.1", bench.port);
    let mut options = vec!["--resolve", &resolve];
    options.extend(CARD.split_whitespace());
    options.extend(others.iter().map(String::as_str));
    succeed(bench.curl_url(&format!("{host}/api/login"), &options));
    let journal = tester.read("/journal");
    let requests = journal[0]["requests"].as_array().unwrap().iter();
    let told: Vec<(&Value, &Value)> = requests.map(|it| (&it["path"], &it["status"])).collect();
    let expected = [
        ("/api/login", 200),
        ("/api/verdict", 200),
        ("/nowhere", 404),
        ("/", 200),
    ];
    let expected = expected.map(|(path, status)| (json!(path), json!(status)));
    assert_eq!(
        told,
        expected.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>()
    );
    assert_eq!(
        tester.read("/journal/requests/count?connection=1&listener=cns")["count"],
        4
    );
}

#[test]
fn the_journal_and_the_metrics_count_alike() {
    let bench = Bench::start_with(|config, _| {
        config.behind = Some(BehindProxy::on_loopback(Dialect::Rfc9440));
    });
    bench.issue(&bench.certifier, years(2024, 2030));
    let tester = Tester(&bench);
    assert_eq!(bench.login("").0, 200);
    assert_eq!(bench.visit("/nowhere", CARD).0, 404);
    assert_eq!(bench.visit("/", "").0, 401);
    let behind = format!("http://{}/api/login", bench.addresses.behind.unwrap());
    let headers = Dialect::Rfc9440.write(&Forwarded {
        certificate: fs::read(bench.folder.path().join("card.der")).unwrap(),
        chain: Vec::new(),
        verification: Verification::NotTold,
    });
    let header = format!("{}: {}", headers[0].0, headers[0].1);
    succeed(bench.curl_url(&behind, &["--header", &header]));
    succeed(bench.curl_url(&behind, &["--header", &header, "--header", &header]));
    let fault = r#"{"when":{"listener":"behind"},"fault":{"status":503}}"#;
    tester.order("/faults", fault);
    succeed(bench.curl_url(&behind, &["--header", &header]));
    let www = format!("https://127.0.0.1:{}", bench.addresses.www.port());
    for path in ["/", "/healthz", "/nowhere", "/%F0%9F"] {
        succeed(bench.curl_url(&format!("{www}{path}"), &[]));
    }
    for path in ["/ca/1.cer", "/ca/2.cer", "/healthz"] {
        let url = format!("http://{}{path}", bench.addresses.pki);
        succeed(bench.curl_url(&url, &["--output", "fetched"]));
    }

    let mut counted = BTreeMap::new();
    for request in tester.read("/journal/requests").as_array().unwrap() {
        let listener = request["listener"].as_str().unwrap();
        let key = format!(
            r#"cns_portal_requests_total{{listener="{listener}",status="{}"}}"#,
            request["status"]
        );
        *counted.entry(key).or_insert(0) += 1;
    }
    let text = succeed(bench.curl_url(&format!("http://{}/metrics", bench.addresses.control), &[]));
    let lines = text.lines().filter_map(|line| line.rsplit_once(' '));
    let told: BTreeMap<String, i32> = lines
        .filter(|(name, _)| name.starts_with("cns_portal_requests_total"))
        .map(|(name, count)| (name.to_owned(), count.parse().unwrap()))
        .collect();
    assert_eq!(counted, told);
    assert_eq!(counted.values().sum::<i32>(), 13);
    assert_eq!(counted.len(), 10, "{counted:?}");

    // What belongs to a login stands with it too, once.
    let journal = tester.read("/journal");
    let nested = journal.as_array().unwrap().iter();
    let nested = nested.map(|entry| entry["requests"].as_array().unwrap().len());
    assert_eq!(nested.collect::<Vec<_>>(), [1; 6]);
    assert_eq!(tester.read("/journal/count?outcome=mistrusted")["count"], 1);
}

#[test]
fn whoever_asks_for_what_is_forgotten_is_told_so() {
    let bench = Bench::start_with(|config, _| {
        config.journal = JournalCapacity {
            connections: 2,
            requests: 1,
        };
    });
    bench.issue(&bench.certifier, years(2024, 2030));
    let tester = Tester(&bench);
    tester.order("/expectations", r#"{"at_least":3}"#);
    for _ in 0..3 {
        assert_eq!(bench.login("").0, 200);
    }
    assert_eq!(
        tester.read("/journal/count?outcome=logged_in"),
        json!({ "count": 2, "forgotten": 1 })
    );
    assert_eq!(
        tester.read("/journal/requests/count"),
        json!({ "count": 1, "forgotten": 2 })
    );
    assert_eq!(
        tester.read("/journal/extent"),
        json!({ "kept_at_most": { "connections": 2, "requests": 1 }, "connections": 2, "requests": 1,
                "forgotten": { "connections": 1, "requests": 2 } })
    );
    let (status, problem) = tester.get("/verdict/1");
    assert_eq!(status, 404);
    assert!(
        problem.contains("it keeps the newest, and has forgotten 1"),
        "{problem}"
    );
    let report = tester.read("/expectations/report")["expectations"][0].clone();
    assert_eq!(
        (&report["count"], &report["forgotten"], &report["standing"]),
        (&json!(2), &json!(1), &json!("unknown"))
    );
    let junit = tester.get("/expectations/report?format=junit").1;
    let words = "seen 2 times, expected at least 3; the journal has forgotten 1 since";
    assert!(junit.contains(words), "{junit}");
    tester.curl("/reset", &["--request", "POST"]);
    assert_eq!(
        tester.read("/journal/extent")["forgotten"],
        json!({ "connections": 0, "requests": 0 })
    );
}

#[test]
fn only_the_events_that_are_wanted_are_told() {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    let control = bench.addresses.control_url();
    let mut curl = Command::new("curl")
        .args(["--silent", "--no-buffer", "--max-time", "20"])
        .arg(format!(
            "{control}/events/requests?listener=pki&status=404&path_prefix=/crl/"
        ))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(curl.stdout.take().unwrap()).lines();
    let mut lines = lines.map(Result::unwrap).filter(|line| !line.is_empty());
    assert_eq!(lines.next().as_deref(), Some(": listening"));
    assert_eq!(bench.login("").0, 200);
    for path in ["/ca/1.cer", "/nowhere", "/crl/nobody.crl"] {
        let url = format!("http://{}{path}", bench.addresses.pki);
        succeed(bench.curl_url(&url, &["--output", "fetched"]));
    }
    assert_eq!(lines.next().as_deref(), Some("event: request"));
    let data = lines.next().unwrap();
    let event: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
    assert_eq!(event["path"], "/crl/nobody.crl");
    assert_eq!(event["inquiry"]["certifier"], "nobody");
    drop(bench);
    assert_eq!(lines.next(), None);
    curl.wait().unwrap();
}
