//! The transport to vpcd, vsmartcard's reader driver: the card connects, the reader speaks first. Our
//! own driver and a host of PC/SC without a daemon speak the same, at a unix socket.
//!
//! Two things make it fast on the vpcd 3.3 that distributions ship (see the crate `vsmartcard`):
//! `TCP_QUICKACK` is set again before every read, because the kernel forgets it, and every answer
//! leaves in one write.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::{Instant as Deadline, sleep, sleep_until, timeout};

use crate::address::Address;
use crate::contacts::Contacts;
use crate::journal::Journal;
use crate::slot::{Entry, Slot};
use connection::{Connection, End};
use line::Line;

mod connection;
mod line;

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
    /// Where the reader takes its cards.
    pub address: Address,
    /// How long to try when nothing listens there.
    pub patience: Duration,
}

/// Why a card cannot be in its reader.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// Nothing listens.
    #[error("no reader at {address}: {source}\nhint: {}", .address.hint())]
    NoReader {
        /// The address.
        address: Address,
        /// What the last attempt met.
        source: io::Error,
    },
    /// Something listens and does not speak.
    #[error(
        "the reader at {address} took the card and says nothing\nhint: another card may be in this slot already (vpcd's second slot is one port higher), or this is no reader"
    )]
    Silent {
        /// The address.
        address: Address,
    },
}

impl Insertion {
    /// A card in the reader at this address, found within five seconds or not at all.
    pub fn at(address: impl Into<Address>) -> Self {
        Self {
            address: address.into(),
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
                    let empty_min = self.address.empty_min();
                    let end = connection
                        .answer(slot, journal, &mut orders, empty_min)
                        .await;
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
                    address: self.address.clone(),
                })
            }
            Ok(Ok(0) | Err(_)) | Err(_) => Ok(None),
        }
    }

    /// Connects; without a deadline it tries for ever.
    async fn connect(&self, deadline: Option<Deadline>) -> Result<Line, ReaderError> {
        loop {
            let source = match timeout(CONNECT_MAX, Line::to(&self.address)).await {
                Ok(Ok(line)) => return Ok(line),
                Ok(Err(error)) => error,
                Err(elapsed) => elapsed.into(),
            };
            if deadline.is_some_and(has_passed) {
                return Err(ReaderError::NoReader {
                    address: self.address.clone(),
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
