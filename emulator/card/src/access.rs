//! Who may do what: conditions as data, and the one evaluator.
//!
//! A condition byte (tag 86 of an FCI, and the access bytes of security objects) reads:
//! `00` always, `FF` (and the older `66`) never, `01..7F` the PIN or key with that identifier must
//! have been proven, anything else never. Source: the OpenSC driver for these cards.

use core::marker::PhantomData;

use cns_apdu::Sw;

use crate::file::path::Path;
use crate::image::{CardImage, LifeCycle, ObjectAt};

/// The nine condition bytes of a file.
///
/// ```text
/// EF  READ    UPDATE  APPEND  DEACTIVATE  ACTIVATE  DELETE  ADMIN  INCREASE  DECREASE
/// DF  LCYCLE  UPDATE  APPEND  DEACTIVATE  ACTIVATE  DELETE  ADMIN  CREATE    (reserved)
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AccessConditions(pub [u8; 9]);

/// One condition, read from its byte.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Condition {
    /// Free for everybody.
    Always,
    /// Closed to everybody.
    Never,
    /// Open while the PIN or key with this identifier is proven.
    Proven(u8),
}

/// The proof that an operation is allowed on its target. Nothing else makes one.
#[derive(Debug)]
pub(crate) struct Grant<O: Operation> {
    target: O::Target,
    operation: PhantomData<O>,
}

/// Something that an access condition guards.
pub(crate) trait Operation {
    /// What it is done to.
    type Target: Copy;

    /// The condition, and the folder from which the identifier in it is looked up.
    fn condition(image: &CardImage, target: Self::Target) -> Result<(Condition, Path), Sw>;
}

/// Reading an elementary file.
pub(crate) enum Read {}
/// Overwriting bytes or a record of an elementary file.
pub(crate) enum Update {}
/// Adding a record to an elementary file.
pub(crate) enum Append {}
/// Changing the access conditions of an elementary file.
pub(crate) enum Administer {}
/// Creating a file in a folder.
pub(crate) enum CreateFile {}
/// Adding a PIN, key or security environment to a folder.
pub(crate) enum AppendObject {}
/// Putting a PIN, key or security environment in the place of one that a folder has.
pub(crate) enum UpdateObject {}
/// Using a key.
pub(crate) enum UseKey {}
/// Giving a key a new value.
pub(crate) enum ChangeKey {}
/// Giving a key a new, generated key pair.
pub(crate) enum GenerateKey {}
/// Giving a PIN, PUK or authentication key a new value without the old one.
pub(crate) enum Change {}
/// Resetting the counter of a PIN or PUK.
pub(crate) enum Unblock {}

/// The PINs and keys that were proven in this session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rights(Vec<ObjectAt>);

/// Decides. The only place where a condition is compared with what was proven.
pub(crate) fn grant<O: Operation>(
    image: &CardImage,
    rights: &Rights,
    target: O::Target,
) -> Result<Grant<O>, Sw> {
    let allowed = match O::condition(image, target)? {
        (Condition::Always, _) => true,
        (Condition::Never, _) => false,
        (Condition::Proven(id), folder) => image
            .find_reference_data(folder, id)
            .is_some_and(|object| rights.hold(object)),
    };
    match allowed {
        true => Ok(Grant {
            target,
            operation: PhantomData,
        }),
        false => Err(Sw::SECURITY_STATUS_NOT_SATISFIED),
    }
}

impl<O: Operation> Grant<O> {
    pub(crate) fn target(&self) -> &O::Target {
        &self.target
    }
}

impl Rights {
    pub(crate) fn add(&mut self, object: ObjectAt) {
        if !self.hold(object) {
            self.0.push(object);
        }
    }

    pub(crate) fn remove(&mut self, object: ObjectAt) {
        self.0.retain(|held| *held != object);
    }

    pub(crate) fn hold(&self, object: ObjectAt) -> bool {
        self.0.contains(&object)
    }
}

impl AccessConditions {
    /// Everything is free.
    pub const FREE: Self = Self([0x00; 9]);

