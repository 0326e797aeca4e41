//! Reports as FHIR documents, as fhir.resources reads them and the JSON schema of R4 wants them.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use cns_language::Language;
use serde_json::Value;
use support::Papers;
use support::judges::{have_no_fault, verdict};

#[test]
fn fhir_resources_and_the_schema_find_no_fault() {
    let documents = Papers::reports(|report, language| report.fhir(language));
    have_no_fault("fhir", &documents);
}

#[test]
fn the_judges_see_what_is_wrong() {
    let document = Papers::new().report().fhir(Language::English);
    let document = String::from_utf8(document).unwrap();
    for (right, wrong) in [
        ("\"birthDate\"", "\"birthdate\""),
        ("\"1985-03-15\"", "\"15/03/1985\""),
        ("\"type\":\"document\"", "\"type\":\"paper\""),
    ] {
        assert!(document.contains(right), "{right}");
        let changed = document.replacen(right, wrong, 1).into_bytes();
        let verdict = verdict("fhir", &[changed]).unwrap_err();
        assert!(verdict.contains("the schema of "), "{wrong}: {verdict}");
    }
}

#[test]
fn a_document_has_the_values_of_the_report() {
    let papers = Papers::new();
    let document = papers.report().fhir(Language::English);
    let bundle: Value = serde_json::from_slice(&document).unwrap();
    let resource = |place: usize| &bundle["entry"][place]["resource"];
    assert_eq!(resource(0)["type"]["coding"][0]["code"], "11502-2");
    assert_eq!(resource(0)["date"], "2026-11-24");
    assert_eq!(
        resource(1)["identifier"][0]["value"],
        papers.person.codice_fiscale.to_string()
    );
    assert_eq!(resource(1)["birthDate"], "1985-03-15");
    assert_eq!(resource(5)["valueQuantity"]["value"], 112.5);
    assert_eq!(resource(5)["interpretation"][0]["coding"][0]["code"], "H");
    assert_eq!(bundle["entry"].as_array().unwrap().len(), 4 + 5);
}

#[test]
fn another_report_has_other_identifiers() {
    let papers = Papers::new();
    let once = papers.report().fhir(Language::English);
    assert_eq!(once, papers.report().fhir(Language::English));
    let mut other = papers.report();
    other.number.0 += 1;
    let id = |document: &[u8]| {
        let bundle: Value = serde_json::from_slice(document).unwrap();
        bundle["id"].clone()
    };
    assert_ne!(id(&once), id(&other.fhir(Language::English)));
}
