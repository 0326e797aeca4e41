//! MANAGE SECURITY ENVIRONMENT: which key a security operation takes.

mod restore;
mod set;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[restore::CASES, set::CASES];
