//! The PIN: VERIFY, the counter, CHANGE REFERENCE DATA, its states before it can be used, and the PIN of
//! a second key.

mod change;
mod counter;
mod second;
mod states;
mod verify;
mod verify_forms;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[
    verify::CASES,
    verify_forms::CASES,
    counter::CASES,
    change::CASES,
    states::CASES,
    second::CASES,
];
