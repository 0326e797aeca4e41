//! The suite's own card in the one reader of this process's own PC/SC.

mod slot;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use cns_card::CardImage;
use cns_reader::Contacts;
use pcsc::{Context, ReaderState, Scope, State};

pub use slot::{Slot, SlotError};

use crate::mutants::Seam;
use crate::private_reader::{Door, Way};
use crate::runner::Exchange;
use crate::target::OwnCard;

/// How long PC/SC may take to see the card. vpcd looks every 400 ms.
const SEEN_LIMIT: Duration = Duration::from_secs(10);

const POLL: Duration = Duration::from_millis(20);

/// A card of the suite's own in a reader, until the last clone is dropped: a client holds one, whoever
/// pulls the card another.
#[derive(Clone)]
pub struct OwnReader(Arc<Inner>);

struct Inner {
    card: OwnCard,
    said: Arc<Mutex<Vec<Exchange>>>,
    slot: Mutex<Slot>,
    way: Way,
}

/// Why the card is not in its reader.
#[derive(Debug, thiserror::Error)]
pub enum OwnReaderError {
    /// There is no reader at the place.
    #[error(transparent)]
    Slot(#[from] SlotError),
    /// PC/SC does not answer, or does not see the card.
    #[error("PC/SC does not see the card: {0}\nhint: `cns doctor` tells what is installed")]
    NotSeen(pcsc::Error),
}

impl OwnReader {
    /// Puts the card into the reader, and returns when PC/SC sees it.
    pub fn insert(card: OwnCard, door: &Door) -> Result<Self, OwnReaderError> {
        let reader = Self(Arc::new(Inner {
            card,
            said: Arc::default(),
            slot: Mutex::new(Slot::open(door)?),
            way: door.way(),
        }));
        reader.put_in()?;
        Ok(reader)
    }

    /// By what the card gets to PC/SC.
    pub fn way(&self) -> Way {
        self.0.way
    }

    /// The card.
    pub fn card(&self) -> &OwnCard {
        &self.0.card
    }

    /// A new card in the place of the old one. PC/SC does not notice, for no client holds the old
    /// one any more; the first that connects must reset it.
    pub fn replace(&self, image: CardImage, seed: u64, seams: &'static [Seam]) {
        self.0.card.replace(image, seed, seams);
        self.0.card.clone().power_on();
        self.take_said();
    }

    /// Takes the card out. Clients see it some time later.
    pub fn pull(&self) {
        self.slot().remove();
    }

    /// Takes the card out, and returns when PC/SC has seen it go.
    pub fn take_out(&self) -> Result<(), OwnReaderError> {
        self.pull();
        wait_until(|| Ok(!sees_a_card()?))
    }

    /// Puts the card in again. Clients see it some time later.
    pub fn push(&self) -> Result<(), OwnReaderError> {
        let card = Overheard {
            card: self.0.card.clone(),
            said: Arc::clone(&self.0.said),
        };
        Ok(self.slot().insert(card)?)
    }

    /// Puts the card in again, and returns when PC/SC sees it.
    pub fn put_in(&self) -> Result<(), OwnReaderError> {
        self.push()?;
        wait_until(|| match self.slot().ended() {
            Some(error) => Err(error.into()),
            None => sees_a_card(),
        })
    }

    /// Ends what the reader waits for when the card is silent.
    pub fn flicker(&self) {
        self.slot().flicker();
    }

    /// What is stored on the card now.
    pub fn image(&self) -> CardImage {
        self.0.card.image()
    }

    /// What was said to the card since the last time.
    pub fn take_said(&self) -> Vec<Exchange> {
        std::mem::take(&mut *lock(&self.0.said))
    }

    /// How often a command with this instruction byte was sent since then.
    pub fn count(&self, instruction: u8) -> usize {
        lock(&self.0.said)
            .iter()
            .filter(|exchange| exchange.command.get(1) == Some(&instruction))
            .count()
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        lock(&self.0.slot)
    }
}

impl Drop for Inner {
    /// Returns when PC/SC has seen the card go: it would take the next card for this one.
    fn drop(&mut self) {
        lock(&self.slot).remove();
        // There is nobody to tell of a PC/SC that has gone itself.
        let _ = wait_until(|| Ok(!sees_a_card()?));
    }
}

fn wait_until(
    mut holds: impl FnMut() -> Result<bool, OwnReaderError>,
) -> Result<(), OwnReaderError> {
    let deadline = Instant::now() + SEEN_LIMIT;
    while !holds()? {
        if deadline <= Instant::now() {
            return Err(OwnReaderError::NotSeen(pcsc::Error::Timeout));
        }
        std::thread::sleep(POLL);
    }
    Ok(())
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
        lock(&self.said).push(Exchange {
            command: command.to_vec(),
            response: response.clone(),
        });
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
