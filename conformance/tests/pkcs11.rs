//! The suite pkcs11 against OpenSC's module, with the own card in a pcscd of this process's own.
//!
//! Each test starts over as a process of its own, for libpcsclite asks the environment once for its
//! pcscd. The deviations of OpenSC 0.23 are data, in `data/expectations`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use cns_conformance::campaign::open;
use cns_conformance::case::Effect;
use cns_conformance::expectations::Expectations;
use cns_conformance::own_reader::Slot;
use cns_conformance::packages::locate;
use cns_conformance::private_reader::Way;
use cns_conformance::runner::Outcome;
use cns_conformance::subject::Subject;
use cns_conformance::target::{OwnCard, TargetName};
use cns_fixtures::{profile, profiles};
use support::{SEED, at_a_place, options};

const KNOWN: &str = include_str!("../data/expectations/opensc-0.23.txt");

#[test]
fn opensc_conforms_but_for_what_is_known_of_it() {
    let name = "opensc_conforms_but_for_what_is_known_of_it";
    if at_a_place(Way::Vpcd, name).is_none() {
        return;
    }
    let known = Expectations::parse(KNOWN, &[]).unwrap();
    let (mut passed, mut findings) = (0, Vec::new());
    for mut campaign in open(&TargetName::OwnToken, &options(profiles())).unwrap() {
        let profile = campaign.profile().unwrap().to_owned();
        for result in campaign.run(&|_| true, SEED, &mut |_| {}) {
            let expected = known.find(result.facts.id, Some(&profile)).is_some();
            match (result.outcome, expected) {
                (Outcome::Pass, false) => passed += 1,
                (Outcome::Fail(_), true) | (Outcome::Skipped(_), _) => {}
                (other, _) => findings.push(format!("{profile}: {}: {other:?}", result.facts.id)),
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert!(400 < passed, "{passed} cases passed");
}

/// A card of somebody else's: nothing presents a PIN, and nothing else than what only looks is run.
#[test]
fn a_foreign_token_is_only_looked_at() {
    let Some(place) = at_a_place(Way::Vpcd, "a_foreign_token_is_only_looked_at") else {
        return;
    };
    let made = profile("cns11-st2021").unwrap();
    let options = options(vec![made.clone()]);
    let subject = Subject::issued(made, options.citizen.clone(), options.today, SEED).unwrap();
    let image = subject.issue.unwrap().image;
    let before = image.encode().unwrap();
    let card = OwnCard::new(image, SEED);
    let mut slot = Slot::open(&place.door).unwrap();
    slot.insert(card.clone()).unwrap();

    let module = locate("opensc-pkcs11.so").unwrap();
    let target = TargetName::Pkcs11(module);
    let mut campaign = open(&target, &options).unwrap().remove(0);
    // The driver looks for a card every 400 ms.
    let is_there = |facts: &cns_conformance::runner::CaseFacts| facts.id == "pkcs11.token.is-there";
    let sees_it = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        let results = campaign.run(&is_there, SEED, &mut |_| {});
        results.iter().all(|it| it.outcome == Outcome::Pass)
    });
    assert!(sees_it, "{target} sees no card");

    let results = campaign.run(&|_| true, SEED, &mut |_| {});
    let run = results
        .iter()
        .filter(|it| !matches!(it.outcome, Outcome::Skipped(_)));
    let (mut count, mut effects) = (0, Vec::new());
    for result in run {
        count += 1;
        effects.push(result.facts.effect);
    }
    assert!(15 < count, "{count} cases ran");
    assert!(effects.iter().all(|effect| *effect == Effect::Reads));
    assert_eq!(card.image().encode().unwrap(), before);
}
