//! Everything about a card that survives power-off, as one value.

mod encoding;
mod fields;
mod objects;

pub use fields::ImageError;

use cns_apdu::Sw;

use crate::atr::Atr;
use crate::dialect::Dialect;
use crate::file::DedicatedFile;
use crate::file::path::Path;
use crate::key::Key;
use crate::reference_data::ReferenceData;

/// A card: what it is, how it speaks, and all that is stored on it.
#[derive(Clone, Debug)]
pub struct CardImage {
    /// The name of the profile that it was made from.
    pub profile: String,
    /// The answer to reset.
    pub atr: Atr,
    /// How it speaks.
    pub dialect: Dialect,
    /// How far it has come from the factory to the citizen.
    pub life_cycle: LifeCycle,
    /// 3F00 and everything in it.
    pub master_file: DedicatedFile,
}

/// The states of a card's life that decide who may build on it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LifeCycle {
    /// Files and objects are created freely.
    Creation = 0,
    /// Objects are filled freely; files are created by whom their folder allows.
    Personalisation = 1,
    /// In the citizen's hands: access conditions decide everything.
    Operational = 2,
}

/// Where a PIN, PUK or key stands: the folder that it belongs to, and its identifier there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct ObjectAt {
    pub(crate) folder: Path,
    pub(crate) id: u8,
}

impl CardImage {
    /// The PIN or PUK with this identifier, looked for from `folder` up to the master file.
    pub(crate) fn find_reference_data(&self, folder: Path, id: u8) -> Option<ObjectAt> {
        folder
            .upwards()
            .map(|folder| ObjectAt { folder, id })
            .find(|object| self.reference_data(*object).is_ok())
    }

    /// The key with this identifier, looked for from `folder` up to the master file.
    pub(crate) fn find_key(&self, folder: Path, id: u8) -> Option<ObjectAt> {
        folder
            .upwards()
            .map(|folder| ObjectAt { folder, id })
            .find(|object| self.key(*object).is_ok())
    }

    pub(crate) fn reference_data(&self, object: ObjectAt) -> Result<&ReferenceData, Sw> {
        self.folder(object.folder)
            .and_then(|folder| {
                folder
                    .reference_data
                    .iter()
                    .find(|datum| datum.id == object.id)
            })
            .ok_or(Sw::REFERENCE_NOT_FOUND)
    }

    pub(crate) fn reference_data_mut(&mut self, object: ObjectAt) -> Option<&mut ReferenceData> {
        self.folder_mut(object.folder)?
            .reference_data
            .iter_mut()
            .find(|datum| datum.id == object.id)
    }

    pub(crate) fn key_mut(&mut self, object: ObjectAt) -> Option<&mut Key> {
        self.folder_mut(object.folder)?
            .keys
            .iter_mut()
            .find(|key| key.id == object.id)
    }

    pub(crate) fn key(&self, object: ObjectAt) -> Result<&Key, Sw> {
        self.folder(object.folder)
            .and_then(|folder| folder.keys.iter().find(|key| key.id == object.id))
            .ok_or(Sw::REFERENCE_NOT_FOUND)
    }
}
