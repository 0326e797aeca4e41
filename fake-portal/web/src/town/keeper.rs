//! A town that outlives its portal. The portal knows no file: it is told who keeps the town.

use std::fmt::Debug;

use cns_services::town::Revision;
use cns_services::{Refusal, Town};
use thiserror::Error;

use crate::rules;

/// Keeps a town somewhere.
pub trait Keeper: Debug + Send {
    /// Keeps the town as it is now, in the place of what was kept before. When this returns, it is there
    /// even after a power failure.
    ///
    /// # Errors
    /// It is not, and what was kept before is as it was.
    fn keep(&mut self, town: &Town) -> Result<(), NotKept>;
}

/// Why a town is not kept, in a sentence.
#[derive(Clone, Debug, Error)]
#[error("{0}")]
pub struct NotKept(pub String);

/// A town, and who keeps it.
pub(super) struct Kept {
    pub(super) town: Town,
    keeper: Option<Box<dyn Keeper>>,
    /// The revision that is kept; none after another town has come into the place of this one.
    revision: Option<Revision>,
}

impl Kept {
    /// A town that ends with its portal.
    pub(super) fn in_memory(town: Town) -> Self {
        Self {
            town,
            keeper: None,
            revision: None,
        }
    }

    /// A town that is kept from now on.
    pub(super) fn by(keeper: Box<dyn Keeper>, town: Town) -> Result<Self, NotKept> {
        let mut kept = Self {
            keeper: Some(keeper),
            ..Self::in_memory(town)
        };
        kept.keep()?;
        Ok(kept)
    }

    pub(super) fn replace(&mut self, town: Town) -> Result<(), NotKept> {
        self.town = town;
        // Another town may have changed as often as this one.
        self.revision = None;
        self.keep()
    }

    /// Keeps what has changed. Gives why it is not kept.
    pub(super) fn keep_if_changed(&mut self) -> Option<NotKept> {
        if self.revision == Some(self.town.revision()) {
            return None;
        }
        let not_kept = self.keep().err()?;
        tracing::error!(%not_kept, "the town");
        Some(not_kept)
    }

    fn keep(&mut self) -> Result<(), NotKept> {
        if let Some(keeper) = &mut self.keeper {
            keeper.keep(&self.town)?;
        }
        self.revision = Some(self.town.revision());
        Ok(())
    }
}

impl From<NotKept> for Refusal {
    fn from(not_kept: NotKept) -> Self {
        rules::NOT_KEPT.about(not_kept.0)
    }
}
