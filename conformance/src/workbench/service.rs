//! The PC/SC service of a workbench, of whichever kind: where its card enters, and where its clients
//! find it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cns_ifd::installation::{CONFIGURATION, CONTROL, Plan, READER};
use cns_pcsc::Local;
use cns_pcsc::host::Host;
use cns_pcsc::library::ClientFolder;
use cns_pcsc::local::{ReaderNumber, Slot};
use cns_reader::guest::{SILENCE_MAX, admit};
use cns_reader::{Address, Door, Driver, Folder, PrivatePcscd, Readers};

use super::error::WorkbenchError;
use super::reader::ReaderKind;

/// A running service with one reader. Dropping it ends it and removes its folder, as does the end of
/// this process, however it comes.
pub(crate) enum Service {
    Pcscd {
        pcscd: PrivatePcscd,
        address: Address,
        control: Option<PathBuf>,
    },
    Daemonless(Daemonless),
}

/// A host in this process, whose card enters at a socket as it does with pcscd's drivers.
pub(crate) struct Daemonless {
    running: Option<Running>,
    client: ClientFolder,
    folder: Folder,
}

struct Running {
    // Dropped first: then the readers are gone before their cards are.
    _host: Host,
    local: Arc<Local>,
    door: Option<(Door, ReaderNumber)>,
}

// In the folder of the service.
const CARD_SOCKET: &str = "slot-0";
const HOST_SOCKET: &str = "pcsc";

impl Service {
    pub(super) fn start(kind: ReaderKind) -> Result<Self, WorkbenchError> {
        match kind {
            ReaderKind::Vpcd => {
                let pcscd = PrivatePcscd::start()?;
                let address = pcscd.reader_address().into();
                Ok(Self::Pcscd {
                    pcscd,
                    address,
                    control: None,
                })
            }
            ReaderKind::Ifd | ReaderKind::Pinpad => {
                let plan = Plan {
                    pinpad: kind == ReaderKind::Pinpad,
                    ..Plan::default()
                };
                let library = cns_ifd::library::beside(&env::current_exe()?)?;
                let pcscd = PrivatePcscd::start_prepared(|folder| {
                    let device = folder.join(CONFIGURATION);
                    fs::write(&device, plan.to_toml(folder))?;
                    Ok(Driver {
                        name: READER.to_owned(),
                        library,
                        device,
                    })
                })?;
                let address = pcscd.folder().join(CARD_SOCKET).into();
                let control = plan.pinpad.then(|| pcscd.folder().join(CONTROL));
                Ok(Self::Pcscd {
                    pcscd,
                    address,
                    control,
                })
            }
            ReaderKind::Daemonless => Daemonless::start().map(Self::Daemonless),
        }
    }

    /// Where the card enters the reader.
    pub(super) fn address(&self) -> Address {
        match self {
            Self::Pcscd { address, .. } => address.clone(),
            Self::Daemonless(daemonless) => daemonless.card_socket().into(),
        }
    }

    /// A folder that goes away with the service.
    pub(super) fn folder(&self) -> &Path {
        match self {
            Self::Pcscd { pcscd, .. } => pcscd.folder(),
            Self::Daemonless(daemonless) => daemonless.folder.path(),
        }
    }

    /// Where its reader is steered, if it has a pinpad to type on.
    pub(super) fn control(&self) -> Option<PathBuf> {
        match self {
            Self::Pcscd { control, .. } => control.clone(),
            Self::Daemonless(_) => None,
        }
    }

    /// What leads clients here.
    pub(super) fn environment(&self) -> Vec<(&'static str, OsString)> {
        match self {
            Self::Pcscd { pcscd, .. } => {
                let (variable, socket) = pcscd.environment();
                vec![(variable, socket.into())]
            }
            Self::Daemonless(daemonless) => daemonless
                .client
                .environment(&daemonless.host_socket())
                .into(),
        }
    }

    /// The library that clients load, if it is not the distribution's.
    pub(super) fn library(&self) -> Option<PathBuf> {
        match self {
            Self::Pcscd { .. } => None,
            Self::Daemonless(daemonless) => Some(daemonless.client.library()),
        }
    }

    /// Whether clients see a card; none if only a client can tell.
    pub(super) fn shows_card(&self) -> Option<bool> {
        match self {
            Self::Pcscd { .. } => None,
            Self::Daemonless(daemonless) => Some(daemonless.running.as_ref().is_some_and(
                |Running { local, door, .. }| {
                    door.as_ref()
                        .is_some_and(|(_, reader)| local.has_card(*reader))
                },
            )),
        }
    }

    /// What it has written so far; a host in this process writes to this process's log.
    pub(super) fn log(&self) -> String {
        match self {
            Self::Pcscd { pcscd, .. } => pcscd.log(),
            Self::Daemonless(_) => String::new(),
        }
    }

    /// Ends it: its clients lose their connections, and are refused.
    pub(crate) fn stop(&mut self) -> Result<(), WorkbenchError> {
        match self {
            Self::Pcscd { pcscd, .. } => pcscd.stop()?,
            Self::Daemonless(daemonless) => drop(daemonless.running.take()),
        }
        Ok(())
    }

    /// Starts it again; the card finds its reader by itself.
    pub(crate) fn start_again(&mut self, readers: Readers) -> Result<(), WorkbenchError> {
        match self {
            Self::Pcscd { pcscd, .. } => pcscd.start_again(readers)?,
            Self::Daemonless(daemonless) => daemonless.run(readers)?,
        }
        Ok(())
    }
}

impl Daemonless {
    fn start() -> Result<Self, WorkbenchError> {
        let library = cns_pcsc::library::beside(&env::current_exe()?)?;
        let folder = Folder::new()?;
        let client = ClientFolder::furnish(&folder.path().join("client"), &library)?;
        let mut daemonless = Self {
            running: None,
            client,
            folder,
        };
        daemonless.run(Readers::AsBefore)?;
        Ok(daemonless)
    }

    fn run(&mut self, readers: Readers) -> Result<(), WorkbenchError> {
        let local = Arc::new(Local::new());
        let door = match readers {
            Readers::None => None,
            Readers::AsBefore => {
                let reader = local.add_reader(cns_pcsc::place::READER);
                let slot = Arc::new(Slot::new(Arc::clone(&local), reader));
                Some((admit(&self.card_socket(), slot, SILENCE_MAX)?, reader))
            }
        };
        self.running = Some(Running {
            _host: Host::at(&self.host_socket(), Arc::clone(&local))?,
            local,
            door,
        });
        Ok(())
    }

    fn card_socket(&self) -> PathBuf {
        self.folder.path().join(CARD_SOCKET)
    }

    fn host_socket(&self) -> PathBuf {
        self.folder.path().join(HOST_SOCKET)
    }
}
