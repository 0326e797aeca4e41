//! A card held in a reader, vpcd's or our own driver's, from a thread of its own.

use std::sync::Arc;

use cns_reader::{Address, Contacts, Insertion, Journal, ReaderError};
use tokio::sync::Notify;

use crate::background::{Background, runtime};

/// A card in a reader, until it is dropped.
pub struct Plugged {
    hangup: Arc<Notify>,
    held: Background<Result<(), ReaderError>>,
}

impl Plugged {
    /// Puts the card into the reader at this address.
    ///
    /// # Errors
    /// The thread could not be started. A reader that is not there shows in [`Plugged::ended`].
    pub fn insert(
        card: impl Contacts + Send + 'static,
        reader: impl Into<Address>,
    ) -> std::io::Result<Self> {
        Self::insert_with(card, reader.into(), Silence::Leaves)
    }

    /// The same for a reader in a pcscd, where a card that leaves costs every client its connection, and
    /// is missed only after 400 ms: one that says nothing stays, and answers a single byte, which no
    /// card does and clients take for silence.
    ///
    /// # Errors
    /// As [`Plugged::insert`].
    pub fn insert_speaking(
        card: impl Contacts + Send + 'static,
        reader: impl Into<Address>,
    ) -> std::io::Result<Self> {
        Self::insert_with(card, reader.into(), Silence::IsSaid)
    }

    fn insert_with(
        card: impl Contacts + Send + 'static,
        reader: Address,
        silence: Silence,
    ) -> std::io::Result<Self> {
        let hangup = Arc::new(Notify::new());
        let contacts = Contact {
            card,
            silence,
            hangup: Arc::clone(&hangup),
        };
        let heard = Arc::clone(&hangup);
        let held = Background::start("cns-own-card", runtime()?, move |stop| async move {
            hold(contacts, reader, heard, async { drop(stop.await) }).await
        })?;
        Ok(Self { hangup, held })
    }

    /// Takes the card out and puts it back at once. The reader's driver notices, and ends whatever
    /// it waits for; pcscd, which looks every 400 ms, may not.
    pub fn flicker(&self) {
        self.hangup.notify_one();
    }

    /// Why the card is in no reader, if it is in none.
    pub fn ended(&self) -> Option<ReaderError> {
        self.held.ended()?.err()
    }
}

async fn hold(
    mut contacts: Contact<impl Contacts>,
    reader: Address,
    hangup: Arc<Notify>,
    stop: impl Future<Output = ()>,
) -> Result<(), ReaderError> {
    let journal = Journal::silent();
    let mut stop = std::pin::pin!(stop);
    loop {
        let mut has_stopped = false;
        let leaves = async {
            tokio::select! {
                biased;
                () = &mut stop => has_stopped = true,
                () = hangup.notified() => {}
            }
        };
        Insertion::at(reader.clone())
            .hold(&mut contacts, &journal, leaves)
            .await?;
        if has_stopped {
            return Ok(());
        }
    }
}

/// What becomes of a card that says nothing. vpcd waits for ever for it: one that has lost its power
/// would otherwise take its reader with it.
#[derive(Clone, Copy)]
enum Silence {
    /// It leaves its reader for a moment.
    Leaves,
    /// It says so, in a byte that is no response.
    IsSaid,
}

/// The one byte that stands for no response at all: a response has a status word, two bytes.
const NO_RESPONSE: u8 = 0x00;

struct Contact<C> {
    card: C,
    silence: Silence,
    hangup: Arc<Notify>,
}

impl<C: Contacts> Contacts for Contact<C> {
    fn atr(&self) -> Vec<u8> {
        self.card.atr()
    }

    fn power_on(&mut self) {
        self.card.power_on();
    }

    fn reset(&mut self) {
        self.card.reset();
    }

    fn power_off(&mut self) {
        self.card.power_off();
    }

    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) {
        self.card.transmit(command, response);
        if response.is_empty() {
            match self.silence {
                Silence::Leaves => self.hangup.notify_one(),
                Silence::IsSaid => response.push(NO_RESPONSE),
            }
        }
    }
}
