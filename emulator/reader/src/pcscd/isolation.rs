//! A `/run` of pcscd's own, by whatever means the machine allows.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::PcscdError;

/// Where a pcscd leaves its process id while it runs.
const PID_FILE: &str = "/run/pcscd/pcscd.pid";

/// Where daemons are, which a user's search path often leaves out.
const DAEMON_FOLDERS: [&str; 3] = ["/usr/sbin", "/sbin", "/usr/local/sbin"];

/// How pcscd is kept off the machine's `/run`.
#[derive(Clone, Copy, Debug)]
pub(super) enum Isolation {
    /// A user namespace, in which anyone may mount, and a mount namespace.
    UserNamespace,
    /// A mount namespace alone: containers that forbid user namespaces may leave this to root.
    MountNamespace,
    /// Not at all, which harms nobody as long as no other pcscd has left its traces there.
    SharedRun,
}

impl Isolation {
    /// The best one that works here.
    pub(super) fn available() -> Result<Self, PcscdError> {
        find_program("unshare", "util-linux")?;
        for isolation in [Self::UserNamespace, Self::MountNamespace] {
            if isolation.works() {
                return Ok(isolation);
            }
        }
        if Path::new(PID_FILE).exists() {
            return Err(PcscdError::NotIsolated { pid_file: PID_FILE });
        }
        Ok(Self::SharedRun)
    }

    /// A command that runs the program and arguments appended to it in this isolation.
    pub(super) fn command(self) -> Command {
        let (program, arguments): (_, &[&str]) = match self {
            Self::UserNamespace => ("unshare", &["--user", "--map-root-user", "--mount"]),
            Self::MountNamespace => ("unshare", &["--mount"]),
            Self::SharedRun => ("env", &[]),
        };
        let mut command = Command::new(program);
        command.args(arguments);
        command
    }

    /// What the script calls it.
    pub(super) fn run_argument(self) -> &'static str {
        match self {
            Self::UserNamespace | Self::MountNamespace => "own-run",
            Self::SharedRun => "shared-run",
        }
    }

    /// Creating the namespaces is not enough: some machines allow that and then forbid to mount.
    fn works(self) -> bool {
        self.command()
            .args(["mount", "-t", "tmpfs", "tmpfs", "/run"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}

/// Finds a program on the search path, or where daemons are.
pub(super) fn find_program(
    program: &'static str,
    package: &'static str,
) -> Result<PathBuf, PcscdError> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(DAEMON_FOLDERS.map(PathBuf::from))
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
        .ok_or(PcscdError::ProgramMissing { program, package })
}
