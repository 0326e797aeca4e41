//! Bar codes and QR codes, as zbar reads them from the picture of the page.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::collections::BTreeSet;

use cns_language::Language;
use support::Papers;
use support::judges::Pdf;

#[test]
fn the_bars_of_a_reminder_are_its_number_and_the_codice_fiscale() {
    let papers = Papers::new();
    let pdf = Pdf::new(&papers.reminder().pdf(Language::Italian).unwrap());
    let expected = BTreeSet::from([
        "CODE-39:0300A".to_owned(),
        "CODE-39:4000000248".to_owned(),
        format!("CODE-39:{}", papers.person.codice_fiscale),
    ]);
    assert_eq!(pdf.codes().into_iter().collect::<BTreeSet<_>>(), expected);
}

#[test]
fn the_code_of_a_certificate_is_its_seal() {
    let papers = Papers::new();
    let given = papers.given();
    let certificate = papers.certificate(&given);
    for language in Language::ALL {
        let pdf = Pdf::new(&certificate.pdf(language).unwrap());
        assert_eq!(pdf.codes(), [format!("QR-Code:{}", certificate.seal())]);
    }
}

#[test]
fn another_lot_has_another_seal() {
    let mut papers = Papers::new();
    let seal = papers.certificate(&papers.given()).seal();
    papers.vaccinations.last_mut().unwrap().lot.push('X');
    let other = papers.certificate(&papers.given()).seal();
    assert!(seal.starts_with("COLLAUDO/CNS/CERT-VACC/"), "{seal}");
    assert_ne!(seal, other);
    let codice_fiscale = papers.person.codice_fiscale.to_string();
    assert!(!seal.contains(&codice_fiscale), "{seal}");
}
