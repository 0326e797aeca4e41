//! Where the library is.

use std::io;
use std::path::{Path, PathBuf};

/// The library's file, as cargo names it.
pub const FILE: &str = "libcns_ifd.so";

/// No library beside a program.
#[derive(Debug, thiserror::Error)]
#[error(
    "no {FILE} beside {program} nor in its `deps` or `../lib`: {source}\nhint: `cargo build -p cns-ifd` builds it"
)]
pub struct NotFound {
    /// The program.
    pub program: PathBuf,
    /// What the system says.
    pub source: io::Error,
}

/// The library that was built or installed together with a program: beside it, where cargo puts
/// libraries, or in the folder for libraries next to the program's.
pub fn beside(program: &Path) -> Result<PathBuf, NotFound> {
    let folder = program.parent().unwrap_or(Path::new("."));
    ["", "deps", "..", "../lib", "../lib/cns"]
        .iter()
        .map(|part| folder.join(part).join(FILE))
        .find(|candidate| candidate.is_file())
        .map_or_else(
            || {
                Err(NotFound {
                    program: program.to_owned(),
                    source: io::ErrorKind::NotFound.into(),
                })
            },
            |found| {
                found.canonicalize().map_err(|source| NotFound {
                    program: program.to_owned(),
                    source,
                })
            },
        )
}
