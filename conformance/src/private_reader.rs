//! This program again, as a client of a PC/SC of its own.
//!
//! libpcsclite asks the environment once for its pcscd, before its first call, and the dynamic linker
//! asks it once for libpcsclite; a program may not change its own environment while threads read it. So
//! whoever needs a private PC/SC *in this process*, because a PKCS#11 module or libpcsclite itself is
//! loaded here, starts over:
//!
//! ```text
//! cns, or a test                      the same program, the same arguments
//! ┌──────────────────────┐            ┌───────────────────────────────────┐
//! │ Place::of_this_process│  no ──────►│ yes: the door of an empty reader   │
//! │ start_over           │  spawns    │ a card goes in, clients are loaded │
//! │ holds pcscd, waits   │◄────────── │ exit status                        │
//! └──────────────────────┘            └───────────────────────────────────┘
//! ```

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};
use std::time::Duration;

use cns_pcsc::library::ClientFolder;
use cns_reader::{Driver, PcscdError, PrivatePcscd};
use tempfile::TempDir;

/// Where the second run finds its reader: kind and door, such as `vpcd:127.0.0.1:40123`.
const READER: &str = "CNS_PRIVATE_READER";

/// How long our own driver waits for a card's answer, so that a mute card is found out by the reader
/// before the suite gives the reader up.
const CARD_SILENCE_MAX: Duration = Duration::from_secs(6);

/// By what a card gets to PC/SC.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Way {
    /// A stock pcscd with vsmartcard's driver.
    Vpcd,
    /// A stock pcscd with our own driver, `cns-ifd`.
    Ifd,
    /// Our own library in the place of libpcsclite, `cns-pcsc`, and no pcscd.
    Daemonless,
}

/// Where a card enters the reader of a private PC/SC.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Door {
    /// vpcd listens here.
    Vpcd(SocketAddr),
    /// Our own driver has a slot at this unix socket.
    Ifd(PathBuf),
    /// Clients of this process look for a host at this unix socket: whoever has the card is the host.
    Daemonless(PathBuf),
}

/// A process whose PC/SC is its own, with one empty reader.
#[derive(Clone, Debug)]
pub struct Place {
    /// Where a card enters the reader.
    pub door: Door,
}

/// Why the program could not start over.
#[derive(Debug, thiserror::Error)]
pub enum StartOverError {
    /// No pcscd of one's own.
    #[error(transparent)]
    Pcscd(#[from] PcscdError),
    /// A library of ours was not built.
    #[error(transparent)]
    Library(#[from] cns_reader::library::NotFound),
    /// The program could not be run again.
    #[error("this program could not be run again beside its own PC/SC: {0}")]
    Spawn(#[from] io::Error),
}

impl Place {
    /// The place, if this process has been started at one.
    pub fn of_this_process() -> Option<Self> {
        let said = std::env::var(READER).ok()?;
        let (way, door) = said.split_once(':')?;
        let door = match way {
            "vpcd" => Door::Vpcd(door.parse().ok()?),
            "ifd" => Door::Ifd(door.into()),
            "daemonless" => Door::Daemonless(door.into()),
            _ => return None,
        };
        Some(Self { door })
    }
}

impl Door {
    /// By what a card behind it gets to PC/SC.
    pub fn way(&self) -> Way {
        match self {
            Self::Vpcd(_) => Way::Vpcd,
            Self::Ifd(_) => Way::Ifd,
            Self::Daemonless(_) => Way::Daemonless,
        }
    }

    /// As [`Place::of_this_process`] reads it.
    fn said(&self) -> OsString {
        let mut said = OsString::from(self.way().name());
        said.push(":");
        match self {
            Self::Vpcd(address) => said.push(address.to_string()),
            Self::Ifd(path) | Self::Daemonless(path) => said.push(path),
        }
        said
    }
}

impl Way {
    /// What the target is called whose card goes this way.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vpcd => "vpcd",
            Self::Ifd => "ifd",
            Self::Daemonless => "daemonless",
        }
    }
}

/// Runs this program with `arguments` at a place of its own, to its end. `environment` is added to
/// what it inherits: `OPENSC_CONF` for one.
///
/// # Errors
/// pcscd does not start, a library of ours was not built, or the program cannot be found again.
pub fn start_over<A: AsRef<OsStr>>(
    way: Way,
    arguments: impl IntoIterator<Item = A>,
    environment: impl IntoIterator<Item = (&'static str, OsString)>,
) -> Result<ExitStatus, StartOverError> {
    let program = std::env::current_exe()?;
    let folder = tempfile::Builder::new().prefix("cns-place-").tempdir()?;
    let stand = Stand::set_up(way, &program, &folder)?;
    let status = Command::new(program)
        .args(arguments)
        .envs(environment)
        .envs(stand.environment)
        .env(READER, stand.door.said())
        .status()?;
    Ok(status)
}

/// A private PC/SC, for as long as this lives.
struct Stand {
    door: Door,
    /// How clients find it.
    environment: Vec<(&'static str, OsString)>,
    _pcscd: Option<PrivatePcscd>,
}

impl Stand {
    fn set_up(way: Way, program: &Path, folder: &TempDir) -> Result<Self, StartOverError> {
        match way {
            Way::Vpcd => {
                let pcscd = PrivatePcscd::start()?;
                Ok(Self::of(Door::Vpcd(pcscd.reader_address()), pcscd))
            }
            Way::Ifd => {
                let device = folder.path().join("reader.toml");
                let silence_max_ms = CARD_SILENCE_MAX.as_millis();
                let text =
                    format!("silence_max_ms = {silence_max_ms}\n[[slot]]\nsocket = 'slot'\n");
                fs::write(&device, text)?;
                let pcscd = PrivatePcscd::start_with(&Driver {
                    name: "CNS".to_owned(),
                    library: cns_ifd::library::beside(program)?,
                    device,
                })?;
                Ok(Self::of(Door::Ifd(folder.path().join("slot")), pcscd))
            }
            Way::Daemonless => {
                let socket = folder.path().join("host");
                let library = cns_pcsc::library::beside(program)?;
                let client = ClientFolder::furnish(&folder.path().join("client"), &library)?;
                Ok(Self {
                    environment: client.environment(&socket).to_vec(),
                    door: Door::Daemonless(socket),
                    _pcscd: None,
                })
            }
        }
    }

    fn of(door: Door, pcscd: PrivatePcscd) -> Self {
        let (variable, socket) = pcscd.environment();
        Self {
            door,
            environment: vec![(variable, socket.into())],
            _pcscd: Some(pcscd),
        }
    }
}
