//! Every rule that can say no to a citizen: on the page at its field, with what was typed; for programs with
//! its code and its field; and nothing is done.

mod attempts;

use std::collections::BTreeSet;

use cns_services::rule::Answer;
use cns_services::rules;

use crate::town::Place;
use attempts::Attempt;

/// Rules that a citizen cannot meet, and why.
const OF_OTHERS: [(&str, &str); 24] = [
    (
        "PERSON-101",
        "who may not act is told that nothing is there",
    ),
    ("PERSON-102", "see family.rs: the whole area is closed"),
    ("PERSON-103", "no form of the area is for another role"),
    ("PERSON-104", "see pages.rs: the whole area is closed"),
    ("PERSON-105", "no form names a structure"),
    ("REPORT-101", "see family.rs: it is not there"),
    ("REPORT-102", "of health workers"),
    ("REPORT-103", "see family.rs: of delegates"),
    ("PRESCRIPTION-104", "of doctors"),
    ("PRESCRIPTION-105", "of structures"),
    ("PRESCRIPTION-106", "of doctors"),
    ("PRESCRIPTION-107", "of doctors"),
    ("VACCINATION-101", "of structures"),
    ("VACCINATION-102", "of structures"),
    ("VACCINATION-103", "of structures"),
    ("VACCINATION-104", "of doctors"),
    ("VACCINATION-105", "of structures"),
    ("EXEMPTION-101", "it is not there"),
    ("EXEMPTION-108", "of the desk"),
    ("BOOKING-101", "it is not there"),
    ("BOOKING-111", "of structures"),
    ("DOCTOR-109", "of the desk"),
    ("DOCTOR-110", "of the desk"),
    ("DOCTOR-111", "of the desk"),
];

#[test]
fn every_refusal_is_told_where_it_belongs() {
    let place = Place::found();
    let attempts = attempts::all(&place);
    let before = place.see(Clone::clone);
    for attempt in &attempts {
        on_a_page(&place, attempt);
        for_programs(&place, attempt);
        assert!(place.see(|world| *world == before), "{attempt:?}");
    }
    let tried: BTreeSet<&str> = attempts.iter().map(|attempt| attempt.code).collect();
    let of_others = OF_OTHERS.map(|(code, _)| code);
    for rule in rules::TABLE {
        let known = tried.contains(rule.code) != of_others.contains(&rule.code);
        assert!(known, "{} is tried, or listed with a reason", rule.code);
    }
}

fn on_a_page(place: &Place, attempt: &Attempt) {
    let visitor = place.with_card(attempt.who);
    let page = visitor.post(&attempt.path, &attempt.fields);
    assert_eq!(page.status, status(attempt.code), "{attempt:?}");
    assert!(
        page.shows(&format!("<code>{}</code>", attempt.code)),
        "{attempt:?} {}",
        page.body
    );
    let Some(field) = attempt.field.filter(|_| attempt.is_seen) else {
        return;
    };
    assert!(
        page.shows(&format!("{field}-problem\"")),
        "{attempt:?} {}",
        page.body
    );
    for (name, value) in &attempt.fields {
        let is_typed = !value.is_empty() && *name != "version";
        // What is no choice cannot be chosen again; that it is none is told.
        let is_choice = attempt.choice == Some(*name);
        if is_typed && !is_choice {
            let kept = page.shows(&format!("value=\"{value}\""));
            assert!(kept, "{name} {attempt:?} {}", page.body);
        }
    }
}

fn for_programs(place: &Place, attempt: &Attempt) {
    let visitor = place.with_card(attempt.who);
    let reply = visitor.post_json(&attempt.path, &attempt.fields);
    assert_eq!(reply.content_type, "application/problem+json");
    assert_eq!(reply.status, status(attempt.code), "{attempt:?}");
    let problem = reply.json();
    assert_eq!(problem["code"], attempt.code, "{attempt:?}");
    assert_eq!(problem["field"].as_str(), attempt.field, "{attempt:?}");
    assert_eq!(problem["status"], reply.status);
}

/// What kind of no the rule is.
fn status(code: &str) -> u16 {
    let mut rules = rules::TABLE.iter().chain(cns_portal::rules::TABLE);
    match rules.find(|rule| rule.code == code).unwrap().answer {
        Answer::NotFound => 404,
        Answer::Forbidden => 403,
        Answer::Conflict => 409,
        Answer::Invalid => 422,
        Answer::Unavailable => 503,
    }
}
