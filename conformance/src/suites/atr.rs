//! The answer to reset: its form, what it says of the transmission, what it says of the card, and
//! what a reset does.

mod decoded;
mod historical;
mod interface;
mod reset;
mod structure;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[
    structure::CASES,
    interface::CASES,
    historical::CASES,
    reset::CASES,
];
