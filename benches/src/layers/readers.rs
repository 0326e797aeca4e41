//! Cards behind PC/SC: without a daemon, in our own driver, in vpcd. The client is this program,
//! started again.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use cns_card::Card;
use cns_pcsc::Local;
use cns_pcsc::host::Host;
use cns_pcsc::library::ClientFolder;
use cns_reader::{Driver, ImageFile, Insertion, Journal, PrivatePcscd, SystemEntropy};
use pcsc::{Context, Disposition, MAX_BUFFER_SIZE_EXTENDED, Protocols, Scope, ShareMode};
use tempfile::TempDir;

use super::{Again, Layer, Speaker, Task, Worker};
use crate::BenchError;
use crate::load::Summary;
use crate::operation::Line;

/// How long cards may take to be seen. vpcd is asked every 400 ms.
const SEEN_MAX: Duration = Duration::from_secs(10);

/// Sets the cards up, starts the client, and reads what it has measured.
pub(super) fn measure(layer: Layer, task: &Task, again: Again<'_>) -> Result<Summary, BenchError> {
    let failed = |error: &dyn std::fmt::Display| BenchError::layer(layer.name(), error);
    let folder = tempfile::tempdir().map_err(|error| failed(&error))?;
    let (environment, _stand) = match layer {
        Layer::Daemonless | Layer::Pkcs11Daemonless => embedded(layer, task, &folder)?,
        Layer::DaemonlessShared => shared(layer, task, &folder)?,
        Layer::Ifd | Layer::Pkcs11Ifd => own_driver(layer, task, &folder)?,
        _ => vpcd(layer, task)?,
    };
    let output = again(&task.to_arguments(layer))
        .and_then(|mut command| {
            command
                .envs(environment)
                .stdin(Stdio::null())
                .stderr(Stdio::piped())
                .stdout(Stdio::piped())
                .output()
        })
        .map_err(|error| failed(&error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(BenchError::layer(
            layer.name(),
            said.trim().trim_start_matches("error: "),
        ));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| failed(&error))
}

/// What must live as long as the client runs.
type Stand = Box<dyn std::any::Any>;
type Environment = Vec<(&'static str, std::ffi::OsString)>;

fn embedded(
    layer: Layer,
    task: &Task,
    folder: &TempDir,
) -> Result<(Environment, Stand), BenchError> {
    let mut list = String::new();
    for number in 0..task.cards {
        let file = card_file(layer, task, folder.path(), number)?;
        list.push_str(&format!(
            "[[reader]]\nname = 'CNS {number:02}'\ncard = '{file}'\nvolatile = true\n"
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
        let card = Card::volatile(image.clone(), SystemEntropy::new());
        local.insert(reader, Box::new(card));
    }
    let socket = folder.path().join("host");
    let host = Host::at(&socket, local).map_err(|error| BenchError::layer(layer.name(), error))?;
    Ok((client(layer, folder.path(), &socket)?, Box::new(host)))
}

/// What makes a program a client of the cards at `place`.
fn client(layer: Layer, folder: &Path, place: &Path) -> Result<Environment, BenchError> {
    let failed = |error: &dyn std::fmt::Display| BenchError::layer(layer.name(), error);
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
    let failed = |error: &dyn std::fmt::Display| BenchError::layer(layer.name(), error);
    let mut slots = String::new();
    for number in 0..task.cards {
        let file = card_file(layer, task, folder.path(), number)?;
        slots.push_str(&format!("[[slot]]\ncard = '{file}'\nvolatile = true\n"));
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
    Ok((environment_of(&pcscd), Box::new(pcscd)))
}

fn vpcd(layer: Layer, task: &Task) -> Result<(Environment, Stand), BenchError> {
    const SLOTS: usize = 2;
    let failed = |error: &dyn std::fmt::Display| BenchError::layer(layer.name(), error);
    if SLOTS < task.cards {
        return Err(failed(&format!(
            "vpcd has {SLOTS} slots, not {}",
            task.cards
        )));
    }
    let pcscd = PrivatePcscd::start().map_err(|error| failed(&error))?;
    let image = task.make.card()?;
    let first = pcscd.reader_address();
    for slot in 0..task.cards as u16 {
        let mut address = first;
        address.set_port(first.port() + slot);
        let mut card = Card::volatile(image.clone(), SystemEntropy::new());
        // It ends with the process, which has nothing else to do with it.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(&error))?;
        thread::spawn(move || {
            let for_ever = std::future::pending();
            let insertion = Insertion::at(address);
            runtime.block_on(insertion.hold(&mut card, &Journal::silent(), for_ever))
        });
    }
    Ok((environment_of(&pcscd), Box::new(pcscd)))
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

/// As the client: a connection to each card.
pub(super) fn connections(layer: Layer, task: &Task) -> Result<Vec<Box<dyn Worker>>, BenchError> {
    let failed = |error: &dyn std::fmt::Display| BenchError::layer(layer.name(), error);
    let script = task.script(layer)?;
    let mut workers: Vec<Box<dyn Worker>> = Vec::new();
    let deadline = Instant::now() + SEEN_MAX;
    while workers.len() < task.cards {
        let context = Context::establish(Scope::User).map_err(|error| failed(&error))?;
        let readers = context
            .list_readers_owned()
            .map_err(|error| failed(&error))?;
        let connected = readers
            .get(workers.len())
            .map(|reader| context.connect(reader, ShareMode::Shared, Protocols::ANY));
        match connected {
            Some(Ok(card)) => {
                let buffer = vec![0; MAX_BUFFER_SIZE_EXTENDED];
                let line = Connection {
                    card: Some(card),
                    buffer,
                };
                workers.push(Speaker::boxed(line, &script, 1)?);
            }
            Some(Err(error)) if deadline < Instant::now() => return Err(failed(&error)),
            None if deadline < Instant::now() => return Err(failed(&"too few readers")),
            _ => thread::sleep(Duration::from_millis(10)),
        }
    }
    Ok(workers)
}

struct Connection {
    card: Option<pcsc::Card>,
    buffer: Vec<u8>,
}

impl Line for Connection {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), BenchError> {
        let card = self.card.as_ref();
        let card = card.ok_or_else(|| BenchError::operation("disconnected"))?;
        let answer = card
            .transmit(command, &mut self.buffer)
            .map_err(BenchError::operation)?;
        response.clear();
        response.extend_from_slice(answer);
        Ok(())
    }
}

/// The card forgets the PIN when its client has ended.
impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(card) = self.card.take() {
            let _ = card.disconnect(Disposition::ResetCard);
        }
    }
}
