//! What stands between clients and the card: a choice.

use std::fmt;
use std::str::FromStr;

use crate::packages::locate;

/// What clients reach the card by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReaderKind {
    /// A pcscd of one's own with vsmartcard's driver, as distributions ship them.
    Vpcd,
    /// A pcscd of one's own with our driver.
    Ifd,
    /// No pcscd: our library in the place of libpcsclite, and a socket.
    Daemonless,
    /// [`ReaderKind::Ifd`] with a pinpad. Not every client works with one.
    Pinpad,
}

/// What was said is none.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("there is no reader {0:?}\nhint: vpcd, ifd or daemonless")]
pub struct UnknownReaderKind(String);

impl ReaderKind {
    /// Those that all clients work with, as if they were one.
    pub const ALL: [Self; 3] = [Self::Vpcd, Self::Ifd, Self::Daemonless];

    /// What this machine has: pcscd and vpcd if they are installed, else what needs no package.
    pub fn of_this_machine() -> Self {
        let needed = ["pcscd", "libifdvpcd.so", "unshare"];
        match needed.iter().all(|name| locate(name).is_ok()) {
            true => Self::Vpcd,
            false => Self::Daemonless,
        }
    }

    /// The reader's name and what it is behind, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Vpcd => "Virtual PCD 00 00, behind a pcscd of this demo's own",
            Self::Ifd => "CNS Virtual Reader 00 00, our driver behind a pcscd of this demo's own",
            Self::Pinpad => {
                "CNS Virtual Reader 00 00, our driver with a pinpad behind a pcscd of this demo's own"
            }
            Self::Daemonless => "CNS Virtual Reader 00 00, without pcscd",
        }
    }
}

impl fmt::Display for ReaderKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Vpcd => "vpcd",
            Self::Ifd => "ifd",
            Self::Pinpad => "pinpad",
            Self::Daemonless => "daemonless",
        })
    }
}

impl FromStr for ReaderKind {
    type Err = UnknownReaderKind;

    fn from_str(text: &str) -> Result<Self, UnknownReaderKind> {
        Self::ALL
            .into_iter()
            .find(|kind| kind.to_string() == text)
            .ok_or_else(|| UnknownReaderKind(text.to_owned()))
    }
}
