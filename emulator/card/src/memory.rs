//! The card's non-volatile memory: the one place where anything that survives power-off changes.

use cns_apdu::Sw;

use crate::access::{
    AccessConditions, Administer, Append, AppendObject, ChangeKey, CreateFile, GenerateKey, Grant,
    Update, UpdateObject,
};
use crate::crypto::RsaPrivateKey;
use crate::file::path::Path;
use crate::file::{Content, DedicatedFile, File};
use crate::image::{CardImage, ObjectAt};
use crate::key::{Key, KeyMaterial};
use crate::reference_data::{ReferenceData, Secret};
use crate::security_environment::SecurityEnvironment;

/// Where changes are made durable.
pub trait Memory {
    /// Makes `changes` to `image` durable, all of them or none. `image` is the card as it was
    /// before; [`CardImage::apply`] gives the card as it must be found after power-off.
    ///
    /// The card answers its command only after this has returned.
    fn commit(&mut self, image: &CardImage, changes: &[Change]) -> Result<(), MemoryFault>;
}

/// A change could not be made durable. The card answers 6581 and stays as it was.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the card's memory could not be written: {0}")]
pub struct MemoryFault(pub String);

/// Memory that lasts as long as the process: nothing is stored, nothing fails.
#[derive(Clone, Copy, Debug, Default)]
pub struct Volatile;

/// One change to a card image.
#[derive(Clone, Debug)]
pub struct Change(Kind);

#[derive(Clone, Debug)]
enum Kind {
    /// The counter of a PIN or PUK.
    TriesLeft { object: ObjectAt, left: u8 },
    /// A new secret of a PIN, PUK or authentication key; its counter is full again.
    NewSecret { object: ObjectAt, secret: Secret },
    /// A new value of a key.
    NewMaterial {
        key: ObjectAt,
        material: KeyMaterial,
    },
    /// Bytes of a transparent file.
    Bytes {
        file: Path,
        offset: usize,
        bytes: Vec<u8>,
    },
    /// All records of a record file.
    Records { file: Path, records: Vec<Vec<u8>> },
    /// The access conditions of an elementary file.
    Access {
        file: Path,
        access: AccessConditions,
    },
    /// A new file in a folder.
    NewFile { folder: Path, file: File },
    /// An object of a folder, in the place of one of its kind with the same identifier.
    Object { folder: Path, object: Object },
}

/// An object that a folder can be given.
#[derive(Clone, Debug)]
pub(crate) enum Object {
    Reference(ReferenceData),
    Key(Key),
    Environment(SecurityEnvironment),
}

/// The image that a card works on, and the memory that its changes go to.
pub(crate) struct NonVolatile {
    image: CardImage,
    memory: Box<dyn Memory + Send>,
}

impl NonVolatile {
    pub(crate) fn new(image: CardImage, memory: Box<dyn Memory + Send>) -> Self {
        Self { image, memory }
    }

    pub(crate) fn image(&self) -> &CardImage {
        &self.image
    }

    #[cfg(feature = "seams")]
    pub(crate) fn image_mut(&mut self) -> &mut CardImage {
        &mut self.image
    }

    /// Makes the changes durable, then visible.
    pub(crate) fn commit<const COUNT: usize>(
        &mut self,
        changes: [Change; COUNT],
    ) -> Result<(), Sw> {
        self.memory
            .commit(&self.image, &changes)
            .map_err(|MemoryFault(_)| Sw::MEMORY_FAILURE)?;
        for change in changes {
            self.image.apply_one(change);
        }
        Ok(())
    }
}

impl Change {
    pub(crate) fn tries_left(object: ObjectAt, left: u8) -> Self {
        Self(Kind::TriesLeft { object, left })
    }

    pub(crate) fn new_secret(object: ObjectAt, secret: Secret) -> Self {
        Self(Kind::NewSecret { object, secret })
    }

    pub(crate) fn new_key(grant: &Grant<ChangeKey>, material: KeyMaterial) -> Self {
        Self(Kind::NewMaterial {
            key: *grant.target(),
            material,
        })
    }

    pub(crate) fn generated_key(grant: &Grant<GenerateKey>, key: RsaPrivateKey) -> Self {
        Self(Kind::NewMaterial {
            key: *grant.target(),
            material: KeyMaterial::Rsa(key),
        })
    }

