//! Proof that the PC/SC cases can fail: services with one thing wrong, and every case fails on one.
//!
//! The services are made of the sound one, without a daemon, by somebody in the middle.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod service;
mod wrongs;

#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeSet;

use cns_conformance::own_reader::OwnReader;
use cns_conformance::private_reader::{Door, Place, Way};
use cns_conformance::reader_stage::TestReader;
use cns_conformance::runner::{Outcome, run_one};
use cns_conformance::subject::Subject;
use cns_conformance::suites::reader_cases;
use cns_conformance::target::OwnCard;
use cns_fixtures::profile;
use service::{SOUND, Service};
use support::{SEED, at_a_place, options};
use wrongs::wrongs;

#[test]
fn every_wrong_service_is_caught_by_the_cases_that_are_about_it() {
    let name = "every_wrong_service_is_caught_by_the_cases_that_are_about_it";
    let Some(place) = at_a_place(Way::Daemonless, name) else {
        return;
    };
    let (service, mut stage) = set_up(&place);
    let mut findings = Vec::new();
    for wrong in wrongs() {
        for id in wrong.caught_by {
            let case = reader_cases().into_iter().find(|case| case.id == *id);
            let case = case.unwrap_or_else(|| panic!("there is no case {id}"));
            service.become_wrong(&SOUND);
            let sound = run_one(case, &mut stage, SEED).outcome;
            if sound != Outcome::Pass {
                findings.push(format!("{id} on the sound service: {sound:?}"));
            }
            service.become_wrong(wrong);
            let outcome = run_one(case, &mut stage, SEED).outcome;
            service.bury();
            if !matches!(outcome, Outcome::Fail(_)) {
                findings.push(format!("{}: {id}: {outcome:?}", wrong.what));
            }
        }
    }
    service.become_wrong(&SOUND);
    drop(stage);
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn every_case_catches_a_wrong_service() {
    let caught: BTreeSet<&str> = wrongs().flat_map(|it| it.caught_by).copied().collect();
    let idle: Vec<&str> = reader_cases()
        .into_iter()
        .map(|case| case.id)
        .filter(|id| !caught.contains(id))
        .collect();
    assert!(
        idle.is_empty(),
        "no wrong service shows that these can fail: {idle:#?}\nhint: one in wrongs/"
    );
}

/// The suite's own card behind a service that can be made wrong.
fn set_up(place: &Place) -> (Service, TestReader) {
    let Door::Daemonless(socket) = &place.door else {
        panic!("{:?} is not where there is no daemon", place.door);
    };
    let host = socket.with_extension("sound");
    let made = profile("cns11-st2021").unwrap();
    let options = options(vec![made.clone()]);
    let subject = Subject::issued(made, options.citizen.clone(), options.today, SEED).unwrap();
    let card = OwnCard::new(subject.issue.as_ref().unwrap().image.clone(), SEED);
    let service = Service::open(socket, &host);
    let reader = OwnReader::insert(card, &Door::Daemonless(host)).unwrap();
    let stage = TestReader::own("CNS 00 00", reader, subject).unwrap();
    (service, stage)
}
