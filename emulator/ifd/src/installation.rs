//! The driver where a pcscd finds it: the machine's own, or one that somebody starts for himself.
//!
//! ```text
//! of the system                                   in a folder
//! /usr/lib/pcsc/drivers/serial/libcns_ifd.so      FOLDER/libcns_ifd.so    the driver
//! /etc/cns/reader.toml                            FOLDER/reader.toml      its slots: `configuration`
//! /etc/reader.conf.d/cns                          FOLDER/readers/cns      tells pcscd of both
//! /etc/cns/installed                              FOLDER/installed        what was written, as
//!                                                                         sha256sum(1) has it
//! /run/cns/slot-0 ...                             FOLDER/slot-0 ...       where cards enter
//! /run/cns/control                                FOLDER/control          where it is steered
//! ```
//! Each file takes its place as a whole. What `installed` does not list, or lists otherwise, is not
//! ours: it is neither overwritten nor removed.

use std::fs::{self, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use cns_reader::Driver;
use cns_reader::guest::SILENCE_MAX;
use ring::digest;

use crate::configuration::SLOTS_MAX;
use crate::library;

mod error;

pub use error::InstallationError;

/// What pcscd calls the reader.
pub const READER: &str = "CNS Virtual Reader";

/// The reader's file, in its folder.
pub const CONFIGURATION: &str = "reader.toml";

/// Where it is steered, in the folder of its sockets.
pub const CONTROL: &str = "control";

/// How long the folder's path may be, so that its sockets have addresses: these have 108 bytes, the
/// last of them NUL.
const FOLDER_LENGTH_MAX: usize = 95;

/// What the reader has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Plan {
    /// How many slots, 1 to [`SLOTS_MAX`].
    pub slots: usize,
    /// Whether each has a pinpad.
    pub pinpad: bool,
    /// How long a card may take for one answer, in milliseconds.
    pub silence_max_ms: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            slots: 1,
            pinpad: false,
            silence_max_ms: u64::try_from(SILENCE_MAX.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

/// A place where the driver is, or may be.
#[derive(Clone, Debug)]
pub struct Installation {
    /// What the paths below are relative to while files are written.
    root: PathBuf,
    library: PathBuf,
    configuration: PathBuf,
    entry: PathBuf,
    list: PathBuf,
    sockets: PathBuf,
}

impl Plan {
    /// The text of the reader's file; its sockets are in the folder `sockets`.
    pub fn to_toml(self, sockets: &Path) -> String {
        let socket = |name: &str| toml::Value::from(sockets.join(name).display().to_string());
        let mut text = format!(
            "control = {}\nsilence_max_ms = {}\n",
            socket(CONTROL),
            self.silence_max_ms
        );
        for slot in 0..self.slots {
            text.push_str(&format!(
                "\n[[slot]]\nsocket = {}\npinpad = {}\n",
                socket(&slot_name(slot)),
                self.pinpad
            ));
        }
        text
    }
}

impl Installation {
    /// The machine's own, or what becomes it when `root` is its root folder.
    pub fn of_system(root: &Path) -> Self {
        let settings = Path::new("/etc/cns");
        Self {
            root: root.to_owned(),
            library: Path::new("/usr/lib/pcsc/drivers/serial").join(library::FILE),
            configuration: settings.join(CONFIGURATION),
            entry: PathBuf::from("/etc/reader.conf.d/cns"),
            list: settings.join("installed"),
            sockets: PathBuf::from("/run/cns"),
        }
    }

    /// In a folder, for a pcscd of one's own.
    ///
    /// # Errors
    /// The folder's path is too long for sockets in it.
    pub fn in_folder(folder: &Path) -> Result<Self, InstallationError> {
        let folder = std::path::absolute(folder)
            .map_err(|source| InstallationError::cannot("found", folder, source))?;
        if FOLDER_LENGTH_MAX < folder.as_os_str().len() {
            return Err(InstallationError::TooLong(folder));
        }
        Ok(Self {
            root: PathBuf::from("/"),
            library: folder.join(library::FILE),
            configuration: folder.join(CONFIGURATION),
            entry: folder.join("readers/cns"),
            list: folder.join("installed"),
            sockets: folder,
        })
    }

    /// Where a card enters this slot.
    pub fn socket(&self, slot: usize) -> PathBuf {
        self.sockets.join(slot_name(slot))
    }

    /// Where the reader is steered.
    pub fn control(&self) -> PathBuf {
        self.sockets.join(CONTROL)
    }

    /// The driver as pcscd is told of it.
    pub fn driver(&self) -> Driver {
        Driver {
            name: READER.to_owned(),
            library: self.library.clone(),
            device: self.configuration.clone(),
        }
    }

    /// Refuses where nothing is installed.
    ///
    /// # Errors
    /// [`InstallationError::Nothing`].
    pub fn check_there(&self) -> Result<(), InstallationError> {
        let list = self.below_root(&self.list);
        match list.exists() {
            true => Ok(()),
            false => Err(InstallationError::Nothing(list)),
        }
    }

    /// Writes the files; those of an older installation are replaced.
    ///
    /// # Errors
    /// Something is there that is not ours, or the system refuses. Nothing of ours that was not there
    /// before is left then.
    pub fn install(&self, library: &Path, plan: Plan) -> Result<(), InstallationError> {
        let library = fs::read(library)
            .map_err(|source| InstallationError::cannot("read", library, source))?;
        let entry = format!("# {WRITTEN_BY}\n{}", self.driver().entry());
        let configuration = format!("# {WRITTEN_BY}\n{}", plan.to_toml(&self.sockets));
        // pcscd is told last: it finds a whole driver or none.
        let files = [
            (&self.library, library.as_slice(), 0o755),
            (&self.configuration, configuration.as_bytes(), 0o644),
            (&self.entry, entry.as_bytes(), 0o644),
        ];
        let old = self.check_ours()?;
        let new: Vec<String> = files
            .iter()
            .map(|(path, content, _)| line(path, content))
            .collect();
        // While they are replaced, either is ours.
        let either = [old.clone(), new.clone()].concat();
        let was_there = self.check_there().is_ok();
        let written = self
            .write(&self.list, either.concat().as_bytes(), 0o644)
            .and_then(|()| {
                files
                    .iter()
                    .try_for_each(|(path, content, mode)| self.write(path, content, *mode))
            })
            .and_then(|()| self.write(&self.list, new.concat().as_bytes(), 0o644));
        if written.is_err() && !was_there {
            let _ = self.remove();
        }
        written
    }

    /// Removes what was installed, and no more: folders go if nothing else is in them.
    ///
    /// # Errors
    /// Nothing is installed, a file was changed since, or the system refuses. In the first two cases
    /// nothing is removed.
    pub fn remove(&self) -> Result<(), InstallationError> {
        self.check_there()?;
        self.check_ours()?;
        for path in [&self.entry, &self.configuration, &self.library, &self.list] {
            let path = self.below_root(path);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(InstallationError::cannot("removed", &path, error));
                }
                _ => {}
            }
        }
        self.remove_sockets();
        let folders = [
            self.entry.parent(),
            self.list.parent(),
            Some(&*self.sockets),
        ];
        for folder in folders.into_iter().flatten() {
            // One with something in it stays.
            let _ = fs::remove_dir(self.below_root(folder));
        }
        Ok(())
    }

    /// A pcscd that is told to terminate while it has no client does not close its readers: their
    /// sockets stay.
    fn remove_sockets(&self) {
        let slots = (0..SLOTS_MAX).map(|slot| self.socket(slot));
        for socket in slots.chain([self.control()]) {
            let socket = self.below_root(&socket);
            if fs::symlink_metadata(&socket).is_ok_and(|file| file.file_type().is_socket()) {
                let _ = fs::remove_file(socket);
            }
        }
    }

    /// The lines of the list, if all files that are there are as it says.
    fn check_ours(&self) -> Result<Vec<String>, InstallationError> {
        let list = self.below_root(&self.list);
        let text = match fs::read_to_string(&list) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            text => text.map_err(|source| InstallationError::cannot("read", &list, source))?,
        };
        let lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
        for path in [&self.library, &self.configuration, &self.entry] {
            let there = self.below_root(path);
            let content = match fs::read(&there) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                content => {
                    content.map_err(|source| InstallationError::cannot("read", &there, source))?
                }
            };
            let names_it =
                |line: &String| line.trim_end().ends_with(&format!("  {}", path.display()));
            match lines.iter().any(names_it) {
                false => return Err(InstallationError::NotOurs(there)),
                true if !lines.contains(&line(path, &content)) => {
                    return Err(InstallationError::Changed(there));
                }
                true => {}
            }
        }
        Ok(lines)
    }

    /// Writes a file beside its place, flushes it, and gives it its name.
    fn write(&self, path: &Path, content: &[u8], mode: u32) -> Result<(), InstallationError> {
        let path = self.below_root(path);
        let write = || {
            let folder = path.parent().unwrap_or(Path::new("/"));
            fs::create_dir_all(folder)?;
            let mut file = tempfile::Builder::new()
                .prefix(".cns-")
                .permissions(Permissions::from_mode(mode))
                .tempfile_in(folder)?;
            file.write_all(content)?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(|source: io::Error| InstallationError::cannot("written", &path, source))
    }

    fn below_root(&self, path: &Path) -> PathBuf {
        self.root.join(path.strip_prefix("/").unwrap_or(path))
    }
}

const WRITTEN_BY: &str = "Written by `cns reader install`; `cns reader remove` takes it away.";

fn slot_name(slot: usize) -> String {
    format!("slot-{slot}")
}

/// A line of the list.
fn line(path: &Path, content: &[u8]) -> String {
    let sum: String = digest::digest(&digest::SHA256, content)
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{sum}  {}\n", path.display())
}
