//! Why there is no private pcscd.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use vsmartcard::driver::DriverError;

/// Why a private pcscd could not be started: each says what was seen and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PcscdError {
    /// A program is not installed.
    #[error("the program {program} was not found\nhint: install the package {package}")]
    ProgramMissing {
        /// What was looked for.
        program: &'static str,
        /// The Debian package that has it.
        package: &'static str,
    },
    /// The vpcd driver is not installed.
    #[error(transparent)]
    Driver(#[from] DriverError),
    /// The machine allows no namespaces, and its one `/run` is taken.
    #[error(
        "the machine allows no private /run, and {pid_file} shows that a pcscd has the shared one\n\
         hint: stop that pcscd, run as root, or allow unprivileged user namespaces (on Ubuntu: \
         sysctl kernel.apparmor_restrict_unprivileged_userns=0)"
    )]
    NotIsolated {
        /// The file that says so.
        pid_file: &'static str,
    },
    /// The temporary folder, or something in it, could not be made.
    #[error("cannot prepare pcscd's temporary folder: {0}")]
    Folder(#[source] io::Error),
    /// No free ports for the reader.
    #[error("cannot find two neighbouring free TCP ports for the reader: {0}")]
    Ports(#[source] io::Error),
    /// The supervising script could not be started.
    #[error("cannot start pcscd's supervisor: {0}")]
    Spawn(#[source] io::Error),
    /// pcscd, or the script around it, ended at once.
    #[error("pcscd ended before it was ready ({status}); the end of its log:{log}")]
    Ended {
        /// How it ended.
        status: ExitStatus,
        /// Its last words, a line each.
        log: String,
    },
    /// pcscd runs, but does not answer, or its driver does not listen.
    #[error("pcscd was not ready after {limit:?}; the end of its log:{log}")]
    NotReady {
        /// How long was waited.
        limit: Duration,
        /// Its last words, a line each.
        log: String,
    },
}
