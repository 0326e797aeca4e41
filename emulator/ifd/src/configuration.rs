//! The file that says which slots a reader has.
//!
//! ```toml
//! control = "control"          # a unix socket, see `control`; none if not said
//! silence_max_ms = 30000       # how long a card may take for one answer
//!
//! [[slot]]
//! socket = "slot-0"            # a unix socket at which a card enters
//!
//! [[slot]]
//! card = "maria-rossi.cns"     # a card in pcscd's own process
//! volatile = true              # what happens to it is forgotten
//! pinpad = true                # the slot has a pinpad
//! ```
//! Paths are relative to the file's folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cns_reader::guest::SILENCE_MAX;
use serde::Deserialize;

/// The most slots that pcscd has room for.
pub const SLOTS_MAX: usize = 16;

/// A reader as its file describes it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Configuration {
    /// The slots, at least one.
    pub slots: Vec<SlotPlan>,
    /// Where the control socket is.
    pub control: Option<PathBuf>,
    /// How long a card may take for one answer.
    pub silence_max: Duration,
}

/// A slot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SlotPlan {
    /// Where its cards come from.
    pub origin: Origin,
    /// Whether it has a pinpad.
    pub pinpad: bool,
}

/// Where the cards of a slot come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Origin {
    /// A card file, in pcscd's own process.
    File {
        /// The file.
        path: PathBuf,
        /// Whether what happens to the card is forgotten.
        volatile: bool,
    },
    /// A unix socket at which a card enters.
    Socket(PathBuf),
}

/// Why a file describes no reader.
#[derive(Debug, thiserror::Error)]
pub enum ConfigurationError {
    /// It cannot be read.
    #[error("{path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is not as described here. The reason says line and column.
    #[error("{path} describes no reader: {reason}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        reason: String,
    },
    /// It has no slot, or too many.
    #[error("{path} has {count} slots; a reader has 1 to {SLOTS_MAX}")]
    Slots {
        /// The file.
        path: PathBuf,
        /// How many it has.
        count: usize,
    },
    /// A slot says both where its card is and where cards enter, or neither.
    #[error("{path}: slot {slot} needs either `card` or `socket`")]
    Origin {
        /// The file.
        path: PathBuf,
        /// The slot, counted from 0.
        slot: usize,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConfiguration {
    control: Option<PathBuf>,
    silence_max_ms: Option<u64>,
    #[serde(default)]
    slot: Vec<RawSlot>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSlot {
    socket: Option<PathBuf>,
    card: Option<PathBuf>,
    #[serde(default)]
    volatile: bool,
    #[serde(default)]
    pinpad: bool,
}

impl Configuration {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self, ConfigurationError> {
        let text = fs::read_to_string(path).map_err(|source| ConfigurationError::Unreadable {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(path, &text)
    }

    /// Reads the text of the file at `path`.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigurationError> {
        let raw: RawConfiguration =
            toml::from_str(text).map_err(|error| ConfigurationError::Syntax {
                path: path.to_owned(),
                reason: error.to_string(),
            })?;
        if !(1..=SLOTS_MAX).contains(&raw.slot.len()) {
            return Err(ConfigurationError::Slots {
                path: path.to_owned(),
                count: raw.slot.len(),
            });
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        let mut slots = Vec::with_capacity(raw.slot.len());
        for (slot, raw) in raw.slot.into_iter().enumerate() {
            let origin = match (raw.card, raw.socket) {
                (Some(card), None) => Origin::File {
                    path: folder.join(card),
                    volatile: raw.volatile,
                },
                (None, Some(socket)) => Origin::Socket(folder.join(socket)),
                _ => {
                    let path = path.to_owned();
                    return Err(ConfigurationError::Origin { path, slot });
                }
            };
            let pinpad = raw.pinpad;
            slots.push(SlotPlan { origin, pinpad });
        }
        Ok(Self {
            slots,
            control: raw.control.map(|control| folder.join(control)),
            silence_max: raw
                .silence_max_ms
                .map_or(SILENCE_MAX, Duration::from_millis),
        })
    }
}
