//! That nobody else's page, and nobody else's token, changes anything.

use crate::town::Place;

/// What it is about, what is typed, headers, the status.
type Case<'a> = (&'a str, Vec<(&'a str, String)>, Vec<&'a str>, u16);

#[test]
fn what_no_page_of_ours_sent_changes_nothing() {
    let place = Place::found();
    let (maria, mario) = (place.visitor("maria-rossi"), place.visitor("mario-bianchi"));
    let before = place.see(Clone::clone);
    let code = ("code", "E02".to_owned());
    let path = "/area/exemptions";
    let own = ("token", maria.token());
    let others = ("token", mario.token());
    let port = place.bench.port;
    let home = format!("Origin: https://cns.test:{port}");
    let cases: [Case<'_>; 8] = [
        ("no token", vec![code.clone()], vec![], 403),
        ("another's token", vec![code.clone(), others], vec![], 403),
        ("no token, our origin", vec![code.clone()], vec![&home], 403),
        (
            "another site",
            vec![code.clone(), own.clone()],
            vec!["Origin: https://evil.test"],
            403,
        ),
        (
            "our name without TLS",
            vec![code.clone(), own.clone()],
            vec!["Origin: http://cns.test"],
            403,
        ),
        (
            "a page without an origin",
            vec![code.clone(), own.clone()],
            vec!["Origin: null"],
            403,
        ),
        (
            "a form of another type",
            vec![code.clone(), own.clone()],
            vec!["Content-Type: text/plain"],
            415,
        ),
        (
            "JSON for a page",
            vec![code.clone(), own.clone()],
            vec!["Content-Type: application/json"],
            415,
        ),
    ];
    for (what, fields, headers, status) in cases {
        let reply = maria.post_raw(path, &fields, &headers);
        assert_eq!(reply.status, status, "{what}");
        assert!(place.see(|world| *world == before), "{what}");
    }
    let done = maria.post_raw(path, &[code, own], &[&home]);
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(place.see(|world| *world != before));
}

#[test]
fn programs_post_json_and_nothing_else() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    let before = place.see(Clone::clone);
    let path = "/api/area/exemptions";
    let data = r#"{"code": "E02"}"#;
    for (content_type, data, status) in [
        ("application/x-www-form-urlencoded", "code=E02", 415),
        ("text/plain", data, 415),
        ("multipart/form-data", data, 415),
        ("application/json", "[\"E02\"]", 400),
        ("application/json", "{\"code\": {\"is\": \"E02\"}}", 400),
        ("application/json", "code=E02", 400),
    ] {
        let header = format!("Content-Type: {content_type}");
        let reply = maria.ask(path, &["--header", &header, "--data", data]);
        assert_eq!(reply.status, status, "{content_type} {data}");
        assert_eq!(reply.json()["status"], status, "{content_type} {data}");
    }
    for method in ["PUT", "PATCH", "DELETE"] {
        let reply = maria.ask(path, &["--request", method]);
        assert_eq!(reply.status, 405);
        assert_eq!(reply.json()["title"], "Method Not Allowed", "{method}");
    }
    let long = format!("{{\"code\": \"{}\"}}", "E".repeat(70_000));
    std::fs::write(place.bench.folder.path().join("long.json"), long).unwrap();
    let header = "Content-Type: application/json";
    let reply = maria.ask(path, &["--header", header, "--data", "@long.json"]);
    assert_eq!(reply.status, 413);
    assert!(place.see(|world| *world == before));
}

#[test]
fn without_a_card_nothing_is_done() {
    let place = Place::found();
    let before = place.see(Clone::clone);
    let url = format!("https://cns.test:{}/api/area/exemptions", place.bench.port);
    let resolve = format!("cns.test:{}:127.0.0.1", place.bench.port);
    let output = place.bench.curl_url(
        &url,
        &[
            "--resolve",
            &resolve,
            "--header",
            "Content-Type: application/json",
            "--data",
            r#"{"code": "E02", "codice_fiscale": "RSSMRA85C55M901I"}"#,
            "--write-out",
            "%{http_code}",
        ],
    );
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.ends_with("401"), "{text}");
    assert!(place.see(|world| *world == before));
}
