//! The control API without a socket.

use std::collections::BTreeSet;

use cns_services::World;
use cns_services::desk::{Desk, Policy};
use cns_services::outbox::{Fault as PostFault, Outbox, OutboxFault};
use http_body_util::BodyExt as _;
use proptest::prelude::*;
use serde_json::{Value, json};
use time::macros::datetime;

use super::*;
use crate::clock::Clock as _;
use crate::town::{NoWorkshop, Staff, Town};

fn control() -> Control {
    let town = Town {
        world: World::generate(1, 10, datetime!(2026-01-01 0:00 UTC).date()),
        desk: Desk::new(Policy::default()),
        outbox: Outbox::default(),
    };
    let clock = Arc::new(datetime!(2026-01-01 0:00 UTC));
    let staff = Staff::new([]).unwrap();
    with_town(Some(TownHall::open(
        town,
        staff,
        Arc::new(NoWorkshop),
        clock,
    )))
}

fn with_town(town: Option<TownHall>) -> Control {
    let control = Control::new(Controlled {
        clock: VirtualClock::over(Arc::new(datetime!(2026-01-01 0:00 UTC))),
        journal: Journal::default(),
        faults: Faults::with_seed(1),
        metrics: Metrics::new(),
        offices: None,
        town,
        exposure: Exposure::Loopback,
    });
    control.begin();
    control
}

