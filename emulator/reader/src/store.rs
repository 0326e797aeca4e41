//! A card image in a file: the memory of the card that is made from it.
//!
//! Numbers are big-endian, offsets count from 0:
//!
//! ```text
//!     0   7  "CNSCARD"
//!     7   1  version, 01
//!     8   1  form: 00 plain, 01 sealed
//!     9   4  n, the length of the content
//!    13   n  content: of a plain file the image (cns-card, BER-TLV), of a sealed one
//!              0   4  rounds of PBKDF2
//!              4  16  salt
//!             20  12  nonce
//!             32 n-48 the image, enciphered
//!           n-16  16  tag
//!  13+n   8  sum of all bytes before this
//!  21+n   8  sum of the same bytes, each times its offset
//!  29+n  32  SHA-256 of the same bytes
//! ```
//! The seal is AES-256-GCM (NIST SP 800-38D); its tag covers the image and the first 13 bytes of the
//! file. The key is made of a passphrase by PBKDF2 with HMAC-SHA-256 (RFC 8018 §5.2). Rounds and salt
//! are as old as the file, so that the key is made once for each opening and not for each writing; the
//! nonce is new and random for each writing.
//!
//! The file is replaced as a whole, and before the card answers: the new one is written beside it,
//! flushed to disk and renamed over it, and the folder is flushed. Whoever pulls the plug finds the
//! old card or the new one. One process at a time holds a file.

mod fault;
mod format;
mod seal;

pub use crate::place::Step;
pub use fault::{Fault, StoreError};
pub use seal::{Passphrase, PassphraseError};

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cns_card::memory::Change;
use cns_card::{Card, CardImage, Memory, MemoryFault};

use crate::SystemEntropy;
use crate::place::Place;
use format::Protection;
use seal::SealingKey;

/// A file that holds a card, and that no other program may hold meanwhile.
#[derive(Debug)]
pub struct ImageFile {
    /// As it was named, for messages.
    path: PathBuf,
    place: Place,
    protection: Protection,
}

impl ImageFile {
    /// Reads a card and leaves its file alone, even one that a program holds.
    pub fn read(path: &Path, passphrase: Option<&Passphrase>) -> Result<CardImage, StoreError> {
        let read = || {
            let bytes = fs::read(path).map_err(Fault::Unreadable)?;
            Ok(decode(&bytes, passphrase)?.0)
        };
        read().map_err(|fault| StoreError::new(path, fault))
    }

    /// Reads a card and holds its file, which is the memory that the card changes.
    pub fn open(
        path: &Path,
        passphrase: Option<&Passphrase>,
    ) -> Result<(CardImage, Self), StoreError> {
        let open = || {
            let place = Place::hold(path)?;
            let (image, protection) = decode(&place.read()?, passphrase)?;
            place.settle()?;
            Ok((image, Self::new(path, place, protection)))
        };
        open().map_err(|fault| StoreError::new(path, fault))
    }

    /// A card that is what the file says, and keeps in it what happens to it. A volatile one forgets
    /// that, and needs its file no longer, so that others may have it.
    pub fn card(
        path: &Path,
        volatile: bool,
        passphrase: Option<&Passphrase>,
    ) -> Result<Card, StoreError> {
        let entropy = SystemEntropy::new();
        if volatile {
            return Ok(Card::volatile(Self::read(path, passphrase)?, entropy));
        }
        let (image, file) = Self::open(path, passphrase)?;
        Ok(Card::new(image, file, entropy))
    }

    /// Writes a card to a new file, or over an old one; sealed, if there is a passphrase.
    pub fn create(
        path: &Path,
        image: &CardImage,
        passphrase: Option<&Passphrase>,
    ) -> Result<Self, StoreError> {
        let create = || {
            let protection = match passphrase {
                None => Protection::Plain,
                Some(passphrase) => Protection::Sealed(Box::new(SealingKey::new(passphrase)?)),
            };
            let mut file = Self::new(path, Place::hold_or_reserve(path)?, protection);
            file.write(image)?;
            file.place.settle()?;
            Ok(file)
        };
        create().map_err(|fault| StoreError::new(path, fault))
    }

    /// Calls `observer` before each step of each replacement of the file. Where it fails, the step
    /// fails: this is how tests cut the power and break the disk.
    #[must_use]
    pub fn observed(
        mut self,
        observer: impl FnMut(Step<'_>) -> io::Result<()> + Send + 'static,
    ) -> Self {
        self.place.observe(Box::new(observer));
        self
    }

    fn new(path: &Path, place: Place, protection: Protection) -> Self {
        Self {
            path: path.to_owned(),
            place,
            protection,
        }
    }

    fn write(&mut self, image: &CardImage) -> Result<(), Fault> {
        let image = image.encode().map_err(Fault::Image)?;
        let bytes = format::write(image, &self.protection)?;
        Ok(self.place.replace(&bytes)?)
    }
}

impl Memory for ImageFile {
    fn commit(&mut self, image: &CardImage, changes: &[Change]) -> Result<(), MemoryFault> {
        let mut after = image.clone();
        after.apply(changes);
        self.write(&after).map_err(|fault| {
            // The new file has its name already, and the card is about to say that nothing was
            // changed: the old one takes its place back, as far as this disk still obeys.
            if matches!(fault, Fault::Unflushed(_)) {
                let _ = self.write(image);
            }
            let error = StoreError::new(&self.path, fault);
            tracing::error!("{error}");
            MemoryFault(error.to_string())
        })
    }
}

fn decode(bytes: &[u8], passphrase: Option<&Passphrase>) -> Result<(CardImage, Protection), Fault> {
    let (image, protection) = format::read(bytes, passphrase)?;
    let image = CardImage::decode(&image).map_err(Fault::Image)?;
    Ok((image, protection))
}
