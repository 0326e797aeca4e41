//! A card in any reader of the machine's PC/SC, a physical one too: bytes in, bytes out.
//!
//! The card is opened exclusively and reset when it is let go, so that nothing of what happened here
//! is left for the next program.

use std::ffi::CString;

use pcsc::{Card, Context, Disposition, MAX_BUFFER_SIZE_EXTENDED, Protocols, Scope, ShareMode};

/// A card in a reader.
pub struct PcscCard {
    /// None only while it is dropped.
    card: Option<Card>,
    reader: String,
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
    /// Opens the card in the first reader whose name contains `name`; in the first reader at all
    /// without one.
    pub fn open(name: Option<&str>) -> Result<Self, PcscCardError> {
        let context = Context::establish(Scope::User).map_err(PcscCardError::Service)?;
        let readers = context
            .list_readers_owned()
            .map_err(PcscCardError::Service)?;
        let reader = choose(&readers, name)?;
        let label = reader.to_string_lossy().into_owned();
        let no_card = |source| PcscCardError::NoCard {
            reader: label.clone(),
            source,
        };
        let card = context
            .connect(reader, ShareMode::Exclusive, Protocols::ANY)
            .map_err(no_card)?;
        let status = card.status2_owned().map_err(no_card)?;
        Ok(Self {
            atr: status.atr().to_vec(),
            card: Some(card),
            reader: label.clone(),
            buffer: vec![0; MAX_BUFFER_SIZE_EXTENDED],
        })
    }

    /// The reader's name.
    pub fn reader(&self) -> &str {
        &self.reader
    }

    /// The answer to reset.
    pub fn atr(&self) -> &[u8] {
        &self.atr
    }

    /// Sends a command APDU and returns the response APDU.
    pub fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, PcscCardError> {
        let gone = |source| PcscCardError::Gone {
            reader: self.reader.clone(),
            source,
        };
        let card = self
            .card
            .as_ref()
            .ok_or_else(|| gone(pcsc::Error::InvalidHandle))?;
        card.transmit(command, &mut self.buffer)
            .map(<[u8]>::to_vec)
            .map_err(gone)
    }
}

impl Drop for PcscCard {
    fn drop(&mut self) {
        if let Some(card) = self.card.take() {
            // A card that has gone cannot be reset; there is nobody to tell.
            let _ = card.disconnect(Disposition::ResetCard);
        }
    }
}

fn choose<'a>(readers: &'a [CString], name: Option<&str>) -> Result<&'a CString, PcscCardError> {
    let known = || {
        readers
            .iter()
            .map(|reader| reader.to_string_lossy().into_owned())
    };
    let is_meant =
        |reader: &&CString| name.is_none_or(|name| reader.to_string_lossy().contains(name));
    match (readers.iter().find(is_meant), name) {
        (Some(reader), _) => Ok(reader),
        (None, Some(asked)) if !readers.is_empty() => Err(PcscCardError::UnknownReader {
            asked: asked.to_owned(),
            known: known().collect(),
        }),
        (None, _) => Err(PcscCardError::NoReader),
    }
}
