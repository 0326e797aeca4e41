//! What may happen.

use cns_services::desk::CardEvent;
use cns_services::outbox::Fault;
use proptest::prelude::*;
use time::Duration;

/// People and cards by their place in [`everybody`]; the last one is the operator.
#[derive(Clone, Debug)]
pub enum Action {
    Ask {
        who: usize,
        form: Shape,
        /// Whose phone is given.
        phone: usize,
    },
    HandOver(u32),
    SendAgain {
        who: usize,
        card: u32,
        phone: Option<usize>,
    },
    Decide {
        who: usize,
        card: u32,
        decision: Decision,
        online: bool,
    },
    Event(u32, CardEvent),
    Armed(Fault),
    Minute,
    NextMonday,
}

/// Which form, for whom.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    Own(u32),
    Online(u32),
    Sofia,
    Rosa,
    Delegation,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decision {
    Suspend,
    Reactivate,
    Revoke,
    /// Ordered, produced, shipped and delivered.
    Replace,
}

pub fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => (person(), shape(), person()).prop_map(|(who, form, phone)| Action::Ask { who, form, phone }),
        6 => fitting(),
        6 => (0_u32..12).prop_map(Action::HandOver),
        2 => (person(), 0_u32..6, proptest::option::of(person()))
            .prop_map(|(who, card, phone)| Action::SendAgain { who, card, phone }),
        4 => (person(), 0_u32..6, decision(), any::<bool>())
            .prop_map(|(who, card, decision, online)| Action::Decide { who, card, decision, online }),
        2 => (0_u32..6, event()).prop_map(|(card, event)| Action::Event(card, event)),
        2 => fault().prop_map(Action::Armed),
        4 => Just(Action::Minute),
        2 => Just(Action::NextMonday),
    ]
}

/// A request that is as it should be.
pub fn fitting() -> impl Strategy<Value = Action> {
    let rows = [
        (0, Shape::Own(0), 0),
        (0, Shape::Online(0), 0),
        (2, Shape::Sofia, 2),
        (3, Shape::Rosa, 3),
        (3, Shape::Own(3), 3),
        (3, Shape::Delegation, 0),
        (5, Shape::Online(5), 5),
    ];
    let rows = rows.map(|(who, form, phone)| Action::Ask { who, form, phone });
    prop::sample::select(rows.to_vec())
}

pub fn person() -> impl Strategy<Value = usize> {
    0_usize..6
}

pub fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        (0_u32..6).prop_map(Shape::Own),
        (0_u32..6).prop_map(Shape::Online),
        Just(Shape::Sofia),
        Just(Shape::Rosa),
        Just(Shape::Delegation),
    ]
}

pub fn decision() -> impl Strategy<Value = Decision> {
    prop::sample::select(vec![
        Decision::Suspend,
        Decision::Reactivate,
        Decision::Revoke,
        Decision::Replace,
    ])
}

pub fn event() -> impl Strategy<Value = CardEvent> {
    prop::sample::select(vec![
        CardEvent::PinProven,
        CardEvent::PinBlocked,
        CardEvent::PinUnblocked,
        CardEvent::PukBlocked,
    ])
}

pub fn fault() -> impl Strategy<Value = Fault> {
    prop::sample::select(vec![
        Fault::Lost,
        Fault::Late(Duration::HOUR),
        Fault::Twice,
        Fault::Bounced,
        Fault::Garbled { digit: 0 },
    ])
}
