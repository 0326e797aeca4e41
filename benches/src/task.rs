//! What is measured, and how a process that is started as a client is told.

use std::process::Command;

use cns_conformance::portal::{Address, OwnPortal};
use cns_conformance::workbench::PORTAL_NAME;

use crate::BenchError;
use crate::cards::Make;
use crate::latency::Model;
use crate::load::{Load, Pace};
use crate::operation::Operation;

/// What is measured.
#[derive(Clone)]
pub struct Task {
    /// The cards.
    pub make: Make,
    /// What is done.
    pub operation: Operation,
    /// On how many cards at once.
    pub cards: usize,
    /// Which of all cards is the first of them: 0 but for a client that has not all.
    pub first: usize,
    /// Where their clients are.
    pub clients: Clients,
    /// How.
    pub load: Load,
    /// How slow the cards are; none: as fast as they can be.
    pub latency: Option<Model>,
    /// The PIN of a card that is somebody else's. Of our own the holder's is known.
    pub pin: Option<String>,
    /// Where the portal is, once it runs.
    pub portal: Option<Address>,
}

/// Where the clients of several cards are.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Clients {
    /// In one process, a thread for each.
    #[default]
    Threads,
    /// Each in a process of its own: OpenSC's module lets one thread of a process in at a time.
    Processes,
}

/// How this program is started again as a client: its own PC/SC library and pcscd are chosen by the
/// environment, which a process cannot safely change for itself.
pub type Again<'a> = &'a dyn Fn(&[String]) -> std::io::Result<Command>;

impl Task {
    /// Starts the portal if there are logins to measure. It runs as long as what is returned lives.
    pub(crate) fn open_portal(&mut self) -> Result<Option<OwnPortal>, BenchError> {
        if !matches!(self.operation, Operation::Login(_)) {
            return Ok(None);
        }
        let portal = OwnPortal::start(self.make.authority())
            .map_err(|error| BenchError::layer("portal", error))?;
        self.portal = Some(portal.address());
        Ok(Some(portal))
    }

    /// What each client of the cards does.
    pub(crate) fn of_each_client(&self) -> Vec<Self> {
        match self.clients {
            Clients::Threads => vec![self.clone()],
            Clients::Processes => (0..self.cards).map(|card| self.of_one(card)).collect(),
        }
    }

    fn of_one(&self, card: usize) -> Self {
        let mut task = self.clone();
        task.first = self.first + card;
        task.cards = 1;
        if let Pace::Open { per_second } = &mut task.load.pace {
            *per_second /= self.cards as f64;
        }
        task
    }

    /// As arguments of `cns bench worker`. Neither a PIN nor a latency is among them: the one is
    /// nobody's secret on our own cards, the other is behind the reader.
    pub fn to_arguments(&self, layer: crate::Layer) -> Vec<String> {
        let mut arguments = vec![
            layer.name().to_owned(),
            format!("--operation={}", self.operation),
            format!("--first={}", self.first),
            format!("--cards={}", self.cards),
            format!("--profile={}", self.make.profile.id),
            format!("--citizen={}", self.make.citizen.id),
            format!("--duration-ms={}", self.load.duration.as_millis()),
            format!("--warm-up-ms={}", self.load.warm_up.as_millis()),
        ];
        if let Pace::Open { per_second } = self.load.pace {
            arguments.push(format!("--rate={per_second}"));
        }
        if let Some(portal) = &self.portal {
            arguments.push(format!("--portal-port={}", portal.port));
        }
        arguments
    }
}

/// Our own portal, as a process that was started as a client is told of it.
#[must_use]
pub fn portal_at(port: u16) -> Address {
    Address {
        host: PORTAL_NAME.to_owned(),
        dial: "127.0.0.1".to_owned(),
        port,
    }
}
