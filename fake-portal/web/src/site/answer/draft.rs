//! A document that somebody asked for, not written yet.
//!
//! A PDF takes some milliseconds, for which no other visitor should wait. So whoever looks into the town,
//! where nobody else gets in meanwhile, only takes out what the document says; [`Draft::write`] can be
//! called by [`super::response`] alone, which has no town.

use cns_documents::{DocumentError, PrescriptionReminder, ReportDocument, VaccinationCertificate};
use cns_language::Language;
use cns_services::doctors::Doctor;
use cns_services::person::Person;
use cns_services::prescriptions::Prescription;
use cns_services::reports::{Report, ReportNumber};
use cns_services::structure::Structure;
use cns_services::vaccinations::Vaccination;
use time::Date;

/// Who signs for a structure: a document of this world names no doctor.
const SIGNATORY: &str = "Il direttore sanitario";

/// A document, in a language.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) subject: Subject,
    pub(crate) language: Language,
}

/// What a document is about, with all that it says.
#[derive(Clone, Debug)]
pub(crate) enum Subject {
    /// A report.
    Report {
        number: ReportNumber,
        report: Report,
        person: Person,
        structure: Structure,
        form: ReportForm,
    },
    /// The reminder of a prescription.
    Reminder {
        prescription: Prescription,
        person: Person,
        doctor: Doctor,
    },
    /// The certificate of what somebody was vaccinated with so far.
    Certificate {
        person: Person,
        given: Vec<(Vaccination, Structure)>,
        issued: Date,
    },
}

/// What a report is written in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ReportForm {
    Pdf,
    /// FHIR R4 §2.1.0.10.
    Fhir,
    Cda,
}

impl ReportForm {
    /// All of them, with the ends of their names.
    pub(crate) const ALL: [(&str, Self); 3] = [
        ("pdf", Self::Pdf),
        ("fhir.json", Self::Fhir),
        ("cda.xml", Self::Cda),
    ];

    fn extension(self) -> &'static str {
        let known = Self::ALL.into_iter().find(|(_, form)| *form == self);
        known.map_or("", |(extension, _)| extension)
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Pdf => PDF,
            Self::Fhir => "application/fhir+json",
            Self::Cda => "application/xml",
        }
    }
}

const PDF: &str = "application/pdf";

impl Draft {
    pub(super) fn content_type(&self) -> &'static str {
        match &self.subject {
            Subject::Report { form, .. } => form.content_type(),
            Subject::Reminder { .. } | Subject::Certificate { .. } => PDF,
        }
    }

    /// What a browser calls it when it is kept.
    pub(super) fn name(&self) -> String {
        match &self.subject {
            Subject::Report {
                number,
                report,
                form,
                ..
            } => {
                let kind = report.kind.abbreviation();
                format!("{kind}-{}.{}", number.0, form.extension())
            }
            Subject::Reminder { prescription, .. } => format!("NRE-{}.pdf", prescription.nre),
            Subject::Certificate { issued, .. } => format!("CERT-VACC-{issued}.pdf"),
        }
    }

    /// The document itself.
    pub(super) fn write(&self) -> Result<Vec<u8>, DocumentError> {
        match &self.subject {
            Subject::Report {
                number,
                report,
                person,
                structure,
                form,
            } => {
                let document = ReportDocument {
                    number: *number,
                    report,
                    person,
                    structure,
                    signatory: SIGNATORY,
                };
                match form {
                    ReportForm::Pdf => document.pdf(self.language),
                    ReportForm::Fhir => Ok(document.fhir(self.language)),
                    ReportForm::Cda => document.cda(self.language),
                }
            }
            Subject::Reminder {
                prescription,
                person,
                doctor,
            } => PrescriptionReminder {
                prescription,
                person,
                doctor,
            }
            .pdf(self.language),
            Subject::Certificate {
                person,
                given,
                issued,
            } => {
                let given: Vec<_> = given.iter().map(|(what, place)| (what, place)).collect();
                VaccinationCertificate {
                    person,
                    given: &given,
                    issued: *issued,
                }
                .pdf(self.language)
            }
        }
    }
}
