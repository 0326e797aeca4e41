//! The PIN: VERIFY, the counter, CHANGE REFERENCE DATA.

mod verify;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[verify::CASES];