/// Status and body of the answer to a request with these headers, besides `Host`.
fn ask(
    control: &Control,
    request: &str,
    headers: &[(&str, &str)],
    body: impl AsRef<[u8]>,
) -> (u16, Value) {
    let (method, target) = request.split_once(' ').unwrap();
    let mut builder = Request::builder().method(method).uri(target);
    for (name, value) in [("host", "127.0.0.1:1")].iter().chain(headers) {
        builder = builder.header(*name, *value);
    }
    let (head, ()) = builder.body(()).unwrap().into_parts();
    let body = Bytes::copy_from_slice(body.as_ref());
    let response = match control.reply(&head, &body) {
        Ok(Reply::Told(response)) => response,
        Ok(Reply::Events(_)) => panic!("events"),
        Err(problem) => problem.response(),
    };
    let status = response.status().as_u16();
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.build().unwrap();
    let bytes = runtime.block_on(response.collect()).unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

fn order(control: &Control, request: &str, body: &Value) -> (u16, Value) {
    let json = [("content-type", "application/json")];
    ask(control, request, &json, body.to_string())
}

fn read(control: &Control, path: &str) -> Value {
    let (status, value) = ask(control, &format!("GET {BASE}{path}"), &[], "");
    assert_eq!(status, 200, "{path}: {value}");
    value
}

/// All that a request could have changed.
fn everything(control: &Control) -> Vec<Value> {
    let paths = [
        "/clock",
        "/journal",
        "/faults",
        "/expectations/report",
        "/ca",
        "/town",
    ];
    paths.map(|path| read(control, path)).to_vec()
}

#[test]
fn a_reset_goes_back_to_the_start_and_a_restore_to_a_snapshot() {
    let control = control();
    let start = everything(&control);
    let fault = json!({ "fault": "redirect_loop" });
    assert_eq!(order(&control, "POST /_control/v1/faults", &fault).0, 201);
    let later = json!({ "advance_seconds": 60 });
    assert_eq!(order(&control, "PUT /_control/v1/clock", &later).0, 200);
    let expectation = json!({ "name": "a login", "that": { "outcome": "logged_in" } });
    let (status, told) = order(&control, "POST /_control/v1/expectations", &expectation);
    assert_eq!((status, &told["standing"]), (201, &json!("broken")));
    let hall = control.portal.town.clone().unwrap();
    let armed = hall.change(|town, _| {
        town.outbox.arm(OutboxFault::next(PostFault::Lost));
        Ok(())
    });
    armed.unwrap();
    let then = everything(&control);
    let (status, snapshot) = ask(&control, "POST /_control/v1/snapshot", &[], "");
    assert_eq!(status, 201);

    assert_eq!(ask(&control, "POST /_control/v1/reset", &[], "").0, 200);
    assert_eq!(everything(&control), start);
    assert_eq!(
        order(&control, "POST /_control/v1/restore", &snapshot).0,
        200
    );
    assert_eq!(everything(&control), then);
    let unknown = json!({ "id": 77 });
    assert_eq!(
        order(&control, "POST /_control/v1/restore", &unknown).0,
        404
    );
}

#[test]
fn a_town_is_read_and_put_back() {
    let control = control();
    let town = read(&control, "/town");
    let put = |town: &Value| {
        let (status, told) = order(&control, "PUT /_control/v1/town", town);
        (status, told["errors"][0]["field"].clone())
    };
    let mut other = town.clone();
    other["outbox"]["faults"] =
        json!([{ "fault": "lost", "channel": null, "to": null, "times": 1 }]);
    assert_eq!(put(&other), (200, Value::Null));
    assert_eq!(read(&control, "/town"), other);
    for (pointer, wrong, field) in [
        ("/format", json!(7), "format"),
        ("/world/format", json!(7), "world"),
        (
            "/world/people/people",
            json!([]),
            "world.people.representations[0]",
        ),
        ("/desk/audit/head/entries", json!(7), "desk.audit"),
        ("/outbox/swaps", json!(7), "outbox.swaps"),
        ("/outbox", json!([]), ""),
    ] {
        let mut damaged = town.clone();
        *damaged.pointer_mut(pointer).unwrap() = wrong;
        assert_eq!(put(&damaged), (422, json!(field)), "{pointer}");
    }
    let json = [("content-type", "application/json")];
    for text in ["", "{", "\u{0}", "{} {}"] {
        let (status, _) = ask(&control, "PUT /_control/v1/town", &json, text);
        assert_eq!(status, 400, "{text}");
    }
    assert_eq!(
        read(&control, "/town"),
        other,
        "what is refused changes nothing"
    );
    let nowhere = with_town(None);
    assert_eq!(ask(&nowhere, "GET /_control/v1/town", &[], "").0, 404);
    assert_eq!(order(&nowhere, "PUT /_control/v1/town", &town).0, 404);
}

#[test]
fn the_clock_does_what_it_is_told() {
    let control = control();
    let set = |body: Value| {
        let (status, told) = order(&control, "PUT /_control/v1/clock", &body);
        (status, told["now"].as_str().unwrap_or_default().to_owned())
    };
    let june = "2027-06-01T00:00:00Z".to_owned();
    assert_eq!(
        set(json!({ "freeze_at": "2027-06-01T00:00:00Z" })),
        (200, june.clone())
    );
    assert_eq!(set(json!("run")), (200, june));
    assert_eq!(
        set(json!({ "advance_seconds": -1 })),
        (200, "2027-05-31T23:59:59Z".to_owned())
    );
    assert_eq!(set(json!({ "set_to": "1969-12-31T23:59:59Z" })).0, 422);
    assert_eq!(set(json!({ "advance_seconds": i64::MAX })).0, 422);
    assert_eq!(set(json!({ "set_to": "tomorrow" })).0, 422);
    assert_eq!(set(json!({ "set_to": "9999-12-31T23:59:59-23:59" })).0, 422);
    assert_eq!(
        control.portal.clock.now(),
        datetime!(2027-05-31 23:59:59 UTC)
    );
}

#[test]
fn other_peoples_pages_are_refused() {
    let control = control();
    let check = |headers: &[(&str, &str)], body: &str, status: u16| {
        let (seen, told) = ask(&control, "POST /_control/v1/reset", headers, body);
        assert_eq!(seen, status, "{headers:?}: {told}");
    };
    check(&[("origin", "http://127.0.0.1:1")], "", 200);
    check(&[("origin", "http://evil.test")], "", 403);
    check(&[("origin", "null")], "", 403);
    check(&[("sec-fetch-site", "cross-site")], "", 403);
    check(&[("sec-fetch-site", "none")], "", 200);
    check(&[("content-type", "text/plain")], "{}", 415);
    check(
        &[("content-type", "application/json; charset=utf-8")],
        "{}",
        200,
    );
    check(&[], "{}", 415);
}

#[test]
fn a_name_that_leads_here_from_outside_is_refused() {
    let mut control = control();
    for (host, status) in [
        ("localhost:8080", 200),
        ("[::1]:8080", 200),
        ("127.0.0.1", 200),
        ("rebound.test", 403),
        ("10.0.0.1", 403),
        ("", 403),
    ] {
        let request = Request::get("/healthz").header("host", host);
        let (head, ()) = request.body(()).unwrap().into_parts();
        let seen = match control.reply(&head, &Bytes::new()) {
            Ok(_) => 200,
            Err(problem) => problem.response().status().as_u16(),
        };
        assert_eq!(seen, status, "{host}");
    }
    control.portal.exposure = Exposure::AnyAddress;
    let request = Request::get("/healthz").header("host", "portal.test");
    let (head, ()) = request.body(()).unwrap().into_parts();
    assert!(control.reply(&head, &Bytes::new()).is_ok());
}

#[test]
fn what_is_not_there_is_told() {
    let control = control();
    for (request, status) in [
        ("GET /", 404),
        ("GET /_control/v1/verdict/1", 404),
        ("GET /_control/v1/verdict/first", 404),
        ("DELETE /_control/v1/faults/1", 404),
        ("PUT /_control/v1/faults", 405),
        ("TRACE /healthz", 405),
        ("HEAD /healthz", 200),
        ("GET /_control/v1/journal/find?outcome=lost", 400),
        (
            "GET /_control/v1/journal/find?since=9999-12-31T23:59:59-23:59",
            200,
        ),
    ] {
        let (seen, told) = ask(&control, request, &[], "");
        assert_eq!(seen, status, "{request}: {told}");
    }
}

/// The document is made of the table of routes; this is about the rest of it.
#[test]
fn the_document_knows_every_route_and_every_schema() {
    let control = control();
    let (_, document) = ask(&control, "GET /openapi.json", &[], "");
    let mut operations = BTreeSet::new();
    for route in control.routes.iter() {
        let method = route.method.as_str().to_ascii_lowercase();
        assert_eq!(
            document["paths"][&route.path][&method]["operationId"], route.id,
            "{method} {}",
            route.path
        );
        assert!(operations.insert(route.id), "{} is there twice", route.id);
    }
    let text = document.to_string();
    for reference in text.split("\"#/").skip(1) {
        let pointer = format!("/{}", reference.split('"').next().unwrap());
        assert!(document.pointer(&pointer).is_some(), "{pointer}");
    }
}

fn bodies() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "[a-z_{}\\[\\]\":,0-9-]{0,40}",
        Just("{}".to_owned()),
        Just(r#"{"fault":{"status":200}}"#.to_owned()),
        Just(r#"{"fault":{"alert_after_hello":40},"when":{"card":"1"}}"#.to_owned()),
        Just(r#"{"fault":"redirect_loop","times":0}"#.to_owned()),
        Just(r#"{"at_least":2,"at_most":1}"#.to_owned()),
        Just(r#"{"set_to":"1900-01-01T00:00:00Z"}"#.to_owned()),
        Just(r#"{"certifier":"nobody","serial":"12"}"#.to_owned()),
        Just(r#"{"id":99}"#.to_owned()),
    ];
    text.prop_map(|text| text)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_refused_changes_nothing(
        body in bodies(),
        content_type in prop_oneof![4 => Just("application/json"), 1 => Just("text/plain")],
        origin in prop_oneof![4 => Just("http://127.0.0.1:1"), 1 => Just("http://evil.test")],
    ) {
        let control = control();
        order(&control, "POST /_control/v1/faults", &json!({ "fault": "html_instead" }));
        order(&control, "POST /_control/v1/expectations", &json!({}));
        let headers = [("content-type", content_type), ("origin", origin)];
        for route in control.routes.iter().filter(|route| route.method != "GET") {
            let before = everything(&control);
            let request = format!("{} {}", route.method, route.path.replace("{id}", "99"));
            let (status, told) = ask(&control, &request, &headers, &body);
            prop_assert!(status < 500, "{request} {body}: {told}");
            if 400 <= status {
                prop_assert_eq!(told["status"].as_u64(), Some(status.into()));
                prop_assert_eq!(everything(&control), before);
            }
        }
    }
}
