//! Reports as CDA 2 documents, as libxml2 reads them, and models that were made of the Italian schema.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use cns_language::Language;
use support::Papers;
use support::judges::{have_no_fault, verdict, xpath};

#[test]
fn the_models_of_the_schema_find_no_fault() {
    let documents = Papers::reports(|report, language| report.cda(language).unwrap());
    have_no_fault("cda", &documents);
}

#[test]
fn the_judge_sees_what_is_wrong() {
    let document = Papers::new().report().cda(Language::English).unwrap();
    let document = String::from_utf8(document).unwrap();
    for (right, wrong) in [
        ("<versionNumber", "<versionNumbers/><versionNumber"),
        ("<realmCode ", "<realmCode kode=\"IT\" "),
        ("\"19850315\"", "\"15/03/1985\""),
        ("\"EVN\"", "\"DONE\""),
        ("<typeId", "<versionNumber value=\"1\"/><typeId"),
    ] {
        assert!(document.contains(right), "{right}");
        let changed = document.replacen(right, wrong, 1).into_bytes();
        assert!(verdict("cda", &[changed]).is_err(), "{wrong}");
    }
}

#[test]
fn a_document_has_the_values_of_the_report() {
    let papers = Papers::new();
    let document = papers.report().cda(Language::English).unwrap();
    let check = |path: &str, expected: &str| assert_eq!(xpath(&document, path), expected, "{path}");
    let codice_fiscale = papers.person.codice_fiscale.to_string();
    check(
        "//*[local-name()='patientRole']/*[1]/@extension",
        &codice_fiscale,
    );
    check("/*/*[local-name()='code']/@code", "11502-2");
    check("//*[local-name()='family']", "D'Amico Größl");
    check("//*[local-name()='birthTime']/@value", "19850315");
    check("count(//*[local-name()='observation'])", "5");
    check(
        "(//*[local-name()='observation'])[2]/*[local-name()='value']/@value",
        "112.50",
    );
    check(
        "(//*[local-name()='observation'])[2]/*[local-name()='interpretationCode']/@code",
        "H",
    );
}

#[test]
fn any_text_is_well_formed() {
    for text in [
        "",
        "a < b && \"c\" ]]> <!--",
        "\u{0}\u{7}\u{FFFE}\u{202e}😷",
        "à\r\n\r\nb",
    ] {
        let papers = Papers::with_text(text);
        let document = papers.report().cda(Language::Italian).unwrap();
        let title = xpath(&document, "/*/*[local-name()='title']");
        assert_eq!(title, "Referto di visita specialistica");
    }
}
