//! What most documents say of a person, and how values are written in each language.

use cns_authority::Sex;
use cns_language::{Language, Text, date_on_a_page, text};
use cns_services::person::Person;

/// A label and its value.
pub(crate) type Field = (&'static str, String);

/// Who somebody is.
pub(crate) fn person_fields(person: &Person, language: Language) -> Vec<Field> {
    let sex = match person.sex() {
        Sex::Female => text("femminile", "female", "weiblich"),
        Sex::Male => text("maschile", "male", "männlich"),
    };
    vec![
        field(
            text("Nome e cognome", "Name", "Name"),
            person.name(),
            language,
        ),
        field(CODICE_FISCALE, person.codice_fiscale.to_string(), language),
        field(
            text("Data di nascita", "Date of birth", "Geburtsdatum"),
            date_on_a_page(person.birth_date, language),
            language,
        ),
        field(
            text("Sesso", "Sex", "Geschlecht"),
            sex.in_language(language).to_owned(),
            language,
        ),
    ]
}

/// The heading above who the document is about.
pub(crate) const PATIENT: Text = text("Assistito", "Patient", "Versicherte Person");

/// What everybody calls it in Italy, whatever they speak.
pub(crate) const CODICE_FISCALE: Text = text(
    "Codice fiscale",
    "Codice fiscale",
    "Steuernummer (codice fiscale)",
);

/// A label in its language, and its value.
pub(crate) fn field(label: Text, value: String, language: Language) -> Field {
    (label.in_language(language), value)
}

/// A number with two decimals: `14,05`, or `14.05` in English.
pub(crate) fn decimal(hundredths: u32, language: Language) -> String {
    let point = match language {
        Language::English => '.',
        Language::Italian | Language::German => ',',
    };
    format!("{}{point}{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_those_of_the_language() {
        assert_eq!(decimal(1_405, Language::Italian), "14,05");
        assert_eq!(decimal(7, Language::German), "0,07");
        assert_eq!(decimal(1_400, Language::English), "14.00");
    }
}
