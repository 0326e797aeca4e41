//! A card held in a reader of vpcd, from a thread of its own.

use std::net::SocketAddr;
use std::sync::Arc;

use cns_reader::{Contacts, Insertion, Journal, ReaderError};
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
        reader: SocketAddr,
    ) -> std::io::Result<Self> {
        let hangup = Arc::new(Notify::new());
        let contacts = Contact {
            card,
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
    reader: SocketAddr,
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
        Insertion::at(reader)
            .hold(&mut contacts, &journal, leaves)
            .await?;
        if has_stopped {
            return Ok(());
        }
    }
}

/// A card that says nothing leaves its reader for a moment. vpcd waits for ever for a silent card:
/// one that has lost its power would otherwise take its reader with it.
struct Contact<C> {
    card: C,
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
            self.hangup.notify_one();
        }
    }
}
