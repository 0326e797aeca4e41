//! The place of a file in its folder: who may replace the file, and how that is done.
//!
//! A file is replaced as a whole. The new one is written beside it, flushed to disk and renamed over
//! it, and the folder is flushed: whoever pulls the plug finds the old file or the new one.
//!
//! Whoever holds the place has an exclusive lock (flock) on the file itself. The new file is locked
//! before it takes the name over, so that at every moment the file that the name leads to is a locked
//! one; whoever gets a lock looks whether the name still leads to what was locked. Such a lock ends
//! with its process, however that ends, and leaves nothing to clean up.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// A step of the replacement of a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Step<'a> {
    /// An empty file is made beside the old one.
    Create,
    /// These bytes are written to it.
    Write(&'a [u8]),
    /// They are flushed to disk.
    Flush,
    /// The new file gets the name of the old one.
    Rename,
    /// The folder is flushed to disk, and with it the name.
    FlushFolder,
}

/// Why a place cannot be had, or its file not be read or replaced. The file is as it was.
#[derive(Debug, thiserror::Error)]
pub enum PlaceFault {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// It cannot be written.
    #[error("cannot be written: {0}")]
    Unwritable(io::Error),
    /// It was written, and the folder that says so could not be flushed.
    #[error("was written, but its folder cannot be flushed to disk: {0}")]
    Unflushed(io::Error),
    /// Another program holds it.
    #[error("is in use: another program holds it\nhint: end that program, or name another file")]
    InUse,
    /// Somebody took it away, or put another file in its place.
    #[error("is not the file any more that was opened: it was removed or replaced")]
    Replaced,
}

