//! The bytes between a card and its reader, over TCP or a unix socket.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use crate::address::Address;

pub(super) enum Line {
    Port(TcpStream),
    Socket(UnixStream),
}

impl Line {
    pub(super) async fn to(address: &Address) -> io::Result<Self> {
        match address {
            Address::Port(address) => TcpStream::connect(address).await.map(Self::Port),
            Address::Socket(path) => UnixStream::connect(path).await.map(Self::Socket),
        }
    }

    /// Reads; returns how many bytes, 0 at the end.
    pub(super) async fn read(&mut self, chunk: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Port(stream) => {
                // The kernel forgets it after some packets.
                stream.set_quickack(true)?;
                stream.read(chunk).await
            }
            Self::Socket(stream) => stream.read(chunk).await,
        }
    }

    pub(super) async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Port(stream) => stream.write_all(bytes).await,
            Self::Socket(stream) => stream.write_all(bytes).await,
        }
    }
}
