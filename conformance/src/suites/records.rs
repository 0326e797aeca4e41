//! Files of records: READ, UPDATE and APPEND RECORD on each of the three structures. The one such file
//! that a CNS in the citizen's hands has is EF.KeyPub; the others are created by the cases.

mod access;
mod cyclic;
mod linear_fixed;
mod linear_variable;
mod new_file;
mod public_key;
mod refusals;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[
    public_key::CASES,
    linear_fixed::CASES,
    linear_variable::CASES,
    cyclic::CASES,
    refusals::CASES,
    access::CASES,
];
