//! Whatever is done in whatever order: who can use a PIN was identified for it, what is over stays over,
//! and card, certificate and credential agree.

pub mod action;
pub mod witness;

use std::collections::BTreeSet;

use crate::support::*;
use cns_services::audit;
use cns_services::outbox::Fault;
use proptest::prelude::*;

use action::{Action, action};
use witness::Witness;

proptest! {
    #![proptest_config(ProptestConfig {
        max_shrink_iters: 4_096,
        failure_persistence: None,
        ..ProptestConfig::with_cases(300)
    })]

    #[test]
    fn every_sequence_keeps_the_promises(actions in proptest::collection::vec(action(), 1..80)) {
        keeps_the_promises(&actions);
    }

    #[test]
    fn every_sequence_keeps_what_can_be_kept_while_the_post_swaps_messages(
        actions in proptest::collection::vec(prop_oneof![
            9 => action(),
            1 => Just(Action::Armed(Fault::Swapped)),
        ], 1..80)
    ) {
        keeps_the_promises(&actions);
    }
}

fn keeps_the_promises(actions: &[Action]) {
    let mut witness = Witness::new();
    for action in actions {
        witness.experience(action);
        witness.nobody_else_can_use_a_pin();
        witness.what_is_over_stays_over();
        witness.the_three_lives_agree();
    }
    let log = witness.world.audit();
    audit::verify(log.export().as_bytes(), log.head()).unwrap();
}

/// A sequence of a few hundred steps does reach what the promises are about.
#[test]
fn the_sequences_get_somewhere() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut reached: BTreeSet<String> = BTreeSet::new();
    for _ in 0..60 {
        let actions = proptest::collection::vec(action(), 80);
        let actions = actions.new_tree(&mut runner).unwrap().current();
        let mut witness = Witness::new();
        for action in &actions {
            witness.experience(action);
            reached.extend(
                witness
                    .views()
                    .into_iter()
                    .map(|view| view.state.to_owned()),
            );
            reached.extend(
                witness
                    .views()
                    .into_iter()
                    .map(|view| view.credential.to_owned()),
            );
            reached.extend((!witness.users(card(0)).is_empty()).then(|| "usable".to_owned()));
        }
    }
    for state in [
        "active",
        "suspended",
        "revoked",
        "superseded",
        "request-open",
        "second-part-queued",
        "second-part-delivered",
        "second-part-bounced",
        "in-use",
        "pin-blocked",
        "puk-blocked",
        "dead",
        "usable",
    ] {
        assert!(
            reached.contains(state),
            "no sequence reaches {state}: {reached:?}"
        );
    }
}
