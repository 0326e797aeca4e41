//! PIN and PUK: what is charged, when, and what it opens.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod common;

use std::sync::{Arc, Mutex};

use cns_card::memory::Change;
use cns_card::{Card, CardImage, Memory, MemoryFault};
use common::{PIN, PUK, WRONG, card, converse, counting, image, send};
use proptest::prelude::*;

#[test]
fn a_right_pin_fills_the_counter_and_opens() {
    converse(
        &mut card(),
        &[
            ("00200010", "63C3"),
            (&format!("0020001008{WRONG}"), "63C2"),
            (&format!("0020001008{PIN}"), "9000"),
            ("00200010", "9000"),
            (&format!("0020001008{WRONG}"), "63C2"),
            ("00200010", "63C2"),
        ],
    );
}

#[test]
fn three_wrong_pins_block_and_the_right_one_no_longer_helps() {
    converse(
        &mut card(),
        &[
            (&format!("0020001008{WRONG}"), "63C2"),
            (&format!("0020001008{WRONG}"), "63C1"),
            (&format!("0020001008{WRONG}"), "63C0"),
            (&format!("0020001008{PIN}"), "6983"),
            ("00200010", "6983"),
        ],
    );
}

#[test]
fn the_counter_outlives_reset_and_the_right_does_not() {
    let mut card = card();
    converse(
        &mut card,
        &[(&format!("0020001008{PIN}"), "9000"), ("00200010", "9000")],
    );
    card.reset();
    converse(
        &mut card,
        &[
            ("00200010", "63C3"),
            (&format!("0020001008{WRONG}"), "63C2"),
        ],
    );
    card.power_off();
    card.power_on();
    converse(&mut card, &[("00200010", "63C2")]);
}

#[test]
fn a_length_that_no_pin_has_costs_nothing() {
    converse(
        &mut card(),
        &[
            ("00200010053132333435", "6700"),
            ("0020001009313233343536373839", "6700"),
            ("0020001209313233343536373839", "6A88"),
            ("00200110083132333435363738", "6A86"),
            ("002000500831323334FFFFFFFF", "6A86"),
            ("00200010", "63C3"),
        ],
    );
}

#[test]
fn the_puk_unblocks_with_a_new_pin() {
    let new = "39393939393939FF";
    converse(
        &mut card(),
        &[
            (&format!("0020001008{WRONG}"), "63C2"),
            (&format!("0020001008{WRONG}"), "63C1"),
            (&format!("0020001008{WRONG}"), "63C0"),
            (&format!("002C001010{WRONG}{new}"), "63C2"),
            (&format!("002C001010{PUK}{new}"), "9000"),
            ("00200011", "63C3"),
            (&format!("0020001008{PIN}"), "63C2"),
            (&format!("0020001008{new}"), "9000"),
        ],
    );
}

#[test]
fn the_other_forms_of_reset_retry_counter() {
    converse(
        &mut card(),
        &[
            (&format!("0020001008{WRONG}"), "63C2"),
            ("002C0310", "6982"),
            (&format!("002C011008{PUK}"), "9000"),
            ("00200010", "63C3"),
            (&format!("0020001008{WRONG}"), "63C2"),
            (&format!("0020001108{PUK}"), "9000"),
            ("002C0310", "9000"),
            (&format!("0020001008{PIN}"), "9000"),
            (&format!("002C021008{PIN}"), "6A86"),
            (&format!("002C001110{PUK}{PUK}"), "6982"),
        ],
    );
}

#[test]
fn three_wrong_puks_end_the_card() {
    let reset = |puk: &str| format!("002C001010{puk}{PIN}");
    converse(
        &mut card(),
        &[
            (&reset(WRONG), "63C2"),
            (&reset(WRONG), "63C1"),
            (&reset(WRONG), "63C0"),
            (&reset(PUK), "6983"),
        ],
    );
}

#[test]
fn a_pin_changes_with_the_old_one() {
    let new = "3535353535FFFFFF";
    let short = "35353535FFFFFFFF";
    converse(
        &mut card(),
        &[
            (&format!("0024001010{PIN}{short}"), "6A80"),
            (&format!("0024001010{WRONG}{new}"), "63C2"),
            (&format!("0024001010{PIN}{new}"), "9000"),
            (&format!("0020001008{PIN}"), "63C2"),
            (&format!("0020001008{new}"), "9000"),
            // Proven, so the form without the old value is open.
            (&format!("0024011008{PIN}"), "9000"),
            (&format!("0020001008{PIN}"), "9000"),
            // The PUK is never changed, whoever knows it, and asking costs no try.
            (&format!("0024011108{PUK}"), "6982"),
            (&format!("0024001110{PUK}{PUK}"), "6982"),
            (&format!("0024001110{WRONG}{PUK}"), "6982"),
            ("00200011", "63C3"),
        ],
    );
}