pub(crate) type Observer = Box<dyn FnMut(Step<'_>) -> io::Result<()> + Send>;

/// A path under which this process alone replaces the file.
pub struct Place {
    /// Without symbolic links, so that a link stays one when its file is replaced.
    path: PathBuf,
    folder: File,
    /// The file that is there, locked; none if there was none.
    file: Option<File>,
    observer: Observer,
}

/// The length of the random part in the name of a new file.
const RANDOM_LEN: usize = 6;

const NEW_NAME_SUFFIX: &str = ".new";

impl Place {
    /// The place of a file that is there.
    ///
    /// # Errors
    /// It cannot be read, or another program holds it.
    pub fn hold(path: &Path) -> Result<Self, PlaceFault> {
        let path = fs::canonicalize(path).map_err(PlaceFault::Unreadable)?;
        let file = lock(&path)?;
        Self::new(path, Some(file)).map_err(PlaceFault::Unreadable)
    }

    /// The place of a file that may be there or not.
    ///
    /// # Errors
    /// It cannot be written, or another program holds it.
    pub fn hold_or_reserve(path: &Path) -> Result<Self, PlaceFault> {
        match Self::hold(path) {
            Err(PlaceFault::Unreadable(error)) if error.kind() == io::ErrorKind::NotFound => {
                let path = future_path(path).map_err(PlaceFault::Unwritable)?;
                Self::new(path, None).map_err(PlaceFault::Unwritable)
            }
            // What cannot be read can hardly be what was to be replaced, but it was to be written.
            Err(PlaceFault::Unreadable(error)) => Err(PlaceFault::Unwritable(error)),
            held => held,
        }
    }

    fn new(path: PathBuf, file: Option<File>) -> io::Result<Self> {
        let folder = File::open(folder_of(&path))?;
        Ok(Self {
            path,
            folder,
            file,
            observer: Box::new(|_| Ok(())),
        })
    }

    pub(crate) fn observe(&mut self, observer: Observer) {
        self.observer = observer;
    }

    /// Whether there was a file when the place was taken, or is one since.
    pub fn has_file(&self) -> bool {
        self.file.is_some()
    }

    /// The content of the file; nothing, if there is none.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(&self) -> Result<Vec<u8>, PlaceFault> {
        let mut bytes = Vec::new();
        if let Some(mut file) = self.file.as_ref() {
            file.rewind()
                .and_then(|()| file.read_to_end(&mut bytes))
                .map_err(PlaceFault::Unreadable)?;
        }
        Ok(bytes)
    }

    /// Replaces the file.
    ///
    /// # Errors
    /// It is the old one after every error but [`PlaceFault::Unflushed`].
    pub fn replace(&mut self, bytes: &[u8]) -> Result<(), PlaceFault> {
        let new = self.prepare(bytes).map_err(PlaceFault::Unwritable)?;
        self.rename(new)?;
        (self.observer)(Step::FlushFolder)
            .and_then(|()| self.folder.sync_all())
            .map_err(PlaceFault::Unflushed)
    }

    /// The new file, under a name of its own, locked and flushed.
    fn prepare(&mut self, bytes: &[u8]) -> io::Result<NamedTempFile> {
        (self.observer)(Step::Create)?;
        let mut new = tempfile::Builder::new()
            .prefix(&self.new_name_prefix())
            .suffix(NEW_NAME_SUFFIX)
            .rand_bytes(RANDOM_LEN)
            .tempfile_in(folder_of(&self.path))?;
        new.as_file().try_lock()?;
        if let Some(old) = &self.file {
            let permissions = old.metadata()?.permissions();
            new.as_file().set_permissions(permissions)?;
        }
        (self.observer)(Step::Write(bytes))?;
        new.write_all(bytes)?;
        (self.observer)(Step::Flush)?;
        new.as_file().sync_all()?;
        Ok(new)
    }

    fn rename(&mut self, new: NamedTempFile) -> Result<(), PlaceFault> {
        (self.observer)(Step::Rename).map_err(PlaceFault::Unwritable)?;
        let renamed = match &self.file {
            None => new.persist_noclobber(&self.path),
            Some(old) => match leads_to(&self.path, old) {
                Ok(true) => new.persist(&self.path),
                Ok(false) => return Err(PlaceFault::Replaced),
                Err(error) => return Err(PlaceFault::Unwritable(error)),
            },
        };
        self.file = Some(renamed.map_err(|error| PlaceFault::Unwritable(error.error))?);
        Ok(())
    }

    /// Ends what a process that was killed while it replaced this file has left half done: new files
    /// that it did not rename are removed, and a name that it gave and did not flush is flushed.
    ///
    /// # Errors
    /// The folder cannot be flushed.
    pub fn settle(&self) -> Result<(), PlaceFault> {
        let prefix = self.new_name_prefix();
        let is_stray = |name: &OsStr| {
            name.as_bytes()
                .strip_prefix(prefix.as_bytes())
                .and_then(|name| name.strip_suffix(NEW_NAME_SUFFIX.as_bytes()))
                .is_some_and(|random| random.len() == RANDOM_LEN)
        };
        // A stray that cannot be removed does no harm: it is never read.
        for entry in fs::read_dir(folder_of(&self.path))
            .into_iter()
            .flatten()
            .flatten()
        {
            if is_stray(&entry.file_name()) {
                let _ = fs::remove_file(entry.path());
            }
        }
        self.folder.sync_all().map_err(PlaceFault::Unwritable)
    }

    /// What the name of a new file begins with: for `mario.cns` it is `.mario.cns.XXXXXX.new`.
    fn new_name_prefix(&self) -> OsString {
        let mut prefix = OsString::from(".");
        prefix.push(self.path.file_name().unwrap_or_default());
        prefix.push(".");
        prefix
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({})", self.path.display())
    }
}

/// The file at `path`, locked.
fn lock(path: &Path) -> Result<File, PlaceFault> {
    loop {
        let file = File::open(path).map_err(PlaceFault::Unreadable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(PlaceFault::InUse),
            Err(TryLockError::Error(error)) => return Err(PlaceFault::Unreadable(error)),
        }
        // Between opening and locking, whoever held the file may have replaced it and gone.
        if leads_to(path, &file).map_err(PlaceFault::Unreadable)? {
            return Ok(file);
        }
    }
}

/// Whether this is the file at `path`.
fn leads_to(path: &Path, file: &File) -> io::Result<bool> {
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    match fs::metadata(path) {
        Ok(there) => Ok(identity(there) == identity(file.metadata()?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// The path of a file that is not there, without symbolic links.
fn future_path(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    Ok(fs::canonicalize(folder_of(path))?.join(name))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}
