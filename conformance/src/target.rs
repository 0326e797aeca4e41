//! What cases are run against: power, reset, bytes in, bytes out.

mod in_process;
mod in_reader;
mod name;
mod own_card;
mod plugged;
mod vsmartcard;

pub use in_process::InProcess;
pub use in_reader::{InReader, InReaderError};
pub use name::{TargetName, UnknownTarget};
pub use own_card::OwnCard;
pub use plugged::Plugged;
pub use vsmartcard::{Vsmartcard, VsmartcardError};

use std::time::Duration;

use cns_card::EntropyFault;

/// A card, however it is reached. Every method has a time limit of its own.
pub trait Target {
    /// What it is, for reports: `in-process`, `pcsc:Reader Name 00 00`.
    fn name(&self) -> String;

    /// Power comes on, after it was off: a cold reset. Returns the answer to reset.
    fn power_on(&mut self) -> Result<Vec<u8>, TargetError>;

    /// The reset contact: a warm reset. Returns the answer to reset.
    fn reset(&mut self) -> Result<Vec<u8>, TargetError>;

    /// Power goes off.
    fn power_off(&mut self) -> Result<(), TargetError>;

    /// Sends a command APDU and returns the response APDU.
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, TargetError>;

    /// Between runs of cases: whoever else wants the card may have it, as it was found.
    fn rest(&mut self) {}

    /// The card, if the suite made it: it can be replaced, prepared, made wrong and cut off.
    fn own_card(&self) -> Option<&OwnCard> {
        None
    }
}

/// Why a target did not answer.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum TargetError {
    /// The card has no power, or has gone.
    #[error("the card does not answer: {0}")]
    Gone(String),
    /// Nothing came back in time.
    #[error("the card said nothing for {0:?}")]
    Silent(Duration),
    /// The reader or its driver failed.
    #[error("the reader failed: {0}")]
    Reader(String),
    /// The way to the card cannot carry what was to be said; the card has nothing to do with it.
    #[error("the reader cannot carry this: {0}")]
    CannotCarry(String),
}

/// Random bytes that are the same for the same seed. They are for test cards, never for secrets.
pub(crate) fn seeded(seed: u64) -> impl FnMut(&mut [u8]) -> Result<(), EntropyFault> + Send {
    let mut random = fastrand::Rng::with_seed(seed);
    move |bytes: &mut [u8]| {
        random.fill(bytes);
        Ok(())
    }
}
