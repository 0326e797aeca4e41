//! How a client is told where its cards are: by the environment variable `CNS_PCSC`.
//!
//! | `CNS_PCSC` is the path of | the client sees |
//! |---|---|
//! | a card file (`*.cns`) | one reader, with this card in the client's own process |
//! | a file `*.toml` | the readers that it lists, in the client's own process |
//! | a unix socket | the readers of the process that listens there |
//!
//! ```toml
//! [[reader]]
//! name = "CNS 00"
//! card = "maria-rossi.cns"     # relative to the file's folder; none: the reader is empty
//! volatile = true              # what happens to the card is forgotten
//! latency = "slow.toml"        # as slow as its [latency] table says; none: as fast as it can
//! ```

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::path::{Path, PathBuf};

use cns_reader::ImageFile;
use cns_reader::faults::{Latency, ScriptError, Slow};
use serde::Deserialize;

use crate::local::Local;

/// The environment variable.
pub const VARIABLE: &str = "CNS_PCSC";

/// What the first reader is called when nobody says: as pcsc-lite would call it.
pub const READER: &str = "CNS Virtual Reader 00 00";

/// What the reader with this number is called, counted from 0: the first one is [`READER`].
pub fn reader_name(number: usize) -> String {
    format!("CNS Virtual Reader {number:02X} 00")
}

/// Where the cards of a client are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Place {
    /// In its own process.
    Here(Vec<Plan>),
    /// Behind a socket.
    Socket(PathBuf),
}

/// A reader in the client's own process.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// What it is called.
    pub name: String,
    /// The card in it.
    pub card: Option<PathBuf>,
    /// Whether what happens to the card is forgotten.
    pub volatile: bool,
    /// The model of how slow the card is.
    pub latency: Option<PathBuf>,
}

/// Why a client has no readers.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// Nobody has said where they are.
    #[error(
        "{VARIABLE} is not set\nhint: it is the path of a card file, a list of readers, or a socket"
    )]
    NotSaid,
    /// There is nothing.
    #[error("{path}: {source}")]
    Unreadable {
        /// What was named.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It is a list of readers that cannot be read; the reason says line and column.
    #[error("{path} lists no readers: {reason}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A card file cannot be used.
    #[error(transparent)]
    Card(#[from] cns_reader::StoreError),
    /// A latency model cannot be used.
    #[error(transparent)]
    Latency(#[from] ScriptError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawList {
    #[serde(default)]
    reader: Vec<RawReader>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawReader {
    name: String,
    card: Option<PathBuf>,
    #[serde(default)]
    volatile: bool,
    latency: Option<PathBuf>,
}

impl Place {
    /// Where the environment says.
    pub fn from_environment() -> Result<Self, PlaceError> {
        let path = std::env::var_os(VARIABLE).ok_or(PlaceError::NotSaid)?;
        Self::at(Path::new(&path))
    }

    /// What is at this path.
    pub fn at(path: &Path) -> Result<Self, PlaceError> {
        let unreadable = |source| PlaceError::Unreadable {
            path: path.to_owned(),
            source,
        };
        let kind = fs::metadata(path).map_err(unreadable)?.file_type();
        if kind.is_socket() {
            return Ok(Self::Socket(path.to_owned()));
        }
        if path.extension().is_none_or(|end| end != "toml") {
            return Ok(Self::Here(vec![Plan {
                name: READER.to_owned(),
                card: Some(path.to_owned()),
                volatile: false,
                latency: None,
            }]));
        }
        let text = fs::read_to_string(path).map_err(unreadable)?;
        let list: RawList = toml::from_str(&text).map_err(|error| PlaceError::Syntax {
            path: path.to_owned(),
            reason: error.to_string(),
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let plans = list.reader.into_iter().map(|reader| Plan {
            name: reader.name,
            card: reader.card.map(|card| folder.join(card)),
            volatile: reader.volatile,
            latency: reader.latency.map(|latency| folder.join(latency)),
        });
        Ok(Self::Here(plans.collect()))
    }
}

/// The readers that are planned, with their cards in them.
pub fn furnish(plans: &[Plan]) -> Result<Local, PlaceError> {
    let local = Local::new();
    for plan in plans {
        let card = match &plan.card {
            Some(path) => Some(ImageFile::card(path, plan.volatile, None)?),
            None => None,
        };
        let latency = plan.latency.as_deref().map(model).transpose()?;
        let reader = local.add_reader(&plan.name);
        match (card, latency) {
            (Some(card), None) => local.insert(reader, Box::new(card)),
            (Some(card), Some(latency)) => local.insert(reader, Box::new(Slow::new(card, latency))),
            (None, _) => {}
        }
    }
    Ok(local)
}

fn model(path: &Path) -> Result<Latency, PlaceError> {
    let text = fs::read_to_string(path).map_err(|source| PlaceError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    Ok(Latency::from_toml(&path.display().to_string(), &text)?)
}
