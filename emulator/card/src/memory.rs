//! The card's non-volatile memory: the one place where anything that survives power-off changes.

use cns_apdu::Sw;

use crate::access::{Grant, Update};
use crate::file::path::Path;
use crate::file::{Content, ElementaryFile};
use crate::image::{CardImage, ObjectAt};
use crate::reference_data::Verifier;

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
#[derive(Debug)]
pub struct Change(Kind);

#[derive(Debug)]
enum Kind {
    /// The counter of a PIN or PUK.
    TriesLeft { object: ObjectAt, left: u8 },
    /// A new value of a PIN or PUK; its counter is full again.
    NewValue {
        object: ObjectAt,
        verifier: Verifier,
    },
    /// Bytes of a transparent file.
    Bytes {
        file: Path,
        offset: usize,
        bytes: Vec<u8>,
    },
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

    /// Makes the changes durable, then visible.
    pub(crate) fn commit(&mut self, changes: &[Change]) -> Result<(), Sw> {
        self.memory
            .commit(&self.image, changes)
            .map_err(|MemoryFault(_)| Sw::MEMORY_FAILURE)?;
        self.image.apply(changes);
        Ok(())
    }
}

impl Change {
    pub(crate) fn tries_left(object: ObjectAt, left: u8) -> Self {
        Self(Kind::TriesLeft { object, left })
    }

    pub(crate) fn new_value(object: ObjectAt, verifier: Verifier) -> Self {
        Self(Kind::NewValue { object, verifier })
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
        for Change(kind) in changes {
            match kind {
                Kind::TriesLeft { object, left } => {
                    if let Some(datum) = self.reference_data_mut(*object) {
                        datum.set_tries_left(*left);
                    }
                }
                Kind::NewValue { object, verifier } => {
                    if let Some(datum) = self.reference_data_mut(*object) {
                        datum.set_verifier(verifier.clone());
                    }
                }
                Kind::Bytes {
                    file,
                    offset,
                    bytes,
                } => {
                    let target = self
                        .elementary_file_mut(*file)
                        .map(ElementaryFile::content_mut)
                        .and_then(|content| content.range_mut(*offset, bytes.len()));
                    if let Some(target) = target {
                        target.copy_from_slice(bytes);
                    }
                }
            }
        }
    }
}

impl Content {
    /// The bytes that a write of `length` bytes at `offset` replaces; none outside the file.
    fn range_mut(&mut self, offset: usize, length: usize) -> Option<&mut [u8]> {
        match self {
            Self::Transparent(bytes) => bytes.get_mut(offset..offset.checked_add(length)?),
            Self::LinearVariable { .. } => None,
        }
    }
}

impl Memory for Volatile {
    fn commit(&mut self, _: &CardImage, _: &[Change]) -> Result<(), MemoryFault> {
        Ok(())
    }
}
