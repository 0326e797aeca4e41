//! Why there is no document.

use thiserror::Error;

/// Why a document could not be made. Whoever gave the values is at fault, but for [`Self::Library`].
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum DocumentError {
    /// It says too much.
    #[error("the document would have more than {most} pages")]
    TooLong {
        /// How many pages a document may have.
        most: usize,
    },
    /// A text has characters that bars of the kind cannot have.
    #[error("Code 39 has no bars for {text:?}")]
    NoBars {
        /// The text.
        text: String,
    },
    /// A text is longer than a QR code can be.
    #[error("no QR code holds {length} bytes")]
    TooLongForCode {
        /// Its length in bytes.
        length: usize,
    },
    /// The library that writes PDF refused what this crate made of the values: a fault of this crate.
    #[error("krilla does not write the document as PDF/UA-1: {0}")]
    Library(String),
}
