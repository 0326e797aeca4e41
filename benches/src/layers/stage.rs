//! Cards in readers, set up for a client: without a daemon, in our own driver, in vpcd. The client is
//! a process of its own, which finds them by its environment.

use std::any::Any;
use std::ffi::OsString;
use std::fmt::Display;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use cns_ifd::configuration::SLOTS_MAX;
use cns_pcsc::Local;
use cns_pcsc::host::Host;
use cns_reader::{Contacts, Driver, ImageFile, Insertion, Journal, PrivatePcscd, UnixSlot};
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::Layer;
use crate::BenchError;
use crate::cards::plugged;
use crate::task::Task;

/// The library that takes the place of libpcsclite.
const LIBRARY: &str = "libcns_pcsc_client.so";

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
    let mut environment = library(layer, folder.path())?;
    environment.push((cns_pcsc::place::VARIABLE, path.into()));
    Ok((environment, Box::new(())))
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
    let mut environment = library(layer, folder.path())?;
    environment.push((cns_pcsc::place::VARIABLE, socket.into()));
    Ok((environment, Box::new(host)))
}

/// A folder in which our library has the name that clients load.
fn library(layer: Layer, folder: &Path) -> Result<Environment, BenchError> {
    let failed = |error: &dyn Display| BenchError::layer(layer.name(), error);
    let program = std::env::current_exe().map_err(|error| failed(&error))?;
    let beside = program.parent().unwrap_or(Path::new("."));
    let found = ["", "deps", "../lib"]
        .iter()
        .map(|part| beside.join(part).join(LIBRARY))
        .find(|candidate| candidate.is_file())
        .and_then(|found| found.canonicalize().ok())
        .ok_or_else(|| {
            failed(&format!(
                "no {LIBRARY} beside {}\nhint: `cargo build -p cns-pcsc-library` builds it",
                program.display()
            ))
        })?;
    let libraries = folder.join("libraries");
    std::fs::create_dir(&libraries)
        .and_then(|()| std::os::unix::fs::symlink(found, libraries.join("libpcsclite.so.1")))
        .map_err(|error| failed(&error))?;
    Ok(vec![("LD_LIBRARY_PATH", libraries.into())])
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
    if task.latency.is_some() {
        slow_cards(layer, task, folder.path())?;
    }
    Ok((environment_of(&pcscd), Box::new(pcscd)))
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
fn slow_cards(layer: Layer, task: &Task, folder: &Path) -> Result<(), BenchError> {
    let image = task.make.card()?;
    for number in 0..task.cards {
        let slot = UnixSlot::at(&folder.join(format!("slot-{number}")))
            .map_err(|error| BenchError::layer(layer.name(), error))?;
        let mut card = plugged(image.clone(), task.latency.as_ref());
        // It ends with pcscd.
        thread::spawn(move || slot.hold(&mut *card, &Journal::silent()));
    }
    Ok(())
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

/// A card that a thread holds in vpcd's reader, until this is dropped.
struct Held {
    removal: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Held {
    fn in_reader(address: SocketAddr, mut card: Box<dyn Contacts + Send>) -> io::Result<Self> {
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
