//! A pcscd of one's own: the real daemon with the real vpcd driver, private to one run.
//!
//! Tests and demonstrations must neither need nor disturb the machine's pcscd, and many of them run
//! side by side. [`PrivatePcscd::start`] therefore starts another one:
//!
//! - its clients' **socket** is bound here, in a temporary folder, and passed to it the way systemd
//!   would; clients find it by the environment variable in [`PrivatePcscd::environment`];
//! - its **reader** is one vpcd entry on a [`PortPair`]. One only: vpcd files its connections by
//!   slot number, and a second entry in the same pcscd deadlocks it. Or it is what a [`Driver`] of
//!   the caller's choice drives;
//! - its **/run** is a file system of its own, in a mount namespace, because a pcscd removes
//!   `/run/pcscd/pcscd.pid` when it ends, even if that is another one's. Where no namespace may be
//!   made it shares the machine's, unless another pcscd is there;
//! - its **life** hangs on a pipe whose other end this process holds. However this process ends,
//!   the kernel closes that end, and the script `pcscd/supervise.sh` ends pcscd and removes the
//!   folder. (A parent-death signal would not do: it follows the *thread* that started the child.)

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::ports::PortPair;
use isolation::Isolation;

mod error;
mod isolation;
mod ready;
mod restart;

pub use error::PcscdError;
pub use restart::Readers;

const SUPERVISE: &str = include_str!("pcscd/supervise.sh");

// What is in its folder.
const CONFIGURATION: &str = "readers";
const SOCKET: &str = "socket";
const LOG: &str = "log";

/// How long a pcscd may take until it serves. It takes a fraction of a second.
const START_LIMIT: Duration = Duration::from_secs(10);

/// How long a pcscd may take to end. The script kills it after three seconds.
const STOP_LIMIT: Duration = Duration::from_secs(5);

const POLL: Duration = Duration::from_millis(2);

/// The longest temporary folder in which our socket's path stays below the 108 bytes of a unix
/// socket's address.
const TEMPORARY_FOLDER_LENGTH_MAX: usize = 70;

/// A reader's driver other than vpcd, and what it is to drive.
#[derive(Clone, Debug)]
pub struct Driver {
    /// What the reader is called.
    pub name: String,
    /// The library, an IFD handler.
    pub library: PathBuf,
    /// What it is told to drive, its `DEVICENAME`. pcscd wants a file of that name to exist.
    pub device: PathBuf,
}

/// A running pcscd with two empty vpcd slots, or with the reader of a [`Driver`]. Dropping it ends it.
#[derive(Debug)]
pub struct PrivatePcscd {
    supervisor: Child,
    socket: PathBuf,
    /// Open from the start, because the script removes the file when pcscd ends.
    log: File,
    // Dropped after the supervisor was ended, and the ports after everything that uses them.
    folder: TempDir,
    /// None without vpcd.
    ports: Option<PortPair>,
}

impl PrivatePcscd {
    /// Starts a pcscd and returns when it answers clients and its driver listens for cards, at most
    /// after ten seconds.
    ///
    /// # Errors
    /// A program or the driver is not installed, the machine allows no private `/run` and has a
    /// pcscd in the shared one, or pcscd ended or did not become ready. Each says what to do.
    pub fn start() -> Result<Self, PcscdError> {
        let library = vsmartcard::driver::find_library()?;
        let ports = PortPair::reserve().map_err(PcscdError::Ports)?;
        let entry = vpcd_entry(&library, ports.first());
        Self::start_in(|_| Ok(entry), Some(ports))
    }

    /// Starts a pcscd with another reader than vpcd's, and returns when it answers clients.
    ///
    /// # Errors
    /// As [`PrivatePcscd::start`]. That the driver does not work is told by [`PrivatePcscd::log`].
    pub fn start_with(driver: &Driver) -> Result<Self, PcscdError> {
        Self::start_in(|_| Ok(driver.entry()), None)
    }

