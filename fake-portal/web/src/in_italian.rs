//! What went wrong, and when, in the language of the pages.

use cns_authority::codice_fiscale::CodiceFiscalePart;
use cns_authority::{CardNumberError, CnsCommonNameError, CodiceFiscaleError};
use rustls::CertificateError;
use time::OffsetDateTime;

/// Day, month and year, then the time in UTC.
pub(crate) fn instant(instant: OffsetDateTime) -> String {
    let utc = instant.to_offset(time::UtcOffset::UTC);
    let (year, month, day) = utc.to_calendar_date();
    let (hour, minute, second) = utc.to_hms();
    format!(
        "{day:02}/{:02}/{year} {hour:02}:{minute:02}:{second:02} UTC",
        u8::from(month)
    )
}

/// Why a chain is not trusted. What has no Italian words here keeps its technical ones.
pub(crate) fn chain(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "nessun ente riconosciuto ha emesso questo certificato".to_owned()
        }
        rustls::Error::InvalidCertificate(CertificateError::BadSignature) => {
            "la firma dell'ente sul certificato non è valida".to_owned()
        }
        rustls::Error::InvalidCertificate(
            CertificateError::Expired | CertificateError::ExpiredContext { .. },
        ) => "il certificato dell'ente è scaduto".to_owned(),
        rustls::Error::InvalidCertificate(
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. },
        ) => "catena non esaminata: lo scopo del certificato è un altro".to_owned(),
        other => format!("la catena non è valida: {other}"),
    }
}

/// Why a common name is not that of a CNS.
pub(crate) fn common_name(error: &CnsCommonNameError) -> String {
    match error {
        CnsCommonNameError::NoSlash => "manca «/» dopo il codice fiscale".to_owned(),
        CnsCommonNameError::NoDot => "manca «.» dopo il numero della carta".to_owned(),
        CnsCommonNameError::CodiceFiscale(error) => codice_fiscale(error),
        CnsCommonNameError::CardNumber(error) => card_number(error),
        CnsCommonNameError::Hash { seen } => {
            format!("l'impronta «{seen}» non è di 20 byte in base64")
        }
    }
}

fn codice_fiscale(error: &CodiceFiscaleError) -> String {
    match error {
        CodiceFiscaleError::Length { seen } => {
            format!("il codice fiscale ha {seen} caratteri invece di 16")
        }
        CodiceFiscaleError::Character {
            position,
            part,
            seen,
        } => format!(
            "il carattere {position} del codice fiscale ({}) non può essere «{seen}»",
            part_name(*part)
        ),
        CodiceFiscaleError::BirthDay { seen } => {
            format!("il giorno di nascita {seen} del codice fiscale non esiste")
        }
        CodiceFiscaleError::CheckCharacter { seen, right } => {
            format!(
                "il carattere di controllo del codice fiscale è {seen} e dovrebbe essere {right}"
            )
        }
    }
}

fn part_name(part: CodiceFiscalePart) -> &'static str {
    match part {
        CodiceFiscalePart::Surname => "cognome",
        CodiceFiscalePart::Name => "nome",
        CodiceFiscalePart::BirthYear => "anno di nascita",
        CodiceFiscalePart::BirthMonth => "mese di nascita",
        CodiceFiscalePart::BirthDay => "giorno di nascita",
        CodiceFiscalePart::BirthPlace => "luogo di nascita",
        CodiceFiscalePart::CheckCharacter => "carattere di controllo",
    }
}

fn card_number(error: &CardNumberError) -> String {
    match error {
        CardNumberError::Length { seen } => {
            format!("il numero della carta ha {seen} caratteri invece di 16")
        }
        CardNumberError::Digit { position, seen } => {
            format!("il carattere {position} del numero della carta, «{seen}», non è una cifra")
        }
        CardNumberError::CardType { seen } => {
            format!("il numero della carta comincia con {seen}, che non è un tipo di carta")
        }
        CardNumberError::CheckDigit { seen, right } => {
            format!("la cifra di controllo della carta è {seen} e dovrebbe essere {right}")
        }
        other @ (CardNumberError::SerialTooLong { .. } | CardNumberError::Region { .. }) => {
            other.to_string()
        }
    }
}
