//! The suite's own card in the one reader of this process's own pcscd.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cns_card::CardImage;
use cns_reader::{Contacts, ReaderError};
use pcsc::{Context, ReaderState, Scope, State};

use crate::mutants::Seam;
use crate::runner::Exchange;
use crate::target::{OwnCard, Plugged};

/// How long pcscd may take to see the card. Its driver looks every 400 ms.
const SEEN_LIMIT: Duration = Duration::from_secs(10);

const POLL: Duration = Duration::from_millis(20);

/// A card of the suite's own in a reader, until it is dropped.
pub(super) struct OwnReader {
    card: OwnCard,
    said: Arc<Mutex<Vec<Exchange>>>,
    /// None only while it is dropped.
    plugged: Option<Plugged>,
}

/// Why the card is not in its reader.
#[derive(Debug, thiserror::Error)]
pub enum OwnReaderError {
    /// No thread, or no reader.
    #[error("the card could not be put into its reader: {0}")]
    Io(#[from] io::Error),
    /// There is no reader at the place.
    #[error(transparent)]
    Reader(#[from] ReaderError),
    /// PC/SC does not answer, or does not see the card.
    #[error("PC/SC does not see the card: {0}\nhint: `cns doctor` tells what is installed")]
    NotSeen(pcsc::Error),
}

impl OwnReader {
    /// Puts the card into the reader, and returns when PC/SC sees it.
    pub(super) fn insert(card: OwnCard, reader: SocketAddr) -> Result<Self, OwnReaderError> {
        let said = Arc::new(Mutex::new(Vec::new()));
        let contacts = Overheard {
            card: card.clone(),
            said: Arc::clone(&said),
        };
        let plugged = Plugged::insert(contacts, reader)?;
        wait_until_seen(&plugged)?;
        Ok(Self {
            card,
            said,
            plugged: Some(plugged),
        })
    }

    /// A new card in the place of the old one. PC/SC does not notice, for no client holds the old
    /// one any more, and both have the same answer to reset.
    pub(super) fn replace(&self, image: CardImage, seed: u64, seams: &'static [Seam]) {
        self.card.replace(image, seed, seams);
        self.card.clone().power_on();
        self.take_said();
    }

    /// What is stored on the card now.
    pub(super) fn image(&self) -> CardImage {
        self.card.image()
    }

    /// What was said to the card since the last time.
    pub(super) fn take_said(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How often a command with this instruction byte was sent since then.
    pub(super) fn count(&self, instruction: u8) -> usize {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.iter()
            .filter(|exchange| exchange.command.get(1) == Some(&instruction))
            .count()
    }
}

impl Drop for OwnReader {
    /// Returns when PC/SC has seen the card go: it would take the next card for this one.
    fn drop(&mut self) {
        drop(self.plugged.take());
        let deadline = Instant::now() + SEEN_LIMIT;
        while matches!(sees_a_card(), Ok(true)) && Instant::now() < deadline {
            std::thread::sleep(POLL);
        }
    }
}

fn wait_until_seen(plugged: &Plugged) -> Result<(), OwnReaderError> {
    let deadline = Instant::now() + SEEN_LIMIT;
    loop {
        if let Some(error) = plugged.ended() {
            return Err(error.into());
        }
        if sees_a_card()? {
            return Ok(());
        }
        if deadline <= Instant::now() {
            return Err(OwnReaderError::NotSeen(pcsc::Error::NoSmartcard));
        }
        std::thread::sleep(POLL);
    }
}

fn sees_a_card() -> Result<bool, OwnReaderError> {
    let context = Context::establish(Scope::User).map_err(OwnReaderError::NotSeen)?;
    let readers = context.list_readers_owned();
    let mut states: Vec<ReaderState> = readers
        .map_err(OwnReaderError::NotSeen)?
        .into_iter()
        .map(|reader| ReaderState::new(reader, State::UNAWARE))
        .collect();
    let now = context.get_status_change(Duration::ZERO, &mut states);
    let present = |state: &ReaderState| state.event_state().contains(State::PRESENT);
    Ok(now.is_ok() && states.iter().any(present))
}

/// A card whose conversation is kept.
struct Overheard {
    card: OwnCard,
    said: Arc<Mutex<Vec<Exchange>>>,
}

impl Contacts for Overheard {
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
        let exchange = Exchange {
            command: command.to_vec(),
            response: response.clone(),
        };
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.push(exchange);
    }
}
