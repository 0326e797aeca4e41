//! What can be wrong with an image file. Offsets count from 0.

use std::io;
use std::path::{Path, PathBuf};

use cns_card::ImageError;

use super::format::VERSION;
use super::seal::{ROUNDS_MAX, ROUNDS_MIN};
use crate::place::PlaceFault;

/// Why a card cannot be read from a file or written to one. The file is as it was.
#[derive(Debug, thiserror::Error)]
#[error("{} {fault}", path.display())]
pub struct StoreError {
    /// The file, as it was named.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with an image file.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// It cannot be read.
    #[error("cannot be read: {}", with_hint(.0))]
    Unreadable(io::Error),
    /// It cannot be written.
    #[error("cannot be written: {0}")]
    Unwritable(io::Error),
    /// It was written, and the folder that says so could not be flushed.
    #[error("was written, but its folder cannot be flushed to disk: {0}")]
    Unflushed(io::Error),
    /// Another program holds it.
    #[error(
        "is in use: another program keeps a card in it\nhint: take that card out of its reader (Ctrl-C), or insert a copy of the file; --volatile needs no file to itself"
    )]
    InUse,
    /// Somebody took it away, or put another file in its place.
    #[error(
        "is not the file any more that the card is kept in: it was removed or replaced\nhint: leave an inserted card's file alone; take the card out and insert it again"
    )]
    Replaced,
    /// It is something else.
    #[error(
        "is no card image: it does not begin with CNSCARD\nhint: `cns card issue` makes card images"
    )]
    NotAnImage,
    /// A later version of this program wrote it.
    #[error(
        "is a card image of version {0} (byte 7); this program reads version {VERSION}\nhint: use the version of cns that wrote it, or a later one"
    )]
    Version(u8),
    /// It ends too early to say how long it should be.
    #[error("is truncated: it ends after {present} bytes, within its header{RESTORE}")]
    NoHeader {
        /// Its length.
        present: usize,
    },
    /// It is shorter than it says.
    #[error(
        "is truncated: it ends after {present} bytes, bytes 9 to 12 announce {announced}{RESTORE}"
    )]
    Truncated {
        /// Its length.
        present: usize,
        /// The length that it should have.
        announced: usize,
    },
    /// It is longer than it says.
    #[error(
        "has something behind its end: it has {present} bytes, bytes 9 to 12 announce {announced}{RESTORE}"
    )]
    Extended {
        /// Its length.
        present: usize,
        /// The length that it should have.
        announced: usize,
    },
    /// One byte was changed, and this is it: with the byte that it was, the checksum is right.
    #[error("is damaged: byte {offset} is {is:02X} and was {was:02X}{RESTORE}")]
    Edited {
        /// Where.
        offset: usize,
        /// What was written there.
        was: u8,
        /// What stands there.
        is: u8,
    },
    /// More than one byte was changed, or the checksum was.
    #[error(
        "is damaged: bytes 0 to {} do not match their checksum in bytes {checked} to {}{RESTORE}",
        checked - 1,
        end - 1
    )]
    Checksum {
        /// How many bytes the checksum covers; it begins behind them.
        checked: usize,
        /// The length of the file.
        end: usize,
    },
    /// It is neither plain nor sealed.
    #[error(
        "is neither plain (00) nor sealed (01): byte 8 is {0:02X}\nhint: use the version of cns that wrote it"
    )]
    Form(u8),
    /// It is sealed, and there is no passphrase.
    #[error("is sealed\nhint: say with --passphrase-file FILE which passphrase it is sealed with")]
    Sealed,
    /// There is a passphrase, and it is not sealed.
    #[error(
        "is not sealed, and a passphrase is given for it\nhint: leave --passphrase-file out, if this is the file that you mean: an image is never unsealed by itself"
    )]
    NotSealed,
    /// What is said about the seal makes no sense.
    #[error(
        "has no seal that this program opens: bytes 13 to 16 ask for {0} rounds of PBKDF2, {ROUNDS_MIN} to {ROUNDS_MAX} make sense"
    )]
    Rounds(u32),
    /// The seal does not open.
    #[error(
        "is sealed with another passphrase, or somebody altered bytes 0 to {} and their checksum with them\nhint: --passphrase-file FILE names the file with the passphrase",
        end - 1
    )]
    Seal {
        /// Where the sealed bytes end.
        end: usize,
    },
    /// The card has grown beyond what can be read again.
    #[error("cannot be written: a card of {0} bytes could not be read again, 16 MiB are the end")]
    TooLarge(usize),
    /// The operating system gives no random bytes, so that nothing can be sealed.
    #[error("cannot be sealed: the operating system gives no random bytes")]
    NoRandomness,
    /// The file is whole, and yet it is no card.
    #[error("holds no usable card: {0}")]
    Image(ImageError),
}

const RESTORE: &str = "\nhint: restore it from a copy, or issue the card anew";

impl StoreError {
    pub(super) fn new(path: &Path, fault: Fault) -> Self {
        Self {
            path: path.to_owned(),
            fault,
        }
    }
}

impl From<PlaceFault> for Fault {
    fn from(fault: PlaceFault) -> Self {
        match fault {
            PlaceFault::Unreadable(error) => Self::Unreadable(error),
            PlaceFault::Unwritable(error) => Self::Unwritable(error),
            PlaceFault::Unflushed(error) => Self::Unflushed(error),
            PlaceFault::InUse => Self::InUse,
            PlaceFault::Replaced => Self::Replaced,
        }
    }
}

fn with_hint(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => format!("{error}\nhint: `cns card issue` makes card images"),
        _ => error.to_string(),
    }
}
