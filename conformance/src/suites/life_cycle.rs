//! Building a card: CREATE FILE, PUT DATA, keys that are changed or generated, EXTERNAL AUTHENTICATE, and
//! what each state of a card's life allows of them.

mod authentication;
mod creation;
mod keys;
mod objects;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[
    creation::CASES,
    objects::CASES,
    keys::CASES,
    authentication::CASES,
];
