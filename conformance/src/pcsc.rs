//! A card in any reader of the machine's PC/SC, a physical one too: bytes in, bytes out.
//!
//! The card is opened exclusively and reset when it is let go, so that nothing of what happened here
//! is left for the next program.

use std::ffi::{CStr, CString};
use std::thread;
use std::time::{Duration, Instant};

use pcsc::{
    Card, Context, Disposition, Error, MAX_BUFFER_SIZE_EXTENDED, Protocols, ReaderState, Scope,
    ShareMode, State,
};

// What needs no PC/SC runs where no libpcsclite is installed.
vsmartcard::load_winscard_late!();

const POLL: Duration = Duration::from_millis(10);

/// A card in a reader.
pub struct PcscCard {
    context: Context,
    /// None while the card has no power or was let go, and while it is dropped.
    card: Option<Card>,
    /// Whether it was we who took its power last. PC/SC keeps the power of a card that was let go.
    is_off: bool,
    reader: CString,
    label: String,
    atr: Vec<u8>,
    buffer: Vec<u8>,
}

/// Why there is no card to talk to.
#[derive(Debug, thiserror::Error)]
pub enum PcscCardError {
    /// The PC/SC service does not answer.
    #[error(
        "PC/SC does not answer: {0}\nhint: is pcscd running? `cns doctor` tells what is installed"
    )]
    Service(pcsc::Error),
    /// No reader at all.
    #[error(
        "PC/SC has no reader\nhint: plug one in, or put a virtual card in with `cns card insert`"
    )]
    NoReader,
    /// No reader with this name.
    #[error("there is no reader {asked:?}\nhint: the readers are {}", .known.join(", "))]
    UnknownReader {
        /// What was asked for.
        asked: String,
        /// The readers that there are.
        known: Vec<String>,
    },
    /// The reader is empty, or its card is in use.
    #[error(
        "the card in {reader:?} cannot be opened: {source}\nhint: is a card in it, and no other program using it?"
    )]
    NoCard {
        /// The reader.
        reader: String,
        /// Why.
        source: pcsc::Error,
    },
    /// The card or the reader went away.
    #[error("the card in {reader:?} no longer answers: {source}")]
    Gone {
        /// The reader.
        reader: String,
        /// Why.
        source: pcsc::Error,
    },
}

impl PcscCard {
    /// Opens the card in the first reader whose name contains `name`; without one, in the first reader
    /// that has a card.
    pub fn open(name: Option<&str>) -> Result<Self, PcscCardError> {
        let context = Context::establish(Scope::User).map_err(PcscCardError::Service)?;
        let readers = context
            .list_readers_owned()
            .map_err(PcscCardError::Service)?;
        let reader = choose(&context, &readers, name)?.to_owned();
        let mut opened = Self {
            label: reader.to_string_lossy().into_owned(),
            context,
            card: None,
            is_off: false,
            reader,
            atr: Vec::new(),
            buffer: vec![0; MAX_BUFFER_SIZE_EXTENDED],
        };
        opened.power_on(Duration::ZERO)?;
        Ok(opened)
    }

    /// The reader's name.
    pub fn reader(&self) -> &str {
        &self.label
    }

    /// The answer to the last reset.
    pub fn atr(&self) -> &[u8] {
        &self.atr
    }

    /// Sends a command APDU and returns the response APDU.
    pub fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, PcscCardError> {
        let sent = match &self.card {
            Some(card) => card.transmit(command, &mut self.buffer).map(<[u8]>::to_vec),
            None => Err(Error::UnpoweredCard),
        };
        sent.map_err(|source| self.gone(source))
    }

    /// Gives the card power and has it to itself, if it has not; waits for a card as long as `patience`.
    /// The card comes from a cold reset, whoever had it before.
    pub fn power_on(&mut self, patience: Duration) -> Result<(), PcscCardError> {
        if self.card.is_some() {
            return Ok(());
        }
        let deadline = Instant::now() + patience;
        loop {
            match self.connect() {
                Err(error) if deadline <= Instant::now() => {
                    return Err(PcscCardError::NoCard {
                        reader: self.label.clone(),
                        source: error,
                    });
                }
                Err(_) => thread::sleep(POLL),
                Ok(()) => return Ok(()),
            }
        }
    }

    /// The reset contact: a warm reset.
    pub fn reset(&mut self) -> Result<(), PcscCardError> {
        let reset = match &mut self.card {
            Some(card) => {
                card.reconnect(ShareMode::Exclusive, Protocols::ANY, Disposition::ResetCard)
            }
            None => Err(Error::UnpoweredCard),
        };
        reset
            .and_then(|()| self.hear_atr())
            .map_err(|source| self.gone(source))
    }

    /// Takes the card's power away. Others may have the card then.
    pub fn power_off(&mut self) {
        self.is_off = self.card.is_some();
        self.leave(Disposition::UnpowerCard);
    }

    /// Lets the card go, reset.
    pub fn let_go(&mut self) {
        self.is_off = false;
        self.leave(Disposition::ResetCard);
    }

    fn connect(&mut self) -> Result<(), Error> {
        let card = self
            .context
            .connect(&self.reader, ShareMode::Exclusive, Protocols::ANY)?;
        let card = self.card.insert(card);
        let (share, protocols) = (ShareMode::Exclusive, Protocols::ANY);
        let begun = match self.is_off {
            true => Ok(()),
            false => card.reconnect(share, protocols, Disposition::UnpowerCard),
        };
        let heard = begun.and_then(|()| self.hear_atr());
        if heard.is_err() {
            // Whoever tries again would find the card in use, by us.
            self.card = None;
        }
        heard
    }

    fn hear_atr(&mut self) -> Result<(), Error> {
        if let Some(card) = &self.card {
            self.atr = card.status2_owned()?.atr().to_vec();
        }
        Ok(())
    }

    fn leave(&mut self, disposition: Disposition) {
        if let Some(card) = self.card.take() {
            // A card that has gone has no power and nothing to forget; there is nobody to tell.
            let _ = card.disconnect(disposition);
        }
    }

    fn gone(&self, source: Error) -> PcscCardError {
        PcscCardError::Gone {
            reader: self.label.clone(),
            source,
        }
    }
}

impl Drop for PcscCard {
    fn drop(&mut self) {
        self.let_go();
    }
}

/// The reader whose name contains `name`; without one, the first that has a card, or is there at all.
fn choose<'a>(
    context: &Context,
    readers: &'a [CString],
    name: Option<&str>,
) -> Result<&'a CString, PcscCardError> {
    let is_meant = |reader: &&CString| match name {
        Some(name) => reader.to_string_lossy().contains(name),
        None => has_card(context, reader),
    };
    let chosen = readers.iter().find(is_meant);
    match (chosen, name, readers.first()) {
        (Some(reader), _, _) | (None, None, Some(reader)) => Ok(reader),
        (None, Some(asked), Some(_)) => Err(PcscCardError::UnknownReader {
            asked: asked.to_owned(),
            known: readers.iter().map(|reader| name_of(reader)).collect(),
        }),
        (None, _, None) => Err(PcscCardError::NoReader),
    }
}

fn has_card(context: &Context, reader: &CStr) -> bool {
    let mut states = [ReaderState::new(reader, State::UNAWARE)];
    let asked = context.get_status_change(Duration::ZERO, &mut states);
    let [state] = &states;
    asked.is_ok() && state.event_state().contains(State::PRESENT)
}

fn name_of(reader: &CStr) -> String {
    reader.to_string_lossy().into_owned()
}
