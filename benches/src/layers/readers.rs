//! Cards behind PC/SC, as its clients see them.

use std::thread;
use std::time::{Duration, Instant};

use cns_conformance::PcscCard;
use pcsc::{Context, Disposition, MAX_BUFFER_SIZE_EXTENDED, Protocols, Scope, ShareMode};

use super::Layer;
use super::seat::{Owner, Seat};
use crate::BenchError;
use crate::load::Worker;
use crate::operation::Line;
use crate::task::Task;

/// How long cards may take to be seen. vpcd is asked every 400 ms.
const SEEN_MAX: Duration = Duration::from_secs(10);

/// As the client of our own readers: a connection to each card.
pub(super) fn of_own_cards(layer: Layer, task: &Task) -> Result<Vec<Box<dyn Worker>>, BenchError> {
    let failed = |error: &dyn std::fmt::Display| BenchError::layer(layer.name(), error);
    let seat = Seat {
        target: layer.name(),
        owner: Owner::Ours,
        extended: layer.takes_extended(),
        batch: 1,
    };
    let mut workers: Vec<Box<dyn Worker>> = Vec::new();
    let deadline = Instant::now() + SEEN_MAX;
    while workers.len() < task.cards {
        let context = Context::establish(Scope::User).map_err(|error| failed(&error))?;
        let readers = context
            .list_readers_owned()
            .map_err(|error| failed(&error))?;
        let connected = readers
            .get(task.first + workers.len())
            .map(|reader| context.connect(reader, ShareMode::Shared, Protocols::ANY));
        match connected {
            Some(Ok(card)) => {
                let buffer = vec![0; MAX_BUFFER_SIZE_EXTENDED];
                let line = Connection {
                    card: Some(card),
                    buffer,
                };
                workers.push(seat.take(line, task)?);
            }
            Some(Err(error)) if deadline < Instant::now() => return Err(failed(&error)),
            None if deadline < Instant::now() => return Err(failed(&"too few readers")),
            _ => thread::sleep(Duration::from_millis(10)),
        }
    }
    Ok(workers)
}

/// The card in a reader of the machine's own PC/SC, for nobody else as long as it is measured. It is
/// asked in short commands, which every reader takes.
pub(crate) fn of_machine(
    reader: Option<&str>,
    task: &Task,
) -> Result<Vec<Box<dyn Worker>>, BenchError> {
    let failed = |error: &dyn std::fmt::Display| BenchError::layer("pcsc", error);
    if task.cards != 1 {
        return Err(failed(&"it is one reader with one card, so --cards is 1"));
    }
    let card = PcscCard::open(reader).map_err(|error| failed(&error))?;
    let seat = Seat {
        target: "pcsc",
        owner: Owner::Somebody,
        extended: false,
        batch: 1,
    };
    Ok(vec![seat.take(card, task)?])
}

impl Line for PcscCard {
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), BenchError> {
        *response = PcscCard::transmit(self, command).map_err(BenchError::operation)?;
        Ok(())
    }
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
