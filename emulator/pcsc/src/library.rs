//! The library that clients load for libpcsclite, and a folder in which they find it.
//!
//! ```text
//! FOLDER/libpcsclite.so.1    the library, under the name that clients load
//! FOLDER/opensc.conf         tells OpenSC of it, where no environment variable reaches the loader
//! ```

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

pub use cns_reader::library::NotFound;

use crate::place::VARIABLE;

/// The library's file, as cargo names it.
pub const FILE: &str = "libcns_pcsc_client.so";

/// What clients load.
const NAME: &str = "libpcsclite.so.1";
const OPENSC_CONF: &str = "opensc.conf";

/// The library that was built or installed together with a program.
///
/// # Errors
/// There is none.
pub fn beside(program: &Path) -> Result<PathBuf, NotFound> {
    cns_reader::library::beside(program, FILE, "cns-pcsc-library")
}

/// A folder that makes a program a client of ours.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ClientFolder {
    path: PathBuf,
}

impl ClientFolder {
    /// Furnishes the folder, which is made if there is none. What it was furnished with before is
    /// replaced; what is somebody else's is not touched.
    ///
    /// # Errors
    /// The folder cannot be written, or something else is in it under one of our names.
    pub fn furnish(path: &Path, library: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        let path = path.canonicalize()?;
        let name = path.join(NAME);
        match fs::symlink_metadata(&name) {
            Ok(there) if there.is_symlink() => fs::remove_file(&name)?,
            Ok(_) => return Err(not_ours(&name)),
            Err(_) => {}
        }
        symlink(library, &name)?;
        let conf = path.join(OPENSC_CONF);
        let text = opensc_conf(&name);
        match fs::read_to_string(&conf) {
            Ok(there) if there != text => return Err(not_ours(&conf)),
            _ => fs::write(&conf, text)?,
        }
        Ok(Self { path })
    }

    /// The library, for `-Dsun.security.smartcardio.library` of Java and the like.
    pub fn library(&self) -> PathBuf {
        self.path.join(NAME)
    }

    /// For `OPENSC_CONF`.
    pub fn opensc_conf(&self) -> PathBuf {
        self.path.join(OPENSC_CONF)
    }

    /// The environment variables that make a program a client of the cards at `place`.
    pub fn environment(&self, place: &Path) -> [(&'static str, OsString); 2] {
        [
            (VARIABLE, place.into()),
            ("LD_LIBRARY_PATH", self.path.clone().into()),
        ]
    }
}

fn opensc_conf(library: &Path) -> String {
    format!(
        "app default {{\n  reader_driver pcsc {{\n    provider_library = \"{}\";\n  }}\n}}\n",
        library.display()
    )
}

fn not_ours(path: &Path) -> io::Error {
    io::Error::new(
        io::ErrorKind::AlreadyExists,
        format!(
            "{} is there and not ours\nhint: give another folder",
            path.display()
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_furnished_again_but_not_over_what_is_not_ours() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("client");
        let first = ClientFolder::furnish(&path, Path::new("/lib/one.so")).unwrap();
        let again = ClientFolder::furnish(&path, Path::new("/lib/two.so")).unwrap();
        assert_eq!(first, again);
        let library = fs::read_link(again.library()).unwrap();
        assert_eq!(library, Path::new("/lib/two.so"));
        let conf = fs::read_to_string(again.opensc_conf()).unwrap();
        assert!(conf.contains(again.library().to_str().unwrap()), "{conf}");

        fs::remove_file(again.library()).unwrap();
        fs::write(again.library(), "the distribution's").unwrap();
        let refused = ClientFolder::furnish(&path, Path::new("/lib/two.so")).unwrap_err();
        assert!(refused.to_string().contains("not ours"), "{refused}");
    }
}
