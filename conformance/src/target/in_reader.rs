//! A card in a reader of PC/SC: the suite's own in the reader of this process's own PC/SC, or whatever
//! card is in whatever reader.
//!
//! ```text
//! suite ── Desk ──► libpcsclite ──► pcscd ──► driver ──► card
//!            └ the one thread that calls it, with a time limit for every call
//! ```

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{OwnCard, Target, TargetError};
use crate::desk::{Desk, NoAnswer};
use crate::own_reader::OwnReader;
use crate::pcsc::{PcscCard, PcscCardError};

/// How long a call may take. Signatures of slow cards take a second.
const CALL_LIMIT: Duration = Duration::from_secs(10);

/// How long PC/SC may take to notice that a silent card has left.
const NOTICE_LIMIT: Duration = Duration::from_secs(10);

/// How long the suite's own card may take to be back in its reader.
const BACK_LIMIT: Duration = Duration::from_secs(5);

/// The shortest command that a reader passes on: vpcd takes one byte for an order to itself.
const COMMAND_LENGTH_MIN: usize = 2;

/// A response has a status word at least.
const RESPONSE_LENGTH_MIN: usize = 2;

/// A card in a reader of PC/SC. Clones are the same card.
#[derive(Clone)]
pub struct InReader {
    name: String,
    desk: Desk,
    card: Arc<Mutex<PcscCard>>,
    own: Option<OwnReader>,
}

/// Why there is no card to test.
#[derive(Debug, thiserror::Error)]
pub enum InReaderError {
    /// No reader, no card, or somebody has it.
    #[error(transparent)]
    Card(#[from] PcscCardError),
    /// No thread.
    #[error("the thread that calls PC/SC could not be started: {0}")]
    Thread(#[from] std::io::Error),
    /// PC/SC does not come back.
    #[error(
        "{0}\nhint: a card that says nothing holds up every program that uses its reader; pull it"
    )]
    Stuck(String),
}

impl InReader {
    /// The suite's own card, in its reader.
    pub fn own(reader: OwnReader) -> Result<Self, InReaderError> {
        let name = reader.way().name().to_owned();
        Self::open(None, |_| name, Some(reader))
    }

    /// The card in the first reader whose name contains `reader`; in the first that has one, without.
    pub fn foreign(reader: Option<&str>) -> Result<Self, InReaderError> {
        Self::open(reader, |card| format!("pcsc:{}", card.reader()), None)
    }

    fn open(
        reader: Option<&str>,
        name: impl FnOnce(&PcscCard) -> String,
        own: Option<OwnReader>,
    ) -> Result<Self, InReaderError> {
        let desk = Desk::open("PC/SC", CALL_LIMIT)?;
        let reader = reader.map(str::to_owned);
        let card = desk
            .call(move || PcscCard::open(reader.as_deref()))
            .map_err(|late| InReaderError::Stuck(late.to_string()))??;
        Ok(Self {
            name: name(&card),
            desk,
            card: Arc::new(Mutex::new(card)),
            own,
        })
    }

    /// The reader's name.
    pub fn reader(&self) -> Result<String, TargetError> {
        self.call(|card| Ok(card.reader().to_owned()))
    }

    /// The answer to the last reset.
    pub fn atr(&self) -> Result<Vec<u8>, TargetError> {
        self.call(|card| Ok(card.atr().to_vec()))
    }

    fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut PcscCard) -> Result<T, PcscCardError> + Send + 'static,
    ) -> Result<T, TargetError> {
        let card = Arc::clone(&self.card);
        let work = move || work(&mut card.lock().unwrap_or_else(PoisonError::into_inner));
        // A card that leaves is what ends the reader's waiting.
        let rescue = || {
            if let Some(own) = &self.own {
                own.flicker();
            }
        };
        match self.desk.call_or_rescue(work, rescue, NOTICE_LIMIT) {
            Ok(answer) => answer.map_err(target_error),
            Err(NoAnswer::Late(_, limit)) => Err(TargetError::Silent(limit)),
            Err(other) => Err(TargetError::Reader(other.to_string())),
        }
    }
}

impl Target for InReader {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn power_on(&mut self) -> Result<Vec<u8>, TargetError> {
        let patience = match &self.own {
            Some(_) => BACK_LIMIT,
            None => Duration::ZERO,
        };
        self.call(move |card| {
            card.power_on(patience)?;
            Ok(card.atr().to_vec())
        })
    }

    fn reset(&mut self) -> Result<Vec<u8>, TargetError> {
        self.call(|card| {
            card.reset()?;
            Ok(card.atr().to_vec())
        })
    }

    fn power_off(&mut self) -> Result<(), TargetError> {
        self.call(|card| {
            card.power_off();
            Ok(())
        })
    }

    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TargetError> {
        if command.len() < COMMAND_LENGTH_MIN {
            let text = format!("a command of {} bytes", command.len());
            return Err(TargetError::CannotCarry(text));
        }
        let command = command.to_vec();
        let response = self.call(move |card| card.transmit(&command))?;
        match response.len() < RESPONSE_LENGTH_MIN {
            true => Err(TargetError::Gone("it said nothing".to_owned())),
            false => Ok(response),
        }
    }

    fn rest(&mut self) {
        // A reader that does not come back has been told of.
        let _ = self.call(|card| {
            card.let_go();
            Ok(())
        });
    }

    fn own_card(&self) -> Option<&OwnCard> {
        self.own.as_ref().map(OwnReader::card)
    }
}

fn target_error(error: PcscCardError) -> TargetError {
    use pcsc::Error;
    let text = error.to_string();
    match error {
        PcscCardError::Gone { source, .. } => match source {
            Error::InsufficientBuffer | Error::InvalidParameter => TargetError::CannotCarry(text),
            Error::NoSmartcard
            | Error::RemovedCard
            | Error::ResetCard
            | Error::UnpoweredCard
            | Error::UnresponsiveCard
            | Error::NotTransacted
            | Error::CommError => TargetError::Gone(text),
            _ => TargetError::Reader(text),
        },
        PcscCardError::NoCard { .. } => TargetError::Gone(text),
        _ => TargetError::Reader(text),
    }
}
