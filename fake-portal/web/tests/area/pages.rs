//! Every page in every language, for people and for programs.

use cns_services::bookings::Service;
use serde_json::Value;

use crate::town::Place;

/// Pages that everybody has.
const PAGES: [&str; 9] = [
    "",
    "/reports",
    "/prescriptions",
    "/vaccinations",
    "/exemptions",
    "/bookings",
    "/bookings/new",
    "/doctor",
    "/doctor/applications",
];

#[test]
fn every_page_is_there_in_every_language_and_as_json() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    for page in PAGES {
        for language in ["it", "en", "de"] {
            let reply = maria.see(&format!("/area{page}?lang={language}"));
            assert_eq!(reply.status, 200, "{page}");
            assert!(
                reply.shows(&format!("<html lang=\"{language}\">")),
                "{page}"
            );
            assert!(!reply.shows("{0}"), "{page}");
        }
        let (status, data) = maria.json(&format!("/area{page}"));
        assert_eq!(status, 200, "{page}");
        assert!(data.is_object(), "{page}");
    }
}

#[test]
fn every_entry_of_a_list_has_a_page() {
    let place = Place::found();
    for id in ["maria-rossi", "rosa-galli", "paolo-conti"] {
        let visitor = place.visitor(id);
        for (list, key) in [
            ("reports", "number"),
            ("prescriptions", "/prescription/nre"),
            ("bookings", "number"),
        ] {
            let (_, data) = visitor.json(&format!("/area/{list}"));
            for entry in data[list].as_array().unwrap() {
                let name = match entry.pointer(key).unwrap_or(&entry["number"]) {
                    Value::String(nre) => nre.clone(),
                    number => number.to_string(),
                };
                let page = visitor.see(&format!("/area/{list}/{name}"));
                assert_eq!(page.status, 200, "{id} {list} {name}");
                let (status, _) = visitor.json(&format!("/area/{list}/{name}"));
                assert_eq!(status, 200, "{id} {list} {name}");
            }
        }
    }
}

#[test]
fn a_chosen_language_stays() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    let page = maria.ask("/area", &["--header", "Cookie: lang=de"]);
    assert!(page.shows("<html lang=\"de\">"));
    let chosen = maria.ask("/area?lang=de", &["--include"]);
    assert!(chosen.shows("set-cookie: lang=de; Path=/; Secure; HttpOnly; SameSite=Lax"));
    let programs = maria.ask("/api/area/nothing", &["--header", "Accept-Language: de"]);
    assert_eq!(programs.content_type, "application/problem+json");
}

#[test]
fn another_language_is_the_same_step() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    let step = "/area/bookings/new?service=eye-visit&from=2026-12-01";
    let page = maria.see(step);
    let link = r#"<a href="?service=eye-visit&#38;from=2026-12-01&amp;lang=de""#;
    assert!(page.shows(link), "{}", page.body);
    let german = maria.see(&format!("{step}&lang=de"));
    assert!(german.shows(r#"<html lang="de">"#));
    // The language that was asked for before is not kept beside the other.
    assert!(german.shows(&link.replace("lang=de", "lang=it")));
    // A form that was refused is the step that it was sent from.
    let agenda = place.agenda(Service::EyeVisit).0;
    let posted = [
        ("agenda", agenda.to_string()),
        ("starts", "2026-12-01T03:33".to_owned()),
    ];
    let refused = maria.post("/area/bookings/new", &posted);
    let step = format!("service=eye-visit&#38;agenda={agenda}&#38;starts=2026-12-01T03%3A33");
    let link = format!(r#"<a href="?{step}&amp;lang=de""#);
    assert!(refused.shows(&link), "{}", refused.body);
    // Whatever the address says, the link leads to this page, and is only a link.
    let odd = maria.see("/area?q=%22%3E%3Cb%3E&//evil.test/&lang=de");
    assert!(odd.shows(r#"<a href="?q=%22%3E%3Cb%3E&#38;%2F%2Fevil.test%2F=&amp;lang=it""#));
}

#[test]
fn the_area_needs_a_card_and_says_so() {
    let place = Place::found();
    for path in ["/area", "/area/reports", "/area/for/RSSMRA85C55M901I"] {
        let (status, page) = place.bench.visit(path, "--header Accept-Language:en");
        assert_eq!(status, 401, "{path}");
        assert!(page.contains("The personal area needs the card"), "{path}");
        assert!(page.contains(r#"<a href="/">Log in with the card</a>"#));
    }
}

#[test]
fn a_login_leads_to_the_area_if_there_is_one() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    let login = maria.ask("/", &["--header", "Accept: text/html"]);
    assert!(login.shows(r#"<a class="button" href="/area">"#));

    let without = crate::support::Bench::start();
    without.issue(&without.certifier, crate::support::years(2025, 2027));
    let options = format!("{} --header Accept:text/html", crate::support::CARD);
    let (_, login) = without.visit("/", &options);
    assert!(login.contains("<h1>") && !login.contains("/area"));
    assert_eq!(without.visit("/area", crate::support::CARD).0, 404);
}

#[test]
fn a_card_of_somebody_whom_nobody_knows_opens_nothing() {
    let place = Place::found();
    let stranger = place.with_card("RSSMRA85C55F205Y".parse().unwrap());
    let page = stranger.see("/area");
    assert_eq!(page.status, 404);
    assert!(page.shows("PERSON-104"));
    let (status, problem) = stranger.json("/area/reports");
    assert_eq!(
        (status, &problem["code"]),
        (404, &Value::from("PERSON-104"))
    );
}

#[test]
fn what_is_no_page_is_not_there() {
    let place = Place::found();
    let maria = place.visitor("maria-rossi");
    for path in [
        "/area/nothing",
        "/area/reports/x",
        "/area/reports/0/burn",
        "/area/reports/-1",
        "/area/reports/99999999999",
        "/area/prescriptions/0300A",
        "/area/exemptions/x/revoke",
        "/area/bookings/0/pay",
        "/area/doctor/3",
        "/area/vaccinations/certificate.txt",
        "/area/for",
        "/area/for/nobody",
    ] {
        assert_eq!(maria.see(path).status, 404, "{path}");
        assert_eq!(maria.json(path).0, 404, "{path}");
    }
}
