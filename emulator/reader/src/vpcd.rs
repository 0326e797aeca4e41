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
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant as Deadline, sleep, sleep_until, timeout};
use vsmartcard::wire::{Message, write_frame};

use crate::contacts::Contacts;
use crate::journal::Journal;
use crate::slot::{Entry, Slot};
use connection::{Connection, End};

mod connection;

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
        self.run(&Slot::with(card), journal, removal).await
    }

    /// Serves a slot, in which somebody else puts cards and faults, until `end` completes.
    ///
    /// # Errors
    /// As [`Insertion::hold`]; the patience begins when the first card is put in.
    pub async fn run<C: Contacts>(
        &self,
        slot: &Slot<C>,
        journal: &Journal,
        end: impl Future<Output = ()>,
    ) -> Result<(), ReaderError> {
        let mut end = pin!(end);
        let result = tokio::select! {
            biased;
            () = &mut end => Ok(()),
            error = self.serve(slot, journal) => Err(error),
        };
        slot.state().disconnected();
        slot.tell();
        journal.event(match result {
            Ok(()) => "card removed",
            Err(_) => "the card has no reader",
        });
        result
    }

    /// Serves one connection after the other; returns with the reason why there is none.
    async fn serve<C: Contacts>(&self, slot: &Slot<C>, journal: &Journal) -> ReaderError {
        let mut orders = slot.orders();
        let mut has_spoken = false;
        let mut deadline = None;
        loop {
            enter(slot, &mut orders).await;
            if !has_spoken && deadline.is_none() {
                deadline = Some(Deadline::now() + self.patience);
            }
            let first_words = tokio::select! {
                biased;
                () = told_to_leave(slot, &mut orders) => continue,
                first_words = self.first_words(deadline) => first_words,
            };
            match first_words {
                Ok(Some(connection)) => {
                    (has_spoken, deadline) = (true, None);
                    let end = connection.answer(slot, journal, &mut orders).await;
                    if let End::Reader(error) = end {
                        tracing::warn!(
                            "the reader at {} went away ({error}); waiting",
                            self.address
                        );
                    }
                }
                Ok(None) => {}
                Err(error) => return error,
            }
            sleep(RETRY).await;
        }
    }

    /// Connects, and waits for the reader to say something. None when it has not and there is time
    /// left.
    async fn first_words(
        &self,
        deadline: Option<Deadline>,
    ) -> Result<Option<Connection>, ReaderError> {
        let mut connection = Connection::new(self.connect(deadline).await?);
        match timeout(SILENCE_MAX, connection.read()).await {
            Ok(Ok(1..)) => Ok(Some(connection)),
            // Closed at once, or silent: whoever listens there takes no card.
            Ok(Ok(0) | Err(_)) | Err(_) if deadline.is_some_and(has_passed) => {
                Err(ReaderError::Silent {
                    address: self.address,
                })
            }
            Ok(Ok(0) | Err(_)) | Err(_) => Ok(None),
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

/// Waits until a card may go in, and puts it there.
async fn enter<C: Contacts>(slot: &Slot<C>, orders: &mut watch::Receiver<u64>) {
    loop {
        orders.mark_unchanged();
        let entry = slot.state().may_enter(Instant::now());
        let time = match entry {
            Entry::Now => return,
            Entry::At(time) => Some(time.into()),
            Entry::NotWanted => None,
        };
        tokio::select! {
            () = until(time) => {}
            // The slot has the sender: this cannot fail.
            _ = orders.changed() => {}
        }
    }
}

async fn told_to_leave<C: Contacts>(slot: &Slot<C>, orders: &mut watch::Receiver<u64>) {
    while !slot.state().must_leave() {
        let _ = orders.changed().await;
    }
}

/// Without a time: for ever.
async fn until(time: Option<Deadline>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => std::future::pending().await,
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
