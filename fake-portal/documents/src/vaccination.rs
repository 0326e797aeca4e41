//! A certificate of vaccinations (certificato vaccinale), with a QR code that seals it.
//!
//! ```text
//! COLLAUDO/CNS/CERT-VACC/UUID/2026-11-24/SHA-256:DIGEST
//! ```
//!
//! The code names nobody: a certificate, the day on which it was issued, and a digest of what it says. In
//! capitals, so that the QR code has the mode for capitals, which is the smaller one. It is a format of our
//! own, and not that of the European certificates of the pandemic.

use cns_language::{Language, Text, date_on_a_page, text};
use cns_services::person::Person;
use cns_services::structure::Structure;
use cns_services::vaccinations::{Site, Vaccination};
use time::Date;

use crate::error::DocumentError;
use crate::fields::{PATIENT, person_fields};
use crate::identity;
use crate::pdf::{Column, Cover, Figure, Layout, Marks};

/// A person's vaccinations, with what they name.
#[derive(Clone, Copy, Debug)]
pub struct VaccinationCertificate<'a> {
    /// Who was vaccinated.
    pub person: &'a Person,
    /// With what, and where.
    pub given: &'a [(&'a Vaccination, &'a Structure)],
    /// When the certificate is issued.
    pub issued: Date,
}

impl VaccinationCertificate<'_> {
    /// The certificate as PDF.
    ///
    /// # Errors
    /// [`DocumentError::TooLong`] for what would fill more than a hundred pages.
    pub fn pdf(&self, language: Language) -> Result<Vec<u8>, DocumentError> {
        let cover = Cover {
            title: text(
                "Certificato vaccinale",
                "Certificate of vaccination",
                "Impfzertifikat",
            ),
            identifier: format!("CERT-VACC · {}", self.uuid()),
            date: self.issued,
            language,
        };
        let mut layout = cover.begin();
        layout.heading(PATIENT.in_language(language));
        layout.fields(&person_fields(self.person, language));
        layout.heading(text("Vaccinazioni", "Vaccinations", "Impfungen").in_language(language));
        if self.given.is_empty() {
            let none = text(
                "Nessuna vaccinazione registrata.",
                "No vaccination is recorded.",
                "Keine Impfung ist eingetragen.",
            );
            layout.paragraphs(none.in_language(language));
        } else {
            self.table(&mut layout, language);
        }
        layout.heading(text("Verifica", "Verification", "Prüfung").in_language(language));
        layout.paragraphs(&format!(
            "{} {}",
            text("Rilasciato il", "Issued on", "Ausgestellt am").in_language(language),
            date_on_a_page(self.issued, language)
        ));
        layout.figures(&[self.code(language)?]);
        cover.finish(layout)
    }

    /// What the QR code says. A certificate that says anything else has another seal.
    pub fn seal(&self) -> String {
        let statement = self.statement();
        let parts: Vec<&str> = statement.iter().map(String::as_str).collect();
        let digest = identity::hexadecimal(&identity::digest(&parts));
        let uuid = self.uuid();
        let issued = self.issued;
        format!("COLLAUDO/CNS/CERT-VACC/{uuid}/{issued}/SHA-256:{digest}").to_uppercase()
    }

    fn uuid(&self) -> String {
        let statement = self.statement();
        let parts: Vec<&str> = statement.iter().map(String::as_str).collect();
        identity::uuid(&parts)
    }

    /// All that the certificate says, whatever the language.
    fn statement(&self) -> Vec<String> {
        let person = self.person;
        let mut statement = vec![
            "vaccination certificate".to_owned(),
            person.codice_fiscale.to_string(),
            person.surname.clone(),
            person.given_name.clone(),
            person.birth_date.to_string(),
            self.issued.to_string(),
        ];
        for (vaccination, structure) in self.given {
            statement.extend([
                vaccination.vaccine.atc().to_owned(),
                vaccination.vaccine.aic().to_owned(),
                vaccination.dose.to_string(),
                vaccination.given.to_string(),
                vaccination.lot.clone(),
                site_code(vaccination.site).to_owned(),
                structure.name.clone(),
            ]);
        }
        statement
    }

    fn table(&self, layout: &mut Layout, language: Language) {
        let column = |title: Text, share| Column {
            title: title.in_language(language),
            share,
        };
        let columns = [
            column(text("Vaccino", "Vaccine", "Impfstoff"), 4.0),
            column(text("Dose", "Dose", "Dosis"), 1.2),
            column(text("Data", "Date", "Datum"), 3.0),
            column(text("Lotto", "Lot", "Charge"), 2.2),
            column(text("Sede", "Site", "Stelle"), 1.3),
            column(text("Struttura", "Structure", "Einrichtung"), 3.3),
        ];
        let rows: Vec<Vec<String>> = self
            .given
            .iter()
            .map(|(vaccination, structure)| {
                let vaccine = vaccination.vaccine;
                vec![
                    format!(
                        "{} ({})",
                        vaccine.title().in_language(language),
                        vaccine.atc()
                    ),
                    vaccination.dose.to_string(),
                    date_on_a_page(vaccination.given, language),
                    vaccination.lot.clone(),
                    site_code(vaccination.site).to_owned(),
                    structure.name.clone(),
                ]
            })
            .collect();
        layout.table(&columns, &rows);
    }

    fn code(&self, language: Language) -> Result<Figure, DocumentError> {
        let marks = Marks::qr(&self.seal())?;
        let module = 2.2;
        let description = text(
            "Codice QR con il sigillo del certificato",
            "QR code with the seal of the certificate",
            "QR-Code mit dem Siegel des Zertifikats",
        );
        Ok(Figure {
            description: format!("{}: {}", description.in_language(language), self.seal()),
            caption: text("Sigillo", "Seal", "Siegel")
                .in_language(language)
                .to_owned(),
            height: marks.columns() as f32 * module,
            module,
            marks,
        })
    }
}

/// As HL7 codes it.
fn site_code(site: Site) -> &'static str {
    match site {
        Site::LeftArm => "LA",
        Site::RightArm => "RA",
        Site::LeftThigh => "LT",
        Site::RightThigh => "RT",
    }
}
