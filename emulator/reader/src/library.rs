//! Where the libraries are that are built or installed together with a program.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// No library beside a program.
#[derive(Debug, thiserror::Error)]
#[error(
    "no {file} beside {} nor in its `deps` or `../lib`: {source}\nhint: `cargo build -p {package}` builds it", .program.display()
)]
pub struct NotFound {
    /// The library's file.
    pub file: &'static str,
    /// The package that it is built from.
    pub package: &'static str,
    /// The program.
    pub program: PathBuf,
    /// What the system says.
    pub source: io::Error,
}

/// The library `file` of `package`: beside the program, where cargo puts libraries, or in the folder
/// for libraries next to the program's.
///
/// # Errors
/// It is in none of them.
pub fn beside(
    program: &Path,
    file: &'static str,
    package: &'static str,
) -> Result<PathBuf, NotFound> {
    let not_found = |source| NotFound {
        file,
        package,
        program: program.to_owned(),
        source,
    };
    let folder = program.parent().unwrap_or(Path::new("."));
    ["", "deps", "..", "../lib", "../lib/cns"]
        .iter()
        .map(|part| folder.join(part).join(file))
        // cargo has one place for what is built and another for what is tested: the last one built.
        .max_by_key(|candidate| built(candidate))
        .filter(|candidate| built(candidate).is_some())
        .ok_or_else(|| not_found(io::ErrorKind::NotFound.into()))?
        .canonicalize()
        .map_err(not_found)
}

/// When the file was made; none if there is no such file.
fn built(file: &Path) -> Option<SystemTime> {
    let metadata = fs::metadata(file).ok().filter(Metadata::is_file)?;
    metadata.modified().ok()
}
