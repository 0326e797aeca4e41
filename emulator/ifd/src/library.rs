//! Where the library is.

use std::path::{Path, PathBuf};

pub use cns_reader::library::NotFound;

/// The library's file, as cargo names it.
pub const FILE: &str = "libcns_ifd.so";

/// The library that was built or installed together with a program.
///
/// # Errors
/// There is none.
pub fn beside(program: &Path) -> Result<PathBuf, NotFound> {
    cns_reader::library::beside(program, FILE, "cns-ifd")
}
