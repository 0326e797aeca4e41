//! A socket by which another process steers slots: one JSON value a line, one line back.
//!
//! ```text
//! > {"do":"remove"}
//! < {"ok":true,"slots":[{"wanted":false,"inserted":false, ...}]}
//! > {"do":"type","slot":1,"pin":"12345"}
//! < {"ok":false,"error":"the card has no pinpad\nhint: ..."}
//! ```
//! [`Order`] lists what can be said. Two sides obey, each to what is its own: a card that
//! `cns card insert` holds ([`Slot`](crate::Slot)), and the driver of a reader (crate `cns-ifd`), which has a
//! pinpad. The socket belongs to its owner alone (mode 0600) and goes away with the [`Control`] that
//! made it. Nobody can hold it up: a line may have a mebibyte, a connection may be silent for half a
//! minute, and every order has [`ORDER_LIMIT`].

use std::fs::{self, Permissions};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use zeroize::Zeroizing;

use crate::unix::{Door, SocketError};

mod card;
mod client;
mod message;

pub use client::ask;
pub use message::{Answer, Digits, Order, Request};

/// How long an order may take until it has come about: a reader sees an empty slot for 900 ms, and
/// looks for a card every 400 ms.
pub const ORDER_LIMIT: Duration = Duration::from_secs(5);

/// How long a connection may be silent.
const SILENCE_MAX: Duration = Duration::from_secs(30);

/// The longest line, in bytes.
const LINE_MAX: u64 = 1 << 20;

/// Slots that somebody steers.
pub trait Steered: Send + Sync + 'static {
    /// What a slot is like.
    type Status: Serialize;

    /// Does it, and waits until it has come about.
    ///
    /// # Errors
    /// In one sentence, why not; then perhaps a hint.
    fn obey(&self, slot: usize, order: Order) -> Result<(), String>;

    /// What all slots are like.
    fn status(&self) -> Vec<Self::Status>;
}

/// The socket while it is served. Dropping it removes it.
#[derive(Debug)]
pub struct Control {
    _door: Door,
}

/// Why there is no socket, or no answer from it.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// Nobody can listen there.
    #[error(transparent)]
    Socket(#[from] SocketError),
    /// Nobody serves it.
    #[error("nobody answers at {}: {source}\nhint: `cns card insert --control PATH` does, and the driver of `cns reader install`", .path.display())]
    Nobody {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// What came back is no answer.
    #[error("{} answers something else: {seen}", .path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What came.
        seen: String,
    },
}

impl Control {
    /// Obeys at the socket `path`. A socket that is there and that nobody serves any more is replaced.
    ///
    /// # Errors
    /// The path is taken or cannot be a socket.
    pub fn serve(path: &Path, steered: Arc<impl Steered>) -> Result<Self, SocketError> {
        let door = Door::for_each(path, move |stream| {
            // Somebody who goes in the middle of an order is no reason to end.
            let _ = converse(&stream, &*steered);
        })?;
        fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(|source| {
            SocketError::Refused {
                path: path.to_owned(),
                source,
            }
        })?;
        Ok(Self { _door: door })
    }
}

/// One connection, until it ends, is silent for too long, or sends too long a line.
fn converse(stream: &UnixStream, steered: &impl Steered) -> io::Result<()> {
    stream.set_read_timeout(Some(SILENCE_MAX))?;
    stream.set_write_timeout(Some(SILENCE_MAX))?;
    let mut lines = BufReader::new(stream);
    // A PIN may be in it.
    let mut line = Zeroizing::new(Vec::new());
    loop {
        line.clear();
        lines.by_ref().take(LINE_MAX).read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            return Ok(());
        }
        let mut text = serde_json::to_vec(&answer(&line, steered))?;
        text.push(b'\n');
        (&*stream).write_all(&text)?;
    }
}

fn answer<S: Steered>(line: &[u8], steered: &S) -> Answer<S::Status> {
    let obeyed = match serde_json::from_slice(line) {
        Ok(Request { slot, order }) => steered.obey(slot, order),
        // The text is not repeated: a PIN may be in it.
        Err(error) => Err(format!("this is no order (column {})", error.column())),
    };
    match obeyed {
        Ok(()) => Answer::done(steered.status()),
        Err(error) => Answer::refused(error),
    }
}

/// What a slot that is not there says.
pub fn no_slot(slot: usize, count: usize) -> String {
    match count {
        1 => format!("there is no slot {slot}\nhint: there is slot 0"),
        count => format!(
            "there is no slot {slot}\nhint: there are slots 0 to {}",
            count.saturating_sub(1)
        ),
    }
}
