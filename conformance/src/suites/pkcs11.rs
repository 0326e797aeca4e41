//! PKCS #11: the card as applications see it through a module, such as OpenSC's.

mod key;
mod login;
mod mechanisms;
mod module;
mod objects;
mod pin;
mod session;
mod sign;
mod token;

use crate::case::Case;
use crate::evidence::{Document, Grade, Source, source};
use crate::token::Token;

pub(super) const SECTIONS: &[&[Case<Token>]] = &[
    module::CASES,
    token::CASES,
    mechanisms::CASES,
    objects::CASES,
    key::CASES,
    session::CASES,
    login::CASES,
    pin::CASES,
    sign::CASES,
];

/// A clause of the base specification, versions 2.40 and 3.0, as it is remembered.
const fn pkcs11(clause: &'static str) -> Source {
    source(Document::Pkcs11, clause, Grade::Remembered)
}

/// What is measured with the module `opensc-pkcs11.so` and our card.
const fn opensc(what: &'static str) -> Source {
    source(Document::OpenSc, what, Grade::Verified)
}
