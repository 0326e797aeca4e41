//! Where an operation is done: from the bare engine up to an application.

mod client;
mod in_process;
mod login;
mod seat;
mod socket;
mod stage;

pub(crate) mod readers;
pub(crate) mod tokens;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::BenchError;
use crate::load::{Worker, measured};
use crate::measurement::Summary;
use crate::operation::Operation;
use crate::task::{Again, Task};

pub(crate) use in_process::InProcess;
pub use stage::Stage;

/// Where an operation is done.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// OpenSSL's raw RSA operation, without a card.
    Engine,
    /// The card, in this process.
    InProcess,
    /// The card behind a unix socket, on another thread.
    Socket,
    /// SCardTransmit without a daemon, the card in the client's process.
    Daemonless,
    /// The same, the card in another process behind a unix socket.
    DaemonlessShared,
    /// SCardTransmit through pcscd, the card in our own driver.
    Ifd,
    /// SCardTransmit through pcscd and the distribution's vpcd.
    Vpcd,
    /// C_Sign of OpenSC without a daemon.
    Pkcs11Daemonless,
    /// C_Sign of OpenSC through pcscd and our own driver.
    Pkcs11Ifd,
    /// C_Sign of OpenSC through pcscd and the distribution's vpcd.
    Pkcs11Vpcd,
}

impl Layer {
    /// All of them, lowest first.
    pub const ALL: [Self; 10] = [
        Self::Engine,
        Self::InProcess,
        Self::Socket,
        Self::Daemonless,
        Self::DaemonlessShared,
        Self::Ifd,
        Self::Vpcd,
        Self::Pkcs11Daemonless,
        Self::Pkcs11Ifd,
        Self::Pkcs11Vpcd,
    ];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::InProcess => "in-process",
            Self::Socket => "socket",
            Self::Daemonless => "daemonless",
            Self::DaemonlessShared => "daemonless-shared",
            Self::Ifd => "ifd",
            Self::Vpcd => "vpcd",
            Self::Pkcs11Daemonless => "pkcs11-daemonless",
            Self::Pkcs11Ifd => "pkcs11-ifd",
            Self::Pkcs11Vpcd => "pkcs11-vpcd",
        }
    }

    /// What it is, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Engine => "OpenSSL's RSA, no card",
            Self::InProcess => "the card in this process",
            Self::Socket => "the card behind a unix socket",
            Self::Daemonless => "SCardTransmit, no daemon",
            Self::DaemonlessShared => "SCardTransmit, no daemon, shared",
            Self::Ifd => "SCardTransmit, pcscd, our driver",
            Self::Vpcd => "SCardTransmit, pcscd, vpcd",
            Self::Pkcs11Daemonless => "C_Sign of OpenSC, no daemon",
            Self::Pkcs11Ifd => "C_Sign of OpenSC, pcscd, our driver",
            Self::Pkcs11Vpcd => "C_Sign of OpenSC, pcscd, vpcd",
        }
    }

    /// Whether the operation can be done there.
    pub fn does(self, operation: Operation) -> bool {
        match self {
            Self::Engine | Self::Pkcs11Daemonless | Self::Pkcs11Ifd | Self::Pkcs11Vpcd => {
                operation.signs()
            }
            _ => true,
        }
    }

    /// The layer that it stands on: what it adds to that one is its own cost.
    pub const fn below(self) -> Option<Self> {
        match self {
            Self::Engine => None,
            Self::InProcess => Some(Self::Engine),
            Self::Socket | Self::Daemonless => Some(Self::InProcess),
            Self::DaemonlessShared | Self::Ifd | Self::Vpcd => Some(Self::Socket),
            Self::Pkcs11Daemonless => Some(Self::Daemonless),
            Self::Pkcs11Ifd => Some(Self::Ifd),
            Self::Pkcs11Vpcd => Some(Self::Vpcd),
        }
    }

    /// Measures. `again` starts this program as `cns bench worker` with these arguments.
    pub fn measure(self, task: &Task, again: Again<'_>) -> Result<Summary, BenchError> {
        match self {
            Self::Engine | Self::InProcess | Self::Socket => {
                measured(self.workers(task)?, task.load)
            }
            _ => client::measure(self, task, again),
        }
    }

    /// Those who do the task's operation on this layer, one for each card. Cards behind readers are those
    /// that this process finds by its environment, see [`Stage`].
    pub fn workers(self, task: &Task) -> Result<Vec<Box<dyn Worker>>, BenchError> {
        match self {
            Self::Engine => in_process::engines(task),
            Self::InProcess => in_process::cards(task),
            Self::Socket => socket::cards(task),
            Self::Daemonless | Self::DaemonlessShared | Self::Ifd | Self::Vpcd => {
                readers::of_own_cards(self, task)
            }
            Self::Pkcs11Daemonless | Self::Pkcs11Ifd | Self::Pkcs11Vpcd => {
                tokens::of_own_cards(task)
            }
        }
    }

    /// Whether a signature is one extended command there: where the reader announces that it takes
    /// them.
    fn takes_extended(self) -> bool {
        !matches!(self, Self::Vpcd | Self::Pkcs11Vpcd)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Layer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names: Vec<&str> = Self::ALL.map(Self::name).to_vec();
        Self::ALL
            .into_iter()
            .find(|layer| layer.name() == text)
            .ok_or_else(|| format!("`{text}` is no layer: {}", names.join(", ")))
    }
}
