//! EF.Dati_Personali and certificates as the cases read them, apart from the code that writes them.

use cns_fixtures::{KeyPurpose, Source};
use time::Date;
use time::macros::format_description;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence;
use crate::state::State;
use crate::test_card::TestCard;

/// A case that only looks.
pub(super) const fn looks(
    id: &'static str,
    requirement: &'static str,
    sources: &'static [evidence::Source],
    level: Level,
    needs: &'static [Needs],
    run: fn(&mut TestCard) -> Verdict,
) -> Case<TestCard> {
    Case {
        id,
        requirement,
        sources,
        level,
        needs,
        state: State::Issued,
        effect: Effect::Reads,
        run,
    }
}

/// Fails without a word of what is on the card.
pub(super) fn must(holds: bool, expected: &str, seen: &str) -> Verdict {
    match holds {
        true => Ok(()),
        false => Err(Stop::fail(expected, seen)),
    }
}

/// Places of the sixteen fields.
pub(super) const ISSUER: usize = 0;
pub(super) const ISSUE_DATE: usize = 1;
pub(super) const EXPIRY_DATE: usize = 2;
pub(super) const SURNAME: usize = 3;
pub(super) const GIVEN_NAME: usize = 4;
pub(super) const BIRTH_DATE: usize = 5;
pub(super) const SEX: usize = 6;
pub(super) const HEIGHT: usize = 7;
pub(super) const CODICE_FISCALE: usize = 8;
pub(super) const CITIZENSHIP: usize = 9;
pub(super) const BIRTH_MUNICIPALITY: usize = 10;
pub(super) const BIRTH_STATE: usize = 11;
pub(super) const BIRTH_CERTIFICATE: usize = 12;
pub(super) const RESIDENCE_MUNICIPALITY: usize = 13;

/// Bytes of the length in front, in hexadecimal digits.
pub(super) const PREFIX: usize = 6;
const FIELDS: usize = 16;

/// EF.Dati_Personali, taken apart.
pub(super) struct PersonalData {
    /// All of the file.
    pub(super) file: Vec<u8>,
    /// The length that its first six characters tell.
    pub(super) declared: usize,
    /// Where the last field ends.
    pub(super) end: usize,
    fields: Vec<Vec<u8>>,
}

impl PersonalData {
    /// Reads the file; one that cannot be taken apart is a failure of whatever case asks.
    pub(super) fn read(card: &mut TestCard) -> Result<Self, Stop> {
        const EXPECTED: &str = "six hexadecimal digits and sixteen fields of LL value";
        let wrong = |seen: &str| Stop::fail(EXPECTED, seen);
        let file = card.read_file(Source::PersonalData)?;
        let number = |range: std::ops::Range<usize>| {
            let text = std::str::from_utf8(file.get(range)?).ok()?;
            usize::from_str_radix(text, 16).ok()
        };
        let declared = number(0..PREFIX).ok_or_else(|| wrong("no length in front"))?;
        let mut fields = Vec::new();
        let mut end = PREFIX;
        for _ in 0..FIELDS {
            let length = number(end..end + 2).ok_or_else(|| wrong("a field without length"))?;
            let value = file.get(end + 2..end + 2 + length);
            fields.push(
                value
                    .ok_or_else(|| wrong("a field beyond the file"))?
                    .to_vec(),
            );
            end += 2 + length;
        }
        Ok(Self {
            file,
            declared,
            end,
            fields,
        })
    }

    /// A field, as its Latin-1 characters.
    pub(super) fn text(&self, field: usize) -> String {
        let bytes = self.fields.get(field).map(Vec::as_slice);
        bytes
            .unwrap_or_default()
            .iter()
            .copied()
            .map(char::from)
            .collect()
    }

    /// A field that is a date, DDMMYYYY.
    pub(super) fn date(&self, field: usize) -> Option<Date> {
        Date::parse(&self.text(field), format_description!("[day][month][year]")).ok()
    }

    /// The same where the case is about something else.
    pub(super) fn sure_date(&self, field: usize) -> Result<Date, Stop> {
        let date = self.date(field);
        date.ok_or_else(|| Stop::fail("a date, DDMMYYYY", "something else"))
    }
}

/// Lets a case judge the certificate for this purpose. `rest` is what follows it in its file.
pub(super) fn certificate(
    card: &mut TestCard,
    purpose: KeyPurpose,
    judge: impl FnOnce(&X509Certificate<'_>, &[u8]) -> Verdict,
) -> Verdict {
    let file = card.certificate_file(purpose)?;
    match X509Certificate::from_der(&file) {
        Ok((rest, certificate)) => judge(&certificate, rest),
        Err(_) => Err(Stop::fail(
            "an X.509 certificate in DER from the first byte",
            "something else",
        )),
    }
}
