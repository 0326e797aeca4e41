//! The suite against the own card behind the real vpcd driver, loaded into this process.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Mutex, PoisonError};

use cns_conformance::campaign::{Options, open};
use cns_conformance::runner::{Outcome, Permission};
use cns_conformance::target::TargetName;
use cns_fixtures::{citizen, profiles};
use time::OffsetDateTime;

/// vpcd serves one at a time in a process.
static TURN: Mutex<()> = Mutex::new(());

fn options() -> Options {
    Options {
        profiles: profiles(),
        citizen: citizen("mario-bianchi").unwrap(),
        pin: None,
        puk: None,
        authority: None,
        permission: Permission::LookOnly,
        seed: 1,
        today: OffsetDateTime::now_utc().date(),
    }
}

#[test]
fn the_card_passes_every_case_on_every_profile() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let mut findings = Vec::new();
    let mut passed = 0;
    for mut campaign in open(&TargetName::Vsmartcard, &options()).unwrap() {
        let id = campaign.profile().unwrap_or_default().to_owned();
        for result in campaign.run(&|_| true, 1, &mut |_| {}) {
            match result.outcome {
                Outcome::Pass => passed += 1,
                Outcome::Skipped(_) => {}
                other => findings.push(format!("{id}: {}: {other:?}", result.facts.id)),
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert!(passed > 0, "cases ran");
}

#[test]
fn a_second_slot_is_refused_with_the_reason_and_the_first_frees_it() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let first = open(&TargetName::Vsmartcard, &options()).unwrap();
    let refused = open(&TargetName::Vsmartcard, &options()).err().unwrap();
    assert!(refused.to_string().contains("one at a time"), "{refused}");
    drop(first);
    open(&TargetName::Vsmartcard, &options()).unwrap();
}
