//! A card image in a file.
//!
//! ```text
//! "CNSCARD" | version 01 | image (cns-card, BER-TLV) | SHA-256 of everything before it (32 bytes)
//! ```
//! The file is replaced as a whole: the new one is written beside it, flushed to disk and renamed
//! over it, and the folder is flushed. Whoever pulls the plug finds the old card or the new one.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use cns_card::memory::Change;
use cns_card::{CardImage, ImageError, Memory, MemoryFault};
use ring::digest::{SHA256, SHA256_OUTPUT_LEN, digest};
use tempfile::NamedTempFile;

const MAGIC: &[u8; 7] = b"CNSCARD";
const VERSION: u8 = 1;

/// A file that holds a card: the memory of the card that is made from it.
#[derive(Clone, Debug)]
pub struct ImageFile {
    path: PathBuf,
}

/// Why a card cannot be read from a file or written to one.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be read.
    #[error("{path} cannot be read: {source}{}", hint_for(source))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("{path} cannot be written: {source}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is something else.
    #[error(
        "{0} is no card image: it does not begin with CNSCARD\nhint: `cns card issue` makes card images"
    )]
    NotAnImage(PathBuf),
    /// A later version of this program wrote it.
    #[error(
        "{path} is a card image of version {version}; this program reads version {VERSION}\nhint: use the version of cns that wrote it, or a later one"
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u8,
    },
    /// Its checksum is wrong.
    #[error(
        "{0} is damaged: its checksum does not match\nhint: restore it from a copy, or issue the card anew"
    )]
    Damaged(PathBuf),
    /// The checksum is right, and yet it is no card.
    #[error("{path} holds no usable card: {source}")]
    Image {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ImageError,
    },
}

impl ImageFile {
    /// Reads a card. The file that comes with it is its memory.
    pub fn open(path: &Path) -> Result<(CardImage, Self), StoreError> {
        let path = path.to_owned();
        let bytes = fs::read(&path).map_err(|source| StoreError::Read {
            path: path.clone(),
            source,
        })?;
        let image = read(&bytes, &path)?;
        Ok((image, Self { path }))
    }

    /// Writes a card to a new file, or over an old one.
    pub fn create(path: &Path, image: &CardImage) -> Result<Self, StoreError> {
        let file = Self {
            path: path.to_owned(),
        };
        file.replace(image)?;
        Ok(file)
    }

    fn replace(&self, image: &CardImage) -> Result<(), StoreError> {
        let bytes = write(image).map_err(|source| StoreError::Image {
            path: self.path.clone(),
            source,
        })?;
        replace_file(&self.path, &bytes).map_err(|source| StoreError::Write {
            path: self.path.clone(),
            source,
        })
    }
}

impl Memory for ImageFile {
    fn commit(&mut self, image: &CardImage, changes: &[Change]) -> Result<(), MemoryFault> {
        let mut after = image.clone();
        after.apply(changes);
        self.replace(&after).map_err(|error| {
            tracing::error!("{error}");
            MemoryFault(error.to_string())
        })
    }
}

fn read(bytes: &[u8], path: &Path) -> Result<CardImage, StoreError> {
    let not_an_image = || StoreError::NotAnImage(path.to_owned());
    let (&version, rest) = bytes
        .strip_prefix(MAGIC)
        .and_then(<[u8]>::split_first)
        .ok_or_else(not_an_image)?;
    if version != VERSION {
        return Err(StoreError::Version {
            path: path.to_owned(),
            version,
        });
    }
    let damaged = || StoreError::Damaged(path.to_owned());
    let (image, checksum) = rest
        .split_last_chunk::<SHA256_OUTPUT_LEN>()
        .ok_or_else(damaged)?;
    let covered = bytes
        .get(..bytes.len() - checksum.len())
        .unwrap_or_default();
    if digest(&SHA256, covered).as_ref() != checksum {
        return Err(damaged());
    }
    CardImage::decode(image).map_err(|source| StoreError::Image {
        path: path.to_owned(),
        source,
    })
}

fn write(image: &CardImage) -> Result<Vec<u8>, ImageError> {
    let mut bytes = [&MAGIC[..], &[VERSION], &image.encode()?].concat();
    let checksum = digest(&SHA256, &bytes);
    bytes.extend_from_slice(checksum.as_ref());
    Ok(bytes)
}

fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // Asked for itself, because its error names the folder's fault and not a temporary file's.
    let folder_end = File::open(folder)?;
    let mut new = NamedTempFile::new_in(folder)?;
    new.write_all(bytes)?;
    new.as_file().sync_all()?;
    new.persist(path)?;
    folder_end.sync_all()
}

fn hint_for(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "\nhint: `cns card issue` makes card images",
        _ => "",
    }
}
