//! The reminder of a prescription (promemoria): what the citizen takes to the pharmacy or to the desk.
//!
//! The number (NRE) stands there as two bar codes, its first five characters and the other ten, and the
//! codice fiscale as a third. That they are Code 39, and that the authentication code stands below them in
//! digits alone, is from memory of printed ones.

use cns_language::{Language, Phrase, Text, date_on_a_page, text};
use cns_services::doctors::Doctor;
use cns_services::person::Person;
use cns_services::prescriptions::{Prescribed, Prescription, Priority};

use crate::error::DocumentError;
use crate::fields::{CODICE_FISCALE, Field, PATIENT, field, person_fields};
use crate::identity;
use crate::pdf::{Cover, Figure, Marks};

/// Digits of an authentication code; how many real ones have is not known here.
const AUTHENTICATION_CODE_LENGTH: usize = 20;

/// A prescription, with who and what it names.
#[derive(Clone, Copy, Debug)]
pub struct PrescriptionReminder<'a> {
    /// What is prescribed.
    pub prescription: &'a Prescription,
    /// For whom.
    pub person: &'a Person,
    /// By whom.
    pub doctor: &'a Doctor,
}

impl PrescriptionReminder<'_> {
    /// The reminder as PDF.
    ///
    /// # Errors
    /// [`DocumentError::TooLong`] for what would fill more than a hundred pages.
    pub fn pdf(&self, language: Language) -> Result<Vec<u8>, DocumentError> {
        let nre = self.prescription.nre.to_string();
        let (first, second) = nre.split_at_checked(5).unwrap_or((&nre, ""));
        let codice_fiscale = self.person.codice_fiscale.to_string();
        let cover = Cover {
            title: text(
                "Promemoria della ricetta dematerializzata",
                "Reminder of an electronic prescription",
                "Erinnerung an ein elektronisches Rezept",
            ),
            identifier: format!("NRE {first} {second}"),
            date: self.prescription.issued,
            language,
        };
        let mut layout = cover.begin();
        layout.figures(&[bars(NRE, first, language)?, bars(NRE, second, language)?]);
        layout.figures(&[bars(CODICE_FISCALE, &codice_fiscale, language)?]);
        layout.fields(&[
            field(NRE, format!("{first} {second}"), language),
            field(
                text(
                    "Codice autenticazione",
                    "Authentication code",
                    "Authentifizierungscode",
                ),
                self.authentication_code(),
                language,
            ),
        ]);
        layout.heading(PATIENT.in_language(language));
        layout.fields(&person_fields(self.person, language));
        layout.heading(text("Prescrizione", "Prescription", "Verschreibung").in_language(language));
        layout.fields(&self.what(language));
        cover.finish(layout)
    }

    /// The code that the national system gives to a prescription that it has accepted; here it is made of
    /// the prescription, and never all zeros.
    pub fn authentication_code(&self) -> String {
        let prescription = self.prescription;
        let parts = [
            "authentication code",
            &prescription.nre.to_string(),
            &prescription.person.to_string(),
            &prescription.issued.to_string(),
        ];
        identity::decimal_digits(&parts, AUTHENTICATION_CODE_LENGTH)
    }

    fn what(&self, language: Language) -> Vec<Field> {
        let prescription = self.prescription;
        let mut fields = vec![field(
            text("Prescritto", "Prescribed", "Verschrieben"),
            prescription
                .prescribed
                .title()
                .in_language(language)
                .to_owned(),
            language,
        )];
        fields.extend(match &prescription.prescribed {
            Prescribed::Drug { drug, packages } => [
                field(
                    text("Confezioni", "Packages", "Packungen"),
                    packages.to_string(),
                    language,
                ),
                field(
                    text("Codice ATC", "ATC code", "ATC-Code"),
                    drug.atc().to_owned(),
                    language,
                ),
            ],
            Prescribed::Service { priority, .. } => [
                field(
                    text("Classe di priorità", "Priority", "Dringlichkeit"),
                    priority_in_words(*priority, language),
                    language,
                ),
                field(
                    text("Codice LOINC", "LOINC code", "LOINC-Code"),
                    prescription.prescribed.loinc().to_owned(),
                    language,
                ),
            ],
        });
        fields.push(field(
            text("Esenzione", "Exemption", "Befreiung"),
            prescription.exemption.map_or_else(
                || {
                    let none = text("non esente", "none", "keine");
                    none.in_language(language).to_owned()
                },
                |exemption| exemption.to_string(),
            ),
            language,
        ));
        fields.push(field(
            text("Medico", "Doctor", "Arzt"),
            format!("{} {}", self.doctor.given_name, self.doctor.surname),
            language,
        ));
        fields.push(field(
            text("Data", "Date", "Datum"),
            date_on_a_page(prescription.issued, language),
            language,
        ));
        fields.push(field(
            text("Valida fino al", "Valid until", "Gültig bis"),
            date_on_a_page(prescription.valid_until(), language),
            language,
        ));
        fields
    }
}

const NRE: Text = text("Numero (NRE)", "Number (NRE)", "Nummer (NRE)");

fn bars(what: Text, value: &str, language: Language) -> Result<Figure, DocumentError> {
    let description = Phrase::from(text(
        "Codice a barre, {0}: {1}",
        "Bar code, {0}: {1}",
        "Strichcode, {0}: {1}",
    ));
    Ok(Figure {
        marks: Marks::code39(value)?,
        description: description.with(what).with(value).in_language(language),
        caption: format!("*{value}*"),
        module: 1.0,
        height: 34.0,
    })
}

fn priority_in_words(priority: Priority, language: Language) -> String {
    let words = match priority {
        Priority::Urgent => text("urgente", "urgent", "dringend"),
        Priority::Short => text("breve", "short", "kurzfristig"),
        Priority::Deferrable => text("differibile", "deferrable", "aufschiebbar"),
        Priority::Planned => text("programmata", "planned", "geplant"),
    };
    format!("{} – {}", priority.letter(), words.in_language(language))
}
