//! What is said on the socket.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::slot::Status;

/// What a slot can be told. Each is one JSON object with the key `do`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Request {
    /// `{"do":"status"}`: what the slot is like.
    Status,
    /// `{"do":"insert"}`: put the card in again. Answered when the reader has asked for it.
    Insert,
    /// `{"do":"remove"}`: pull the card out. Answered when it is out; the reader sees that when it
    /// looks for the card, within 400 ms.
    Remove,
    /// `{"do":"blink"}`: the card loses its power for a moment, and the reader is not told.
    Blink,
    /// `{"do":"swap","file":"OTHER.card"}`: pull the card out and put another one in. Answered when
    /// the reader has asked for it. The path is the server's.
    Swap {
        /// The other card's image file.
        file: PathBuf,
        /// Leave the file as it is.
        #[serde(default)]
        volatile: bool,
        /// Where its passphrase is, if the image is sealed.
        #[serde(default)]
        passphrase_file: Option<PathBuf>,
    },
    /// `{"do":"faults","name":"mine.toml","script":"..."}`: follow a script from its beginning.
    Faults {
        /// What it is called in errors.
        name: String,
        /// The TOML text.
        script: String,
    },
    /// `{"do":"clear-faults"}`: nothing goes wrong any more.
    ClearFaults,
    /// `{"do":"latency","name":"real.toml","model":"..."}`: another speed; without a model the
    /// card's own.
    Latency {
        /// What it is called in errors.
        name: String,
        /// The TOML text, with a `[latency]` table.
        #[serde(default)]
        model: Option<String>,
    },
}

/// What comes back.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Answer {
    /// Whether it was done.
    pub ok: bool,
    /// What the slot is like then.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub status: Option<Status>,
    /// Why it was not done.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
}

impl Answer {
    pub(super) fn new(result: Result<Status, String>) -> Self {
        Self {
            ok: result.is_ok(),
            error: result.as_ref().err().cloned(),
            status: result.ok(),
        }
    }
}
