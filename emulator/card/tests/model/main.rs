//! The card against a model of it: long sequences of commands, with resets, power cuts and
//! reloads anywhere, after each of which answer, contents and counters must be the same.
//!
//! The model shares no code with the card: it reads the specification again, in other words. Its
//! files stand in a flat map, its secrets are plain, and it answers from what a command says
//! instead of from its bytes.

#![allow(unreachable_pub, reason = "one program in several files")]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod action;
#[path = "../common/mod.rs"]
mod common;
mod files;
mod image;
mod model;
mod records;
mod secrets;
mod small;
mod spoken;

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use action::{Action, actions};
use cns_card::{Card, CardImage, EntropyFault};
use model::{Model, random};
use proptest::prelude::*;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};
use secrets::Value;
use spoken::shown;

prop_state_machine! {
    #![proptest_config(cases(500))]

    /// A card with every kind of file, secret and condition, in few bytes.
    #[test]
    fn a_small_card_is_as_its_model(sequential 100 => Machine<Small>);
}

prop_state_machine! {
    #![proptest_config(cases(100))]

    /// The card that the portal's users have.
    #[test]
    fn the_default_card_is_as_its_model(sequential 100 => Machine<Usual>);
}

/// A hundred steps shrink to a handful, but not in four tries for each case.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        max_shrink_iters: 4_096,
        ..ProptestConfig::with_cases(cases)
    }
}

/// A card to be modelled.
trait Subject {
    fn image() -> CardImage;
    /// The values of its PINs, PUKs and keys, which an image does not tell.
    fn values() -> Vec<(Vec<u16>, u8, Value)>;
}

#[derive(Debug)]
struct Small;
#[derive(Debug)]
struct Usual;
struct Machine<S>(PhantomData<S>);

impl Subject for Small {
    fn image() -> CardImage {
        small::image()
    }

    fn values() -> Vec<(Vec<u16>, u8, Value)> {
        small::values()
    }
}

impl Subject for Usual {
    fn image() -> CardImage {
        common::image()
    }

    fn values() -> Vec<(Vec<u16>, u8, Value)> {
        vec![
            (vec![], 0x10, Value::Digits(*b"12345678")),
            (vec![], 0x11, Value::Digits(*b"87654321")),
        ]
    }
}

impl<S: Subject + 'static> ReferenceStateMachine for Machine<S> {
    type State = Model;
    type Transition = Action;

    fn init_state() -> BoxedStrategy<Model> {
        Just(Model::of(&S::image(), &S::values())).boxed()
    }

    fn transitions(model: &Model) -> BoxedStrategy<Action> {
        actions(model)
    }

    fn apply(mut model: Model, action: &Action) -> Model {
        model.experience(action);
        model
    }
}

/// The card, and the step that its random bytes depend on.
struct Real {
    card: Card,
    step: Arc<AtomicU8>,
}

impl Real {
    fn new(image: CardImage) -> Self {
        let step = Arc::new(AtomicU8::new(0));
        let now = step.clone();
        let entropy = move |bytes: &mut [u8]| -> Result<(), EntropyFault> {
            bytes.copy_from_slice(&random(now.load(Ordering::Relaxed), bytes.len()));
            Ok(())
        };
        let mut card = Card::volatile(image, entropy);
        card.power_on();
        Self { card, step }
    }
}

impl<S: Subject + 'static> StateMachineTest for Machine<S> {
    type SystemUnderTest = Real;
    type Reference = Self;

    fn init_test(_: &Model) -> Real {
        Real::new(S::image())
    }

    fn apply(mut real: Real, model: &Model, action: Action) -> Real {
        match action {
            Action::Send(_) | Action::Malformed(_) => {
                real.step.store(model.step, Ordering::Relaxed);
                let mut response = Vec::new();
                real.card.transmit(&model.sent, &mut response);
                assert!(
                    response == model.expected,
                    "to {}\n the card says {}\nthe model says {}",
                    shown(&model.sent),
                    shown(&response),
                    shown(&model.expected),
                );
            }
            Action::Reset => drop(real.card.reset().clone()),
            Action::PowerOff => {
                real.card.power_off();
                real.card.power_on();
            }
            Action::Reload => {
                let stored = real.card.image().encode().unwrap();
                let image = CardImage::decode(&stored).unwrap();
                assert_eq!(image.encode().unwrap(), stored);
                real = Real::new(image);
            }
        }
        real
    }

    fn check_invariants(real: &Real, model: &Model) {
        model.check_contents(real.card.image());
    }
}
