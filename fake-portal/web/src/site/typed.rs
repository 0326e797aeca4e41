//! What was typed, read as what it should be. What cannot be read is refused at its field, by the rules
//! `FORM-1..` of [`crate::rules`].

use std::str::FromStr;

use cns_authority::{CardNumber, CodiceFiscale};
use cns_services::desk::{Applicant, Contact};
use cns_services::{Refusal, Version};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

use super::form::VERSION;
use super::values::Values;
use crate::rules;
use crate::town::Town;

/// What stands in a field that must not be empty.
pub(crate) fn needed<'a>(typed: &'a Values, field: &'static str) -> Result<&'a str, Refusal> {
    match typed.text(field) {
        "" => Err(rules::NOTHING_TYPED.refuse().of_field(field)),
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
        .map_err(|_| rules::NO_CODICE_FISCALE.refuse().of_field(field))
}

/// A card's number.
pub(crate) fn card_number(typed: &Values, field: &'static str) -> Result<CardNumber, Refusal> {
    needed(typed, field)?
        .parse()
        .map_err(|_| rules::NO_CARD_NUMBER.refuse().of_field(field))
}

/// A day, as `<input type="date">` sends it.
pub(crate) fn date(typed: &Values, field: &'static str) -> Result<Date, Refusal> {
    Date::parse(
        needed(typed, field)?,
        format_description!("[year]-[month]-[day]"),
    )
    .map_err(|_| rules::NO_DATE.refuse().of_field(field))
}

/// A day, a time and how far that is from UTC (RFC 3339), as programs write it.
pub(crate) fn instant(typed: &Values, field: &'static str) -> Result<OffsetDateTime, Refusal> {
    OffsetDateTime::parse(needed(typed, field)?, &Rfc3339)
        .map_err(|_| rules::NO_INSTANT.refuse().of_field(field))
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
        .ok_or_else(|| rules::NO_CHOICE.refuse().of_field(field))
}

/// A number without a sign.
pub(crate) fn number<T: FromStr>(typed: &Values, field: &'static str) -> Result<T, Refusal> {
    needed(typed, field)?
        .parse()
        .map_err(|_| rules::NO_NUMBER.refuse().of_field(field))
}

/// Something that has a form of its own; `like` shows one that can be read.
pub(crate) fn read<T: FromStr>(
    typed: &Values,
    field: &'static str,
    like: &str,
) -> Result<T, Refusal> {
    let words = needed(typed, field)?.parse();
    words.map_err(|_| unreadable(field, like))
}

/// What stands in a field is not like this.
pub(crate) fn unreadable(field: &'static str, like: &str) -> Refusal {
    rules::UNREADABLE.about(like).of_field(field)
}

/// The version of the entry that the form was made of.
pub(crate) fn version(typed: &Values) -> Result<Version, Refusal> {
    number(typed, VERSION).map(Version::of_number)
}

/// What stands in a field, or nothing if it was left empty.
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
        .ok_or_else(|| rules::NOBODY.refuse().of_field(field))
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
            code(number::<u32>(&typed, "number").map(drop)),
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
