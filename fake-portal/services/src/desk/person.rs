//! Who stands at the counter, and who sits behind it.

use cns_authority::CodiceFiscale;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use super::rules;
use crate::Refusal;
use crate::italian_time::in_italy;
use crate::text_form::{self, iso_date};

/// A person as the desk knows one.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// Given name and surname, as usually written.
    pub name: String,
    /// The one by which all papers are compared.
    #[serde(with = "text_form")]
    pub codice_fiscale: CodiceFiscale,
    /// The day of birth.
    #[serde(with = "iso_date")]
    pub birth_date: Date,
    /// Who acts for this person until the eighteenth birthday.
    #[serde(with = "text_form::list")]
    pub parents: Vec<CodiceFiscale>,
    /// Whom a court has appointed to act for this person, of whatever age.
    #[serde(with = "text_form::list")]
    pub guardians: Vec<CodiceFiscale>,
}

/// Full years at which Italian law lets people act for themselves (article 2 of the civil code).
const MAJORITY_YEARS: i32 = 18;

impl Applicant {
    /// Whether the law lets somebody act for this person today.
    pub fn is_represented_by(&self, who: CodiceFiscale, now: OffsetDateTime) -> bool {
        self.guardians.contains(&who) || (self.parents.contains(&who) && !self.is_adult(now))
    }

    /// Of age on the day that it is in Italy. Who was born on 29 February is so on 1 March.
    pub fn is_adult(&self, now: OffsetDateTime) -> bool {
        let today = in_italy(now).date();
        let born = self.birth_date;
        let day = |date: Date| (u8::from(date.month()), date.day());
        let birthday_was = day(born) <= day(today);
        let years = today.year() - born.year() - i32::from(!birthday_was);
        MAJORITY_YEARS <= years
    }
}

/// What an identity document is called.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum DocumentKind {
    /// Carta d'identità.
    IdentityCard,
    /// Passaporto.
    Passport,
    /// Patente di guida.
    DrivingLicence,
}

/// An identity document, or the photocopy of one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
    /// Who issued it.
    pub issuer: String,
    /// Whose it is.
    pub holder: CodiceFiscale,
    /// The last day on which it is valid.
    pub expires: Date,
}

impl Document {
    /// A document proves who somebody is if it is theirs and valid today (DPR 445/2000, article 35).
    pub(super) fn proves(&self, who: CodiceFiscale, now: OffsetDateTime) -> Result<(), Refusal> {
        rules::DOCUMENT_OF_SOMEBODY_ELSE.unless(self.holder == who)?;
        if self.expires < in_italy(now).date() {
            return Err(rules::DOCUMENT_EXPIRED.about(self.expires.to_string()));
        }
        Ok(())
    }
}

/// How an operator signed in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignIn {
    /// With the operator's own card.
    Card,
    /// With a user name and a password.
    Password,
}

/// Somebody who works at a desk and has signed in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Operator {
    /// Operators have cards too, which others must handle.
    pub codice_fiscale: CodiceFiscale,
    /// How this one signed in.
    pub sign_in: SignIn,
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn people_are_of_age_on_their_birthday_in_italy() {
        let check = |birth_date: Date, now: OffsetDateTime, expected: bool| {
            let parent = "RSSMRA85C55M901I".parse().unwrap();
            let applicant = Applicant {
                name: "Sofia Conti".to_owned(),
                codice_fiscale: "RSSMRA85C55M901I".parse().unwrap(),
                birth_date,
                parents: vec![parent],
                guardians: Vec::new(),
            };
            assert_eq!(applicant.is_adult(now), expected, "{birth_date} at {now}");
            let is_represented = applicant.is_represented_by(parent, now);
            assert_eq!(is_represented, !expected, "{birth_date} at {now}");
        };
        check(
            date!(2008 - 11 - 25),
            datetime!(2026-11-24 22:59 UTC),
            false,
        );
        check(date!(2008 - 11 - 25), datetime!(2026-11-24 23:00 UTC), true);
        check(
            date!(2008 - 02 - 29),
            datetime!(2026-02-28 12:00 UTC),
            false,
        );
        check(date!(2008 - 02 - 29), datetime!(2026-03-01 12:00 UTC), true);
        check(
            date!(2027 - 01 - 01),
            datetime!(2026-03-01 12:00 UTC),
            false,
        );
    }
}
