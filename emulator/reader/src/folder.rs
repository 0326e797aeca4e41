//! A temporary folder that goes away when this process does, however it ends.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::pcscd::temporary_folder;

/// Nothing is ever written to the pipe, so `read` returns when its other end is closed: by us, or by
/// the kernel when we are killed.
const REMOVE: &str = "read -r _; rm -rf -- \"$1\"";

/// A folder, and the shell that removes it.
#[derive(Debug)]
pub struct Folder {
    remover: Child,
    folder: TempDir,
}

impl Folder {
    /// A new one, whose path is absolute and short enough for sockets in it.
    ///
    /// # Errors
    /// The system does not let it be made, or there is no shell.
    pub fn new() -> io::Result<Self> {
        let folder = temporary_folder("cns-pcsc-")?;
        let remover = Command::new("sh")
            .args(["-c", REMOVE, "sh"])
            .arg(folder.path())
            .stdin(Stdio::piped())
            // A terminal's interrupt is for us; the shell follows when we have gone.
            .process_group(0)
            .spawn()?;
        Ok(Self { remover, folder })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(self.remover.stdin.take());
        let _ = self.remover.wait();
    }
}
