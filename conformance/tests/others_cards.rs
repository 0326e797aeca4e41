//! What the suite does to a card that is not its own: nothing, unless it was allowed, and nothing that
//! stays even then.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use cns_conformance::runner::{Outcome, Permission, run_one};
use cns_conformance::subject::Subject;
use cns_conformance::suites::card_cases;
use cns_conformance::target::{InProcess, OwnCard, Target, TargetError};
use cns_conformance::test_card::TestCard;
use cns_fixtures::{citizen, profiles};
use support::{SEED, contents};
use time::OffsetDateTime;

/// The one case that fails here rightly: the cards of this test are of the suite's own certifier, which
/// publishes no list.
const OF_REAL_CERTIFIERS: &str = "data.extensions.revocation-list";

/// A card that the suite did not make, as far as it can see.
struct Foreign(InProcess);

impl Target for Foreign {
    fn name(&self) -> String {
        "somebody's card".to_owned()
    }

    fn power_on(&mut self) -> Result<Vec<u8>, TargetError> {
        self.0.power_on()
    }

    fn reset(&mut self) -> Result<Vec<u8>, TargetError> {
        self.0.reset()
    }

    fn power_off(&mut self) -> Result<(), TargetError> {
        self.0.power_off()
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TargetError> {
        self.0.transmit(command)
    }
}

/// Runs every case on somebody's card of every profile. Returns what went wrong, and how many passed.
fn leaves_cards_alone(permission: Permission) -> (Vec<String>, usize) {
    let today = OffsetDateTime::now_utc().date();
    let mut findings = Vec::new();
    let mut passed = 0;
    for profile in profiles() {
        let id = profile.id.clone();
        let holder = citizen("mario-bianchi").unwrap();
        let made = Subject::issued(profile.clone(), holder, today, SEED).unwrap();
        let card = OwnCard::new(made.issue.as_ref().unwrap().image.clone(), SEED);
        let known = Subject::foreign(Some(profile), &[], made.pin.clone(), made.puk.clone());
        let target = Foreign(InProcess::new(card.clone()));
        let mut stage = TestCard::new(Box::new(target), known, permission);
        let before = contents(&card);
        for case in card_cases() {
            match run_one(case, &mut stage, SEED).outcome {
                Outcome::Pass => passed += 1,
                Outcome::Skipped(_) => {}
                Outcome::Fail(_) if case.id == OF_REAL_CERTIFIERS => {}
                other => findings.push(format!("{id}: {}: {other:?}", case.id)),
            }
            if contents(&card) != before {
                findings.push(format!("{id}: {}: the card is not as before", case.id));
                break;
            }
        }
    }
    (findings, passed)
}

#[test]
fn looking_changes_nothing() {
    let (findings, passed) = leaves_cards_alone(Permission::LookOnly);
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert!(passed > 1000, "{passed} passed");
}

#[test]
fn what_may_be_changed_is_changed_back() {
    let (findings, passed) = leaves_cards_alone(Permission::Destructive);
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert!(passed > 1000, "{passed} passed");
}
