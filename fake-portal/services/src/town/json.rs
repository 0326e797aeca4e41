//! A town as JSON, and back. Secrets stay behind: see [`Town::import`].

use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::OffsetDateTime;

use super::Town;
use crate::desk::{Desk, StoredDesk};
use crate::outbox::{Outbox, StoredOutbox};
use crate::world::{self, StoredWorld, World};

/// The number of this form of a town. Another form gets another number.
const FORMAT: u32 = 1;

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct StoredTown<W> {
    format: u32,
    world: W,
    desk: StoredDesk,
    outbox: StoredOutbox,
}

impl Town {
    /// The town as JSON, on one line. No digit of a PIN, a PUK, a CIP or a one-time code is in it.
    ///
    /// # Errors
    /// The town holds a year beyond 9999, which the form of dates has no room for.
    pub fn export(&self) -> Result<String, ExportError> {
        serde_json::to_string(&StoredTown {
            format: FORMAT,
            world: self.world.stored(),
            desk: self.desk.stored(),
            outbox: self.outbox.stored(),
        })
        .map_err(|error| ExportError(error.to_string()))
    }

    /// Reads what [`Town::export`] wrote, or somebody else in the same form, and checks that it fits together.
    ///
    /// What is not stored is settled now: open requests are given up, which is in the audit log; one-time
    /// codes that were not used are good no more; of a message with secrets that had arrived the words are
    /// gone, and one that had not comes back, which the desk hears of.
    ///
    /// # Errors
    /// [`ImportError`] says where the JSON is wrong, or what in it does not fit together.
    pub fn import(json: &str, now: OffsetDateTime) -> Result<Self, ImportError> {
        let stored: StoredTown<StoredWorld> =
            serde_json::from_str(json).map_err(|error| ImportError::Json(error.to_string()))?;
        if stored.format != FORMAT {
            return Err(ImportError::Format {
                seen: stored.format,
            });
        }
        let of = |part: &'static str| {
            move |(place, reason): (String, String)| ImportError::Inconsistent {
                place: format!("{part}.{place}"),
                reason,
            }
        };
        let world = World::of_stored(stored.world).map_err(|error| match error {
            world::ImportError::Inconsistent { place, reason } => of("world")((place, reason)),
            error => ImportError::World(error),
        })?;
        let outbox = Outbox::of_stored(stored.outbox, now).map_err(of("outbox"))?;
        let desk = Desk::of_stored(stored.desk, now).map_err(of("desk"))?;
        for (card, message) in desk.second_parts() {
            if !outbox.is_second_part(message, card) {
                let reason = format!("message {} has no second part of card {card}", message.0);
                return Err(of("desk")(("dossiers".to_owned(), reason)));
            }
        }
        Ok(Self {
            world,
            desk,
            outbox,
        })
    }
}

/// A town cannot be written.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("the town cannot be written as JSON: {0}\nhint: years go to 9999")]
pub struct ExportError(String);

/// A text is not a town: the text is at fault.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum ImportError {
    /// Not JSON, a key missing, a key too many, or a value that is none.
    #[error("the JSON is not a town: {0}\nhint: the export of a town has every key")]
    Json(String),
    /// Written by another version of this program.
    #[error(
        "the town is of format {seen}, and this program reads format {FORMAT}\n\
         hint: export it again with this version"
    )]
    Format {
        /// Its number.
        seen: u32,
    },
    /// Its world is none.
    #[error(transparent)]
    World(world::ImportError),
    /// Something in it contradicts something else.
    #[error(
        "the town contradicts itself: {place}: {reason}\nhint: correct it there, or where it points to"
    )]
    Inconsistent {
        /// Where: `desk.dossiers[3]`.
        place: String,
        /// What is wrong there.
        reason: String,
    },
}
