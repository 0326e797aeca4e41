//! Every production lot in the hands of OpenSC: those that it takes do all that a CNS does, and the
//! others are refused as their profiles say, in the words of the public issues.
//!
//! The expectations are measurements of OpenSC 0.23.0.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "clippy's exception for tests leaves out their helpers"
)]

mod opensc;
mod pin_states;
mod signing;

use std::collections::BTreeSet;

use cns_card::WrongReference;
use cns_conformance::clients::pkcs15_tool;
use cns_conformance::{Setup, Workbench};
use cns_fixtures::{citizen, profile, profiles};
use opensc::Token;

/// What OpenSC makes of a profile's cards.
struct Expectation {
    profile: &'static str,
    opensc: Verdict,
}

enum Verdict {
    /// It lists one key set and logs in with it.
    Takes(Token),
    /// It shows a card without keys, and does not log in.
    FindsNoKeys,
    /// It has no driver for the card.
    DoesNotKnow,
}

const fn expect(profile: &'static str, opensc: Verdict) -> Expectation {
    Expectation { profile, opensc }
}

/// The key set of a card that is laid out as the specification says.
const CNS0: Verdict = Verdict::Takes(Token {
    name: "CNS0",
    id: "01",
    slot: 0,
});

/// What is in 2FFF has the number of its key.
const CNS01: Verdict = Verdict::Takes(Token {
    name: "CNS01",
    id: "21",
    slot: 0,
});

const EXPECTATIONS: [Expectation; 12] = [
    expect("ace-2025", Verdict::FindsNoKeys),
    expect("cns10-athena", CNS0),
    expect("cns10-lombardia-crs", CNS0),
    expect("cns10-oberthur", CNS0),
    expect("cns10-siemens", CNS0),
    expect("cns11-st2021", CNS0),
    expect("idemia-2021", Verdict::FindsNoKeys),
    expect("infocamere-1204", CNS01),
    expect("infocamere-cns11", CNS0),
    expect("signing", CNS0),
    expect("st2022-nfc", Verdict::DoesNotKnow),
    expect("trento-cps-cns11", CNS0),
];

/// The citizen whose PIN is 12345.
pub(crate) const HOLDER: &str = "maria-rossi";
const WRONG_PIN: &str = "99999";

#[test]
fn every_profile_is_expected() {
    let expected: BTreeSet<String> = EXPECTATIONS.map(|it| it.profile.to_owned()).into();
    let there: BTreeSet<String> = profiles().into_iter().map(|profile| profile.id).collect();
    assert_eq!(expected, there);
}

#[test]
fn what_opensc_takes_it_lists_and_tests_and_signs_with() {
    for (profile, token) in taken() {
        let workbench = workbench(profile, HOLDER);
        opensc::lists(&workbench, token);
        opensc::tests_itself(&workbench, token, pin(&workbench));
        opensc::signs(&workbench, token, pin(&workbench));
    }
}

/// Which answer a card gives to a wrong PIN decides what its holder is told.
#[test]
fn a_wrong_pin_is_told_in_the_words_of_the_dialect() {
    for (profile, token) in taken() {
        let workbench = workbench(profile, HOLDER);
        let dialect = &workbench.profile().dialect;
        let (by_pkcs15, by_pkcs11) = match dialect.wrong_reference {
            WrongReference::Classic => ("Card command failed", "CKR_GENERAL_ERROR"),
            WrongReference::Modern => ("PIN code or key incorrect", "CKR_PIN_INCORRECT"),
        };
        let first = opensc::verify_pin(&workbench, token, WRONG_PIN);
        assert!(
            first.complaint().contains(by_pkcs15),
            "{profile}: {first:?}"
        );
        let second = opensc::log_in(&workbench, token, WRONG_PIN);
        assert!(
            second.complaint().contains(by_pkcs11),
            "{profile}: {second:?}"
        );
        // One try is left, and it is enough.
        let third = opensc::verify_pin(&workbench, token, pin(&workbench));
        assert!(third.status.success(), "{profile}: {third:?}");
    }
}

/// OpenSC #1995, #2313, #2445, #2763 and #3804: the card is seen, and nobody can log in with it.
#[test]
fn a_certificate_elsewhere_is_a_pin_that_is_not_initialised() {
    for expectation in &EXPECTATIONS {
        if !matches!(expectation.opensc, Verdict::FindsNoKeys) {
            continue;
        }
        let profile = expectation.profile;
        let workbench = workbench(profile, HOLDER);
        assert_eq!(
            opensc::version(&workbench),
            (0, 23),
            "{profile} was measured with OpenSC 0.23; a later one may find its keys: measure again"
        );
        let dump = opensc::dump(&workbench);
        let text = dump.text();
        assert!(dump.status.success(), "{profile}: {dump:?}");
        assert!(text.contains("PKCS#15 Card [MARIA ROSSI]:"), "{profile}");
        assert!(!text.contains("PIN ["), "{profile}: {text}");
        assert!(!text.contains("Private RSA Key ["), "{profile}: {text}");

        let refused = opensc::log_in_by_slot(&workbench, 0, pin(&workbench));
        let told = refused.complaint();
        assert!(!refused.status.success());
        assert!(
            told.contains("CKR_USER_PIN_NOT_INITIALIZED"),
            "{profile}: {told}"
        );
    }
}

/// OpenSC #3755.
#[test]
fn an_answer_to_reset_without_historical_bytes_has_no_driver() {
    for expectation in &EXPECTATIONS {
        if !matches!(expectation.opensc, Verdict::DoesNotKnow) {
            continue;
        }
        let workbench = workbench(expectation.profile, HOLDER);
        let dump = opensc::dump(&workbench);
        assert!(!dump.status.success());
        let told = dump.complaint();
        assert!(
            told.contains("Card is invalid or cannot be handled"),
            "{told}"
        );
        let refused = opensc::log_in_by_slot(&workbench, 0, pin(&workbench));
        let told = refused.complaint();
        assert!(told.contains("CKR_TOKEN_NOT_RECOGNIZED"), "{told}");
    }
}

/// OpenSC #3755: three tries are left, and the token says that there is none.
#[test]
fn the_token_says_that_a_good_pin_is_locked() {
    let workbench = workbench("cns11-st2021", HOLDER);
    let slots = opensc::list_slots(&workbench);
    assert!(slots.text().contains("user PIN locked"), "{slots:?}");
    let verified = pkcs15_tool::verify_pin(&workbench, pin(&workbench)).unwrap();
    assert!(verified.status.success(), "{verified:?}");
}

fn taken() -> impl Iterator<Item = (&'static str, &'static Token)> {
    EXPECTATIONS.iter().filter_map(|it| match &it.opensc {
        Verdict::Takes(token) => Some((it.profile, token)),
        Verdict::FindsNoKeys | Verdict::DoesNotKnow => None,
    })
}

pub(crate) fn workbench(profile_id: &str, citizen_id: &str) -> Workbench {
    let setup = Setup::new(profile(profile_id).unwrap(), citizen(citizen_id).unwrap());
    Workbench::set_up(&setup).unwrap_or_else(|error| panic!("{profile_id}: {error}"))
}

pub(crate) fn pin(workbench: &Workbench) -> &str {
    workbench.citizen().pin.as_str()
}
