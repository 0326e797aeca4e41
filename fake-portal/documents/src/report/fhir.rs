//! A report as a document of FHIR R4: a Bundle that begins with a Composition.
//!
//! ```text
//! Bundle (document)
//!   Composition     kind of document by LOINC; what the doctor wrote as XHTML
//!   Patient         identified by the codice fiscale
//!   Practitioner    who signs
//!   Organization    the structure
//!   Observation     one for each value that was measured, LOINC and UCUM
//! ```
//!
//! Resources name each other by `urn:uuid:`, made of what the document says. All are marked as test data
//! (HTEST). The object identifiers are those of the national document formats; that Italian FHIR servers
//! use them as `urn:oid:` is inferred.

use std::fmt::Write;

use cns_authority::Sex;
use cns_language::Language;
use cns_services::reports::Measurement;
use serde_json::{Map, Value, json};

use super::characters::cleaned;
use super::{ReportDocument, interpretation};
use crate::pdf::BANNER;

/// The codice fiscale, among the identifiers of the national document formats.
const CODICE_FISCALE_SYSTEM: &str = "urn:oid:2.16.840.1.113883.2.9.4.3.2";
const LOINC: &str = "http://loinc.org";

/// The whole document.
pub(super) fn document(document: &ReportDocument<'_>, language: Language) -> Value {
    let observations: Vec<(String, Value)> = document
        .measurements()
        .iter()
        .enumerate()
        .map(|(place, measurement)| {
            let id = document.uuid(&format!("observation {place}"));
            (id, observation(document, measurement, language))
        })
        .collect();
    let references: Vec<Value> = observations
        .iter()
        .map(|(id, _)| reference_to(id))
        .collect();
    let mut resources = vec![
        (
            document.uuid("composition"),
            composition(document, references, language),
        ),
        (document.uuid("patient"), patient(document)),
        (document.uuid("practitioner"), practitioner(document)),
        (document.uuid("organization"), organization(document)),
    ];
    resources.extend(observations);
    let entries: Vec<Value> = resources
        .into_iter()
        .map(|(id, resource)| entry(&id, resource))
        .collect();
    json!({
        "resourceType": "Bundle",
        "id": document.uuid("document"),
        "meta": test_data(),
        "language": language.tag(),
        "identifier": {
            "system": "urn:ietf:rfc:3986",
            "value": format!("urn:uuid:{}", document.uuid("document")),
        },
        "type": "document",
        "timestamp": format!("{}T00:00:00Z", document.report.issued),
        "entry": entries,
    })
}

fn entry(id: &str, resource: Value) -> Value {
    let mut resource = match resource {
        Value::Object(resource) => resource,
        _ => Map::new(),
    };
    resource.insert("id".to_owned(), id.into());
    resource.insert("meta".to_owned(), test_data());
    json!({ "fullUrl": format!("urn:uuid:{id}"), "resource": resource })
}

fn composition(
    document: &ReportDocument<'_>,
    observations: Vec<Value>,
    language: Language,
) -> Value {
    let kind = document.report.kind;
    let title = kind.title().in_language(language);
    let mut section = json!({
        "title": title,
        "code": { "coding": [{ "system": LOINC, "code": kind.loinc() }] },
        "text": { "status": "generated", "div": narrative(document, language) },
    });
    if !observations.is_empty() {
        put(&mut section, "entry", observations.into());
    }
    json!({
        "resourceType": "Composition",
        "language": language.tag(),
        "status": "final",
        "type": {
            "coding": [{ "system": LOINC, "code": kind.loinc() }],
            "text": title,
        },
        "subject": reference(document, "patient"),
        "date": document.report.issued.to_string(),
        "author": [reference(document, "practitioner")],
        "title": title,
        "confidentiality": document.confidentiality(),
        "custodian": reference(document, "organization"),
        "section": [section],
    })
}

