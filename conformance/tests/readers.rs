//! Cards and readers through PC/SC: a stock pcscd with vpcd and with our own driver, and no pcscd at all.
//!
//! Each test starts over as a process of its own, for libpcsclite asks the environment once for its
//! pcscd. What vpcd and pcscd do otherwise is data, in `data/expectations`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use cns_conformance::campaign::open;
use cns_conformance::expectations::Expectations;
use cns_conformance::private_reader::Way;
use cns_conformance::runner::Outcome;
use cns_conformance::target::TargetName;
use cns_fixtures::{Profile, profile, profiles};
use support::{SEED, at_a_place, options};

#[test]
fn vpcd_in_pcscd_conforms_but_for_what_is_known_of_it() {
    let known = include_str!("../data/expectations/vpcd-3.3.txt");
    let name = "vpcd_in_pcscd_conforms_but_for_what_is_known_of_it";
    conforms(Way::Vpcd, name, known, profiles());
}

#[test]
fn our_own_driver_conforms_but_for_what_is_known_of_pcscd() {
    let known = include_str!("../data/expectations/pcscd-1.9.9.txt");
    let name = "our_own_driver_conforms_but_for_what_is_known_of_pcscd";
    conforms(Way::Ifd, name, known, profiles());
}

#[test]
fn our_own_library_conforms_without_a_daemon() {
    let name = "our_own_library_conforms_without_a_daemon";
    conforms(Way::Daemonless, name, "", profiles());
}

/// A card without contacts: T=0 and T=1 by its answer to reset, which no other profile offers.
#[test]
fn the_reader_is_judged_with_a_card_without_contacts_too() {
    let name = "the_reader_is_judged_with_a_card_without_contacts_too";
    let contactless = vec![profile("st2022-nfc").unwrap()];
    conforms(Way::Daemonless, name, "", contactless);
}

/// The card has just been let go, and PC/SC keeps its power: the first case must not take it for one
/// that has its power from this case.
#[test]
fn a_case_finds_a_card_with_power_whichever_is_the_first() {
    let name = "a_case_finds_a_card_with_power_whichever_is_the_first";
    if at_a_place(Way::Daemonless, name).is_none() {
        return;
    }
    let made = vec![profile(cns_fixtures::DEFAULT_PROFILE).unwrap()];
    for mut campaign in open(&TargetName::Own(Way::Daemonless), &options(made)).unwrap() {
        for first in ["pin.verify.right-value", "select.identifier.master-file"] {
            for result in campaign.run(&|case| case.id == first, SEED, &mut |_| {}) {
                assert_eq!(result.outcome, Outcome::Pass, "{first}");
            }
        }
    }
}

/// Every case on every card: passes, is skipped, or fails as it is known to.
fn conforms(way: Way, test: &str, known: &str, profiles: Vec<Profile>) {
    if at_a_place(way, test).is_none() {
        return;
    }
    let known = Expectations::parse(known, &[]).unwrap();
    let (mut passed, mut readers, mut findings) = (0, 0, Vec::new());
    let count = profiles.len();
    for mut campaign in open(&TargetName::Own(way), &options(profiles)).unwrap() {
        let profile = campaign.profile().unwrap().to_owned();
        for result in campaign.run(&|_| true, SEED, &mut |_| {}) {
            let id = result.facts.id;
            let expected = known.find(id, Some(&profile)).is_some();
            match (result.outcome, expected) {
                (Outcome::Pass, false) => {
                    passed += 1;
                    readers += usize::from(result.facts.suite() == "pcsc");
                }
                (Outcome::Fail(_), true) | (Outcome::Skipped(_), _) => {}
                (other, _) => findings.push(format!("{profile}: {id}: {other:?}")),
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert!(400 * count < passed, "{passed} cases passed");
    assert!(50 < readers, "{readers} cases on the reader passed");
}
