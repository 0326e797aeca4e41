//! The file system: which files there are, what SELECT tells of them, and whether that is so.

mod access;
mod elementary;
mod folders;
mod sizes;
mod tree;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[
    tree::CASES,
    elementary::CASES,
    sizes::CASES,
    folders::CASES,
    access::CASES,
];
