//! The transport to a reader that listens at a unix socket: the driver of the crate `cns-ifd`. The
//! protocol is vpcd's, see the crate `vsmartcard`.

use std::fs;
use std::io::{self, ErrorKind, Read, Write};
use std::net::Shutdown;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use vsmartcard::wire::FrameBuffer;

use crate::contacts::Contacts;
use crate::journal::Journal;
use crate::vpcd::respond;

/// A connection to a reader's slot, before and while a card is in it.
#[derive(Debug)]
pub struct UnixSlot {
    stream: UnixStream,
}

/// Takes a card out of its slot, from any thread.
#[derive(Debug)]
pub struct UnixRemoval(UnixStream);

/// Why a card cannot be in its slot.
#[derive(Debug, thiserror::Error)]
pub enum UnixSlotError {
    /// Nobody listens there.
    #[error(
        "no reader at {path}: {source}\nhint: is pcscd running, with the driver of `cns reader install` in it?"
    )]
    NoReader {
        /// The socket.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The reader closed the connection before it said anything.
    #[error("the reader takes no card: there is one in this slot already, or pcscd has ended")]
    Refused,
    /// The connection failed.
    #[error("the connection to the reader failed: {0}")]
    Lost(#[source] io::Error),
}

impl UnixSlot {
    /// Goes to the reader's slot at this socket.
    pub fn at(path: &Path) -> Result<Self, UnixSlotError> {
        UnixStream::connect(path)
            .map(|stream| Self { stream })
            .map_err(|source| UnixSlotError::NoReader {
                path: path.to_owned(),
                source,
            })
    }

    /// What takes the card out again.
    pub fn removal(&self) -> Result<UnixRemoval, UnixSlotError> {
        let stream = self.stream.try_clone().map_err(UnixSlotError::Lost)?;
        Ok(UnixRemoval(stream))
    }

    /// Keeps the card in the slot until it is removed, or the reader goes away.
    pub fn hold(
        mut self,
        card: &mut (impl Contacts + ?Sized),
        journal: &Journal,
    ) -> Result<(), UnixSlotError> {
        let held = self.answer(card, journal);
        card.power_off();
        journal.set_inserted(false);
        held
    }

    fn answer(
        &mut self,
        card: &mut (impl Contacts + ?Sized),
        journal: &Journal,
    ) -> Result<(), UnixSlotError> {
        let mut frames = FrameBuffer::new();
        let mut chunk = vec![0; 4096];
        let mut response = Vec::new();
        let mut answer = Vec::new();
        let mut was_greeted = false;
        loop {
            let length = match self.stream.read(&mut chunk) {
                Ok(0) if !was_greeted => return Err(UnixSlotError::Refused),
                Ok(0) => return Ok(()),
                Ok(length) => length,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => return Err(UnixSlotError::Lost(error)),
            };
            if !was_greeted {
                was_greeted = true;
                journal.set_inserted(true);
            }
            frames.push(chunk.get(..length).unwrap_or_default());
            while let Some(message) = frames.next_message() {
                answer.clear();
                respond(message, card, journal, &mut response, &mut answer);
                self.stream
                    .write_all(&answer)
                    .map_err(UnixSlotError::Lost)?;
            }
        }
    }
}

impl UnixRemoval {
    /// Takes the card out.
    pub fn remove(self) {
        // One that has gone already is out.
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

/// Listens at a socket. One that a dead process has left is replaced; one that somebody listens at, and
/// what is no socket, is not touched.
pub fn listen(path: &Path) -> io::Result<UnixListener> {
    match UnixListener::bind(path) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {}
        bound => return bound,
    }
    if !fs::symlink_metadata(path)?.file_type().is_socket() {
        return Err(io::Error::other("something else than a socket is there"));
    }
    match UnixStream::connect(path) {
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => {
            fs::remove_file(path)?;
            UnixListener::bind(path)
        }
        _ => Err(io::Error::other("somebody else listens there")),
    }
}
