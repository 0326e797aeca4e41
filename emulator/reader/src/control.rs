//! A socket by which another process steers a slot: one JSON value a line, one line back.
//!
//! ```text
//! > {"do":"remove"}
//! < {"ok":true,"status":{"wanted":false,"inserted":false, ...}}
//! > {"do":"swap","file":"/nowhere"}
//! < {"ok":false,"error":"..."}
//! ```
//! [`Request`] lists what can be asked. The socket belongs to its owner alone (mode 0600) and goes
//! away with the [`Control`] that made it. Nobody can hold it up: a line may have a mebibyte, a
//! connection may be silent for half a minute, and every order has [`ORDER_LIMIT`].

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use cns_card::Card;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::SystemEntropy;
use crate::faults::{Latency, Script};
use crate::slot::{Slot, Status};
use crate::store::{ImageFile, Passphrase};

mod client;
mod message;

pub use client::ask;
pub use message::{Answer, Request};

/// How long an order may take until it has come about: a reader sees an empty slot for 900 ms, and
/// looks for a card every 400 ms.
pub const ORDER_LIMIT: Duration = Duration::from_secs(5);

/// How long a connection may be silent.
const SILENCE_MAX: Duration = Duration::from_secs(30);

/// The longest line, in bytes.
const LINE_MAX: u64 = 1 << 20;

const POLL: Duration = Duration::from_millis(5);

/// The socket, before and while it is served. Dropping it removes it.
#[derive(Debug)]
pub struct Control {
    listener: UnixListener,
    path: PathBuf,
}

/// Why there is no socket, or no answer from it.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// Somebody serves it already.
    #[error("{} is served already\nhint: by another `cns card insert`; give this one another path", .0.display())]
    InUse(PathBuf),
    /// The path is something else.
    #[error("{} is there and no socket\nhint: give another path", .0.display())]
    NoSocket(PathBuf),
    /// The system refuses.
    #[error("{} cannot be a socket: {source}", .path.display())]
    Bind {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Nobody serves it.
    #[error("nobody answers at {}: {source}\nhint: `cns card insert --control PATH` does", .path.display())]
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
    /// Makes the socket. One that is there and that nobody serves any more is replaced. Must be
    /// called in a tokio runtime.
    ///
    /// # Errors
    /// The path is taken or cannot be a socket.
    pub fn bind(path: &Path) -> Result<Self, ControlError> {
        if let Ok(there) = fs::symlink_metadata(path) {
            if !there.file_type().is_socket() {
                return Err(ControlError::NoSocket(path.to_owned()));
            }
            if std::os::unix::net::UnixStream::connect(path).is_ok() {
                return Err(ControlError::InUse(path.to_owned()));
            }
            let _ = fs::remove_file(path);
        }
        let refused = |source| ControlError::Bind {
            path: path.to_owned(),
            source,
        };
        let listener = UnixListener::bind(path).map_err(refused)?;
        let control = Self {
            listener,
            path: path.to_owned(),
        };
        fs::set_permissions(path, Permissions::from_mode(0o600)).map_err(refused)?;
        Ok(control)
    }

    /// Obeys, until it is dropped.
    pub async fn serve(&self, slot: &Slot) -> std::convert::Infallible {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        connections.spawn(converse(stream, slot.clone()));
                    }
                    // Too many files are open, for one: it may pass.
                    Err(_) => sleep(POLL).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }
}

impl Drop for Control {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// One connection, until it ends, is silent for too long, or sends too long a line.
async fn converse(stream: UnixStream, slot: Slot) {
    let (from, mut to) = stream.into_split();
    let mut lines = BufReader::new(from);
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut limited = (&mut lines).take(LINE_MAX);
        match timeout(SILENCE_MAX, limited.read_until(b'\n', &mut line)).await {
            Ok(Ok(1..)) if line.ends_with(b"\n") => {}
            _ => return,
        }
        let answer = match serde_json::from_slice(&line) {
            Ok(request) => obey(&slot, request).await,
            Err(error) => Err(format!("this is no order: {error}")),
        };
        let answer = Answer::new(answer);
        let Ok(mut text) = serde_json::to_vec(&answer) else {
            return;
        };
        text.push(b'\n');
        if !matches!(timeout(SILENCE_MAX, to.write_all(&text)).await, Ok(Ok(()))) {
            return;
        }
    }
}

/// Does it, and waits until it has come about.
async fn obey(slot: &Slot, request: Request) -> Result<Status, String> {
    match request {
        Request::Status => {}
        Request::Insert => {
            if !slot.reinsert() {
                return Err("there is no card\nhint: swap puts one in".to_owned());
            }
            come_about(slot, "the reader has not asked for the card", is_in).await?;
        }
        Request::Remove => {
            slot.remove();
            come_about(slot, "the card is still in the reader", |status| {
                !status.inserted
            })
            .await?;
        }
        Request::Blink => slot.blink(),
        Request::Swap {
            file,
            volatile,
            passphrase_file,
        } => {
            let insertions = slot.status().insertions;
            slot.insert_card(card(&file, volatile, passphrase_file.as_deref())?);
            come_about(
                slot,
                "the reader has not asked for the other card",
                |status| insertions < status.insertions && is_in(status),
            )
            .await?;
        }
        Request::Faults { name, script } => {
            slot.set_faults(Script::from_toml(&name, &script).map_err(|error| error.to_string())?);
        }
        Request::ClearFaults => slot.clear_faults(),
        Request::Latency { name, model } => {
            let model = model
                .map(|text| Latency::from_toml(&name, &text))
                .transpose();
            slot.set_latency(model.map_err(|error| error.to_string())?);
        }
    }
    Ok(slot.status())
}

fn is_in(status: &Status) -> bool {
    status.inserted
}

async fn come_about(
    slot: &Slot,
    complaint: &str,
    wanted: impl Fn(&Status) -> bool,
) -> Result<(), String> {
    let seen: Result<(), _> = timeout(ORDER_LIMIT, poll(slot, wanted)).await;
    seen.map_err(|_| format!("{complaint} after {} s", ORDER_LIMIT.as_secs()))
}

async fn poll(slot: &Slot, wanted: impl Fn(&Status) -> bool) {
    while !wanted(&slot.status()) {
        sleep(POLL).await;
    }
}

fn card(file: &Path, volatile: bool, passphrase: Option<&Path>) -> Result<Card, String> {
    let passphrase = passphrase.map(Passphrase::from_file).transpose();
    let passphrase = passphrase.map_err(|error| error.to_string())?;
    let (path, passphrase) = (file, passphrase.as_ref());
    let card = match volatile {
        true => ImageFile::read(path, passphrase)
            .map(|image| Card::volatile(image, SystemEntropy::new())),
        false => ImageFile::open(path, passphrase)
            .map(|(image, memory)| Card::new(image, memory, SystemEntropy::new())),
    };
    card.map_err(|error| error.to_string())
}
