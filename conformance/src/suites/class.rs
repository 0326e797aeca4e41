//! What is no command: classes, instructions and lengths that a card does not have.

mod classes;
mod instructions;
mod lengths;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[classes::CASES, instructions::CASES, lengths::CASES];
