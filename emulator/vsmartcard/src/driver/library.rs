//! Finding the driver's shared library and loading it, once in a process.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};

use super::DriverError;
use super::bindings::IfdHandlerLibrary;

/// `host/log_msg.rs`, built by `build.rs`.
const LOG_FUNCTION: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/liblog_msg.so"));

/// Where distributions keep their libraries: Debian's own folder, then Fedora's, then what an
/// administrator built. Each may have a folder per architecture.
const LIBRARY_FOLDERS: [&str; 3] = ["/usr/lib", "/usr/lib64", "/usr/local/lib"];

/// Where pcsc-lite keeps the drivers of serial readers, below a library folder.
const DRIVERS: &str = "pcsc/drivers/serial";

const LIBRARY: &str = "libifdvpcd.so";

/// Finds the vpcd library that the distribution installed.
///
/// It looks for `libifdvpcd.so`, or else for one with a version behind its name, in
/// `pcsc/drivers/serial` below `/usr/lib`, `/usr/lib64` and `/usr/local/lib`, and below the folders
/// that these have for an architecture.
///
/// # Errors
/// There is none: [`DriverError::LibraryMissing`], which names the package to install.
pub fn find_library() -> Result<PathBuf, DriverError> {
    let folders: Vec<PathBuf> = LIBRARY_FOLDERS
        .iter()
        .flat_map(|folder| driver_folders(Path::new(folder)))
        .collect();
    folders
        .iter()
        .find_map(|folder| library_in(folder))
        .ok_or(DriverError::LibraryMissing { folders })
}

/// The driver library, and with it the one right of this process to use it.
pub(super) struct LoadedLibrary {
    // Dropped from top to bottom: the handler must go before the function that it refers to, and
    // the right to load another one comes back last.
    functions: IfdHandlerLibrary,
    _log_function: Library,
    _turn: Turn,
}

impl LoadedLibrary {
    pub(super) fn load(path: &Path) -> Result<Self, DriverError> {
        let turn = Turn::take()?;
        let log_function = load_log_function()?;
        // SAFETY: loading runs the library's constructors, and the caller names a library that is
        // meant to be loaded into a process like this one: an IFD handler. A handler's functions
        // have the types of `ifdhandler.h`, from which the bindings were made.
        let functions =
            unsafe { IfdHandlerLibrary::new(path) }.map_err(|source| DriverError::Load {
                path: path.to_owned(),
                source,
            })?;
        Ok(Self {
            functions,
            _log_function: log_function,
            _turn: turn,
        })
    }

    pub(super) fn functions(&self) -> &IfdHandlerLibrary {
        &self.functions
    }
}

impl fmt::Debug for LoadedLibrary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoadedLibrary").finish_non_exhaustive()
    }
}

fn driver_folders(library_folder: &Path) -> Vec<PathBuf> {
    let mut per_architecture: Vec<PathBuf> = fs::read_dir(library_folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join(DRIVERS))
        .filter(|folder| folder.is_dir())
        .collect();
    per_architecture.sort();
    per_architecture.insert(0, library_folder.join(DRIVERS));
    per_architecture
}

fn library_in(folder: &Path) -> Option<PathBuf> {
    let plain = folder.join(LIBRARY);
    if plain.exists() {
        return Some(plain);
    }
    // The plain name may be left to a development package; any version will do, so the last.
    fs::read_dir(folder)
        .ok()?
        .flatten()
        .filter(|entry| {
            entry
                .file_name()
                .to_string_lossy()
                .starts_with("libifdvpcd.so.")
        })
        .map(|entry| entry.path())
        .max()
}

fn load_log_function() -> Result<Library, DriverError> {
    let mut file = tempfile::Builder::new()
        .prefix("vsmartcard-log-")
        .suffix(".so")
        .tempfile()
        .map_err(DriverError::LogFunctionFile)?;
    file.write_all(LOG_FUNCTION)
        .map_err(DriverError::LogFunctionFile)?;
    // The file may go as soon as it is mapped, and does, at the end of this function.
    // SAFETY: the file holds what build.rs made of `host/log_msg.rs`: one function that does
    // nothing, no constructor and no destructor.
    unsafe { Library::open(Some(file.path()), RTLD_NOW | RTLD_GLOBAL) }
        .map_err(DriverError::LogFunction)
}

/// The right to use the driver, of which a process has one.
struct Turn;

static TURN_TAKEN: AtomicBool = AtomicBool::new(false);

impl Turn {
    fn take() -> Result<Self, DriverError> {
        if TURN_TAKEN.swap(true, Ordering::AcqRel) {
            Err(DriverError::InUse)
        } else {
            Ok(Self)
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        TURN_TAKEN.store(false, Ordering::Release);
    }
}
