//! A pcscd that is stopped and started again, as an administrator does with the service.

use std::fs;

use super::{CONFIGURATION, PcscdError, PrivatePcscd, spawn};

/// While this file is there, the folder outlives its pcscd: `supervise.sh` looks for it.
const STAYS: &str = "stays";

/// Which readers a pcscd has that is started again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Readers {
    /// Those that it had.
    AsBefore,
    /// None: somebody has unplugged them.
    None,
}

impl PrivatePcscd {
    /// Ends pcscd. Its clients lose their connections, and are refused until it is started again.
    ///
    /// # Errors
    /// Its folder could not be written.
    pub fn stop(&mut self) -> Result<(), PcscdError> {
        let stays = self.folder.path().join(STAYS);
        fs::write(&stays, "").map_err(PcscdError::Folder)?;
        self.end();
        fs::remove_file(&self.socket).map_err(PcscdError::Folder)
    }

    /// Starts pcscd again, at the same socket, and returns when it answers clients. The card finds
    /// its reader by itself.
    ///
    /// # Errors
    /// As [`PrivatePcscd::start`].
    pub fn start_again(&mut self, readers: Readers) -> Result<(), PcscdError> {
        let configuration = self.folder.path().join(CONFIGURATION).join("reader");
        let aside = self.folder.path().join("reader");
        let moved = match readers {
            Readers::None if configuration.exists() => fs::rename(&configuration, &aside),
            Readers::AsBefore if aside.exists() => fs::rename(&aside, &configuration),
            _ => Ok(()),
        };
        moved.map_err(PcscdError::Folder)?;
        self.supervisor = spawn(self.folder.path())?;
        fs::remove_file(self.folder.path().join(STAYS)).map_err(PcscdError::Folder)?;
        self.wait_until_ready(readers)
    }
}
