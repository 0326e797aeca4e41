//! The suite against wrong cards, wrong portals and wrong tokens: none survives, and no case is idle.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use cns_conformance::mutation::{Judge, Judgement};
use cns_conformance::private_reader::{Place, Way, start_over};
use cns_fixtures::citizen;
use time::OffsetDateTime;

fn judged(judge: impl FnOnce(&Judge<'_>) -> Judgement) {
    let judgement = judge(&Judge {
        citizen: &citizen("mario-bianchi").unwrap(),
        today: OffsetDateTime::now_utc().date(),
        seed: 1,
        observe: &|_| {},
    });
    let survivors: Vec<_> = judgement.survivors().map(|m| (m.id, m.wrong)).collect();
    assert!(survivors.is_empty(), "no case fails on {survivors:#?}");
    let idle: Vec<_> = judgement.idle_cases().map(|case| case.id).collect();
    let count = idle.len();
    assert!(
        idle.is_empty(),
        "{count} cases fail on no mutant: {idle:#?}\n\
         hint: a mutant in src/mutants/, or the reason in data/cases-without-mutant.txt"
    );
    let stale = &judgement.stale_excuses;
    assert!(stale.is_empty(), "no case needs {stale:#?}");
}

#[test]
fn no_wrong_card_survives() {
    judged(|judge| judge.cards().unwrap());
}

#[test]
fn no_wrong_portal_survives() {
    judged(|judge| judge.portals().unwrap());
}

/// In a process of its own: libpcsclite asks the environment once for its pcscd.
#[test]
fn no_wrong_token_survives() {
    let Some(place) = Place::of_this_process() else {
        let arguments = ["no_wrong_token_survives", "--exact", "--nocapture"];
        let status = start_over(Way::Vpcd, arguments, []).unwrap();
        assert!(status.success(), "it failed, in a process of its own");
        return;
    };
    judged(|judge| judge.tokens(place).unwrap());
}
