//! The PUK: RESET RETRY COUNTER in all its forms, and the counter of the PUK itself.

mod counter;
mod forms;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[forms::CASES, counter::CASES];
