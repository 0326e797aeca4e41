//! Prescriptions (ricette dematerializzate): a doctor issues, a structure takes in charge and dispenses.
//!
//! ```text
//!            take in charge                 dispense
//!  ISSUED ──────────────────► TAKEN IN ───────────────► DISPENSED
//!   │  ▲   EMESSA              CHARGE      EROGATA
//!   │  └──────────────────────── PRESA IN CARICO
//!   │            release
//!   ├── cancel ──────► CANCELLED   ANNULLATA
//!   └── days go by ──► EXPIRED     SCADUTA
//! ```
//!
//! A prescription of medicines is good for 30 days, one of a visit or an examination for six months in
//! Lombardia since 1 October 2023 (twelve before). That one taken in charge outlives its validity is
//! inferred: the appointment of one booked in time may be later.

mod nre;
mod perform;
mod prescribed;
mod state;

use std::collections::HashMap;

use cns_authority::CodiceFiscale;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Date, Duration};

use crate::access::Access;
use crate::doctors::DoctorNumber;
use crate::exemptions::ExemptionCode;
use crate::ledger::{Held, Ledger};
use crate::person::months_later;
use crate::refusal::Refusal;
use crate::rules;
use crate::structure::StructureNumber;
use crate::text_form::{self, iso_date};
use crate::version::Version;

pub(crate) use perform::perform;

pub use nre::{Nre, NreError};
pub use prescribed::{Drug, Prescribed, Priority};
pub use state::{State, Status};

/// A prescription.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Prescription {
    /// Its number.
    #[serde(with = "text_form")]
    pub nre: Nre,
    /// For whom.
    #[serde(with = "text_form")]
    pub person: CodiceFiscale,
    /// By whom.
    pub doctor: DoctorNumber,
    /// What.
    pub prescribed: Prescribed,
    /// Why the person does not pay, if so.
    #[serde(
        with = "text_form::option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub exemption: Option<ExemptionCode>,
    /// When.
    #[serde(with = "iso_date")]
    pub issued: Date,
    /// What became of it.
    pub state: State,
    /// Advances with every change.
    #[serde(default)]
    pub version: Version,
}

impl Prescription {
    /// The last day on which it can be taken in charge.
    pub fn valid_until(&self) -> Date {
        match self.prescribed {
            Prescribed::Drug { .. } => self.issued.saturating_add(Duration::days(30)),
            Prescribed::Service { .. } => months_later(self.issued, 6),
        }
    }

    /// What it is on a day: time alone makes an issued one expire.
    pub fn status(&self, today: Date) -> Status {
        match self.state {
            State::Issued if self.valid_until() < today => Status::Expired,
            State::Issued => Status::Issued,
            State::TakenInCharge { .. } => Status::TakenInCharge,
            State::Dispensed { .. } => Status::Dispensed,
            State::Cancelled { .. } => Status::Cancelled,
        }
    }

    /// Goes on if it can be taken in charge today.
    pub(crate) fn expect_usable(&self, today: Date) -> Result<(), Refusal> {
        match self.status(today) {
            Status::Issued => Ok(()),
            Status::Expired => Err(rules::PRESCRIPTION_EXPIRED.about(self.valid_until())),
            other => Err(rules::PRESCRIPTION_STATE.about(other.name())),
        }
    }

    fn held_by(&self, structure: StructureNumber, today: Date) -> Result<(), Refusal> {
        match self.state {
            State::TakenInCharge { by, .. } if by == structure => Ok(()),
            State::TakenInCharge { .. } => Err(rules::OTHER_STRUCTURE.refuse()),
            _ => Err(rules::PRESCRIPTION_STATE.about(self.status(today).name())),
        }
    }

    fn become_state(&mut self, state: State) {
        self.state = state;
        self.version.advance();
    }
}

impl Held for Prescription {
    fn holder(&self) -> CodiceFiscale {
        self.person
    }
}

