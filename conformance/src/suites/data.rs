//! What is written on the card: the holder, the numbers, the certificate. Most of it can be looked
//! at on any card. Findings say what is wrong and never whose card it is.

mod certificate_extensions;
mod certificate_form;
mod certificate_subject;
mod codice_fiscale;
mod numbers;
mod personal_data;
mod public_key;
mod reading;

use super::Section;

pub(super) const SECTIONS: &[Section] = &[
    personal_data::CASES,
    codice_fiscale::CASES,
    numbers::CASES,
    public_key::CASES,
    certificate_form::CASES,
    certificate_subject::CASES,
    certificate_extensions::CASES,
];
