//! The transport to vpcd, vsmartcard's reader driver: the card connects, the reader speaks first.
//!
//! Two things make it fast on the vpcd 3.3 that distributions ship (see the crate `vsmartcard`):
//! `TCP_QUICKACK` is set again before every read, because the kernel forgets it, and every answer
//! leaves in one write.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::{Duration, Instant};

use cns_apdu::Sw;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant as Deadline, sleep, timeout};
use vsmartcard::wire::{FrameBuffer, Message, write_frame};

use crate::contacts::Contacts;
use crate::journal::Journal;

/// How long a card waits between two attempts to find its reader.
const RETRY: Duration = Duration::from_millis(20);

/// How long one attempt to connect may take.
const CONNECT_MAX: Duration = Duration::from_secs(2);

/// How long a reader may stay silent after the card connected. vpcd asks a new card for its ATR
/// within its poll of 400 ms.
const SILENCE_MAX: Duration = Duration::from_secs(5);

/// Where a card goes, and how patient it is.
#[derive(Clone, Debug)]
pub struct Insertion {
    /// The address on which vpcd listens: 127.0.0.1:35963 for the first slot of an installed one.
    pub address: SocketAddr,
    /// How long to try when nothing listens there.
    pub patience: Duration,
}

/// Why a card cannot be in its reader.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// Nothing listens.
    #[error(
        "no reader at {address}: {source}\nhint: is pcscd running, with vpcd installed (package vsmartcard-vpcd)? `cns doctor` tells; `cns demo --keep` brings a pcscd of its own"
    )]
    NoReader {
        /// The address.
        address: SocketAddr,
        /// What the last attempt met.
        source: io::Error,
    },
    /// Something listens and does not speak.
    #[error(
        "the reader at {address} took the card and says nothing\nhint: another card may be in this slot already (the second slot is one port higher), or this is no vpcd"
    )]
    Silent {
        /// The address.
        address: SocketAddr,
    },
}

impl Insertion {
    /// A card in the reader at this address, found within five seconds or not at all.
    pub fn at(address: SocketAddr) -> Self {
        Self {
            address,
            patience: Duration::from_secs(5),
        }
    }

    /// Keeps the card in the reader until `removal` completes.
    ///
    /// A reader that goes away (pcscd restarts) costs the card its power; the card waits for the
    /// reader to come back, and connects again.
    ///
    /// # Errors
    /// No reader, or one that does not speak, within the first `patience`. Once a reader has
    /// spoken, only `removal` ends this.
    pub async fn hold(
        &self,
        card: &mut impl Contacts,
        journal: &Journal,
        removal: impl Future<Output = ()>,
    ) -> Result<(), ReaderError> {
        let mut removal = pin!(removal);
        tokio::select! {
            biased;
            () = &mut removal => {}
            error = self.serve(card, journal) => {
                journal.event("the card has no reader");
                return Err(error);
            }
        }
        card.power_off();
        journal.event("card removed");
        Ok(())
    }

    /// Serves one connection after the other; returns with the reason why there is none.
    async fn serve(&self, card: &mut impl Contacts, journal: &Journal) -> ReaderError {
        let mut deadline = Some(Deadline::now() + self.patience);
        loop {
            let stream = match self.connect(deadline).await {
                Ok(stream) => stream,
                Err(error) => return error,
            };
            let mut connection = Connection::new(stream);
            match timeout(SILENCE_MAX, connection.read()).await {
                Ok(Ok(1..)) => {
                    deadline = None;
                    journal.set_inserted(true);
                    let end = connection.answer(card, journal).await;
                    card.power_off();
                    journal.set_inserted(false);
                    tracing::warn!("the reader at {} went away ({end}); waiting", self.address);
                }
                // Closed at once, or silent: whoever listens there takes no card.
                Ok(Ok(0) | Err(_)) | Err(_) if deadline.is_some_and(has_passed) => {
                    return ReaderError::Silent {
                        address: self.address,
                    };
                }
                Ok(Ok(0) | Err(_)) | Err(_) => {}
            }
            sleep(RETRY).await;
        }
    }

    /// Connects; without a deadline it tries for ever.
    async fn connect(&self, deadline: Option<Deadline>) -> Result<TcpStream, ReaderError> {
        loop {
            let source = match timeout(CONNECT_MAX, TcpStream::connect(self.address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => error,
                Err(elapsed) => elapsed.into(),
            };
            if deadline.is_some_and(has_passed) {
                return Err(ReaderError::NoReader {
                    address: self.address,
                    source,
                });
            }
            sleep(RETRY).await;
        }
    }
}

fn has_passed(deadline: Deadline) -> bool {
    Deadline::now() >= deadline
}

struct Connection {
    stream: TcpStream,
    frames: FrameBuffer,
    /// Large enough for an extended command in few reads.
    chunk: Vec<u8>,
}

impl Connection {
    fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            frames: FrameBuffer::new(),
            chunk: vec![0; 4096],
        }
    }

    /// Answers until the connection ends, and says how it ended.
    async fn answer(&mut self, card: &mut impl Contacts, journal: &Journal) -> io::Error {
        let mut response = Vec::new();
        let mut answer = Vec::new();
        loop {
            while let Some(message) = self.frames.next_message() {
                answer.clear();
                respond(message, card, journal, &mut response, &mut answer);
                // One write for each answer: length and body in one packet.
                if !answer.is_empty()
                    && let Err(error) = self.stream.write_all(&answer).await
                {
                    return error;
                }
            }
            match self.read().await {
                Ok(0) => return io::ErrorKind::UnexpectedEof.into(),
                Ok(_) => {}
                Err(error) => return error,
            }
        }
    }

    async fn read(&mut self) -> io::Result<usize> {
        self.stream.set_quickack(true)?;
        let length = self.stream.read(&mut self.chunk).await?;
        self.frames
            .push(self.chunk.get(..length).unwrap_or_default());
        Ok(length)
    }
}

/// Does what the reader says, and leaves the answer as a frame where there is one.
pub(crate) fn respond(
    message: Message<'_>,
    card: &mut (impl Contacts + ?Sized),
    journal: &Journal,
    response: &mut Vec<u8>,
    answer: &mut Vec<u8>,
) {
    match message {
        Message::PowerOff => {
            card.power_off();
            journal.event("power off");
        }
        Message::PowerOn => {
            card.power_on();
            journal.event("power on");
        }
        Message::Reset => {
            card.reset();
            journal.event("reset");
        }
        Message::AtrRequest => {
            write_frame(&card.atr(), answer).expect("an ATR has at most 33 bytes");
        }
        Message::Command(command) => {
            let start = Instant::now();
            card.transmit(command, response);
            journal.exchange(command, response, start.elapsed());
            // Up to 65,536 bytes of data can be asked for, a frame carries two less.
            if write_frame(response, answer).is_err() {
                write_frame(&Sw::WRONG_LENGTH.to_bytes(), answer)
                    .expect("a status word fits a frame");
            }
        }
    }
}
