//! The choice of a doctor (scelta e revoca, cambio medico).
//!
//! ```text
//! age       paediatrician (PLS)    general practitioner (MMG)
//! 0 - 5     yes                    no
//! 6 - 13    yes                    yes
//! 14 on     no                     yes
//! ```
//!
//! Ages, ceilings and the length of a temporary domicile are from memory.

mod application;
mod choice;
mod doctor;
mod json;

use cns_authority::{BelfioreCode, CodiceFiscale};
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

use crate::access::Access;
use crate::ledger::{Held, Ledger};
use crate::refusal::Refusal;
use crate::requester::Requester;
use crate::text_form::{self, iso_date};
use crate::version::Version;
use crate::world::World;

pub use application::{Application, ApplicationNumber, Decision};
pub use doctor::{District, Doctor, DoctorKind, DoctorNumber, Municipality};

/// What the health authority knows of a citizen.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    /// Who.
    #[serde(with = "text_form")]
    pub person: CodiceFiscale,
    /// The municipality under which they are registered; the register of people may know a newer one.
    #[serde(with = "text_form")]
    pub municipality: BelfioreCode,
    /// Where they stay for a time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domicile: Option<Domicile>,
    /// Their doctor.
    pub doctor: Option<DoctorNumber>,
    /// Since when.
    #[serde(with = "iso_date")]
    pub since: Date,
    /// Advances with every change.
    #[serde(default)]
    pub version: Version,
}

impl Held for Enrolment {
    fn holder(&self) -> CodiceFiscale {
        self.person
    }
}

/// A temporary domicile (domicilio temporaneo), for studies, work or care.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Domicile {
    /// Where.
    #[serde(with = "text_form")]
    pub municipality: BelfioreCode,
    /// The last day.
    #[serde(with = "iso_date")]
    pub until: Date,
}

/// What can be done about doctors.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Command {
    /// A citizen chooses a doctor; it counts at once.
    Choose {
        /// For whom.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// Whom.
        doctor: DoctorNumber,
        /// The enrolment as it was when it was last looked at.
        version: Version,
    },
    /// A citizen asks for a doctor who is full, with reasons.
    Apply {
        /// For whom.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// Whom.
        doctor: DoctorNumber,
        /// Why.
        reasons: String,
    },
    /// The desk decides.
    Decide {
        /// What.
        application: ApplicationNumber,
        /// How.
        granted: bool,
    },
    /// The desk registers the residence that the register of people has.
    RegisterResidence {
        /// Whose.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
    },
    /// The desk registers where somebody stays for a time.
    RegisterDomicile {
        /// Who.
        #[serde(with = "text_form")]
        person: CodiceFiscale,
        /// Where.
        #[serde(with = "text_form")]
        municipality: BelfioreCode,
        /// The last day.
        #[serde(with = "iso_date")]
        until: Date,
    },
}

/// What happened about doctors.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Somebody has another doctor.
    Chosen(DoctorNumber),
    /// The desk has something to decide.
    Applied(ApplicationNumber),
    /// The desk has decided.
    Decided(ApplicationNumber, Decision),
    /// A residence or a domicile is registered.
    Registered,
}

/// All doctors, and who has whom.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Doctors {
    municipalities: Vec<Municipality>,
    doctors: Vec<Doctor>,
    /// One of each citizen.
    enrolments: Ledger<Enrolment>,
    applications: Ledger<Application>,
    /// How many have each doctor.
    patients: Vec<u32>,
}

