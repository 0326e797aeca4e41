//! SELECT in all its forms, and what a SELECT that fails leaves as it was.

mod answer;
mod by_identifier;
mod by_name;
mod by_path;
mod refusals;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[
    by_identifier::CASES,
    by_path::CASES,
    by_name::CASES,
    answer::CASES,
    refusals::CASES,
];
