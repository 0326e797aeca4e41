//! What can go wrong with a driver, and whose fault it is.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::bindings::{self, DWORD, RESPONSECODE};

/// Why the driver could not be had, or did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DriverError {
    /// The machine has no vpcd.
    #[error(
        "no libifdvpcd.so in {}\nhint: install the package vsmartcard-vpcd",
        folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", ")
    )]
    LibraryMissing {
        /// Where it was looked for.
        folders: Vec<PathBuf>,
    },
    /// The caller has another handler or slot in this process.
    #[error(
        "this process has a vpcd driver in use, and vpcd serves one at a time\n\
         hint: drop the other IfdHandler or Slot first; tests in one binary take turns"
    )]
    InUse,
    /// The dynamic linker refused the library, or it lacks a function of the interface.
    #[error("{} cannot be loaded as an IFD handler: {source}", path.display())]
    Load {
        /// The library.
        path: PathBuf,
        /// What the dynamic linker said.
        source: libloading::Error,
    },
    /// The log function that every handler needs could not be written to a temporary file.
    #[error(
        "cannot write the driver's log function to a temporary file: {0}\n\
         hint: set TMPDIR to a folder with space"
    )]
    LogFunctionFile(#[source] io::Error),
    /// The log function that every handler needs could not be loaded.
    #[error(
        "cannot load the driver's log function: {0}\n\
         hint: set TMPDIR to a folder whose file system is not mounted noexec"
    )]
    LogFunction(#[source] libloading::Error),
    /// The driver could not listen.
    #[error("vpcd cannot listen on port {port} ({code})\nhint: is the port taken?")]
    PortRefused {
        /// The TCP port that it was given.
        port: u16,
        /// Its answer.
        code: ResponseCode,
    },
    /// The driver said neither that a card is present nor that none is.
    #[error("vpcd cannot tell whether a card is present: {0}")]
    Presence(ResponseCode),
    /// No card connected in time.
    #[error("no card came into the slot within {limit:?}")]
    NoCard {
        /// How long was waited.
        limit: Duration,
    },
    /// The card could not be powered, reset or powered off.
    #[error("vpcd cannot change the card's power: {0}; the card has left, or its ATR is wrong")]
    Power(ResponseCode),
    /// The caller's command cannot be said on vpcd's wire.
    #[error("a command of {0} bytes cannot cross vpcd's wire, which carries 2 to 65535")]
    CommandLength(usize),
    /// The card did not answer a command.
    #[error("the card gave no answer: {0}; it has left")]
    NoAnswer(ResponseCode),
    /// The driver claims to have written more than it was given room for.
    #[error("vpcd says it wrote {length} bytes where there was room for {space}")]
    AnswerLength {
        /// What it says.
        length: DWORD,
        /// The room that there was.
        space: usize,
    },
}

/// What a driver's function returned: a `RESPONSECODE` of `ifdhandler.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseCode(pub RESPONSECODE);

impl fmt::Display for ResponseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match u32::try_from(self.0) {
            Ok(bindings::IFD_SUCCESS) => "IFD_SUCCESS",
            Ok(bindings::IFD_ERROR_NOT_SUPPORTED) => "IFD_ERROR_NOT_SUPPORTED",
            Ok(bindings::IFD_ERROR_POWER_ACTION) => "IFD_ERROR_POWER_ACTION",
            Ok(bindings::IFD_COMMUNICATION_ERROR) => "IFD_COMMUNICATION_ERROR",
            Ok(bindings::IFD_RESPONSE_TIMEOUT) => "IFD_RESPONSE_TIMEOUT",
            Ok(bindings::IFD_NOT_SUPPORTED) => "IFD_NOT_SUPPORTED",
            Ok(bindings::IFD_ICC_NOT_PRESENT) => "IFD_ICC_NOT_PRESENT",
            Ok(bindings::IFD_NO_SUCH_DEVICE) => "IFD_NO_SUCH_DEVICE",
            Ok(bindings::IFD_ERROR_INSUFFICIENT_BUFFER) => "IFD_ERROR_INSUFFICIENT_BUFFER",
            _ => "unexpected response code",
        };
        write!(f, "{name} ({})", self.0)
    }
}
