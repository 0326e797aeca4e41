//! What a citizen downloads, all made up: values in, bytes out.

pub mod error;

mod pdf;

pub use error::DocumentError;
