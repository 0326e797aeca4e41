//! All of it as one value: people, structures and the six services.

mod check;
mod generate;
mod history;
mod households;
mod json;
mod names;
mod newcomer;
mod places;

use cns_authority::CodiceFiscale;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::access::Access;
use crate::bookings::{self, Bookings};
use crate::doctors::{self, DoctorNumber, Doctors};
use crate::exemptions::{self, Exemptions};
use crate::person::People;
use crate::prescriptions::{self, Prescriptions};
use crate::refusal::Refusal;
use crate::reports::{self, Reports};
use crate::requester::Requester;
use crate::rules;
use crate::structure::{Structure, StructureNumber};
use crate::vaccinations::{self, Vaccinations};

pub(crate) use json::StoredWorld;
pub use json::{ExportError, ImportError};
pub use newcomer::Newcomer;

/// A health authority with its citizens, on no particular day.
///
/// What stands in one part about another is always there: who is vaccinated is in the register, who
/// has a booking has the prescription for it. Only [`World::perform`] changes anything. Worlds are equal if
/// they hold the same, whatever they were before.
#[derive(Clone, Debug, Default)]
pub struct World {
    pub(crate) people: People,
    pub(crate) structures: Vec<Structure>,
    pub(crate) reports: Reports,
    pub(crate) prescriptions: Prescriptions,
    pub(crate) vaccinations: Vaccinations,
    pub(crate) exemptions: Exemptions,
    pub(crate) bookings: Bookings,
    pub(crate) doctors: Doctors,
    revision: u64,
}

/// What somebody wants to be done.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// About documents.
    Report(reports::Command),
    /// About prescriptions.
    Prescription(prescriptions::Command),
    /// About vaccinations.
    Vaccination(vaccinations::Command),
    /// About exemptions.
    Exemption(exemptions::Command),
    /// About bookings.
    Booking(bookings::Command),
    /// About the choice of a doctor.
    Doctor(doctors::Command),
}

/// What has happened.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// To documents.
    Report(reports::Event),
    /// To prescriptions.
    Prescription(prescriptions::Event),
    /// To vaccinations.
    Vaccination(vaccinations::Event),
    /// To exemptions.
    Exemption(exemptions::Event),
    /// To bookings.
    Booking(bookings::Event),
    /// To the choice of a doctor.
    Doctor(doctors::Event),
}

impl World {
    /// Does what is asked. Which day it is, and what the clock on the wall shows, says `now` with its offset.
    ///
    /// # Errors
    /// The rule that forbids it; then nothing has changed.
    pub fn perform(
        &mut self,
        who: Requester,
        command: Command,
        now: OffsetDateTime,
    ) -> Result<Event, Refusal> {
        let event = self.perform_one(who, command, now)?;
        self.revision += 1;
        Ok(event)
    }

    /// Grows with every change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    fn perform_one(
        &mut self,
        who: Requester,
        command: Command,
        now: OffsetDateTime,
    ) -> Result<Event, Refusal> {
        match command {
            Command::Report(command) => {
                reports::perform(self, who, command, now).map(Event::Report)
            }
            Command::Prescription(command) => {
                prescriptions::perform(self, who, command, now).map(Event::Prescription)
            }
            Command::Vaccination(command) => {
                vaccinations::perform(self, who, command, now).map(Event::Vaccination)
            }
            Command::Exemption(command) => {
                exemptions::perform(self, who, command, now).map(Event::Exemption)
            }
            Command::Booking(command) => {
                bookings::perform(self, who, command, now).map(Event::Booking)
            }
            Command::Doctor(command) => {
                doctors::perform(self, who, command, now).map(Event::Doctor)
            }
        }
    }

    /// Whether somebody may see a person's data today: the key to everything below.
    ///
    /// # Errors
    /// PERSON-101 and PERSON-102.
    pub fn access(
        &self,
        who: Requester,
        person: CodiceFiscale,
        today: Date,
    ) -> Result<Access, Refusal> {
        self.people.access(who, person, today)
    }

    /// The structure that acts, if it is one that there is.
    pub(crate) fn acting_structure(&self, who: Requester) -> Result<StructureNumber, Refusal> {
        let number = who.structure()?;
        match self.structure(number) {
            Some(_) => Ok(number),
            None => Err(rules::NO_STRUCTURE.refuse()),
        }
    }

    /// The doctor who acts, if it is one that there is.
    pub(crate) fn acting_doctor(&self, who: Requester) -> Result<DoctorNumber, Refusal> {
        let number = who.doctor()?;
        match self.doctors.get(number) {
            Some(_) => Ok(number),
            None => Err(rules::NO_DOCTOR.refuse()),
        }
    }

    /// The register of people.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// Hospitals, laboratories, pharmacies and vaccination centres, with their numbers.
    pub fn structures(&self) -> impl Iterator<Item = (StructureNumber, &Structure)> {
        (0..).map(StructureNumber).zip(&self.structures)
    }

    /// One structure.
    pub fn structure(&self, number: StructureNumber) -> Option<&Structure> {
        self.structures.get(usize::from(number.0))
    }

    /// Documents.
    pub fn reports(&self) -> &Reports {
        &self.reports
    }

    /// Prescriptions.
    pub fn prescriptions(&self) -> &Prescriptions {
        &self.prescriptions
    }

    /// Vaccinations.
    pub fn vaccinations(&self) -> &Vaccinations {
        &self.vaccinations
    }

    /// Exemptions.
    pub fn exemptions(&self) -> &Exemptions {
        &self.exemptions
    }

    /// Agendas and bookings.
    pub fn bookings(&self) -> &Bookings {
        &self.bookings
    }

    /// Doctors and who has whom.
    pub fn doctors(&self) -> &Doctors {
        &self.doctors
    }
}

impl PartialEq for World {
    fn eq(&self, other: &Self) -> bool {
        self.people == other.people
            && self.structures == other.structures
            && self.reports == other.reports
            && self.prescriptions == other.prescriptions
            && self.vaccinations == other.vaccinations
            && self.exemptions == other.exemptions
            && self.bookings == other.bookings
            && self.doctors == other.doctors
    }
}