    /// The records of the file that a generated public key goes to. The right to generate the key
    /// is the right to write it there.
    pub(crate) fn public_key(_: &Grant<GenerateKey>, file: Path, records: Vec<Vec<u8>>) -> Self {
        Self(Kind::Records { file, records })
    }

    pub(crate) fn updated_records(grant: &Grant<Update>, records: Vec<Vec<u8>>) -> Self {
        Self(Kind::Records {
            file: *grant.target(),
            records,
        })
    }

    pub(crate) fn appended_records(grant: &Grant<Append>, records: Vec<Vec<u8>>) -> Self {
        Self(Kind::Records {
            file: *grant.target(),
            records,
        })
    }

    pub(crate) fn access(grant: &Grant<Administer>, access: AccessConditions) -> Self {
        Self(Kind::Access {
            file: *grant.target(),
            access,
        })
    }

    pub(crate) fn new_file(grant: &Grant<CreateFile>, file: File) -> Self {
        Self(Kind::NewFile {
            folder: *grant.target(),
            file,
        })
    }

    pub(crate) fn added_object(grant: &Grant<AppendObject>, object: Object) -> Self {
        Self(Kind::Object {
            folder: *grant.target(),
            object,
        })
    }

    pub(crate) fn replaced_object(grant: &Grant<UpdateObject>, object: Object) -> Self {
        Self(Kind::Object {
            folder: *grant.target(),
            object,
        })
    }

    pub(crate) fn bytes(grant: &Grant<Update>, offset: usize, bytes: &[u8]) -> Self {
        Self(Kind::Bytes {
            file: *grant.target(),
            offset,
            bytes: bytes.to_vec(),
        })
    }
}

impl CardImage {
    /// Makes `changes` to this image. A change whose target this image lacks has no effect: it was
    /// made for another image.
    pub fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            self.apply_one(change.clone());
        }
    }

    fn apply_one(&mut self, Change(kind): Change) {
        // None: the target is lacking.
        let _: Option<()> = self.try_to_apply(kind);
    }

    fn try_to_apply(&mut self, kind: Kind) -> Option<()> {
        match kind {
            Kind::TriesLeft { object, left } => {
                self.reference_data_mut(object)?.set_tries_left(left);
            }
            Kind::NewSecret { object, secret } => {
                self.reference_data_mut(object)?.set_secret(secret);
            }
            Kind::NewMaterial { key, material } => {
                self.key_mut(key)?.material = material;
            }
            Kind::Bytes {
                file,
                offset,
                bytes,
            } => {
                let content = self.elementary_file_mut(file)?.content_mut();
                content
                    .range_mut(offset, bytes.len())?
                    .copy_from_slice(&bytes);
            }
            Kind::Records { file, records } => {
                let content = self.elementary_file_mut(file)?.content_mut();
                *content.records_mut()? = records;
            }
            Kind::Access { file, access } => {
                self.elementary_file_mut(file)?.access = access;
            }
            Kind::NewFile { folder, file } => {
                self.folder_mut(folder)?.files.push(file);
            }
            Kind::Object { folder, object } => self.folder_mut(folder)?.put(object),
        }
        Some(())
    }
}

impl Content {
    /// The bytes that a write of `length` bytes at `offset` replaces; none outside the file.
    fn range_mut(&mut self, offset: usize, length: usize) -> Option<&mut [u8]> {
        match self {
            Self::Transparent(bytes) => bytes.get_mut(offset..offset.checked_add(length)?),
            Self::Records { .. } => None,
        }
    }

    fn records_mut(&mut self) -> Option<&mut Vec<Vec<u8>>> {
        match self {
            Self::Records { records, .. } => Some(records),
            Self::Transparent(_) => None,
        }
    }
}

impl DedicatedFile {
    /// Adds the object, or puts it in the place of the one with its identifier.
    fn put(&mut self, object: Object) {
        match object {
            Object::Reference(datum) => put(&mut self.reference_data, datum, |datum| datum.id),
            Object::Key(key) => put(&mut self.keys, key, |key| key.id),
            Object::Environment(new) => put(&mut self.environments, new, |found| found.id),
        }
    }
}

fn put<T>(objects: &mut Vec<T>, new: T, id: impl Fn(&T) -> u8) {
    match objects.iter_mut().find(|object| id(object) == id(&new)) {
        Some(old) => *old = new,
        None => objects.push(new),
    }
}

impl Memory for Volatile {
    fn commit(&mut self, _: &CardImage, _: &[Change]) -> Result<(), MemoryFault> {
        Ok(())
    }
}