/// What can be done about prescriptions.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Command {
    /// A doctor prescribes.
    Issue {
        /// For whom.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// What.
        prescribed: Prescribed,
        /// Why the person does not pay, if so.
        #[serde(with = "text_form::option", default)]
        exemption: Option<ExemptionCode>,
    },
    /// The doctor who issued it takes it back.
    Cancel(Target),
    /// A structure begins to work on it.
    TakeInCharge(Target),
    /// The structure gives it back.
    Release(Target),
    /// The structure has given what is prescribed.
    Dispense(Target),
}

/// A prescription that something is to be done with. Who works with it knows its number and for whom it is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// For whom it is.
    #[serde(with = "text_form")]
    pub person: CodiceFiscale,
    /// Its number.
    #[serde(with = "text_form")]
    pub nre: Nre,
    /// As it was when it was last looked at.
    pub version: Version,
}

/// What happened to a prescription.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// There is a new one.
    Issued(#[serde(with = "text_form")] Nre),
    /// It is in a new state.
    Became(#[serde(with = "text_form")] Nre, State),
}

/// All prescriptions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prescriptions {
    ledger: Ledger<Prescription>,
    by_nre: HashMap<Nre, u32>,
}

impl Prescriptions {
    /// A person's prescriptions, newest first.
    pub fn of(&self, access: &Access) -> impl Iterator<Item = &Prescription> {
        let ledger = self.ledger.of(access.person());
        ledger.rev().map(|(_, prescription)| prescription)
    }

    /// One of a person's prescriptions.
    ///
    /// # Errors
    /// PRESCRIPTION-101, also for somebody else's.
    pub fn get(&self, access: &Access, nre: Nre) -> Result<&Prescription, Refusal> {
        self.of_person(access.person(), nre)
    }

    pub(crate) fn of_person(
        &self,
        person: CodiceFiscale,
        nre: Nre,
    ) -> Result<&Prescription, Refusal> {
        self.by_nre
            .get(&nre)
            .and_then(|number| self.ledger.get(*number))
            .filter(|prescription| prescription.person == person)
            .ok_or_else(|| rules::NO_PRESCRIPTION.about(nre.to_string()))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Prescription> {
        self.ledger.iter().map(|(_, prescription)| prescription)
    }

    /// The number for the next prescription of this world.
    pub(crate) fn next_nre(&self) -> Nre {
        let first = self.by_nre.len() as u64 + 1;
        let mut free = (first..)
            .map(Nre::of_serial)
            .filter(|nre| !self.by_nre.contains_key(nre));
        // There are ten thousand million numbers in the series.
        free.next().unwrap_or(Nre::of_serial(first))
    }

    /// Adds one, unless its number is in use.
    pub(crate) fn add(&mut self, prescription: Prescription) -> Option<()> {
        let nre = prescription.nre;
        if self.by_nre.contains_key(&nre) {
            return None;
        }
        self.by_nre.insert(nre, self.ledger.add(prescription));
        Some(())
    }

    pub(crate) fn take_in_charge(&mut self, nre: Nre, by: StructureNumber, on: Date) {
        self.become_state(nre, State::TakenInCharge { by, on });
    }

    /// What a booked prescription becomes when the booking ends; one that the structure has closed stays so.
    pub(crate) fn end_of_booking(&mut self, nre: Nre, state: State) {
        let in_charge = |prescription: &&mut Prescription| {
            matches!(prescription.state, State::TakenInCharge { .. })
        };
        if let Some(prescription) = self.get_mut(nre).filter(in_charge) {
            prescription.become_state(state);
        }
    }

    fn become_state(&mut self, nre: Nre, state: State) {
        if let Some(prescription) = self.get_mut(nre) {
            prescription.become_state(state);
        }
    }

    fn get_mut(&mut self, nre: Nre) -> Option<&mut Prescription> {
        let number = *self.by_nre.get(&nre)?;
        self.ledger.get_mut(number)
    }
}

impl Serialize for Prescriptions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.ledger.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Prescriptions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut prescriptions = Self::default();
        for prescription in Vec::<Prescription>::deserialize(deserializer)? {
            let nre = prescription.nre;
            prescriptions.add(prescription).ok_or_else(|| {
                serde::de::Error::custom(format!("two prescriptions have the number {nre}"))
            })?;
        }
        Ok(prescriptions)
    }
}
