//! `cn.*`, `cf.*`, `idcarta`: who the common name says it is. The rest of the subject is in
//! [`super::personal_data`].

use cns_authority::codice_fiscale::CodiceFiscalePart;
use cns_authority::{CardNumber, CnsCommonName, CnsCommonNameError};
use cns_authority::{CardNumberError, CodiceFiscale, CodiceFiscaleError};

use super::{Check, Finding, Judge, Level, fail, not_applicable, pass};
use crate::alert::ACCESS_DENIED;
use crate::certificate::CertificateFacts;
use crate::evidence::Evidence;
use cns_language::{Phrase, Text, text};

const REISSUE: Text = text(
    "Far emettere di nuovo il certificato con dati corretti.",
    "Have the certificate issued anew with the right data.",
    "Das Zertifikat mit richtigen Daten neu ausstellen lassen.",
);

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "cf.checkdigit",
        level: Level::Required,
        rule: text(
            "Il codice fiscale deve essere scritto bene, con il suo carattere di controllo.",
            "The codice fiscale must be well formed, with its check character.",
            "Die Steuernummer muss richtig sein, mit ihrem Prüfzeichen.",
        ),
        source: "DM Finanze 23-12-1976, art. 2 to 8",
        remedy: REISSUE,
        alert: &ACCESS_DENIED,
        judge: Judge::Certificate(codice_fiscale),
    },
    Check {
        id: "idcarta",
        level: Level::Required,
        rule: text(
            "Il numero della carta deve avere 16 cifre, con la sua cifra di controllo.",
            "The card number must have 16 digits, with its check digit.",
            "Die Kartennummer muss 16 Ziffern haben, mit ihrer Prüfziffer.",
        ),
        source: "CNS file system 1.0, EF.ID_Carta",
        remedy: REISSUE,
        alert: &ACCESS_DENIED,
        judge: Judge::Certificate(card_number),
    },
    Check {
        id: "cn.grammar",
        level: Level::Required,
        rule: text(
            "Il nome comune deve essere codice fiscale, «/», numero della carta, «.», impronta dei \
             dati personali.",
            "The common name must be codice fiscale, \"/\", card number, \".\", hash of the personal \
             data.",
            "Der allgemeine Name muss Steuernummer, „/“, Kartennummer, „.“ und Hash der persönlichen \
             Daten sein.",
        ),
        source: "AgID, profilo del certificato CNS 1.1, subject commonName",
        remedy: REISSUE,
        alert: &ACCESS_DENIED,
        judge: Judge::Certificate(grammar),
    },
];

/// The one common name. A subject with two could be read in two ways, so it is refused.
pub(crate) fn common_name(facts: &CertificateFacts) -> Result<CnsCommonName, Phrase> {
    match facts.common_names.as_slice() {
        [name] => name.parse().map_err(|error| {
            let seen = text(
                "nome comune «{0}»: {1}",
                "common name \"{0}\": {1}",
                "allgemeiner Name „{0}“: {1}",
            );
            Phrase::from(seen)
                .with(name.as_str())
                .with(in_words(&error))
        }),
        [] => Err(text(
            "il soggetto non ha un nome comune",
            "the subject has no common name",
            "das Subjekt hat keinen allgemeinen Namen",
        )
        .into()),
        names => Err(Phrase::from(text(
            "il soggetto ha {0} nomi comuni",
            "the subject has {0} common names",
            "das Subjekt hat {0} allgemeine Namen",
        ))
        .with(names.len().to_string())),
    }
}

fn grammar(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match common_name(facts) {
        Ok(_) => pass(text(
            "il nome comune è quello di una CNS",
            "the common name is that of a CNS",
            "der allgemeine Name ist der einer CNS",
        )),
        Err(seen) => fail(seen),
    }
}

/// What stands before the first slash, and between that and the first dot after it.
fn parts(facts: &CertificateFacts) -> (Option<&str>, Option<&str>) {
    let [name] = facts.common_names.as_slice() else {
        return (None, None);
    };
    let Some((person, rest)) = name.split_once('/') else {
        return (None, None);
    };
    (Some(person), rest.split_once('.').map(|(card, _)| card))
}

fn codice_fiscale(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match parts(facts).0.map(str::parse::<CodiceFiscale>) {
        Some(Ok(_)) => pass(text(
            "il carattere di controllo è giusto",
            "the check character is right",
            "das Prüfzeichen stimmt",
        )),
        Some(Err(error)) => fail(codice_fiscale_in_words(&error)),
        None => not_applicable(NOTHING_THERE),
    }
}

fn card_number(facts: &CertificateFacts, _: &Evidence<'_>) -> Finding {
    match parts(facts).1.map(str::parse::<CardNumber>) {
        Some(Ok(_)) => pass(text(
            "la cifra di controllo è giusta",
            "the check digit is right",
            "die Prüfziffer stimmt",
        )),
        Some(Err(error)) => fail(card_number_in_words(&error)),
        None => not_applicable(NOTHING_THERE),
    }
}

const NOTHING_THERE: Text = text(
    "il nome comune non lo contiene",
    "the common name does not contain it",
    "der allgemeine Name enthält es nicht",
);

