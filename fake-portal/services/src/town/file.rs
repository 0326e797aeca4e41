//! A town as the bytes of a file.
//!
//! ```text
//! cns-town 1 483920 5c1e…\n      "cns-town", version, length in bytes and SHA-256 of what follows
//! {"format":1, …}                the town as JSON
//! ```
//! The header has one form only, so that a change of any byte of it is seen as well.

use ring::digest;
use thiserror::Error;
use time::OffsetDateTime;

use super::{ExportError, ImportError, Town};

/// The number of this form of a file.
const VERSION: u32 = 1;
const NAME: &str = "cns-town";

impl Town {
    /// The bytes of a file.
    ///
    /// # Errors
    /// As [`Town::export`].
    pub fn to_file(&self) -> Result<Vec<u8>, ExportError> {
        let json = self.export()?;
        let mut bytes = header(json.as_bytes()).into_bytes();
        bytes.extend_from_slice(json.as_bytes());
        Ok(bytes)
    }

    /// The town in a file, as [`Town::import`] reads it.
    ///
    /// # Errors
    /// [`FileFault`]: a byte was changed, added or lost, or it is something else.
    pub fn of_file(bytes: &[u8], now: OffsetDateTime) -> Result<Self, FileFault> {
        let json = content(bytes)?;
        let json = str::from_utf8(json).map_err(|_| FileFault::Damaged)?;
        Self::import(json, now).map_err(FileFault::Town)
    }
}

/// Why a file is no town, to be read after its name.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum FileFault {
    /// It does not begin as one does.
    #[error(
        "holds no town: its first line is not that of a town\nhint: `cns portal run --state` makes such files; name another one"
    )]
    NotATown,
    /// Another version of this program wrote it.
    #[error(
        "holds a town of version {seen}; this program reads version {VERSION}\nhint: use the version of cns that wrote it"
    )]
    Version {
        /// The version that it states.
        seen: u32,
    },
    /// It is shorter or longer than it says.
    #[error(
        "is damaged: {present} bytes follow its first line, which announces {announced}\nhint: restore it from a copy, or found another town in another file"
    )]
    Length {
        /// How many there are.
        present: usize,
        /// How many there should be.
        announced: usize,
    },
    /// Something in it was changed.
    #[error(
        "is damaged: its content does not match the SHA-256 in its first line\nhint: restore it from a copy, or found another town in another file"
    )]
    Damaged,
    /// It is whole, and yet no town.
    #[error("holds no usable town: {0}")]
    Town(ImportError),
}

fn content(bytes: &[u8]) -> Result<&[u8], FileFault> {
    let end = bytes.iter().position(|byte| *byte == b'\n');
    let (line, rest) = end
        .and_then(|end| bytes.split_at_checked(end + 1))
        .ok_or(FileFault::NotATown)?;
    let line = str::from_utf8(line).map_err(|_| FileFault::NotATown)?;
    let mut words = line.split([' ', '\n']);
    if words.next() != Some(NAME) {
        return Err(FileFault::NotATown);
    }
    let version = words.next().and_then(|word| word.parse().ok());
    let seen: u32 = version.ok_or(FileFault::NotATown)?;
    if seen != VERSION {
        return Err(FileFault::Version { seen });
    }
    let announced = words.next().and_then(|word| word.parse().ok());
    let announced: usize = announced.ok_or(FileFault::NotATown)?;
    if announced != rest.len() {
        let present = rest.len();
        return Err(FileFault::Length { present, announced });
    }
    match header(rest) == line {
        true => Ok(rest),
        false => Err(FileFault::Damaged),
    }
}

fn header(content: &[u8]) -> String {
    let digest = digest::digest(&digest::SHA256, content);
    let digest = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    let digest: String = digest.collect();
    format!("{NAME} {VERSION} {} {digest}\n", content.len())
}
