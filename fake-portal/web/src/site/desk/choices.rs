//! What can be chosen on the pages of the desk, in words and as programs call it.

use cns_language::{Language, Text, text};

use super::words;
use crate::site::form::{Control, Field, Form};
use crate::site::outbox::CHANNELS;
use crate::site::visit::Visit;

/// Where something is to be sent, and in which language; `hint` says what happens if it is not said.
pub(in crate::site) fn contact_fields(visit: &Visit<'_>, form: Form, hint: Option<Text>) -> Form {
    let channels = Control::Choice(choices(visit, &CHANNELS));
    let channel = Field::new("channel", visit.say(text("Via", "By", "Über")), channels);
    let contact = Field::new("contact", visit.say(words::CONTACT), Control::Line("text"));
    match hint {
        Some(hint) => form
            .with(channel.optional())
            .with(contact.optional().hinted(visit.say(hint))),
        None => {
            let languages = Language::ALL.map(|it| (it.tag().to_owned(), it.own_name().to_owned()));
            let label = visit.say(text("Lingua", "Language", "Sprache"));
            let language = Field::new("language", label, Control::Choice(languages.to_vec()));
            form.with(channel)
                .with(contact)
                .with(language.with_value(visit.language.tag()))
        }
    }
}

/// Causes in the visitor's language.
pub(in crate::site) fn cause_choices(visit: &Visit<'_>) -> Vec<(String, String)> {
    choices(visit, &CAUSES)
}

/// Choices in the visitor's language.
pub(super) fn choices(visit: &Visit<'_>, of: &[(&str, Text)]) -> Vec<(String, String)> {
    let choices = of.iter();
    choices
        .map(|(name, label)| ((*name).to_owned(), visit.say(*label)))
        .collect()
}

/// Causes, as programs call them.
pub(super) const CAUSES: [(&str, Text); 4] = [
    ("loss", text("Smarrimento", "Loss", "Verlust")),
    ("theft", text("Furto", "Theft", "Diebstahl")),
    (
        "not-delivered",
        text("Mai arrivata", "Never came", "Nie angekommen"),
    ),
    ("damage", text("Guasta", "Damaged", "Beschädigt")),
];
pub(super) const OFFICE_CAUSES: [(&str, Text); 2] = [
    (
        "wrong-data",
        text("Dati sbagliati", "Wrong data", "Falsche Daten"),
    ),
    ("death", text("Decesso", "Death", "Tod")),
];
pub(super) const DECLARATIONS: [(&str, Text); 2] = [
    (
        "police-report",
        text("Denuncia", "Police report", "Anzeige"),
    ),
    (
        "self-certification",
        text("Autocertificazione", "Self-certification", "Eigenerklärung"),
    ),
];
/// Who asks for whom, as programs call it.
pub(super) const KINDS: [(&str, Text); 4] = [
    ("at-desk", text("Per sé", "For oneself", "Für sich selbst")),
    (
        "minor",
        text("Per un minorenne", "For a minor", "Für Minderjährige"),
    ),
    (
        "ward",
        text("Per un assistito", "For a ward", "Für Betreute"),
    ),
    (
        "delegate",
        text("Per delega", "By delegation", "Im Auftrag"),
    ),
];
