//! Who makes cards and certificates. The portal knows neither: it is told who does.

use std::fmt::Debug;

use cns_authority::{CardNumber, CodiceFiscale};
use cns_services::Refusal;
use cns_services::desk::{CardEvent, CardSecrets, CertificateChange};
use thiserror::Error;
use time::{Date, OffsetDateTime};

use crate::rules;

/// Makes cards, and keeps their certificates.
pub trait Workshop: Debug + Send + Sync {
    /// Puts PIN and PUK onto a card, and gives it back all its tries.
    ///
    /// # Errors
    /// There is no such card, or it cannot be written.
    fn personalise(
        &self,
        card: CardNumber,
        secrets: CardSecrets,
        now: OffsetDateTime,
    ) -> Result<(), WorkshopError>;

    /// Changes the status of a card's certificate.
    ///
    /// # Errors
    /// There is no such card, or its certificate cannot become so.
    fn set_certificate_status(
        &self,
        card: CardNumber,
        change: CertificateChange,
        now: OffsetDateTime,
    ) -> Result<(), WorkshopError>;

    /// What a card says of its PIN and PUK when somebody puts it into a reader: that one is blocked, or
    /// nothing.
    ///
    /// # Errors
    /// There is no such card, or it cannot be read.
    fn read(&self, card: CardNumber) -> Result<Option<CardEvent>, WorkshopError>;

    /// Makes a new card with a new certificate.
    ///
    /// # Errors
    /// It cannot be made.
    fn produce(
        &self,
        holder: CodiceFiscale,
        replaces: CardNumber,
        now: OffsetDateTime,
    ) -> Result<ProducedCard, WorkshopError>;
}

/// A card that was made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ProducedCard {
    /// Its number.
    pub card: CardNumber,
    /// The last day on which it is valid.
    pub expires: Date,
}

/// A workshop that makes nothing, for a town that hands out no cards.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoWorkshop;

impl Workshop for NoWorkshop {
    fn personalise(
        &self,
        _: CardNumber,
        _: CardSecrets,
        _: OffsetDateTime,
    ) -> Result<(), WorkshopError> {
        Err(NoWorkshop::closed())
    }

    fn set_certificate_status(
        &self,
        _: CardNumber,
        _: CertificateChange,
        _: OffsetDateTime,
    ) -> Result<(), WorkshopError> {
        Err(NoWorkshop::closed())
    }

    fn read(&self, _: CardNumber) -> Result<Option<CardEvent>, WorkshopError> {
        Err(NoWorkshop::closed())
    }

    fn produce(
        &self,
        _: CodiceFiscale,
        _: CardNumber,
        _: OffsetDateTime,
    ) -> Result<ProducedCard, WorkshopError> {
        Err(NoWorkshop::closed())
    }
}

impl NoWorkshop {
    fn closed() -> WorkshopError {
        WorkshopError("no cards are made here".to_owned())
    }
}

/// What a workshop cannot do, in a sentence.
#[derive(Clone, Debug, Error)]
#[error("{0}")]
pub struct WorkshopError(pub String);

impl From<WorkshopError> for Refusal {
    fn from(error: WorkshopError) -> Self {
        rules::CARD_NOT_UPDATED.about(error.0)
    }
}
