//! What a citizen downloads: reports, prescription reminders, vaccination certificates, and the slip of the
//! desk. All of it is made up, and says so on every page.
//!
//! Values go in and bytes come out: nothing is read, sent, drawn by lot or asked of a clock, so that the
//! same values give the same bytes. PDF is tagged after PDF/UA-1 and set in Italian, English or German;
//! reports are FHIR R4 and CDA 2 as well.
//!
//! ```text
//! Report         ReportDocument          PDF, FHIR R4, CDA 2      referto
//! Prescription   PrescriptionReminder    PDF with Code 39         promemoria della ricetta
//! Vaccination    VaccinationCertificate  PDF with a QR code       certificato vaccinale
//! (any text)     CredentialSlip          PDF                      prima parte di PIN e PUK
//! ```
//!
//! Texts may be any: what no page can show is replaced by U+FFFD, what no page can hold is refused.

pub mod error;
pub mod prescription;
pub mod report;
pub mod slip;
pub mod vaccination;

mod fields;
mod identity;
mod pdf;

pub use error::DocumentError;
pub use pdf::BANNER;
pub use prescription::PrescriptionReminder;
pub use report::ReportDocument;
pub use slip::CredentialSlip;
pub use vaccination::VaccinationCertificate;
