//! A world as JSON, and back.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::World;
use super::check::check;
use crate::bookings::Bookings;
use crate::doctors::Doctors;
use crate::exemptions::Exemptions;
use crate::person::People;
use crate::prescriptions::Prescriptions;
use crate::reports::Reports;
use crate::structure::Structure;
use crate::vaccinations::Vaccinations;

/// The number of this form of a world. Another form gets another number.
const FORMAT: u32 = 1;

/// A world as it is written. Numbers of entries are their places in the lists.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WorldFile<P, S, R, X, V, E, B, D> {
    format: u32,
    people: P,
    structures: S,
    reports: R,
    prescriptions: X,
    vaccinations: V,
    exemptions: E,
    bookings: B,
    doctors: D,
}

/// A world as it is read.
pub(crate) type StoredWorld = WorldFile<
    People,
    Vec<Structure>,
    Reports,
    Prescriptions,
    Vaccinations,
    Exemptions,
    Bookings,
    Doctors,
>;

impl World {
    /// The world as JSON, on one line.
    ///
    /// # Errors
    /// The world holds a year beyond 9999, which the form of dates has no room for.
    pub fn export(&self) -> Result<String, ExportError> {
        serde_json::to_string(&self.stored()).map_err(|error| ExportError(error.to_string()))
    }

    /// As it is written.
    pub(crate) fn stored(&self) -> impl Serialize {
        WorldFile {
            format: FORMAT,
            people: &self.people,
            structures: &self.structures,
            reports: &self.reports,
            prescriptions: &self.prescriptions,
            vaccinations: &self.vaccinations,
            exemptions: &self.exemptions,
            bookings: &self.bookings,
            doctors: &self.doctors,
        }
    }

    /// Reads what [`World::export`] wrote, or somebody else in the same form.
    ///
    /// # Errors
    /// [`ImportError`] says where the JSON is wrong, or what in it does not fit together.
    pub fn import(json: &str) -> Result<Self, ImportError> {
        let file =
            serde_json::from_str(json).map_err(|error| ImportError::Json(error.to_string()))?;
        Self::of_stored(file)
    }

    /// The world that was written, if it fits together.
    pub(crate) fn of_stored(file: StoredWorld) -> Result<Self, ImportError> {
        if file.format != FORMAT {
            return Err(ImportError::Format { seen: file.format });
        }
        let world = Self {
            people: file.people,
            structures: file.structures,
            reports: file.reports,
            prescriptions: file.prescriptions,
            vaccinations: file.vaccinations,
            exemptions: file.exemptions,
            bookings: file.bookings,
            doctors: file.doctors,
            revision: 0,
        };
        check(&world)?;
        Ok(world)
    }
}

/// A world cannot be written.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("the world cannot be written as JSON: {0}\nhint: years go to 9999")]
pub struct ExportError(String);

/// A text is not a world: the text is at fault.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum ImportError {
    /// Not JSON, a key missing, a key too many, or a value that is none.
    #[error("the JSON is not a world: {0}\nhint: the export of a world has every key")]
    Json(String),
    /// Written by another version of this program.
    #[error(
        "the world is of format {seen}, and this program reads format {FORMAT}\n\
         hint: export it again with this version"
    )]
    Format {
        /// Its number.
        seen: u32,
    },
    /// Something in it contradicts something else.
    #[error(
        "the world contradicts itself: {place}: {reason}\nhint: correct it there, or where it points to"
    )]
    Inconsistent {
        /// Where: `bookings.bookings[12].nre`.
        place: String,
        /// What is wrong there.
        reason: String,
    },
}