    /// The same with several readers.
    ///
    /// # Errors
    /// As [`PrivatePcscd::start_with`].
    pub fn start_with_all(drivers: &[Driver]) -> Result<Self, PcscdError> {
        let entries: Vec<String> = drivers.iter().map(Driver::entry).collect();
        Self::start_in(|_| Ok(entries.join("\n")), None)
    }

    /// The same with a driver whose files `prepare` puts into the daemon's own folder, with which they
    /// go away.
    ///
    /// # Errors
    /// As [`PrivatePcscd::start`], or they cannot be written.
    pub fn start_prepared(
        prepare: impl FnOnce(&Path) -> io::Result<Driver>,
    ) -> Result<Self, PcscdError> {
        Self::start_in(|folder| Ok(prepare(folder)?.entry()), None)
    }

    fn start_in(
        entry: impl FnOnce(&Path) -> io::Result<String>,
        ports: Option<PortPair>,
    ) -> Result<Self, PcscdError> {
        let folder = temporary_folder("cns-pcscd-").map_err(PcscdError::Folder)?;
        let entry = entry(folder.path()).map_err(PcscdError::Folder)?;
        write_configuration(&folder.path().join(CONFIGURATION), &entry)
            .map_err(PcscdError::Folder)?;
        let mut started = Self {
            supervisor: spawn(folder.path())?,
            socket: folder.path().join(SOCKET),
            log: File::open(folder.path().join(LOG)).map_err(PcscdError::Folder)?,
            folder,
            ports,
        };
        started.wait_until_ready(Readers::AsBefore)?;
        Ok(started)
    }

    /// Where a card connects to enter the first slot, the reader `Virtual PCD 00 00`.
    ///
    /// # Panics
    /// This pcscd was started with another driver than vpcd.
    #[must_use]
    pub fn reader_address(&self) -> SocketAddr {
        let ports = self.ports.as_ref();
        let first = ports.expect("only vpcd has an address").first();
        SocketAddr::from((Ipv4Addr::LOCALHOST, first))
    }

    /// The environment variable, and its value, by which PC/SC clients find this pcscd.
    #[must_use]
    pub fn environment(&self) -> (&'static str, &Path) {
        ("PCSCLITE_CSOCK_NAME", &self.socket)
    }

    /// The folder that goes away when this pcscd does, however that happens.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What pcscd and its driver have written so far.
    #[must_use]
    pub fn log(&self) -> String {
        let mut log = Vec::new();
        let mut file = &self.log;
        // It is a diagnosis: what cannot be read is not worth an error of its own.
        let _ = file.rewind().and_then(|()| file.read_to_end(&mut log));
        String::from_utf8_lossy(&log).into_owned()
    }

    fn wait_until_ready(&mut self, readers: Readers) -> Result<(), PcscdError> {
        let deadline = Instant::now() + START_LIMIT;
        let ports: Vec<u16> = match (readers, &self.ports) {
            (Readers::AsBefore, Some(ports)) => vec![ports.first(), ports.first() + 1],
            _ => Vec::new(),
        };
        loop {
            if let Some(status) = self.ended() {
                return Err(PcscdError::Ended {
                    status,
                    log: last_lines(&self.log()),
                });
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(PcscdError::NotReady {
                    limit: START_LIMIT,
                    log: last_lines(&self.log()),
                });
            }
            if ready::answers_clients(&self.socket, left) && ready::all_listen(&ports) {
                return Ok(());
            }
            thread::sleep(POLL);
        }
    }

    fn ended(&mut self) -> Option<ExitStatus> {
        self.supervisor.try_wait().ok().flatten()
    }
}

impl Drop for PrivatePcscd {
    fn drop(&mut self) {
        self.end();
    }
}

impl PrivatePcscd {
    fn end(&mut self) {
        drop(self.supervisor.stdin.take()); // cuts the lifeline
        let deadline = Instant::now() + STOP_LIMIT;
        while self.ended().is_none() {
            if deadline <= Instant::now() {
                kill_group(&mut self.supervisor);
                return;
            }
            thread::sleep(POLL);
        }
    }
}

