//! Exemptions from the ticket (esenzioni): declared by citizens, granted by the health authority.

mod code;
mod perform;
mod term;

use cns_authority::CodiceFiscale;
use serde::{Deserialize, Serialize};
use time::Date;

use crate::access::Access;
use crate::ledger::{Held, Ledger};
use crate::refusal::Refusal;
use crate::rules;
use crate::text_form::{self, iso_date};
use crate::version::Version;

pub(crate) use perform::perform;

pub use code::{ExemptionCode, ExemptionCodeError, ExemptionKind};
pub use term::{last_day, thirty_first_of_march};

/// An exemption of one person.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    /// Whose.
    #[serde(with = "text_form")]
    pub person: CodiceFiscale,
    /// Which.
    #[serde(with = "text_form")]
    pub code: ExemptionCode,
    /// Who says so.
    pub source: Source,
    /// The first day.
    #[serde(with = "iso_date")]
    pub from: Date,
    /// The last day; none for those without an end, as of chronic illness.
    #[serde(
        with = "iso_date::option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub until: Option<Date>,
    /// The day from which it is no longer in force, if it was revoked.
    #[serde(
        with = "iso_date::option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub revoked: Option<Date>,
    /// Advances with every change.
    #[serde(default)]
    pub version: Version,
}

impl Exemption {
    /// Whether it counts on a day.
    pub fn in_force(&self, today: Date) -> bool {
        self.from <= today && self.over_since(today).is_none()
    }

    /// The first day without it, if that is past or today.
    fn over_since(&self, today: Date) -> Option<Date> {
        let ended = self.until.and_then(Date::next_day);
        self.revoked
            .into_iter()
            .chain(ended)
            .min()
            .filter(|first_day_without| *first_day_without <= today)
    }
}

impl Held for Exemption {
    fn holder(&self) -> CodiceFiscale {
        self.person
    }
}

/// Who says that somebody is exempt.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The person (autocertificazione).
    SelfCertified,
    /// The health authority (ASST), on a doctor's certificate.
    HealthAuthority,
    /// The Ministry of Economy and Finance (MEF), by its lists of incomes.
    Ministry,
}

/// An exemption's place in the list, from 0.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct ExemptionNumber(pub u32);

/// What can be done about exemptions.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Command {
    /// Somebody declares that they, or a member of their family, are exempt.
    Declare {
        /// Who is exempt.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// By which code.
        #[serde(with = "text_form")]
        code: ExemptionCode,
    },
    /// The desk grants one.
    Grant {
        /// To whom.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// Which.
        #[serde(with = "text_form")]
        code: ExemptionCode,
        /// The last day, if there is one.
        #[serde(with = "iso_date::option", default)]
        until: Option<Date>,
    },
    /// Who declared one takes it back; the desk, any.
    Revoke {
        /// Whose.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// Which.
        exemption: ExemptionNumber,
        /// As it was when it was last looked at.
        version: Version,
    },
    /// The ministry renews for a year those that end on 31 March and are in its lists.
    Renew {
        /// The year of that 31 March.
        year: i32,
    },
}

/// What happened to exemptions.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// There is a new one.
    Began(ExemptionNumber),
    /// It is revoked.
    Revoked(ExemptionNumber),
    /// So many were renewed.
    Renewed {
        /// How many.
        count: u32,
    },
}

/// All exemptions.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Exemptions {
    ledger: Ledger<Exemption>,
}

impl Exemptions {
    /// A person's exemptions, newest first.
    pub fn of(&self, access: &Access) -> impl Iterator<Item = (ExemptionNumber, &Exemption)> {
        let ledger = self.ledger.of(access.person());
        ledger
            .rev()
            .map(|(number, exemption)| (ExemptionNumber(number), exemption))
    }

    /// One of a person's exemptions.
    ///
    /// # Errors
    /// EXEMPTION-101, also for somebody else's.
    pub fn get(&self, access: &Access, number: ExemptionNumber) -> Result<&Exemption, Refusal> {
        self.ledger
            .seen(access, number.0)
            .ok_or_else(|| rules::NO_EXEMPTION.refuse())
    }

    /// Whether a person is exempt by a code on a day.
    pub(crate) fn holds(&self, person: CodiceFiscale, code: ExemptionCode, today: Date) -> bool {
        self.in_force(person, code, today).is_some()
    }

    pub(crate) fn add(&mut self, exemption: Exemption) -> ExemptionNumber {
        ExemptionNumber(self.ledger.add(exemption))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &Exemption)> {
        self.ledger.iter()
    }

    fn in_force(
        &self,
        person: CodiceFiscale,
        code: ExemptionCode,
        today: Date,
    ) -> Option<&Exemption> {
        self.ledger
            .of(person)
            .map(|(_, exemption)| exemption)
            .find(|exemption| exemption.code == code && exemption.in_force(today))
    }
}
