//! Whether a pcscd serves: seen from outside, without entering as a client or a card.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// The request for the version of pcscd's client protocol, the first that every client sends.
const COMMAND_VERSION: u32 = 0x11;

/// Its body, and its answer: major version, minor version, return code; four bytes each.
const VERSION_LENGTH: usize = 12;

/// The client protocol's version that we claim. What matters is that an answer comes: another
/// version gets one as well.
const PROTOCOL_VERSION: [u32; 2] = [4, 4];

/// Whether pcscd answers on its socket, waiting at most `limit`.
///
/// A connection proves nothing, because the socket was listening before pcscd was started. pcscd
/// takes up its clients after it has started its readers.
pub(super) fn answers_clients(socket: &Path, limit: Duration) -> bool {
    let [major, minor] = PROTOCOL_VERSION;
    // Integers in the byte order of the machine: a header of length and command, then the body.
    let request: Vec<u8> = [VERSION_LENGTH as u32, COMMAND_VERSION, major, minor, 0]
        .into_iter()
        .flat_map(u32::to_ne_bytes)
        .collect();
    UnixStream::connect(socket)
        .and_then(|mut connection| {
            connection.set_read_timeout(Some(limit))?;
            connection.write_all(&request)?;
            connection.read_exact(&mut [0; VERSION_LENGTH])
        })
        .is_ok()
}

/// Whether somebody listens on every one of these TCP ports, on any address of IP version 4.
///
/// The kernel's table is asked, because the driver would take a connection for a card.
pub(super) fn all_listen(ports: &[u16]) -> bool {
    let table = fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let listening: Vec<u16> = table.lines().filter_map(listening_port).collect();
    ports.iter().all(|port| listening.contains(port))
}

/// The local port of a line of `/proc/net/tcp` (proc(5)) that shows a listening socket:
/// `sl local_address rem_address st ...`, the address in hexadecimal, its port after a colon.
fn listening_port(line: &str) -> Option<u16> {
    const LISTEN: &str = "0A";
    let mut fields = line.split_ascii_whitespace();
    let local_address = fields.nth(1)?;
    let state = fields.nth(1)?;
    let (_, port) = local_address.split_once(':')?;
    if state == LISTEN {
        u16::from_str_radix(port, 16).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, TcpListener};

    #[test]
    fn a_listening_port_is_seen_and_a_closed_one_is_not() {
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        assert!(all_listen(&[port]));
        assert!(!all_listen(&[port, 1]), "nobody listens on port 1");
    }

    #[test]
    fn only_the_listening_state_counts() {
        let listen = "   0: 00000000:8C7B 00000000:0000 0A 00000000:00000000 00:00000000 00000000";
        let established = listen.replace(" 0A ", " 01 ");
        assert_eq!(listening_port(listen), Some(0x8C7B));
        assert_eq!(listening_port(&established), None);
        assert_eq!(
            listening_port("  sl  local_address rem_address   st tx_queue rx_queue"),
            None
        );
    }
}
