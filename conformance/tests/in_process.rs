//! The suite against the card in this process: it passes on every profile.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use cns_conformance::runner::{Outcome, Permission, run};
use cns_conformance::subject::Subject;
use cns_conformance::suites::card_cases;
use cns_conformance::target::{InProcess, OwnCard};
use cns_conformance::test_card::TestCard;
use cns_fixtures::{Profile, citizen, profiles};
use time::OffsetDateTime;

const SEED: u64 = 1;

fn stage(profile: Profile) -> TestCard {
    let today = OffsetDateTime::now_utc().date();
    let subject = Subject::issued(profile, citizen("mario-bianchi").unwrap(), today, SEED).unwrap();
    let image = subject.issue.as_ref().unwrap().image.clone();
    let target = InProcess::new(OwnCard::new(image, SEED));
    TestCard::new(Box::new(target), subject, Permission::LookOnly)
}

#[test]
fn the_card_passes_every_case_on_every_profile() {
    let mut findings = Vec::new();
    for profile in profiles() {
        let id = profile.id.clone();
        for result in run(&card_cases(), &mut stage(profile), SEED, |_| {}) {
            match result.outcome {
                Outcome::Pass | Outcome::Skipped(_) => {}
                other => findings.push(format!("{id}: {}: {other:?}", result.facts.id)),
            }
        }
    }
    assert!(findings.is_empty(), "seed {SEED}:\n{}", findings.join("\n"));
}
