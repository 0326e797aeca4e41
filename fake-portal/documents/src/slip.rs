//! The slip that an operator prints and hands over: the first part of PIN and PUK.
//!
//! What the part is, the desk says; here it is a text like any other. The second part reaches the citizen
//! by another way and is on no document.

use cns_authority::CardNumber;
use cns_language::{Language, Text, date_on_a_page, text};
use cns_services::person::Person;
use time::Date;

use crate::error::DocumentError;
use crate::fields::{field, person_fields};
use crate::identity;
use crate::pdf::Cover;

/// What a slip says. It has no `Debug`: the part is half a secret.
#[derive(Clone, Copy)]
pub struct CredentialSlip<'a> {
    /// To whom it is handed: not always the holder of the card.
    pub handed_to: &'a Person,
    /// The card whose PIN and PUK it is about.
    pub card: CardNumber,
    /// At which office.
    pub office: &'a str,
    /// When.
    pub date: Date,
    /// The first part of PIN and PUK, as the desk words it.
    pub first_part: &'a str,
}

impl CredentialSlip<'_> {
    /// The slip as PDF, to be printed once. The bytes hold the first part and are not wiped: they are the
    /// caller's to forget.
    ///
    /// # Errors
    /// [`DocumentError::TooLong`] for what would fill more than a hundred pages.
    pub fn pdf(&self, language: Language) -> Result<Vec<u8>, DocumentError> {
        let card = self.card.to_string();
        let cover = Cover {
            title: text(
                "Prima parte di PIN e PUK",
                "First part of PIN and PUK",
                "Erster Teil von PIN und PUK",
            ),
            // Not made of the part: whoever sees the identifier must learn nothing of it.
            identifier: identity::uuid(&["slip", &card, &self.date.to_string()]),
            date: self.date,
            language,
        };
        let mut layout = cover.begin();
        layout.heading(text("Consegnata a", "Handed to", "Übergeben an").in_language(language));
        layout.fields(&person_fields(self.handed_to, language));
        layout.heading(text("Tessera", "Card", "Karte").in_language(language));
        layout.fields(&[
            field(text("Numero", "Number", "Nummer"), card, language),
            field(
                text("Sportello", "Office", "Schalter"),
                self.office.to_owned(),
                language,
            ),
            field(
                text("Data", "Date", "Datum"),
                date_on_a_page(self.date, language),
                language,
            ),
        ]);
        layout.heading(text("PIN e PUK", "PIN and PUK", "PIN und PUK").in_language(language));
        layout.large_print(self.first_part);
        layout.paragraphs(NEXT.in_language(language));
        cover.finish(layout)
    }
}

const NEXT: Text = text(
    "La seconda parte arriva al telefono o all'indirizzo indicato allo sportello: le due parti, una dopo \
     l'altra, sono il PIN e il PUK. Conserva questo foglio lontano dalla tessera e non mostrarlo a nessuno.",
    "The second part goes to the telephone or the address that was given at the desk: the two parts, one \
     after the other, are PIN and PUK. Keep this sheet away from the card and show it to nobody.",
    "Der zweite Teil geht an das Telefon oder die Adresse, die am Schalter angegeben wurde: beide Teile \
     hintereinander sind PIN und PUK. Bewahren Sie dieses Blatt getrennt von der Karte auf und zeigen Sie \
     es niemandem.",
);