    /// Reading is free, nothing else is possible.
    pub const READ_ONLY: Self = Self([0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);

    /// The condition of one operation, by the place of its byte.
    fn of(self, place: Place) -> Condition {
        self.0
            .get(place as usize)
            .map_or(Condition::Never, |byte| Condition::from(*byte))
    }
}

/// The places of the condition bytes. Folders and files share the first seven.
#[derive(Clone, Copy)]
enum Place {
    Read = 0,
    Update = 1,
    Append = 2,
    Administer = 6,
    Create = 7,
}

impl From<u8> for Condition {
    fn from(byte: u8) -> Self {
        match byte {
            0x00 => Self::Always,
            0x66 => Self::Never,
            0x01..=0x7F => Self::Proven(byte),
            0x80..=0xFF => Self::Never,
        }
    }
}

impl From<Condition> for u8 {
    fn from(condition: Condition) -> Self {
        match condition {
            Condition::Always => 0x00,
            Condition::Never => 0xFF,
            Condition::Proven(id) => id,
        }
    }
}

impl Operation for Read {
    type Target = Path;

    fn condition(image: &CardImage, path: Path) -> Result<(Condition, Path), Sw> {
        file_condition(image, path, Place::Read)
    }
}

impl Operation for Update {
    type Target = Path;

    fn condition(image: &CardImage, path: Path) -> Result<(Condition, Path), Sw> {
        file_condition(image, path, Place::Update)
    }
}

impl Operation for Append {
    type Target = Path;

    fn condition(image: &CardImage, path: Path) -> Result<(Condition, Path), Sw> {
        file_condition(image, path, Place::Append)
    }
}

impl Operation for Administer {
    type Target = Path;

    fn condition(image: &CardImage, path: Path) -> Result<(Condition, Path), Sw> {
        match image.life_cycle {
            LifeCycle::Creation | LifeCycle::Personalisation => Ok((Condition::Always, path)),
            LifeCycle::Operational => file_condition(image, path, Place::Administer),
        }
    }
}

impl Operation for CreateFile {
    type Target = Path;

    fn condition(image: &CardImage, folder: Path) -> Result<(Condition, Path), Sw> {
        match image.life_cycle {
            LifeCycle::Creation => Ok((Condition::Always, folder)),
            LifeCycle::Personalisation | LifeCycle::Operational => {
                folder_condition(image, folder, Place::Create)
            }
        }
    }
}

impl Operation for AppendObject {
    type Target = Path;

    fn condition(image: &CardImage, folder: Path) -> Result<(Condition, Path), Sw> {
        object_condition(image, folder, Place::Append)
    }
}

impl Operation for UpdateObject {
    type Target = Path;

    fn condition(image: &CardImage, folder: Path) -> Result<(Condition, Path), Sw> {
        object_condition(image, folder, Place::Update)
    }
}

impl Operation for UseKey {
    type Target = ObjectAt;

    fn condition(image: &CardImage, key: ObjectAt) -> Result<(Condition, Path), Sw> {
        Ok((image.key(key)?.rules.usage, key.folder))
    }
}

impl Operation for ChangeKey {
    type Target = ObjectAt;

    fn condition(image: &CardImage, key: ObjectAt) -> Result<(Condition, Path), Sw> {
        Ok((image.key(key)?.rules.change, key.folder))
    }
}

impl Operation for GenerateKey {
    type Target = ObjectAt;

    fn condition(image: &CardImage, key: ObjectAt) -> Result<(Condition, Path), Sw> {
        Ok((image.key(key)?.rules.generate, key.folder))
    }
}

impl Operation for Change {
    type Target = ObjectAt;

    fn condition(image: &CardImage, object: ObjectAt) -> Result<(Condition, Path), Sw> {
        Ok((image.reference_data(object)?.rules.change, object.folder))
    }
}

impl Operation for Unblock {
    type Target = ObjectAt;

    fn condition(image: &CardImage, object: ObjectAt) -> Result<(Condition, Path), Sw> {
        Ok((image.reference_data(object)?.rules.unblock, object.folder))
    }
}

fn file_condition(image: &CardImage, path: Path, place: Place) -> Result<(Condition, Path), Sw> {
    let file = image.elementary_file(path).ok_or(Sw::NO_CURRENT_FILE)?;
    Ok((
        file.access.of(place),
        path.parent().unwrap_or(Path::MASTER_FILE),
    ))
}

fn folder_condition(image: &CardImage, path: Path, place: Place) -> Result<(Condition, Path), Sw> {
    let folder = image.folder(path).ok_or(Sw::FILE_NOT_FOUND)?;
    Ok((folder.access.of(place), path))
}

/// Objects are put freely until the card is in the citizen's hands.
fn object_condition(image: &CardImage, path: Path, place: Place) -> Result<(Condition, Path), Sw> {
    match image.life_cycle {
        LifeCycle::Creation | LifeCycle::Personalisation => Ok((Condition::Always, path)),
        LifeCycle::Operational => folder_condition(image, path, place),
    }
}
