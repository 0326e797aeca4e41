//! The zoo, judged by the real openssl: what it says of each animal is what somebody has read, and where
//! that is not what a portal must do the reason stands beside it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;

use cns_authority::zoo::{Verdict, animals};
use cns_conformance::openssl_judge::{Judge, Pinned, pinned};
use cns_fixtures::{DEFAULT_PROFILE, citizen, profile};

#[test]
fn openssl_says_of_every_animal_what_is_pinned() {
    let (profile, citizen) = (
        profile(DEFAULT_PROFILE).unwrap(),
        citizen("mario-bianchi").unwrap(),
    );
    let judge = Judge::new(&profile, &citizen).unwrap();
    let pinned = pinned_of(&judge.version().unwrap());
    let server = judge.server().unwrap();
    let visitor = judge.visitor(&server, profile, citizen).unwrap();
    let mut wrong = Vec::new();
    for animal in animals() {
        let opinion = judge.opinion(animal).unwrap();
        let lets_in = visitor.is_let_in(animal).unwrap();
        let seen = (opinion.as_ref().map(|it| it.says.clone()), lets_in);
        let said = pinned.animals.get(animal.id);
        let known = said.map_or((None, None), |it| (it.says.clone(), it.server_lets_in));
        if seen != known {
            wrong.push(format!("{}: {seen:?}, pinned {known:?}", animal.id));
        }
        let must = animal.verdict == Verdict::Accept;
        let accepts = [opinion.map(|it| it.accepts), lets_in];
        let differs = accepts.into_iter().flatten().any(|accepts| accepts != must);
        if differs != said.is_some_and(|it| it.differs.is_some()) {
            wrong.push(format!("{}: differs: {differs}", animal.id));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nhint: cargo run -p cns-conformance --example observe_zoo",
        wrong.join("\n")
    );
}

#[test]
fn every_difference_has_its_reason_and_every_reason_its_difference() {
    let pinned = pinned_of("3.0");
    let named: BTreeSet<&String> = pinned
        .animals
        .values()
        .filter_map(|it| it.differs.as_ref())
        .collect();
    assert_eq!(named, pinned.reasons.keys().collect());
    let known: BTreeSet<&str> = animals().map(|animal| animal.id).collect();
    let strangers = pinned
        .animals
        .keys()
        .filter(|id| !known.contains(id.as_str()));
    assert_eq!(strangers.collect::<Vec<_>>(), Vec::<&String>::new());
}

fn pinned_of(version: &str) -> Pinned {
    pinned(version).unwrap().unwrap_or_else(|| {
        panic!(
            "nobody has looked at what openssl {version} makes of the zoo\nhint: cargo run -p \
             cns-conformance --example observe_zoo, read it, and keep it in data/zoo"
        )
    })
}
