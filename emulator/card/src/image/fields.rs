//! The fields of an encoded image: what a data object must hold, or why it cannot.

use cns_apdu::tlv::{self, Tag, TlvError};

use crate::atr::AtrError;
use crate::crypto::KeyError;
use crate::file::path::PathTooDeep;

/// Why bytes are no card image.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ImageError {
    /// The bytes are no data objects.
    #[error("it is damaged: {0}")]
    Tlv(#[from] TlvError),
    /// An object is missing.
    #[error("it is incomplete: object {0} is missing")]
    Missing(Tag),
    /// An object holds something that it cannot hold.
    #[error("object {0} holds something that no card has")]
    Value(Tag),
    /// The answer to reset is none.
    #[error("its answer to reset is wrong: {0}")]
    Atr(#[from] AtrError),
    /// A key is none.
    #[error("one of its keys is wrong: {0}")]
    Key(#[from] KeyError),
    /// Folders in folders in folders.
    #[error("{0}")]
    TooDeep(#[from] PathTooDeep),
}

pub(super) fn object(bytes: &[u8], tag: Tag) -> Result<&[u8], ImageError> {
    for object in tlv::objects(bytes) {
        let object = object?;
        if object.tag == tag {
            return Ok(object.value);
        }
    }
    Err(ImageError::Missing(tag))
}

pub(super) fn array<const LENGTH: usize>(
    bytes: &[u8],
    tag: Tag,
) -> Result<[u8; LENGTH], ImageError> {
    object(bytes, tag)?
        .try_into()
        .map_err(|_| ImageError::Value(tag))
}

pub(super) fn number(bytes: &[u8], tag: Tag) -> Result<u16, ImageError> {
    array(bytes, tag).map(u16::from_be_bytes)
}

pub(super) fn byte(bytes: &[u8], tag: Tag) -> Result<u8, ImageError> {
    array(bytes, tag).map(|[byte]| byte)
}

pub(super) fn flag(bytes: &[u8], tag: Tag) -> Result<bool, ImageError> {
    match byte(bytes, tag)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(ImageError::Value(tag)),
    }
}
