//! Our own portal: its verdict on every animal is a golden, and where that is not what a portal must do, a
//! line of `data/zoo/own-portal.txt` says why.

use std::collections::BTreeMap;

use cns_authority::zoo::animals;
use cns_conformance::own_verdict::OwnJudge;
use cns_fixtures::{DEFAULT_PROFILE, citizen, profile};

const KNOWN: &str = include_str!("../../data/zoo/own-portal.txt");

/// `INSTA_UPDATE=always cargo test -p cns-conformance --test zoo own_portal` writes it anew; then read it.
#[test]
fn every_animal_has_its_verdict() {
    let judge = OwnJudge::new(
        &profile(DEFAULT_PROFILE).unwrap(),
        &citizen("mario-bianchi").unwrap(),
    )
    .unwrap();
    let known = known();
    let (mut table, mut wrong) = (String::new(), Vec::new());
    for animal in animals() {
        let verdict = judge.verdict(animal).unwrap();
        let is_right = verdict.is_what_a_portal_must_do(animal.verdict);
        let must = match animal.verdict.check() {
            Some(check) => format!("{} {check}", animal.verdict.name()),
            None => animal.verdict.name().to_owned(),
        };
        let mark = if is_right { ' ' } else { '!' };
        table += &format!("{mark} {:34} {must:32} {verdict}\n", animal.id);
        match (is_right, known.contains_key(animal.id)) {
            (true, true) => wrong.push(format!("{} is right now: its line is stale", animal.id)),
            (false, false) => wrong.push(format!("{}: {verdict}, and no line says why", animal.id)),
            _ => {}
        }
    }
    insta::assert_snapshot!("own_portal", table);
    assert!(
        wrong.is_empty(),
        "{}\nhint: what is known stands in data/zoo/own-portal.txt, and nothing else",
        wrong.join("\n")
    );
}

#[test]
fn every_line_is_of_an_animal_and_has_a_reason() {
    for (id, reason) in known() {
        assert!(animals().any(|animal| animal.id == id), "{id}");
        assert!(reason.ends_with('.'), "{id}: {reason}");
    }
}

/// What is known not to be right, and why.
pub(crate) fn known() -> BTreeMap<&'static str, &'static str> {
    let lines = KNOWN.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let (id, reason) = line.split_once(' ').unwrap();
            (id, reason.trim())
        })
        .collect()
}
