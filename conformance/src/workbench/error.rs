//! Why there is no workbench.

use std::io;
use std::time::Duration;

use cns_authority::{CertifierError, ValidityError};
use cns_fixtures::PersonaliseError;
use cns_portal::PortalError;
use cns_portal::town::WorkshopError;
use cns_reader::control::ControlError;
use cns_reader::library::NotFound;
use cns_reader::{PcscdError, ReaderError, SocketError};
use thiserror::Error;

use crate::run::RunError;
use crate::town::FoundingError;

/// Why there is no workbench.
#[derive(Debug, Error)]
pub enum WorkbenchError {
    /// The clients' home, or a thread, could not be made.
    #[error("the workbench cannot be prepared: {0}")]
    Io(#[from] io::Error),
    /// The certifier failed.
    #[error(transparent)]
    Certifier(#[from] CertifierError),
    /// The machine's clock stands at the end of time.
    #[error("the machine's clock is no good: {0}")]
    Clock(#[from] ValidityError),
    /// The card could not be made.
    #[error(transparent)]
    Personalise(#[from] PersonaliseError),
    /// pcscd did not start.
    #[error(transparent)]
    Pcscd(#[from] PcscdError),
    /// A library of ours was not built.
    #[error(transparent)]
    Library(#[from] NotFound),
    /// The service's socket is taken.
    #[error(transparent)]
    Socket(#[from] SocketError),
    /// The portal did not start.
    #[error(transparent)]
    Portal(#[from] PortalError),
    /// The portal's town was not founded.
    #[error(transparent)]
    Town(#[from] FoundingError),
    /// The town's cards could not be made.
    #[error("the town's cards cannot be made: {0}")]
    Workshop(#[from] WorkshopError),
    /// The card found no reader.
    #[error(transparent)]
    Reader(#[from] ReaderError),
    /// Nothing can be typed: the reader has no pinpad.
    #[error("the workbench's reader has no pinpad")]
    NoPinpad,
    /// Nobody answers for the reader.
    #[error(transparent)]
    Control(#[from] ControlError),
    /// The reader does not do as it is told.
    #[error("the workbench's reader refuses an order: {0}")]
    Refused(String),
    /// The client that looks for the card could not be run.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The card is in its reader, and no client sees it.
    #[error(
        "no client saw the card within {limit:?}; opensc-tool says:{last_words}\npcscd says:\n{log}"
    )]
    CardNotSeen {
        /// How long it was waited for.
        limit: Duration,
        /// What opensc-tool said last, if it was asked.
        last_words: String,
        /// What pcscd and its driver say.
        log: String,
    },
}
