//! The slot of the reader of this process's own PC/SC, where cards go in and out.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use cns_pcsc::Local;
use cns_pcsc::host::Host;
use cns_pcsc::local::ReaderNumber;
use cns_reader::{Contacts, Journal, ReaderError, UnixRemoval, UnixSlot, UnixSlotError};

use crate::private_reader::Door;
use crate::target::Plugged;

/// What the reader of the daemonless library is called.
const DAEMONLESS_READER: &str = "CNS 00 00";

/// How long our own driver may take until it listens at its socket.
const DOOR_LIMIT: Duration = Duration::from_secs(5);

/// How long a card may take to be out after it was pulled.
const OUT_LIMIT: Duration = Duration::from_secs(2);

const POLL: Duration = Duration::from_millis(5);

/// The slot, with or without a card in it.
pub struct Slot {
    way: Way,
    inside: Option<Inside>,
}

/// Who takes cards in.
enum Way {
    Vpcd(std::net::SocketAddr),
    Ifd(PathBuf),
    Daemonless {
        local: Arc<Local>,
        reader: ReaderNumber,
        _host: Host,
    },
}

/// What keeps a card in.
enum Inside {
    Vpcd(Plugged),
    Ifd { _guest: Guest },
    Daemonless,
}

/// Why a card is not in the slot.
#[derive(Debug, thiserror::Error)]
pub enum SlotError {
    /// No thread, or no socket.
    #[error("the card could not be put into its reader: {0}")]
    Io(#[from] io::Error),
    /// There is no reader of vpcd.
    #[error(transparent)]
    Vpcd(#[from] ReaderError),
    /// There is no reader of our own driver.
    #[error(transparent)]
    Ifd(#[from] UnixSlotError),
}

impl Slot {
    /// The slot behind this door, empty.
    ///
    /// # Errors
    /// Without a daemon: somebody else is the host there.
    pub fn open(door: &Door) -> Result<Self, SlotError> {
        let way = match door {
            Door::Vpcd(address) => Way::Vpcd(*address),
            Door::Ifd(path) => Way::Ifd(path.clone()),
            Door::Daemonless(path) => {
                let local = Arc::new(Local::new());
                let reader = local.add_reader(DAEMONLESS_READER);
                Way::Daemonless {
                    _host: Host::at(path, Arc::clone(&local))?,
                    local,
                    reader,
                }
            }
        };
        Ok(Self { way, inside: None })
    }

    /// Puts a card in, in the place of one that may be there. Clients see it a moment later.
    ///
    /// # Errors
    /// There is no reader. That of vpcd may be found missing later: see [`Slot::ended`].
    pub fn insert(&mut self, card: impl Contacts + Send + 'static) -> Result<(), SlotError> {
        self.remove();
        self.inside = Some(match &self.way {
            Way::Vpcd(address) => Inside::Vpcd(Plugged::insert_speaking(card, *address)?),
            Way::Ifd(path) => Inside::Ifd {
                _guest: Guest::enter(card, path)?,
            },
            Way::Daemonless { local, reader, .. } => {
                local.insert(*reader, Box::new(card));
                Inside::Daemonless
            }
        });
        Ok(())
    }

    /// Takes the card out; it loses its power.
    pub fn remove(&mut self) {
        if let (Some(Inside::Daemonless), Way::Daemonless { local, reader, .. }) =
            (self.inside.take(), &self.way)
        {
            local.remove(*reader);
        }
    }

    /// Ends what the reader waits for when a card is silent.
    pub fn flicker(&self) {
        if let Some(Inside::Vpcd(plugged)) = &self.inside {
            plugged.flicker();
        }
    }

    /// Why the card is in no reader, if it is in none.
    pub fn ended(&self) -> Option<SlotError> {
        match &self.inside {
            Some(Inside::Vpcd(plugged)) => plugged.ended().map(Into::into),
            _ => None,
        }
    }
}

/// A card at the socket of our own driver, held by a thread. Dropping it pulls the card.
struct Guest {
    removal: Option<UnixRemoval>,
    thread: Option<JoinHandle<()>>,
}

impl Guest {
    fn enter(mut card: impl Contacts + Send + 'static, path: &Path) -> Result<Self, SlotError> {
        let slot = at(path)?;
        let removal = slot.removal()?;
        let thread = thread::Builder::new()
            .name("cns-own-card".to_owned())
            .spawn(move || {
                // A reader that goes away shows in what clients see.
                let _ = slot.hold(&mut card, &Journal::silent());
            })?;
        Ok(Self {
            removal: Some(removal),
            thread: Some(thread),
        })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        if let Some(removal) = self.removal.take() {
            removal.remove();
        }
        let Some(thread) = self.thread.take() else {
            return;
        };
        // A card that answers for ever is left to itself.
        let deadline = Instant::now() + OUT_LIMIT;
        while !thread.is_finished() && Instant::now() < deadline {
            thread::sleep(POLL);
        }
    }
}

/// pcscd answers clients before its driver has opened its socket.
fn at(path: &Path) -> Result<UnixSlot, UnixSlotError> {
    let deadline = Instant::now() + DOOR_LIMIT;
    loop {
        match UnixSlot::at(path) {
            Err(UnixSlotError::NoReader { .. }) if Instant::now() < deadline => {
                thread::sleep(POLL);
            }
            found => return found,
        }
    }
}