impl Doctors {
    /// All doctors, with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (DoctorNumber, &Doctor)> {
        (0..).map(DoctorNumber).zip(&self.doctors)
    }

    /// One doctor.
    pub fn get(&self, number: DoctorNumber) -> Option<&Doctor> {
        self.doctors.get(usize::from(number.0))
    }

    /// How many patients a doctor has.
    pub fn patients(&self, number: DoctorNumber) -> u32 {
        let patients = self.patients.get(usize::from(number.0));
        patients.copied().unwrap_or_default()
    }

    /// How many more patients a doctor may have.
    pub fn places(&self, number: DoctorNumber) -> u32 {
        let ceiling = self.get(number).map_or(0, |doctor| doctor.ceiling);
        ceiling.saturating_sub(self.patients(number))
    }

    /// The municipalities of the health authority.
    pub fn municipalities(&self) -> impl Iterator<Item = &Municipality> {
        self.municipalities.iter()
    }

    /// The district of a municipality of the health authority.
    pub fn district(&self, municipality: BelfioreCode) -> Option<District> {
        self.municipalities
            .iter()
            .find(|known| known.code == municipality)
            .map(|known| known.district)
    }

    /// What is known of a citizen.
    pub fn enrolment(&self, access: &Access) -> Option<&Enrolment> {
        self.enrolment_of(access.person())
    }

    /// A citizen's applications, newest first.
    pub fn applications(
        &self,
        access: &Access,
    ) -> impl Iterator<Item = (ApplicationNumber, &Application)> {
        let applications = self.applications.of(access.person());
        applications
            .rev()
            .map(|(number, application)| (ApplicationNumber(number), application))
    }

    pub(crate) fn enrolment_of(&self, person: CodiceFiscale) -> Option<&Enrolment> {
        let (_, enrolment) = self.enrolments.of(person).next()?;
        Some(enrolment)
    }

    pub(crate) fn enrolments(&self) -> impl Iterator<Item = (u32, &Enrolment)> {
        self.enrolments.iter()
    }

    pub(crate) fn all_applications(&self) -> impl Iterator<Item = (u32, &Application)> {
        self.applications.iter()
    }

    pub(crate) fn found(&mut self, municipality: Municipality) {
        self.municipalities.push(municipality);
    }

    pub(crate) fn open_practice(&mut self, doctor: Doctor) -> DoctorNumber {
        self.doctors.push(doctor);
        self.patients.push(0);
        // An import with more doctors than numbers is refused.
        DoctorNumber((self.doctors.len() - 1) as u16)
    }

    /// A doctor takes no more patients than they have.
    pub(crate) fn close_list(&mut self, number: DoctorNumber) {
        let patients = self.patients(number);
        if let Some(doctor) = self.doctors.get_mut(usize::from(number.0)) {
            doctor.ceiling = patients;
        }
    }

    /// Enrols somebody who is not enrolled.
    pub(crate) fn enrol(&mut self, enrolment: Enrolment) -> Option<()> {
        if self.enrolment_of(enrolment.person).is_some() {
            return None;
        }
        self.count(enrolment.doctor, 1);
        self.enrolments.add(enrolment);
        Some(())
    }

    fn change(&mut self, person: CodiceFiscale, change: impl FnOnce(&mut Enrolment)) {
        let Some((number, _)) = self.enrolments.of(person).next() else {
            return;
        };
        let Some(enrolment) = self.enrolments.get_mut(number) else {
            return;
        };
        let before = enrolment.doctor;
        change(enrolment);
        enrolment.version.advance();
        let after = enrolment.doctor;
        self.count(before, -1);
        self.count(after, 1);
    }

    fn count(&mut self, doctor: Option<DoctorNumber>, change: i32) {
        let place = doctor.map(|number| usize::from(number.0));
        if let Some(patients) = place.and_then(|place| self.patients.get_mut(place)) {
            *patients = patients.saturating_add_signed(change);
        }
    }
}

/// Does what is asked, or says which rule forbids it.
pub(crate) fn perform(
    world: &mut World,
    who: Requester,
    command: Command,
    now: OffsetDateTime,
) -> Result<Event, Refusal> {
    let today = now.date();
    match command {
        Command::Choose {
            person,
            doctor,
            version,
        } => choice::choose(world, who, person, doctor, version, today),
        Command::Apply {
            person,
            doctor,
            reasons,
        } => application::apply(world, who, person, doctor, reasons, today),
        Command::Decide {
            application,
            granted,
        } => application::decide(world, who, application, granted, today),
        Command::RegisterResidence { person } => {
            choice::register_residence(world, who, person, today)
        }
        Command::RegisterDomicile {
            person,
            municipality,
            until,
        } => choice::register_domicile(world, who, person, municipality, until, today),
    }
}
