//! Why the driver is not installed, or not removed.

use std::io;
use std::path::{Path, PathBuf};

/// Why the driver is not installed, or not removed: each says what was seen and what to do.
#[derive(Debug, thiserror::Error)]
pub enum InstallationError {
    /// A file is there that nobody has installed.
    #[error("{} is there, and `cns reader install` has not written it\nhint: move it away, then try again", .0.display())]
    NotOurs(PathBuf),
    /// A file of ours was changed.
    #[error("{} was changed since it was installed\nhint: move it away, then try again", .0.display())]
    Changed(PathBuf),
    /// There is nothing to remove.
    #[error("nothing is installed here: there is no {}\nhint: `cns reader install` installs the reader's driver", .0.display())]
    Nothing(PathBuf),
    /// No socket in the folder would have an address.
    #[error("the path {} is too long for sockets in it\nhint: give a folder with a shorter one, such as one in /tmp", .0.display())]
    TooLong(PathBuf),
    /// The system refuses.
    #[error("{} cannot be {what}: {source}{}", .path.display(), hint(.source))]
    Refused {
        /// What was to happen to it.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl InstallationError {
    pub(super) fn cannot(what: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Refused {
            what,
            path: path.to_owned(),
            source,
        }
    }
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "\nhint: the system's files are root's: sudo; --private DIR needs no root"
        }
        _ => "",
    }
}
