//! Cards in readers, set up for a client: without a daemon, in our own driver, in vpcd. The client is
//! a process of its own, which finds them by its environment.

use std::any::Any;
use std::ffi::OsString;
use std::fmt::Display;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use cns_ifd::configuration::SLOTS_MAX;
use cns_pcsc::Local;
use cns_pcsc::host::Host;
use cns_pcsc::library::ClientFolder;
use cns_reader::{Address, Contacts, Driver, ImageFile, Insertion, Journal, PrivatePcscd};
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::Layer;
use crate::BenchError;
use crate::cards::plugged;
use crate::task::Task;

/// Cards in readers, for as long as this lives.
pub struct Stage {
    environment: Environment,
    /// Where another card can enter, with vpcd.
    second_port: Option<u16>,
    // Dropped in this order.
    _stand: Stand,
    _folder: TempDir,
}

/// What must live as long as the client runs.
type Stand = Box<dyn Any>;
type Environment = Vec<(&'static str, OsString)>;

impl Stage {
    /// The cards of a task in the readers of a layer.
    ///
    /// # Errors
    /// The layer has no readers, or what it stands on is missing.
    pub fn of(layer: Layer, task: &Task) -> Result<Self, BenchError> {
        let folder = tempfile::tempdir().map_err(|error| BenchError::layer(layer.name(), error))?;
        let mut second_port = None;
        let (environment, stand) = match layer {
            Layer::Daemonless | Layer::Pkcs11Daemonless => embedded(layer, task, &folder)?,
            Layer::DaemonlessShared => shared(layer, task, &folder)?,
            Layer::Ifd | Layer::Pkcs11Ifd => own_driver(layer, task, &folder)?,
            Layer::Vpcd | Layer::Pkcs11Vpcd => vpcd(layer, task, &mut second_port)?,
            Layer::Engine | Layer::InProcess | Layer::Socket => {
                return Err(BenchError::layer(layer.name(), "it has no readers"));
            }
        };
        Ok(Self {
            environment,
            second_port,
            _stand: stand,
            _folder: folder,
        })
    }

    /// The port at which another card can enter the second slot of this stage's vpcd, if it has one.
    #[must_use]
    pub fn second_port(&self) -> Option<u16> {
        self.second_port
    }

    /// By what a client finds the cards.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, OsString)> {
        self.environment.clone()
    }
}

fn embedded(
    layer: Layer,
    task: &Task,
    folder: &TempDir,
) -> Result<(Environment, Stand), BenchError> {
    let mut list = String::new();
    let latency = match &task.latency {
        None => "",
        Some(model) => {
            std::fs::write(folder.path().join("latency.toml"), &model.text)
                .map_err(|error| BenchError::layer(layer.name(), error))?;
            "latency = 'latency.toml'\n"
        }
    };
    for number in 0..task.cards {
        let file = card_file(layer, task, folder.path(), number)?;
        list.push_str(&format!(
            "[[reader]]\nname = 'CNS {number:02}'\ncard = '{file}'\nvolatile = true\n{latency}"
        ));
    }
    let path = folder.path().join("readers.toml");
    std::fs::write(&path, list).map_err(|error| BenchError::layer(layer.name(), error))?;
    Ok((client(layer, folder.path(), &path)?, Box::new(())))
}

fn shared(layer: Layer, task: &Task, folder: &TempDir) -> Result<(Environment, Stand), BenchError> {
    let image = task.make.card()?;
    let local = Arc::new(Local::new());
    for number in 0..task.cards {
        let reader = local.add_reader(&format!("CNS {number:02}"));
        local.insert(reader, plugged(image.clone(), task.latency.as_ref()));
    }
    let socket = folder.path().join("host");
    let host = Host::at(&socket, local).map_err(|error| BenchError::layer(layer.name(), error))?;
    Ok((client(layer, folder.path(), &socket)?, Box::new(host)))
}

/// What makes a program a client of the cards at `place`.
fn client(layer: Layer, folder: &Path, place: &Path) -> Result<Environment, BenchError> {
    let failed = |error: &dyn Display| BenchError::layer(layer.name(), error);
    let program = std::env::current_exe().map_err(|error| failed(&error))?;
    let library = cns_pcsc::library::beside(&program).map_err(|error| failed(&error))?;
    let folder = ClientFolder::furnish(&folder.join("client"), &library);
    let folder = folder.map_err(|error| failed(&error))?;
    Ok(folder.environment(place).into())
}

