//! Signatures: PERFORM SECURITY OPERATION with the card's RSA keys, judged by ring and by plain
//! arithmetic with the key in the certificate; and with triple DES.

mod block;
mod compute;
mod conditions;
mod decipher;
mod encipher;
mod generation;
mod operation;
mod schemes;
mod two_keys;
mod vectors;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[
    schemes::CASES,
    decipher::CASES,
    conditions::CASES,
    compute::CASES,
    two_keys::CASES,
    encipher::CASES,
    vectors::CASES,
    generation::CASES,
];
