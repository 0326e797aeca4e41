//! Where a reader takes its cards: a port of vpcd's, or a unix socket of our own driver's.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use crate::slot::EMPTY_MIN;

/// The first slot of vpcd as distributions install it.
const VPCD_PORT: u16 = 0x8C7B;

/// The first slot of our own driver as `cns reader install --system` installs it.
pub const IFD_SOCKET: &str = "/run/cns/slot-0";

/// Where a card goes to enter a reader.
///
/// ```
/// use cns_reader::Address;
///
/// let vpcd: Address = "vpcd".parse()?;
/// assert_eq!(vpcd.to_string(), "127.0.0.1:35963");
/// let own: Address = "unix:/tmp/cns/slot-0".parse()?;
/// assert_eq!(own.to_string(), "unix:/tmp/cns/slot-0");
/// # Ok::<(), cns_reader::address::AddressError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Address {
    /// vpcd listens at a port.
    Port(SocketAddr),
    /// Our own driver, or a host of PC/SC without a daemon, listens at a unix socket.
    Socket(PathBuf),
}

/// What was said is no address of a reader.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "{0:?} is no reader\nhint: vpcd, ifd, an address with its port (127.0.0.1:35963) or unix:PATH"
)]
pub struct AddressError(String);

impl Address {
    /// How long a card stays out at least, so that the reader sees it go. vpcd looks every 400 ms;
    /// to the others each coming and going is an event.
    pub(crate) fn empty_min(&self) -> Duration {
        match self {
            Self::Port(_) => EMPTY_MIN,
            Self::Socket(_) => Duration::ZERO,
        }
    }

    /// What to do when nobody is there.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Port(_) => {
                "is pcscd running, with vpcd installed (package vsmartcard-vpcd)? `cns doctor` tells; \
                 `cns demo --keep` brings a pcscd of its own"
            }
            Self::Socket(_) => {
                "is pcscd running, with the driver of `cns reader install`? `cns reader run` brings \
                 a pcscd of its own"
            }
        }
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        match (text, text.strip_prefix("unix:")) {
            ("vpcd", _) => Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, VPCD_PORT)).into()),
            ("ifd", _) => Ok(PathBuf::from(IFD_SOCKET).into()),
            (_, Some(path)) if !path.is_empty() => Ok(PathBuf::from(path).into()),
            _ => text
                .parse()
                .map(Self::Port)
                .map_err(|_| AddressError(text.to_owned())),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port(address) => address.fmt(f),
            Self::Socket(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        Self::Port(address)
    }
}

impl From<PathBuf> for Address {
    fn from(path: PathBuf) -> Self {
        Self::Socket(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_are_named_as_people_type_them() {
        let shown = |text: &str| text.parse().map(|address: Address| address.to_string());
        assert_eq!(shown("vpcd").as_deref(), Ok("127.0.0.1:35963"));
        assert_eq!(shown("ifd").as_deref(), Ok("unix:/run/cns/slot-0"));
        assert_eq!(shown("unix:slot").as_deref(), Ok("unix:slot"));
        assert_eq!(shown("[::1]:4000").as_deref(), Ok("[::1]:4000"));
        for wrong in ["", "unix:", "localhost", "127.0.0.1", "/run/slot"] {
            let error = shown(wrong).expect_err(wrong).to_string();
            assert!(error.contains("\nhint: vpcd, ifd,"), "{error}");
        }
    }
}
