//! TCP ports for virtual readers, reserved so that runs side by side never meet.

use std::io;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::ops::Range;

use ring::rand::{SecureRandom, SystemRandom};

/// Where pairs are looked for. Linux hands out ports from 32768 upwards to outgoing connections,
/// any of which could take a port between our look and the driver's; below 20000 live services.
const RANGE: Range<u16> = 20_000..32_000;

/// How many pairs are tried before giving up. One failure is rare, so a hundred mean that something
/// else is wrong.
const ATTEMPTS: usize = 100;

/// Two neighbouring TCP ports that are this process's until the value is dropped.
///
/// vpcd listens on the port it is told and on the one above. The reservation does not occupy them,
/// since the driver must: it binds the *UDP* ports of the same numbers, on the loopback interface,
/// which every other [`PortPair::reserve`] on the machine does first. The kernel ends it with the
/// process, however that ends.
#[derive(Debug)]
pub struct PortPair {
    first: u16,
    _locks: [UdpSocket; 2],
}

impl PortPair {
    /// Reserves a random pair on which nobody listens.
    ///
    /// # Errors
    /// The system gives no random bytes, or a hundred random pairs were all taken; the error is the
    /// last pair's.
    pub fn reserve() -> io::Result<Self> {
        let mut last_error = io::Error::other("no pair was tried");
        for _ in 0..ATTEMPTS {
            match Self::reserve_at(random_even_port()?) {
                Ok(pair) => return Ok(pair),
                Err(error) => last_error = error,
            }
        }
        Err(last_error)
    }

    /// The lower port. The other one is the next.
    #[must_use]
    pub fn first(&self) -> u16 {
        self.first
    }

    fn reserve_at(first: u16) -> io::Result<Self> {
        let ports = [first, first + 1];
        // The lock before the look: whoever holds it is the only one who may still start to listen.
        let locks = [lock(ports[0])?, lock(ports[1])?];
        for port in ports {
            TcpListener::bind((Ipv4Addr::UNSPECIFIED, port))?;
        }
        Ok(Self {
            first,
            _locks: locks,
        })
    }
}

fn lock(port: u16) -> io::Result<UdpSocket> {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, port))
}

/// Even, so that two pairs are the same or have no port in common.
fn random_even_port() -> io::Result<u16> {
    let mut bytes = [0; 2];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| io::Error::other("the system gives no random bytes"))?;
    let offset = u16::from_ne_bytes(bytes) % (RANGE.end - RANGE.start);
    Ok(RANGE.start + offset / 2 * 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reserved_pair_cannot_be_reserved_again_until_it_is_dropped() {
        let pair = PortPair::reserve().unwrap();
        let first = pair.first();
        assert!(RANGE.contains(&first) && first.is_multiple_of(2));
        assert_eq!(
            PortPair::reserve_at(first).unwrap_err().kind(),
            io::ErrorKind::AddrInUse
        );
        drop(pair);
        PortPair::reserve_at(first).unwrap();
    }

    #[test]
    fn a_pair_on_which_somebody_listens_is_not_reserved() {
        let pair = PortPair::reserve().unwrap();
        let first = pair.first();
        let _driver = TcpListener::bind((Ipv4Addr::UNSPECIFIED, first + 1)).unwrap();
        drop(pair);
        assert_eq!(
            PortPair::reserve_at(first).unwrap_err().kind(),
            io::ErrorKind::AddrInUse
        );
    }
}
