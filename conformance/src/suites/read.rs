//! READ BINARY and UPDATE BINARY: what they give and take, where they end, what they refuse, and
//! what is left when the power goes.

mod binary;
mod durable;
mod end;
mod refusals;
mod update;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[
    binary::CASES,
    end::CASES,
    refusals::CASES,
    update::CASES,
    durable::CASES,
];