/// What the card's memory was told, and when it stops listening.
#[derive(Clone, Default)]
struct Witness {
    commits: Arc<Mutex<Vec<u8>>>,
    fails_after: Option<usize>,
}

impl Memory for Witness {
    fn commit(&mut self, image: &CardImage, changes: &[Change]) -> Result<(), MemoryFault> {
        let mut after = image.clone();
        after.apply(changes);
        let mut commits = self.commits.lock().unwrap();
        if self.fails_after == Some(commits.len()) {
            return Err(MemoryFault("worn out".into()));
        }
        commits.push(after.master_file.reference_data[0].tries_left());
        Ok(())
    }
}

#[test]
fn a_try_is_stored_before_it_is_compared() {
    let witness = Witness::default();
    let commits = witness.commits.clone();
    let mut card = Card::new(image(), witness, counting());
    send(&mut card, &format!("0020001008{PIN}"));
    assert_eq!(*commits.lock().unwrap(), [2, 3], "charged, then restored");
    send(&mut card, &format!("0020001008{WRONG}"));
    assert_eq!(*commits.lock().unwrap(), [2, 3, 2], "charged");
}

#[test]
fn a_charge_that_cannot_be_stored_is_no_guess() {
    let witness = Witness {
        fails_after: Some(0),
        ..Witness::default()
    };
    let mut card = Card::new(image(), witness, counting());
    converse(
        &mut card,
        &[
            (&format!("0020001008{PIN}"), "6581"),
            (&format!("0020001008{WRONG}"), "6581"),
            ("00200010", "63C3"),
        ],
    );
}

#[test]
fn power_that_fails_after_the_charge_leaves_one_try_less() {
    // The restoring commit fails: whoever cuts the power there has paid for the guess.
    let witness = Witness {
        fails_after: Some(1),
        ..Witness::default()
    };
    let mut card = Card::new(image(), witness, counting());
    converse(
        &mut card,
        &[(&format!("0020001008{PIN}"), "6581"), ("00200010", "63C2")],
    );
}

/// What a holder may do, and a model of what the card must answer.
#[derive(Clone, Debug)]
enum Step {
    Verify { right: bool },
    Change { right: bool },
    Unblock { right: bool },
    Reset,
}

#[derive(Default)]
struct Model {
    pin_wrong: u8,
    puk_wrong: u8,
    proven: bool,
}

impl Model {
    fn answer(&mut self, step: &Step) -> String {
        match step {
            Step::Reset => {
                self.proven = false;
                String::new()
            }
            Step::Verify { right } | Step::Change { right } => {
                self.proven = *right && self.pin_wrong < 3;
                attempt(&mut self.pin_wrong, *right)
            }
            Step::Unblock { right } => {
                let outcome = attempt(&mut self.puk_wrong, *right);
                if outcome == "9000" {
                    self.pin_wrong = 0;
                    self.proven = false;
                }
                outcome
            }
        }
    }
}

fn attempt(wrong: &mut u8, right: bool) -> String {
    if *wrong == 3 {
        return "6983".into();
    }
    if right {
        *wrong = 0;
        return "9000".into();
    }
    *wrong += 1;
    format!("63C{}", 3 - *wrong)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        any::<bool>().prop_map(|right| Step::Verify { right }),
        any::<bool>().prop_map(|right| Step::Change { right }),
        any::<bool>().prop_map(|right| Step::Unblock { right }),
        Just(Step::Reset),
    ];
    proptest::collection::vec(step, 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_card_counts_like_the_model(steps in steps()) {
        let mut card = card();
        let mut model = Model::default();
        for step in steps {
            let value = |right: bool, value: &'static str| if right { value } else { WRONG };
            let command = match step {
                Step::Verify { right } => format!("0020001008{}", value(right, PIN)),
                Step::Change { right } => format!("0024001010{}{PIN}", value(right, PIN)),
                Step::Unblock { right } => format!("002C001010{}{PIN}", value(right, PUK)),
                Step::Reset => {
                    card.reset();
                    model.answer(&step);
                    continue;
                }
            };
            prop_assert_eq!(send(&mut card, &command), model.answer(&step));
            let query = match (model.proven, 3 - model.pin_wrong) {
                (true, _) => "9000".to_owned(),
                (false, 0) => "6983".to_owned(),
                (false, left) => format!("63C{left}"),
            };
            prop_assert_eq!(send(&mut card, "00200010"), query);
        }
    }
}