/// Why a common name is not that of a CNS.
fn in_words(error: &CnsCommonNameError) -> Phrase {
    match error {
        CnsCommonNameError::NoSlash => text(
            "manca «/» dopo il codice fiscale",
            "there is no \"/\" after the codice fiscale",
            "es fehlt „/“ nach der Steuernummer",
        )
        .into(),
        CnsCommonNameError::NoDot => text(
            "manca «.» dopo il numero della carta",
            "there is no \".\" after the card number",
            "es fehlt „.“ nach der Kartennummer",
        )
        .into(),
        CnsCommonNameError::CodiceFiscale(error) => codice_fiscale_in_words(error),
        CnsCommonNameError::CardNumber(error) => card_number_in_words(error),
        CnsCommonNameError::Hash { seen } => Phrase::from(text(
            "l'impronta «{0}» non è di 20 byte in base64",
            "the hash \"{0}\" is not of 20 bytes in base64",
            "der Hash „{0}“ hat nicht 20 Byte in Base64",
        ))
        .with(seen.as_str()),
    }
}

fn codice_fiscale_in_words(error: &CodiceFiscaleError) -> Phrase {
    match error {
        CodiceFiscaleError::Length { seen } => Phrase::from(text(
            "il codice fiscale ha {0} caratteri invece di 16",
            "the codice fiscale has {0} characters instead of 16",
            "die Steuernummer hat {0} Zeichen statt 16",
        ))
        .with(seen.to_string()),
        CodiceFiscaleError::Character {
            position,
            part,
            seen,
        } => Phrase::from(text(
            "il carattere {0} del codice fiscale ({1}) non può essere «{2}»",
            "character {0} of the codice fiscale ({1}) cannot be \"{2}\"",
            "Zeichen {0} der Steuernummer ({1}) kann nicht „{2}“ sein",
        ))
        .with(position.to_string())
        .with(part_name(*part))
        .with(seen.to_string()),
        CodiceFiscaleError::BirthDay { seen } => Phrase::from(text(
            "il giorno di nascita {0} del codice fiscale non esiste",
            "the day of birth {0} in the codice fiscale does not exist",
            "den Geburtstag {0} der Steuernummer gibt es nicht",
        ))
        .with(seen.to_string()),
        CodiceFiscaleError::CheckCharacter { seen, right } => Phrase::from(text(
            "il carattere di controllo del codice fiscale è {0} e dovrebbe essere {1}",
            "the check character of the codice fiscale is {0} and should be {1}",
            "das Prüfzeichen der Steuernummer ist {0} und sollte {1} sein",
        ))
        .with(seen.to_string())
        .with(right.to_string()),
    }
}

fn part_name(part: CodiceFiscalePart) -> Text {
    match part {
        CodiceFiscalePart::Surname => text("cognome", "surname", "Nachname"),
        CodiceFiscalePart::Name => text("nome", "given name", "Vorname"),
        CodiceFiscalePart::BirthYear => text("anno di nascita", "year of birth", "Geburtsjahr"),
        CodiceFiscalePart::BirthMonth => text("mese di nascita", "month of birth", "Geburtsmonat"),
        CodiceFiscalePart::BirthDay => text("giorno di nascita", "day of birth", "Geburtstag"),
        CodiceFiscalePart::BirthPlace => text("luogo di nascita", "place of birth", "Geburtsort"),
        CodiceFiscalePart::CheckCharacter => {
            text("carattere di controllo", "check character", "Prüfzeichen")
        }
    }
}

fn card_number_in_words(error: &CardNumberError) -> Phrase {
    match error {
        CardNumberError::Length { seen } => Phrase::from(text(
            "il numero della carta ha {0} caratteri invece di 16",
            "the card number has {0} characters instead of 16",
            "die Kartennummer hat {0} Zeichen statt 16",
        ))
        .with(seen.to_string()),
        CardNumberError::Digit { position, seen } => Phrase::from(text(
            "il carattere {0} del numero della carta, «{1}», non è una cifra",
            "character {0} of the card number, \"{1}\", is not a digit",
            "Zeichen {0} der Kartennummer, „{1}“, ist keine Ziffer",
        ))
        .with(position.to_string())
        .with(seen.to_string()),
        CardNumberError::CardType { seen } => Phrase::from(text(
            "il numero della carta comincia con {0}, che non è un tipo di carta",
            "the card number begins with {0}, which is no type of card",
            "die Kartennummer beginnt mit {0}, was kein Kartentyp ist",
        ))
        .with(seen.to_string()),
        CardNumberError::CheckDigit { seen, right } => Phrase::from(text(
            "la cifra di controllo della carta è {0} e dovrebbe essere {1}",
            "the check digit of the card is {0} and should be {1}",
            "die Prüfziffer der Karte ist {0} und sollte {1} sein",
        ))
        .with(seen.to_string())
        .with(right.to_string()),
        other @ (CardNumberError::SerialTooLong { .. } | CardNumberError::Region { .. }) => {
            Phrase::from(text("{0}", "{0}", "{0}")).with(other.to_string())
        }
    }
}
