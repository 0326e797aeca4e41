//! A connection between a client and its host.
//!
//! ```text
//! frame = length, 4 bytes little-endian | Request or Reply in postcard's format
//! ```
//! An exchange is one write and one read on either side, and who waits stays [`Awake`] for a moment.

use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Instant;

use cns_reader::Awake;
use serde::{Deserialize, Serialize};

/// The longest frame: an extended APDU and what goes with it.
const FRAME_MAX: usize = 128 * 1024;

/// The length of the length.
const HEAD: usize = 4;

/// How much is read at a time, in bytes; most frames are shorter.
const CHUNK: usize = 4096;

/// A connection, which one thread at a time uses.
pub struct Channel {
    stream: UnixStream,
    outgoing: Vec<u8>,
    /// What has come in is in front, `filled` bytes.
    incoming: Vec<u8>,
    filled: usize,
    awake: Awake,
}

impl Channel {
    /// A connection over this stream.
    pub fn over(stream: UnixStream) -> Self {
        Self {
            stream,
            outgoing: Vec::new(),
            incoming: vec![0; CHUNK],
            filled: 0,
            awake: Awake::default(),
        }
    }

    /// The stream under it.
    pub fn stream(&self) -> &UnixStream {
        &self.stream
    }

    /// Sends a frame, in one write.
    pub fn send<T: Serialize>(&mut self, message: &T) -> io::Result<()> {
        self.outgoing.clear();
        self.outgoing.extend([0; HEAD]);
        let mut frame = std::mem::take(&mut self.outgoing);
        frame = postcard::to_extend(message, frame).map_err(io::Error::other)?;
        let length = u32::try_from(frame.len() - HEAD).map_err(io::Error::other)?;
        if let Some(head) = frame.first_chunk_mut::<HEAD>() {
            *head = length.to_le_bytes();
        }
        self.outgoing = frame;
        self.stream.write_all(&self.outgoing)
    }

    /// Receives a frame. An end between frames is an [`ErrorKind::UnexpectedEof`].
    pub fn receive<T: for<'a> Deserialize<'a>>(&mut self) -> io::Result<T> {
        let length = loop {
            if let Some(length) = self.frame_length()? {
                break length;
            }
            self.read_more()?;
        };
        let frame = self.incoming.get(HEAD..length).unwrap_or_default();
        let message = postcard::from_bytes(frame).map_err(io::Error::other);
        // One request follows a reply and one reply a request, so that nothing is left, as a rule.
        self.incoming.copy_within(length..self.filled, 0);
        self.filled -= length;
        message
    }

    /// How long the frame in front is, its head and all, once it is whole.
    fn frame_length(&mut self) -> io::Result<Option<usize>> {
        let filled = self.incoming.get(..self.filled).unwrap_or_default();
        let Some(head) = filled.first_chunk::<HEAD>() else {
            return Ok(None);
        };
        let length = usize::try_from(u32::from_le_bytes(*head)).map_err(io::Error::other)?;
        if FRAME_MAX < length {
            return Err(io::Error::other("a frame longer than any message"));
        }
        let whole = HEAD + length;
        if self.incoming.len() < whole {
            self.incoming.resize(whole, 0);
        }
        Ok((whole <= self.filled).then_some(whole))
    }

    fn read_more(&mut self) -> io::Result<()> {
        let space = self.incoming.get_mut(self.filled..).unwrap_or_default();
        let length = match self.awake.look(&self.stream, space)? {
            Some(length) => length,
            None => {
                let start = Instant::now();
                let length = read(&mut self.stream, space)?;
                self.awake.slept(start.elapsed());
                length
            }
        };
        if length == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.filled += length;
        Ok(())
    }
}

fn read(stream: &mut UnixStream, space: &mut [u8]) -> io::Result<usize> {
    loop {
        match stream.read(space) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use std::thread;

    use super::*;

    fn pair() -> (Channel, UnixStream) {
        let (here, there) = UnixStream::pair().unwrap();
        (Channel::over(here), there)
    }

    /// Two short ones and a long one.
    fn frames() -> Vec<u8> {
        let (mut sender, mut wire) = pair();
        for message in ["one", "two"] {
            sender.send(&message).unwrap();
        }
        sender.send(&vec![0xA5_u8; 70_000]).unwrap();
        drop(sender);
        let mut bytes = Vec::new();
        wire.read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn frames_come_whole_however_they_are_cut() {
        let bytes = frames();
        for size in [1, 3, 7, 4096, 100_000] {
            let (mut receiver, mut wire) = pair();
            thread::scope(|scope| {
                let bytes = &bytes;
                scope.spawn(move || {
                    for piece in bytes.chunks(size) {
                        wire.write_all(piece).unwrap();
                    }
                });
                assert_eq!(receiver.receive::<String>().unwrap(), "one", "{size}");
                assert_eq!(receiver.receive::<String>().unwrap(), "two", "{size}");
                let long = receiver.receive::<Vec<u8>>().unwrap();
                assert_eq!(long.len(), 70_000, "{size}");
                let end = receiver.receive::<String>().unwrap_err();
                assert_eq!(end.kind(), ErrorKind::UnexpectedEof, "{size}");
            });
        }
    }

    #[test]
    fn a_frame_that_is_longer_than_any_message_is_refused() {
        let (mut receiver, mut wire) = pair();
        wire.write_all(&[0xFF; 8]).unwrap();
        let error = receiver.receive::<String>().unwrap_err();
        assert_eq!(error.to_string(), "a frame longer than any message");
    }
}