fn patient(document: &ReportDocument<'_>) -> Value {
    let person = document.person;
    let mut name = json!({ "use": "official" });
    if let Some(surname) = string(&person.surname) {
        put(&mut name, "family", surname.into());
    }
    if let Some(given_name) = string(&person.given_name) {
        put(&mut name, "given", json!([given_name]));
    }
    json!({
        "resourceType": "Patient",
        "identifier": [{
            "system": CODICE_FISCALE_SYSTEM,
            "value": person.codice_fiscale.to_string(),
        }],
        "name": [name],
        "gender": match person.sex() {
            Sex::Female => "female",
            Sex::Male => "male",
        },
        "birthDate": person.birth_date.to_string(),
    })
}

fn practitioner(document: &ReportDocument<'_>) -> Value {
    let mut practitioner = json!({ "resourceType": "Practitioner", "active": true });
    if let Some(name) = string(document.signatory) {
        put(&mut practitioner, "name", json!([{ "text": name }]));
    }
    practitioner
}

fn organization(document: &ReportDocument<'_>) -> Value {
    let structure = document.structure;
    // An organization has a name or an identifier; the code of the municipality is at hand for those without.
    let name = string(&structure.name).unwrap_or_else(|| structure.municipality.to_string());
    json!({ "resourceType": "Organization", "name": name })
}

fn observation(
    document: &ReportDocument<'_>,
    measurement: &Measurement,
    language: Language,
) -> Value {
    let analyte = measurement.analyte;
    let (low, high) = analyte.usual_hundredths();
    let quantity = |hundredths: u32| {
        json!({
            "value": f64::from(hundredths) / 100.0,
            "unit": analyte.unit(),
            "system": "http://unitsofmeasure.org",
            "code": analyte.unit(),
        })
    };
    json!({
        "resourceType": "Observation",
        "status": "final",
        "category": [coded(
            "http://terminology.hl7.org/CodeSystem/observation-category",
            "laboratory",
        )],
        "code": {
            "coding": [{ "system": LOINC, "code": analyte.loinc() }],
            "text": analyte.title().in_language(language),
        },
        "subject": reference(document, "patient"),
        "effectiveDateTime": document.report.issued.to_string(),
        "performer": [reference(document, "organization")],
        "valueQuantity": quantity(measurement.hundredths),
        "interpretation": [coded(
            "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
            interpretation(measurement),
        )],
        "referenceRange": [{ "low": quantity(low), "high": quantity(high) }],
    })
}

/// What people read of the document, in the XHTML that FHIR allows.
fn narrative(document: &ReportDocument<'_>, language: Language) -> String {
    let mut div = String::from("<div xmlns=\"http://www.w3.org/1999/xhtml\">");
    let mut paragraph = |words: &str| {
        // Writing to a string does not fail.
        let _ = write!(div, "<p>{}</p>", escaped(words));
    };
    paragraph(BANNER.in_language(language));
    for words in document.paragraphs(language) {
        paragraph(&words);
    }
    div.push_str("</div>");
    div
}

/// A string as FHIR has them: not empty, and without blanks at its ends.
fn string(text: &str) -> Option<String> {
    let cleaned = cleaned(text);
    let trimmed = cleaned.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in cleaned(text).chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            character => escaped.push(character),
        }
    }
    escaped
}

fn reference(document: &ReportDocument<'_>, part: &str) -> Value {
    reference_to(&document.uuid(part))
}

fn reference_to(id: &str) -> Value {
    json!({ "reference": format!("urn:uuid:{id}") })
}

/// An element more, of what is an object.
fn put(resource: &mut Value, element: &str, value: Value) {
    if let Value::Object(elements) = resource {
        elements.insert(element.to_owned(), value);
    }
}

fn coded(system: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code }] })
}

/// The label of data that belong to no person.
fn test_data() -> Value {
    json!({
        "security": [{
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
            "code": "HTEST",
            "display": "test health data",
        }],
    })
}
