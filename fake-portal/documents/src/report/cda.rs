//! A report as a document of HL7 CDA 2, in the header that the national documents share.
//!
//! The template is `templates/cda.xml`. It has the elements that the schema of CDA asks for and the
//! identifiers of the national formats; what their schematrons ask for beyond that (addresses, the
//! act that is documented, codes of structures) is not there, and the document names the national
//! template without its version.

use askama::Template;
use cns_authority::Sex;
use cns_language::Language;
use cns_services::reports::Measurement;
use time::Date;

use super::characters::cleaned;
use super::{ReportDocument, interpretation};
use crate::error::DocumentError;
use crate::fields::decimal;
use crate::pdf::BANNER;

#[derive(Template)]
#[template(path = "cda.xml")]
struct ClinicalDocument {
    template: Option<&'static str>,
    document: String,
    author: String,
    organization: String,
    loinc: &'static str,
    title: &'static str,
    issued: String,
    confidentiality: &'static str,
    language: &'static str,
    codice_fiscale: String,
    surname: String,
    given_name: String,
    sex: &'static str,
    birth_date: String,
    signatory: String,
    structure: String,
    banner: &'static str,
    paragraphs: Vec<String>,
    values: Vec<Observed>,
}

/// A value that was measured, as it is written.
struct Observed {
    loinc: &'static str,
    title: &'static str,
    measured: String,
    unit: &'static str,
    interpretation: &'static str,
    low: String,
    high: String,
}

/// The whole document.
pub(super) fn document(
    document: &ReportDocument<'_>,
    language: Language,
) -> Result<Vec<u8>, DocumentError> {
    let report = document.report;
    let person = document.person;
    let xml = ClinicalDocument {
        template: report.kind.template(),
        document: document.uuid("document"),
        author: document.uuid("practitioner"),
        organization: document.uuid("organization"),
        loinc: report.kind.loinc(),
        title: report.kind.title().in_language(language),
        issued: digits(report.issued),
        confidentiality: document.confidentiality(),
        language: match language {
            Language::Italian => "it-IT",
            Language::English => "en-GB",
            Language::German => "de-IT",
        },
        codice_fiscale: person.codice_fiscale.to_string(),
        surname: cleaned(&person.surname),
        given_name: cleaned(&person.given_name),
        sex: match person.sex() {
            Sex::Female => "F",
            Sex::Male => "M",
        },
        birth_date: digits(person.birth_date),
        signatory: cleaned(document.signatory),
        structure: cleaned(&document.structure.name),
        banner: BANNER.in_language(language),
        paragraphs: document
            .paragraphs(language)
            .iter()
            .map(|paragraph| cleaned(paragraph))
            .collect(),
        values: document
            .measurements()
            .iter()
            .map(|measurement| observed(measurement, language))
            .collect(),
    };
    xml.render()
        .map(String::into_bytes)
        .map_err(|error| DocumentError::Library(error.to_string()))
}

fn observed(measurement: &Measurement, language: Language) -> Observed {
    let analyte = measurement.analyte;
    let (low, high) = analyte.usual_hundredths();
    // XML has the point, whatever the language.
    let number = |hundredths| decimal(hundredths, Language::English);
    Observed {
        loinc: analyte.loinc(),
        title: analyte.title().in_language(language),
        measured: number(measurement.hundredths),
        unit: analyte.unit(),
        interpretation: interpretation(measurement),
        low: number(low),
        high: number(high),
    }
}

/// `20261124`
fn digits(date: Date) -> String {
    let (year, month, day) = date.to_calendar_date();
    format!("{year:04}{:02}{day:02}", u8::from(month))
}
