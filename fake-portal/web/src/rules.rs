//! The rules of the portal's own forms: what can be wrong before a service or the desk hears of it.
//!
//! ```text
//! FORM       what was typed cannot be read: one number for each kind of field
//! DESK-2..   the counter, where forms of the desk are given
//! DOCUMENT   a document cannot be written
//! STAFF      who signs in with a password
//! TOWN       whoever does outside what the desk decides
//! ```

cns_services::rules! {
    /// All of them, by family and number.
    pub const TABLE;

    /// Nothing was typed where something is needed.
    NOTHING_TYPED = "FORM-101", Invalid,
        "Questo campo serve.",
        "This field is needed.",
        "Dieses Feld wird benötigt.";
    /// No codice fiscale.
    NO_CODICE_FISCALE = "FORM-102", Invalid,
        "Non è un codice fiscale: ha 16 lettere e cifre, e l'ultima controlla le altre.",
        "This is no codice fiscale: it has 16 letters and digits, and the last checks the others.",
        "Das ist keine Steuernummer: sie hat 16 Buchstaben und Ziffern, und die letzte prüft die anderen.";
    /// No card number.
    NO_CARD_NUMBER = "FORM-103", Invalid,
        "Non è un numero di carta: ha 16 cifre, e l'ultima controlla le altre.",
        "This is no card number: it has 16 digits, and the last checks the others.",
        "Das ist keine Kartennummer: sie hat 16 Ziffern, und die letzte prüft die anderen.";
    /// No day.
    NO_DATE = "FORM-104", Invalid,
        "Non è una data: si scrive 2026-11-23.",
        "This is no date: it is written 2026-11-23.",
        "Das ist kein Datum: man schreibt 2026-11-23.";
    /// None of the choices.
    NO_CHOICE = "FORM-105", Invalid,
        "Scegliere una delle voci.",
        "Choose one of these.",
        "Eine der Möglichkeiten wählen.";
    /// A codice fiscale that nobody has.
    NOBODY = "FORM-106", Invalid,
        "Nessuno ha questo codice fiscale.",
        "Nobody has this codice fiscale.",
        "Niemand hat diese Steuernummer.";
    /// No number, or one that is too large.
    NO_NUMBER = "FORM-107", Invalid,
        "Non è un numero, o è troppo grande.",
        "This is no number, or too large.",
        "Das ist keine Zahl, oder sie ist zu groß.";
    /// No point in time.
    NO_INSTANT = "FORM-108", Invalid,
        "Non è un istante: si scrive 2026-11-23T09:30:00Z.",
        "This is no instant: it is written 2026-11-23T09:30:00Z.",
        "Das ist kein Zeitpunkt: man schreibt 2026-11-23T09:30:00Z.";
    /// Something of another form than it has here, such as a number of a prescription.
    UNREADABLE = "FORM-109", Invalid,
        "Il valore non si legge: scrivilo come {0}.",
        "The value cannot be read: write it like {0}.",
        "Der Wert ist nicht lesbar: bitte wie {0} schreiben.";

    /// Something is asked for somebody who was not identified, or too long ago.
    NOBODY_AT_THE_COUNTER = "DESK-201", Conflict,
        "Allo sportello non c'è nessuno che sia stato identificato.",
        "Nobody who was identified stands at the counter.",
        "Am Schalter steht niemand, dessen Identität festgestellt wurde.";

    /// What a document says does not fit into one.
    NOT_WRITTEN = "DOCUMENT-101", Invalid,
        "Il documento non si può scrivere: {0}.",
        "The document cannot be written: {0}.",
        "Das Dokument kann nicht geschrieben werden: {0}.";

    /// Nobody has this name and password; which of the two is wrong is not told.
    NOT_SIGNED_IN = "STAFF-101", Invalid at "password",
        "Nome utente o parola d'ordine non validi.",
        "The user name or the password is not right.",
        "Benutzername oder Kennwort sind nicht richtig.";

    /// The workshop has not done what the desk decided.
    CARD_NOT_UPDATED = "TOWN-101", Unavailable,
        "La carta non è stata aggiornata: {0}.",
        "The card was not brought up to date: {0}.",
        "Die Karte wurde nicht aktualisiert: {0}.";
    /// What was asked for is so, and is not in the town's file.
    NOT_KEPT = "TOWN-102", Unavailable,
        "Quanto richiesto non è stato salvato e andrebbe perso con il portale: {0}.",
        "What was asked for was not stored, and would be lost with the portal: {0}.",
        "Das Gewünschte wurde nicht gespeichert und ginge mit dem Portal verloren: {0}.";
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use cns_services::{desk, outbox, rules};

    use super::TABLE;

    #[test]
    fn no_code_of_the_whole_portal_is_given_twice() {
        let families = [TABLE, rules::TABLE, desk::rules::TABLE, outbox::RULES];
        let codes: Vec<&str> = families.into_iter().flatten().map(|it| it.code).collect();
        let different: HashSet<&str> = codes.iter().copied().collect();
        assert_eq!(codes.len(), different.len());
    }
}
