//! The slot of the reader of this process's own PC/SC, where cards go in and out.

use std::io;
use std::sync::Arc;

use cns_pcsc::Local;
use cns_pcsc::host::Host;
use cns_pcsc::local::ReaderNumber;
use cns_reader::{Address, Contacts, ReaderError, SocketError};

use crate::private_reader::Door;
use crate::target::Plugged;

/// What the reader of the daemonless library is called.
const DAEMONLESS_READER: &str = "CNS 00 00";

/// The slot, with or without a card in it.
pub struct Slot {
    way: Way,
    inside: Option<Inside>,
}

/// Who takes cards in.
enum Way {
    Driver(Address),
    Daemonless {
        local: Arc<Local>,
        reader: ReaderNumber,
        _host: Host,
    },
}

/// What keeps a card in.
enum Inside {
    Driver(Plugged),
    Daemonless,
}

/// Why a card is not in the slot.
#[derive(Debug, thiserror::Error)]
pub enum SlotError {
    /// No thread.
    #[error("the card could not be put into its reader: {0}")]
    Io(#[from] io::Error),
    /// There is no reader.
    #[error(transparent)]
    Reader(#[from] ReaderError),
    /// Without a daemon: nobody can be the host.
    #[error(transparent)]
    Host(#[from] SocketError),
}

impl Slot {
    /// The slot behind this door, empty.
    ///
    /// # Errors
    /// Without a daemon: somebody else is the host there.
    pub fn open(door: &Door) -> Result<Self, SlotError> {
        let way = match door {
            Door::Vpcd(address) => Way::Driver(Address::Port(*address)),
            Door::Ifd(path) => Way::Driver(Address::Socket(path.clone())),
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
    /// No thread. That there is no reader is found out later: see [`Slot::ended`].
    pub fn insert(&mut self, card: impl Contacts + Send + 'static) -> Result<(), SlotError> {
        self.remove();
        self.inside = Some(match &self.way {
            Way::Driver(address) => {
                Inside::Driver(Plugged::insert_speaking(card, address.clone())?)
            }
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
        if let Some(Inside::Driver(plugged)) = &self.inside {
            plugged.flicker();
        }
    }

    /// Why the card is in no reader, if it is in none.
    pub fn ended(&self) -> Option<SlotError> {
        match &self.inside {
            Some(Inside::Driver(plugged)) => plugged.ended().map(Into::into),
            _ => None,
        }
    }
}
