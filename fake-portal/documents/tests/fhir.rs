//! Reports as FHIR documents, as fhir.resources reads them.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use cns_language::Language;
use cns_services::reports::ReportKind;
use serde_json::Value;
use support::Papers;
use support::judges::fhir_has_no_fault;

#[test]
fn fhir_resources_finds_no_fault() {
    let words = "Paziente <lucido> & collaborante.\n\u{0}\u{7}\u{FFFE}\u{202e}😷";
    let narrative = Papers::new().with_narrative(words);
    let nobody = Papers::with_text(" \u{a0}\u{0}");
    let mut documents = Vec::new();
    for language in Language::ALL {
        for papers in [&Papers::new(), &narrative, &nobody] {
            documents.push(papers.report().fhir(language));
        }
    }
    for kind in ReportKind::ALL {
        let mut papers = Papers::new();
        papers.report.kind = kind;
        papers.report.obscured = true;
        documents.push(papers.report().fhir(Language::Italian));
    }
    fhir_has_no_fault(&documents);
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
