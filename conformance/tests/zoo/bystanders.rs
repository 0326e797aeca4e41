//! Programs of every day, each with what it said when somebody looked.

use std::collections::BTreeSet;

use cns_authority::zoo::{Verdict, animals};
use cns_conformance::client_suite::version_numbers;
use cns_conformance::openssl_judge::{Judge, Pinned, pinned_of};
use cns_conformance::reactions::Bystander;
use cns_fixtures::{DEFAULT_PROFILE, citizen, profile};

#[test]
fn each_says_what_is_pinned() {
    let judge = Judge::new(
        &profile(DEFAULT_PROFILE).unwrap(),
        &citizen("mario-bianchi").unwrap(),
    )
    .unwrap();
    let mut wrong = Vec::new();
    for bystander in Bystander::ALL {
        let name = bystander.name();
        let pinned = nearest(bystander);
        for animal in animals() {
            let seen = bystander.reaction(&judge, animal).unwrap();
            let known = pinned.animals.get(animal.id);
            let says = seen.as_ref().map(|it| it.says.as_str());
            let pinned = known.and_then(|it| it.says.as_deref());
            if says != pinned {
                wrong.push(format!(
                    "{name}, {}: {says:?}, pinned {pinned:?}",
                    animal.id
                ));
            }
            let must = animal.verdict == Verdict::Accept;
            let differs = seen.is_some_and(|it| it.accepts != must);
            if differs != known.is_some_and(|it| it.differs.is_some()) {
                wrong.push(format!("{name}, {}: differs: {differs}", animal.id));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nhint: cargo run -p cns-conformance --example observe_zoo PROGRAM",
        wrong.join("\n")
    );
}

/// What the issue is about: nothing in the zoo is there without somebody who has met it.
#[test]
fn every_animal_has_been_met_by_a_real_program() {
    let programs = Bystander::ALL.into_iter().map(Bystander::name);
    let met: BTreeSet<String> = programs
        .chain(["openssl"])
        .flat_map(|name| pinned_of(name).unwrap())
        .flat_map(|(_, pinned)| pinned.animals)
        .filter(|(_, said)| said.says.is_some() || said.server_lets_in.is_some())
        .map(|(id, _)| id)
        .collect();
    let unmet = animals().filter(|animal| !met.contains(animal.id));
    assert_eq!(
        unmet.map(|animal| animal.id).collect::<Vec<_>>(),
        [""; 0],
        "nobody has looked at what a real program makes of them"
    );
}

/// Of a version that nobody looked at, what the newest one said that is older.
fn nearest(bystander: Bystander) -> Pinned {
    let installed = version_numbers(&bystander.version().unwrap());
    let mut all = pinned_of(bystander.name()).unwrap();
    all.sort_by_key(|(name, _)| version_numbers(name));
    let older = all
        .iter()
        .rposition(|(name, _)| version_numbers(name) <= installed);
    all.swap_remove(older.unwrap_or(0)).1
}