fn own_driver(
    layer: Layer,
    task: &Task,
    folder: &TempDir,
) -> Result<(Environment, Stand), BenchError> {
    check_slots(layer, task, SLOTS_MAX)?;
    let failed = |error: &dyn Display| BenchError::layer(layer.name(), error);
    let mut slots = String::new();
    for number in 0..task.cards {
        match task.latency {
            None => {
                let file = card_file(layer, task, folder.path(), number)?;
                slots.push_str(&format!("[[slot]]\ncard = '{file}'\nvolatile = true\n"));
            }
            Some(_) => slots.push_str(&format!("[[slot]]\nsocket = 'slot-{number}'\n")),
        }
    }
    let device = folder.path().join("reader.toml");
    std::fs::write(&device, slots).map_err(|error| failed(&error))?;
    let program = std::env::current_exe().map_err(|error| failed(&error))?;
    let pcscd = PrivatePcscd::start_with(&Driver {
        name: "CNS".to_owned(),
        library: cns_ifd::library::beside(&program).map_err(|error| failed(&error))?,
        device,
    })
    .map_err(|error| failed(&error))?;
    let held = match task.latency {
        None => Vec::new(),
        Some(_) => slow_cards(layer, task, folder.path())?,
    };
    // The cards leave before their reader does.
    Ok((environment_of(&pcscd), Box::new((held, pcscd))))
}

/// A reader has so many slots and no more.
fn check_slots(layer: Layer, task: &Task, slots: usize) -> Result<(), BenchError> {
    match task.cards <= slots {
        true => Ok(()),
        false => Err(BenchError::layer(
            layer.name(),
            format!("its reader has {slots} slots, not {}", task.cards),
        )),
    }
}

/// Cards that are slow are held by this process: the driver's own are as fast as they can be.
fn slow_cards(layer: Layer, task: &Task, folder: &Path) -> Result<Vec<Held>, BenchError> {
    let image = task.make.card()?;
    (0..task.cards)
        .map(|number| {
            let socket = Address::Socket(folder.join(format!("slot-{number}")));
            Held::in_reader(socket, plugged(image.clone(), task.latency.as_ref()))
        })
        .collect::<io::Result<_>>()
        .map_err(|error| BenchError::layer(layer.name(), error))
}

fn vpcd(
    layer: Layer,
    task: &Task,
    second_port: &mut Option<u16>,
) -> Result<(Environment, Stand), BenchError> {
    const SLOTS_MAX: usize = 2;
    check_slots(layer, task, SLOTS_MAX)?;
    let failed = |error: &dyn Display| BenchError::layer(layer.name(), error);
    let pcscd = PrivatePcscd::start().map_err(|error| failed(&error))?;
    let image = task.make.card()?;
    let first = pcscd.reader_address();
    *second_port = (task.cards < SLOTS_MAX).then_some(first.port() + 1);
    let held = (0..task.cards as u16)
        .map(|slot| {
            let mut address = first;
            address.set_port(first.port() + slot);
            Held::in_reader(address, plugged(image.clone(), task.latency.as_ref()))
        })
        .collect::<io::Result<Vec<Held>>>()
        .map_err(|error| failed(&error))?;
    // The cards leave before their reader does.
    Ok((environment_of(&pcscd), Box::new((held, pcscd))))
}

/// A card that a thread holds in a reader, until this is dropped.
struct Held {
    removal: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Held {
    fn in_reader(
        address: impl Into<Address>,
        mut card: Box<dyn Contacts + Send>,
    ) -> io::Result<Self> {
        let address = address.into();
        let (removal, removed) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let thread = thread::spawn(move || {
            let insertion = Insertion::at(address);
            let journal = Journal::silent();
            let until_removed = async { drop(removed.await) };
            // That there is no reader is seen by the client, which finds no card.
            let _ = runtime.block_on(insertion.hold(&mut card, &journal, until_removed));
        });
        Ok(Self {
            removal: Some(removal),
            thread: Some(thread),
        })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.removal.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn environment_of(pcscd: &PrivatePcscd) -> Environment {
    let (variable, socket) = pcscd.environment();
    vec![(variable, socket.into())]
}

fn card_file(
    layer: Layer,
    task: &Task,
    folder: &Path,
    number: usize,
) -> Result<String, BenchError> {
    let name = format!("card-{number}.cns");
    ImageFile::create(&folder.join(&name), &task.make.card()?, None)
        .map_err(|error| BenchError::layer(layer.name(), error))?;
    Ok(name)
}
