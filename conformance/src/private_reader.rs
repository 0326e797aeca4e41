//! This program again, as a client of a pcscd of its own.
//!
//! libpcsclite asks the environment once for its pcscd, before its first call, and a program may not
//! change its own environment while threads read it. So whoever needs a private pcscd *in this
//! process*, because a PKCS#11 module or libpcsclite itself is loaded here, starts over:
//!
//! ```text
//! cns, or a test                      the same program, the same arguments
//! ┌──────────────────────┐            ┌───────────────────────────────────┐
//! │ Place::of_this_process│  no ──────►│ yes: the address of an empty reader│
//! │ start_over           │  spawns    │ a card goes in, clients are loaded │
//! │ holds pcscd, waits   │◄────────── │ exit status                        │
//! └──────────────────────┘            └───────────────────────────────────┘
//! ```

use std::ffi::{OsStr, OsString};
use std::io;
use std::net::SocketAddr;
use std::process::{Command, ExitStatus};

use cns_reader::{PcscdError, PrivatePcscd};

/// Where the second run finds its reader: an address such as `127.0.0.1:40123`.
const READER: &str = "CNS_PRIVATE_READER";

/// A process whose PC/SC is a pcscd of its own, with one empty reader.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// Where a card connects to enter the reader `Virtual PCD 00 00`.
    pub reader: SocketAddr,
}

/// Why the program could not start over.
#[derive(Debug, thiserror::Error)]
pub enum StartOverError {
    /// No pcscd of one's own.
    #[error(transparent)]
    Pcscd(#[from] PcscdError),
    /// The program could not be run again.
    #[error("this program could not be run again beside its own pcscd: {0}")]
    Spawn(#[from] io::Error),
}

impl Place {
    /// The place, if this process has been started at one.
    pub fn of_this_process() -> Option<Self> {
        let reader = std::env::var(READER).ok()?.parse().ok()?;
        Some(Self { reader })
    }
}

/// Runs this program with `arguments` at a place of its own, to its end. `environment` is added to
/// what it inherits: `OPENSC_CONF` for one.
///
/// # Errors
/// pcscd does not start, or the program cannot be found again.
pub fn start_over<A: AsRef<OsStr>>(
    arguments: impl IntoIterator<Item = A>,
    environment: impl IntoIterator<Item = (&'static str, OsString)>,
) -> Result<ExitStatus, StartOverError> {
    let pcscd = PrivatePcscd::start()?;
    let (variable, socket) = pcscd.environment();
    let status = Command::new(std::env::current_exe()?)
        .args(arguments)
        .envs(environment)
        .env(variable, socket)
        .env(READER, pcscd.reader_address().to_string())
        .status()?;
    Ok(status)
}
