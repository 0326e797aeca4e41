//! The file that a town is kept in.
//!
//! It is replaced as a whole, and before a change is answered: whoever pulls the plug finds the town as it
//! was before the change or after it. One process at a time holds a file. What is in it, and how damage is
//! seen, is `cns_services::town`'s business.

use std::path::{Path, PathBuf};

use cns_portal::{Keeper, NotKept, Town};
use cns_reader::place::{Place, PlaceFault};
use cns_services::town::{ExportError, FileFault};
use thiserror::Error;
use time::OffsetDateTime;

/// A file that holds a town, or will, and that no other program may hold meanwhile.
#[derive(Debug)]
pub struct StateFile {
    /// As it was named, for messages.
    path: PathBuf,
    place: Place,
}

/// Why a town cannot be read from a file or written to one. The file is as it was.
#[derive(Debug, Error)]
#[error("{} {fault}", path.display())]
pub struct StateError {
    /// The file, as it was named.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: StateFault,
}

/// What is wrong with a town's file.
#[derive(Debug, Error)]
pub enum StateFault {
    /// It cannot be had, read or replaced.
    #[error(transparent)]
    Place(#[from] PlaceFault),
    /// It holds no town.
    #[error(transparent)]
    Content(#[from] FileFault),
    /// The town has no form as a file.
    #[error("cannot be written: {0}")]
    Town(#[from] ExportError),
}

impl StateFile {
    /// Holds a file that is there, or the place of one that is not.
    ///
    /// # Errors
    /// It cannot be read, or another program holds it.
    pub fn open(path: &Path) -> Result<Self, StateError> {
        let open = || {
            let place = Place::hold_or_reserve(path)?;
            place.settle()?;
            Ok(place)
        };
        match open() {
            Ok(place) => Ok(Self {
                path: path.to_owned(),
                place,
            }),
            Err(fault) => Err(fault_of(path, fault)),
        }
    }

    /// The town in it; none, if there is no file yet.
    ///
    /// # Errors
    /// It holds something else, or is damaged.
    pub fn town(&self, now: OffsetDateTime) -> Result<Option<Town>, StateError> {
        if !self.place.has_file() {
            return Ok(None);
        }
        let read = || Ok(Town::of_file(&self.place.read()?, now)?);
        read()
            .map(Some)
            .map_err(|fault| fault_of(&self.path, fault))
    }
}

impl Keeper for StateFile {
    fn keep(&mut self, town: &Town) -> Result<(), NotKept> {
        let mut keep = || Ok(self.place.replace(&town.to_file()?)?);
        keep().map_err(|fault| NotKept(fault_of(&self.path, fault).to_string()))
    }
}

fn fault_of(path: &Path, fault: StateFault) -> StateError {
    StateError {
        path: path.to_owned(),
        fault,
    }
}
