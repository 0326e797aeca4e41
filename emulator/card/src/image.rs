//! Everything about a card that survives power-off, as one value.

mod encoding;

pub use encoding::ImageError;

use cns_apdu::Sw;

use crate::atr::Atr;
use crate::dialect::Dialect;
use crate::file::DedicatedFile;
use crate::file::path::Path;
use crate::key::PrivateKey;
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
    /// 3F00 and everything in it.
    pub master_file: DedicatedFile,
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

    pub(crate) fn key(&self, object: ObjectAt) -> Result<&PrivateKey, Sw> {
        self.folder(object.folder)
            .and_then(|folder| folder.keys.iter().find(|key| key.id == object.id))
            .ok_or(Sw::REFERENCE_NOT_FOUND)
    }
}