/// Starts a pcscd that lives in this folder, with the readers that are configured there.
fn spawn(folder: &Path) -> Result<Child, PcscdError> {
    let isolation = Isolation::available()?;
    let pcscd = isolation::find_program("pcscd", "pcscd")?;
    let listener = UnixListener::bind(folder.join(SOCKET)).map_err(PcscdError::Folder)?;
    let log_end = File::options()
        .create(true)
        .append(true)
        .open(folder.join(LOG))
        .map_err(PcscdError::Folder)?;
    isolation
        .command()
        .args(["sh", "-c", SUPERVISE, "sh", isolation.run_argument()])
        .arg(folder)
        .arg(&pcscd)
        .arg("--foreground")
        .arg("--config")
        .arg(folder.join(CONFIGURATION))
        .args(polkit_option(&pcscd))
        .stdin(Stdio::piped())
        .stdout(OwnedFd::from(listener))
        .stderr(log_end)
        // A terminal's interrupt is for us; pcscd follows when we have gone.
        .process_group(0)
        .spawn()
        .map_err(PcscdError::Spawn)
}

/// The last resort: ends the script and all that it started.
fn kill_group(leader: &mut Child) {
    let _ = Command::new("sh")
        .args([
            "-c",
            "kill -s KILL -- \"-$1\"",
            "sh",
            &leader.id().to_string(),
        ])
        .stderr(Stdio::null())
        .status();
    let _ = leader.kill();
    let _ = leader.wait();
}

/// A folder whose path is absolute, short enough for sockets in it, and seen by pcscd, too.
pub(crate) fn temporary_folder(prefix: &str) -> io::Result<TempDir> {
    let preferred = std::path::absolute(std::env::temp_dir())?;
    let too_long = TEMPORARY_FOLDER_LENGTH_MAX < preferred.as_os_str().len();
    // pcscd gets an empty /run of its own.
    let hidden = fs::canonicalize(&preferred)?.starts_with("/run");
    let parent = if too_long || hidden {
        Path::new("/tmp")
    } else {
        &preferred
    };
    tempfile::Builder::new().prefix(prefix).tempdir_in(parent)
}

/// Writes what pcscd reads: every file in the folder, each in the format of `reader.conf(5)`.
fn write_configuration(folder: &Path, entry: &str) -> io::Result<()> {
    fs::create_dir(folder)?;
    fs::write(folder.join("reader"), entry)
}

fn vpcd_entry(library: &Path, port: u16) -> String {
    format!(
        "FRIENDLYNAME \"Virtual PCD\"\n\
         DEVICENAME /dev/null:0x{port:04X}\n\
         LIBPATH {}\n\
         CHANNELID 0x{port:04X}\n",
        library.display(),
    )
}

impl Driver {
    /// The entry for it in the format of `reader.conf(5)`.
    #[must_use]
    pub fn entry(&self) -> String {
        format!(
            "FRIENDLYNAME \"{}\"\n\
             DEVICENAME {}\n\
             LIBPATH {}\n\
             CHANNELID 0\n",
            self.name,
            self.device.display(),
            self.library.display(),
        )
    }
}

/// A pcscd built with polkit asks it about every client. In a private /run there is no polkit to
/// ask, and all clients would be refused; only such a pcscd has an option against it.
fn polkit_option(pcscd: &Path) -> Option<&'static str> {
    const OPTION: &str = "--disable-polkit";
    let help = Command::new(pcscd)
        .arg("--help")
        .stdin(Stdio::null())
        .output()
        .ok()?;
    String::from_utf8_lossy(&help.stdout)
        .contains(OPTION)
        .then_some(OPTION)
}

/// The end of a log, as much of it as belongs in an error message.
fn last_lines(log: &str) -> String {
    const LINES: usize = 12;
    let lines: Vec<&str> = log.lines().collect();
    lines
        .iter()
        .skip(lines.len().saturating_sub(LINES))
        .map(|line| format!("\n  {line}"))
        .collect()
}
