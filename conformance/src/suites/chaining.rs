//! Data that one short command cannot carry: command chaining, extended length, GET RESPONSE.

mod commands;
mod extended;
mod response;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[commands::CASES, extended::CASES, response::CASES];
