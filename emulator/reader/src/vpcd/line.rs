//! The bytes between a card and its reader, over TCP or a unix socket.

use std::io;
use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use crate::address::Address;
use crate::awake::Awake;

pub(super) struct Line {
    stream: Stream,
    awake: Awake,
}

enum Stream {
    Port(TcpStream),
    Socket(UnixStream),
}

impl Line {
    pub(super) async fn to(address: &Address) -> io::Result<Self> {
        let stream = match address {
            Address::Port(address) => TcpStream::connect(address).await.map(Stream::Port),
            Address::Socket(path) => UnixStream::connect(path).await.map(Stream::Socket),
        };
        Ok(Self {
            stream: stream?,
            awake: Awake::default(),
        })
    }

    /// Reads; returns how many bytes, 0 at the end.
    pub(super) async fn read(&mut self, chunk: &mut [u8]) -> io::Result<usize> {
        let looked = match &self.stream {
            Stream::Port(stream) => {
                // The kernel forgets it after some packets.
                stream.set_quickack(true)?;
                self.awake.look(stream, chunk)?
            }
            Stream::Socket(stream) => self.awake.look(stream, chunk)?,
        };
        if let Some(length) = looked {
            return Ok(length);
        }
        let start = Instant::now();
        let length = match &mut self.stream {
            Stream::Port(stream) => stream.read(chunk).await,
            Stream::Socket(stream) => stream.read(chunk).await,
        }?;
        self.awake.slept(start.elapsed());
        Ok(length)
    }

    pub(super) async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.stream {
            Stream::Port(stream) => stream.write_all(bytes).await,
            Stream::Socket(stream) => stream.write_all(bytes).await,
        }
    }
}
