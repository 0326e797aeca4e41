//! A report (referto) as PDF, as FHIR and as CDA.

mod cda;
mod characters;
mod fhir;

use cns_language::{Language, Text, date_on_a_page, text};
use cns_services::person::Person;
use cns_services::reports::{Content, Measurement, Report, ReportNumber};
use cns_services::structure::Structure;

use crate::error::DocumentError;
use crate::fields::{PATIENT, decimal, field, person_fields};
use crate::identity;
use crate::pdf::{Column, Cover, Layout};

/// A report, with who and what it names.
#[derive(Clone, Copy, Debug)]
pub struct ReportDocument<'a> {
    /// Its place in the list of reports.
    pub number: ReportNumber,
    /// What it says.
    pub report: &'a Report,
    /// About whom.
    pub person: &'a Person,
    /// Where it was written.
    pub structure: &'a Structure,
    /// Who signs it for the structure, as it is printed.
    pub signatory: &'a str,
}

impl ReportDocument<'_> {
    /// The report as PDF.
    ///
    /// # Errors
    /// [`DocumentError::TooLong`] for what would fill more than a hundred pages.
    pub fn pdf(&self, language: Language) -> Result<Vec<u8>, DocumentError> {
        let cover = Cover {
            title: self.report.kind.title(),
            identifier: self.name(),
            date: self.report.issued,
            language,
        };
        let mut layout = cover.begin();
        layout.heading(PATIENT.in_language(language));
        layout.fields(&person_fields(self.person, language));
        layout.heading(text("Documento", "Document", "Dokument").in_language(language));
        layout.fields(&[
            field(
                text("Struttura", "Structure", "Einrichtung"),
                self.structure.name.clone(),
                language,
            ),
            field(
                text("Data", "Date", "Datum"),
                date_on_a_page(self.report.issued, language),
                language,
            ),
            field(
                text("Tipo di documento", "Kind of document", "Art des Dokuments"),
                format!(
                    "{} (LOINC {})",
                    self.report.kind.abbreviation(),
                    self.report.kind.loinc()
                ),
                language,
            ),
            field(SIGNED_BY, self.signatory.to_owned(), language),
        ]);
        match &self.report.content {
            Content::Measurements(measurements) => table(&mut layout, measurements, language),
            Content::Narrative(words) => {
                layout.heading(text("Referto", "Findings", "Befund").in_language(language));
                layout.paragraphs(words);
            }
        }
        cover.finish(layout)
    }

    /// The report as a FHIR R4 document, JSON in one line.
    pub fn fhir(&self, language: Language) -> Vec<u8> {
        fhir::document(self, language).to_string().into_bytes()
    }

    /// The report as a CDA 2 document, XML.
    ///
    /// # Errors
    /// [`DocumentError::Library`], for a fault of this crate.
    pub fn cda(&self, language: Language) -> Result<Vec<u8>, DocumentError> {
        cda::document(self, language)
    }

    /// What people read of it in FHIR and CDA, beside what machines read.
    fn paragraphs(&self, language: Language) -> Vec<String> {
        let mut paragraphs: Vec<String> = match &self.report.content {
            Content::Narrative(words) => words
                .lines()
                .filter(|line| !line.trim().is_empty())
                .map(str::to_owned)
                .collect(),
            Content::Measurements(measurements) => measurements
                .iter()
                .map(|measurement| {
                    let title = measurement.analyte.title().in_language(language);
                    let value = decimal(measurement.hundredths, language);
                    format!("{title}: {value} {}", measurement.analyte.unit())
                })
                .collect(),
        };
        let signed_by = SIGNED_BY.in_language(language);
        let structure = &self.structure.name;
        paragraphs.push(format!("{signed_by} {}, {structure}", self.signatory));
        paragraphs
    }

    fn measurements(&self) -> &[Measurement] {
        match &self.report.content {
            Content::Measurements(measurements) => measurements,
            Content::Narrative(_) => &[],
        }
    }

    /// HL7's code: obscured documents are restricted, others are as confidential as all that is about health.
    fn confidentiality(&self) -> &'static str {
        if self.report.obscured { "R" } else { "N" }
    }

    /// What tells the document from others: `LAB-17`, and a UUID of what it says.
    fn name(&self) -> String {
        let kind = self.report.kind.abbreviation();
        format!("{kind}-{} · {}", self.number.0, self.uuid("document"))
    }

    /// An identifier of a part of the document, made of all that the document says.
    fn uuid(&self, part: &str) -> String {
        let content = match &self.report.content {
            Content::Narrative(words) => words.clone(),
            Content::Measurements(measurements) => measurements
                .iter()
                .map(|measurement| {
                    format!(
                        "{}={};",
                        measurement.analyte.loinc(),
                        measurement.hundredths
                    )
                })
                .collect(),
        };
        identity::uuid(&[
            "report",
            part,
            &self.number.0.to_string(),
            &self.person.codice_fiscale.to_string(),
            &self.person.surname,
            &self.person.given_name,
            self.report.kind.loinc(),
            &self.structure.name,
            self.signatory,
            &self.report.issued.to_string(),
            &content,
        ])
    }
}

const SIGNED_BY: Text = text("Firmato da", "Signed by", "Unterzeichnet von");

/// HL7's code for how a value stands to what is usual: low, high or normal.
fn interpretation(measurement: &Measurement) -> &'static str {
    let (low, high) = measurement.analyte.usual_hundredths();
    if measurement.hundredths < low {
        "L"
    } else if high < measurement.hundredths {
        "H"
    } else {
        "N"
    }
}

/// What was measured, what is usual, and whether it is.
fn table(layout: &mut Layout, measurements: &[Measurement], language: Language) {
    layout.heading(text("Risultati", "Results", "Ergebnisse").in_language(language));
    let column = |title: Text, share| Column {
        title: title.in_language(language),
        share,
    };
    let columns = [
        column(text("Esame", "Test", "Untersuchung"), 4.0),
        column(text("Risultato", "Result", "Ergebnis"), 2.0),
        column(text("Unità", "Unit", "Einheit"), 1.5),
        column(text("Valori usuali", "Usual values", "Übliche Werte"), 3.0),
        column(text("Nota", "Note", "Anmerkung"), 2.5),
    ];
    let rows: Vec<Vec<String>> = measurements
        .iter()
        .map(|measurement| row(measurement, language))
        .collect();
    layout.table(&columns, &rows);
}

fn row(measurement: &Measurement, language: Language) -> Vec<String> {
    let analyte = measurement.analyte;
    let (low, high) = analyte.usual_hundredths();
    let note = match interpretation(measurement) {
        "L" => text("basso", "low", "niedrig").in_language(language),
        "H" => text("alto", "high", "hoch").in_language(language),
        _ => "–",
    };
    vec![
        analyte.title().in_language(language).to_owned(),
        decimal(measurement.hundredths, language),
        analyte.unit().to_owned(),
        format!("{} – {}", decimal(low, language), decimal(high, language)),
        note.to_owned(),
    ]
}
