//! What was typed, read as what it should be. What cannot be read is refused at its field.
//!
//! ```text
//! FORM-101   nothing was typed where something is needed
//! FORM-102   no codice fiscale     FORM-103   no card number
//! FORM-104   no date               FORM-105   none of the choices
//! FORM-106   nobody has it         FORM-107   no number
//! FORM-108   no instant
//! ```

use cns_authority::{CardNumber, CodiceFiscale};
use cns_language::{Text, text};
use cns_services::Refusal;
use cns_services::desk::{Applicant, Contact};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

use super::values::Values;
use crate::town::Town;

const NOTHING_TYPED: Text = text(
    "Questo campo serve.",
    "This field is needed.",
    "Dieses Feld wird benötigt.",
);
const NO_CODICE_FISCALE: Text = text(
    "Non è un codice fiscale: ha 16 lettere e cifre, e l'ultima controlla le altre.",
    "This is no codice fiscale: it has 16 letters and digits, and the last checks the others.",
    "Das ist keine Steuernummer: sie hat 16 Buchstaben und Ziffern, und die letzte prüft die anderen.",
);
const NO_CARD_NUMBER: Text = text(
    "Non è un numero di carta: ha 16 cifre, e l'ultima controlla le altre.",
    "This is no card number: it has 16 digits, and the last checks the others.",
    "Das ist keine Kartennummer: sie hat 16 Ziffern, und die letzte prüft die anderen.",
);
const NO_DATE: Text = text(
    "Non è una data: si scrive 2026-11-23.",
    "This is no date: it is written 2026-11-23.",
    "Das ist kein Datum: man schreibt 2026-11-23.",
);
const NO_INSTANT: Text = text(
    "Non è un istante: si scrive 2026-11-23T09:30:00Z.",
    "This is no instant: it is written 2026-11-23T09:30:00Z.",
    "Das ist kein Zeitpunkt: man schreibt 2026-11-23T09:30:00Z.",
);
const NO_CHOICE: Text = text(
    "Scegliere una delle voci.",
    "Choose one of these.",
    "Eine der Möglichkeiten wählen.",
);
const NOBODY: Text = text(
    "Nessuno ha questo codice fiscale.",
    "Nobody has this codice fiscale.",
    "Niemand hat diese Steuernummer.",
);
const NO_NUMBER: Text = text(
    "Non è un numero, o è troppo grande.",
    "This is no number, or too large.",
    "Das ist keine Zahl, oder sie ist zu groß.",
);

/// What stands in a field that must not be empty.
pub(crate) fn needed<'a>(typed: &'a Values, field: &'static str) -> Result<&'a str, Refusal> {
    match typed.text(field) {
        "" => Err(refusal("FORM-101", NOTHING_TYPED, field)),
        text => Ok(text),
    }
}

/// A codice fiscale, in letters of either case.
pub(crate) fn codice_fiscale(
    typed: &Values,
    field: &'static str,
) -> Result<CodiceFiscale, Refusal> {
    let text = needed(typed, field)?.to_ascii_uppercase();
    text.parse()
        .map_err(|_| refusal("FORM-102", NO_CODICE_FISCALE, field))
}

/// A card's number.
pub(crate) fn card_number(typed: &Values, field: &'static str) -> Result<CardNumber, Refusal> {
    needed(typed, field)?
        .parse()
        .map_err(|_| refusal("FORM-103", NO_CARD_NUMBER, field))
}

/// A day, as `<input type="date">` sends it.
pub(crate) fn date(typed: &Values, field: &'static str) -> Result<Date, Refusal> {
    Date::parse(
        needed(typed, field)?,
        format_description!("[year]-[month]-[day]"),
    )
    .map_err(|_| refusal("FORM-104", NO_DATE, field))
}

/// A day, a time and how far that is from UTC (RFC 3339), as programs write it.
pub(crate) fn instant(typed: &Values, field: &'static str) -> Result<OffsetDateTime, Refusal> {
    OffsetDateTime::parse(needed(typed, field)?, &Rfc3339)
        .map_err(|_| refusal("FORM-108", NO_INSTANT, field))
}

/// One of some choices, by its name.
pub(crate) fn choice<T: Copy>(
    typed: &Values,
    field: &'static str,
    choices: &[(&str, T)],
) -> Result<T, Refusal> {
    let name = needed(typed, field)?;
    let chosen = choices.iter().find(|(known, _)| *known == name);
    chosen
        .map(|(_, choice)| *choice)
        .ok_or_else(|| refusal("FORM-105", NO_CHOICE, field))
}

/// A number without a sign.
pub(crate) fn number(typed: &Values, field: &'static str) -> Result<u32, Refusal> {
    needed(typed, field)?
        .parse()
        .map_err(|_| refusal("FORM-107", NO_NUMBER, field))
}

/// The same, or nothing if the field was left empty.
pub(crate) fn optional<T>(
    typed: &Values,
    field: &'static str,
    read: impl FnOnce(&Values, &'static str) -> Result<T, Refusal>,
) -> Result<Option<T>, Refusal> {
    match typed.text(field) {
        "" => Ok(None),
        _ => read(typed, field).map(Some),
    }
}

/// Somebody who lives here.
pub(crate) fn person(
    typed: &Values,
    field: &'static str,
    town: &Town,
) -> Result<Applicant, Refusal> {
    let codice_fiscale = codice_fiscale(typed, field)?;
    town.applicant(codice_fiscale)
        .ok_or_else(|| refusal("FORM-106", NOBODY, field))
}

/// A way to reach somebody: what `channel` says, or what the address looks like.
pub(crate) fn contact(typed: &Values, field: &'static str) -> Result<Contact, Refusal> {
    let address = needed(typed, field)?;
    match typed.text("channel") {
        "pec" => Contact::pec(address),
        "blind-envelope" => Contact::letter(address),
        "email" => Contact::email(address),
        "sms" => Contact::mobile(address),
        _ if address.contains('@') => Contact::email(address),
        _ => Contact::mobile(address),
    }
    .map_err(|refusal| refusal.of_field(field))
}

fn refusal(code: &'static str, sentence: Text, field: &'static str) -> Refusal {
    Refusal::new(code, sentence).of_field(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_refused_at_its_field() {
        let typed = Values::of(
            b"empty=&number=4294967296&day=2026-02-30&card=6030000000001008&kind=other\
              &person=rssmra85c55m901i",
        );
        let code = |refused: Result<(), Refusal>| {
            let refusal = refused.unwrap_err();
            (refusal.code, refusal.field)
        };
        let no = |code, field| (code, Some(field));
        assert_eq!(
            code(needed(&typed, "empty").map(drop)),
            no("FORM-101", "empty")
        );
        assert_eq!(
            code(number(&typed, "number").map(drop)),
            no("FORM-107", "number")
        );
        assert_eq!(code(date(&typed, "day").map(drop)), no("FORM-104", "day"));
        assert_eq!(
            code(instant(&typed, "day").map(drop)),
            no("FORM-108", "day")
        );
        assert_eq!(
            code(card_number(&typed, "card").map(drop)),
            no("FORM-103", "card")
        );
        assert_eq!(
            code(contact(&typed, "card").map(drop)),
            no("DESK-107", "card")
        );
        let kinds = [("minor", 1)];
        assert_eq!(
            code(choice(&typed, "kind", &kinds).map(drop)),
            no("FORM-105", "kind")
        );
        assert!(codice_fiscale(&typed, "person").is_ok());
        assert_eq!(optional(&typed, "empty", date).unwrap(), None);
    }
}
