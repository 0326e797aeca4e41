//! The second key of a card, in DF_DS: a PIN of its own, a certificate of its own, a slot of its own.

use cns_conformance::Workbench;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::opensc::{self, Token};
use crate::workbench;

const CNS1: Token = Token {
    name: "CNS1",
    id: "10",
    slot: 1,
};

/// Her second PIN is another one.
const HOLDER: &str = "aminata-traore";

#[test]
fn the_second_key_signs_with_the_second_pin() {
    let workbench = workbench("signing", HOLDER);
    let pin = second_pin(&workbench);
    opensc::lists(&workbench, &CNS1);
    opensc::tests_itself(&workbench, &CNS1, pin);
    opensc::signs(&workbench, &CNS1, pin);
}

#[test]
fn the_second_pin_is_not_the_first() {
    let workbench = workbench("signing", HOLDER);
    let first = workbench.citizen().pin.as_str();
    let refused = opensc::log_in(&workbench, &CNS1, first);
    assert!(
        refused.complaint().contains("CKR_PIN_INCORRECT"),
        "{refused:?}"
    );
    let taken = opensc::log_in(&workbench, &CNS1, second_pin(&workbench));
    assert!(taken.status.success(), "{taken:?}");
}

#[test]
fn the_second_certificate_is_for_signatures_that_bind() {
    let workbench = workbench("signing", HOLDER);
    let der = opensc::certificate(&workbench, &CNS1);
    let (_, certificate) = X509Certificate::from_der(&der).unwrap();
    let usage = certificate.key_usage().unwrap().unwrap().value;
    assert!(usage.non_repudiation() && !usage.digital_signature());
    let subject = certificate.subject().to_string();
    assert!(subject.contains("TINIT-TRRMNT93M56Z999U"), "{subject}");
}

fn second_pin(workbench: &Workbench) -> &str {
    workbench.citizen().signature_pin.as_str()
}
