//! The file system of the card: dedicated files (folders) and elementary files (ISO 7816-4 §7).

pub(crate) mod fci;
pub(crate) mod path;

use core::fmt;

use cns_apdu::Sw;

use crate::access::{AccessConditions, Grant, Read};
use crate::image::CardImage;
use crate::key::Key;
use crate::reference_data::ReferenceData;
use crate::secure_messaging::FileMessaging;
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
    /// Keys for security operations.
    pub keys: Vec<Key>,
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
    messaging: FileMessaging,
}

/// What an elementary file holds.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Content {
    /// A sequence of bytes of fixed size.
    Transparent(Vec<u8>),
    /// Records.
    Records {
        /// How long they are and in which order they come.
        structure: RecordStructure,
        /// The size that the file announces, in bytes; no more than that fits.
        size: u16,
        /// The records, number 1 first.
        records: Vec<Vec<u8>>,
    },
}

/// How the records of a file are organised (ISO 7816-4 §7.3.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RecordStructure {
    /// All have the same length; a new one comes last.
    LinearFixed {
        /// That length, in bytes.
        record_length: u8,
    },
    /// Each is a simple TLV of its own length, whose tag is its identifier; a new one comes last.
    LinearVariable,
    /// All have the same length; a new one comes first, and takes the place of the oldest when the
    /// file is full.
    Cyclic {
        /// That length, in bytes.
        record_length: u8,
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
            messaging: FileMessaging::NONE,
        }
    }

    /// The same, secured by keys of the card.
    pub fn with_messaging(self, messaging: FileMessaging) -> Self {
        Self { messaging, ..self }
    }

    pub(crate) fn messaging(&self) -> FileMessaging {
        self.messaging
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
            Self::Records { size, .. } => usize::from(*size),
        }
    }
}

impl RecordStructure {
    /// The file descriptor byte (object 82 of an FCI) and the record length; 00 where it varies.
    pub(crate) const fn to_bytes(self) -> [u8; 2] {
        match self {
            Self::LinearFixed { record_length } => [0x02, record_length],
            Self::LinearVariable => [0x05, 0x00],
            Self::Cyclic { record_length } => [0x06, record_length],
        }
    }

    /// Reads them; records of no length are none.
    pub(crate) const fn from_bytes(bytes: [u8; 2]) -> Option<Self> {
        match bytes {
            [0x02 | 0x06, 0x00] => None,
            [0x02, record_length] => Some(Self::LinearFixed { record_length }),
            [0x05, _] => Some(Self::LinearVariable),
            [0x06, record_length] => Some(Self::Cyclic { record_length }),
            _ => None,
        }
    }

    /// Whether records of this structure all have the length of this one.
    pub(crate) fn takes_length(self, length: usize) -> bool {
        match self {
            Self::LinearFixed { record_length } | Self::Cyclic { record_length } => {
                length == usize::from(record_length)
            }
            Self::LinearVariable => true,
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
