//! Documents that a citizen keeps: from bytes to an answer.

use cns_documents::DocumentError;
use cns_language::{Phrase, Text, text};
use cns_services::Refusal;

use super::errand::Errand;
use crate::site::answer::Answer;
use crate::site::page::Page;

pub(super) const PDF: &str = "application/pdf";
/// FHIR R4 §2.1.0.10.
pub(super) const FHIR: &str = "application/fhir+json";
pub(super) const CDA: &str = "application/xml";

/// The document, or the page with the reason why it cannot be written.
pub(super) fn answer(
    errand: &Errand<'_>,
    content_type: &'static str,
    name: String,
    document: Result<Vec<u8>, DocumentError>,
    page: Page,
) -> Answer {
    match document {
        Ok(content) => Answer::Document {
            content_type,
            name,
            content,
        },
        Err(error) => {
            let reason = Phrase::from(NOT_WRITTEN).with(error.to_string());
            errand.refused(page, Refusal::new("AREA-103", reason))
        }
    }
}

const NOT_WRITTEN: Text = text(
    "Il documento non si può scrivere: {0}.",
    "The document cannot be written: {0}.",
    "Das Dokument kann nicht geschrieben werden: {0}.",
);
