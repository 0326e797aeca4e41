//! The file system of the card: dedicated files (folders) and elementary files (ISO 7816-4 §7).

pub(crate) mod fci;
pub(crate) mod path;

use core::fmt;

use cns_apdu::Sw;

use crate::access::{AccessConditions, Grant, Read};
use crate::image::CardImage;
use crate::key::PrivateKey;
use crate::reference_data::ReferenceData;
use crate::security_environment::SecurityEnvironment;
use path::Path;

/// A file identifier, two bytes.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct FileId(pub u16);

/// A file of either kind.
#[derive(Clone, Debug)]
pub enum File {
    /// A folder.
    Dedicated(DedicatedFile),
    /// A file with content.
    Elementary(ElementaryFile),
}

/// A dedicated file: a folder, with the PINs, keys and security environments that belong to it.
#[derive(Clone, Debug)]
pub struct DedicatedFile {
    /// Its identifier; 3F00 for the master file.
    pub id: FileId,
    /// Its name, an application identifier of 1 to 16 bytes, if it can be selected by one.
    pub name: Option<Vec<u8>>,
    /// The memory that it announces in its FCI, in bytes.
    pub size: u16,
    /// Who may do what with it.
    pub access: AccessConditions,
    /// PINs and PUKs.
    pub reference_data: Vec<ReferenceData>,
    /// Private keys.
    pub keys: Vec<PrivateKey>,
    /// Security environments that MSE RESTORE can load.
    pub environments: Vec<SecurityEnvironment>,
    /// The files in it, in the order of their creation.
    pub files: Vec<File>,
}

/// An elementary file. Its content is reached with a grant only; tools that look at a card from
/// outside use [`ElementaryFile::inspect`].
#[derive(Clone, Debug)]
pub struct ElementaryFile {
    /// Its identifier.
    pub id: FileId,
    /// Who may do what with it.
    pub access: AccessConditions,
    content: Content,
}

/// What an elementary file holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Content {
    /// A sequence of bytes of fixed size.
    Transparent(Vec<u8>),
    /// Records of differing length, each a simple TLV whose tag is its identifier.
    LinearVariable {
        /// The size that the file announces, in bytes.
        size: u16,
        /// The records, number 1 first.
        records: Vec<Vec<u8>>,
    },
}

impl FileId {
    /// 3F00.
    pub const MASTER_FILE: Self = Self(0x3F00);
}

impl File {
    /// The identifier.
    pub fn id(&self) -> FileId {
        match self {
            Self::Dedicated(folder) => folder.id,
            Self::Elementary(file) => file.id,
        }
    }
}

impl DedicatedFile {
    /// The file in this folder with this identifier.
    pub fn file(&self, id: FileId) -> Option<&File> {
        self.files.iter().find(|file| file.id() == id)
    }
}

impl ElementaryFile {
    /// A file with this content.
    pub fn new(id: FileId, access: AccessConditions, content: Content) -> Self {
        Self {
            id,
            access,
            content,
        }
    }

    /// The content, for tools that show or compare cards from outside. No command uses it.
    pub fn inspect(&self) -> &Content {
        &self.content
    }

    pub(crate) fn content_mut(&mut self) -> &mut Content {
        &mut self.content
    }
}

impl Content {
    /// The size that the FCI states, in bytes.
    pub fn size(&self) -> usize {
        match self {
            Self::Transparent(bytes) => bytes.len(),
            Self::LinearVariable { size, .. } => usize::from(*size),
        }
    }
}

impl CardImage {
    /// The folder at this path.
    pub fn folder(&self, path: Path) -> Option<&DedicatedFile> {
        path.ids()
            .iter()
            .try_fold(&self.master_file, |folder, id| match folder.file(*id)? {
                File::Dedicated(folder) => Some(folder),
                File::Elementary(_) => None,
            })
    }

    /// The elementary file at this path.
    pub fn elementary_file(&self, path: Path) -> Option<&ElementaryFile> {
        match self.folder(path.parent()?)?.file(*path.ids().last()?)? {
            File::Elementary(file) => Some(file),
            File::Dedicated(_) => None,
        }
    }

    /// The content of the file that the grant was given for.
    pub(crate) fn content(&self, grant: &Grant<Read>) -> Result<&Content, Sw> {
        self.elementary_file(*grant.target())
            .map(|file| &file.content)
            .ok_or(Sw::NO_CURRENT_FILE)
    }

    pub(crate) fn folder_mut(&mut self, path: Path) -> Option<&mut DedicatedFile> {
        path.ids()
            .iter()
            .try_fold(&mut self.master_file, |folder, id| {
                folder.files.iter_mut().find_map(|file| match file {
                    File::Dedicated(folder) if folder.id == *id => Some(folder),
                    _ => None,
                })
            })
    }

    pub(crate) fn elementary_file_mut(&mut self, path: Path) -> Option<&mut ElementaryFile> {
        let id = *path.ids().last()?;
        self.folder_mut(path.parent()?)?
            .files
            .iter_mut()
            .find_map(|file| match file {
                File::Elementary(file) if file.id == id => Some(file),
                _ => None,
            })
    }
}

impl fmt::Display for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl fmt::Debug for FileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileId({self})")
    }
}
