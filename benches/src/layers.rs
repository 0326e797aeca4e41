//! Where an operation is done: from the bare engine up to an application.

mod in_process;
mod pkcs11;
mod readers;
mod socket;

use std::fmt;
use std::process::Command;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::BenchError;
use crate::cards::Make;
use crate::load::{Load, Pace, Summary, Worker, measure};
use crate::operation::{Line, Operation, Script};

/// Where an operation is done.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// OpenSSL's raw RSA operation, without a card.
    Engine,
    /// The card, in this process.
    InProcess,
    /// The card behind a unix socket, on another thread.
    Socket,
    /// SCardTransmit without a daemon, the card in the client's process.
    Daemonless,
    /// The same, the card in another process behind a unix socket.
    DaemonlessShared,
    /// SCardTransmit through pcscd, the card in our own driver.
    Ifd,
    /// SCardTransmit through pcscd and the distribution's vpcd.
    Vpcd,
    /// C_Sign of OpenSC without a daemon.
    Pkcs11Daemonless,
    /// C_Sign of OpenSC through pcscd and our own driver.
    Pkcs11Ifd,
    /// C_Sign of OpenSC through pcscd and the distribution's vpcd.
    Pkcs11Vpcd,
}

/// What is measured on a layer.
#[derive(Clone)]
pub struct Task {
    /// The cards.
    pub make: Make,
    /// What is done.
    pub operation: Operation,
    /// On how many cards at once.
    pub cards: usize,
    /// How.
    pub load: Load,
}

/// How this program is started again as a client: its own PC/SC library and pcscd are chosen by the
/// environment, which a process cannot safely change for itself.
pub type Again<'a> = &'a dyn Fn(&[String]) -> std::io::Result<Command>;

impl Layer {
    /// All of them, lowest first.
    pub const ALL: [Self; 10] = [
        Self::Engine,
        Self::InProcess,
        Self::Socket,
        Self::Daemonless,
        Self::DaemonlessShared,
        Self::Ifd,
        Self::Vpcd,
        Self::Pkcs11Daemonless,
        Self::Pkcs11Ifd,
        Self::Pkcs11Vpcd,
    ];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::InProcess => "in-process",
            Self::Socket => "socket",
            Self::Daemonless => "daemonless",
            Self::DaemonlessShared => "daemonless-shared",
            Self::Ifd => "ifd",
            Self::Vpcd => "vpcd",
            Self::Pkcs11Daemonless => "pkcs11-daemonless",
            Self::Pkcs11Ifd => "pkcs11-ifd",
            Self::Pkcs11Vpcd => "pkcs11-vpcd",
        }
    }

    /// What it is, in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Engine => "OpenSSL's RSA, no card",
            Self::InProcess => "the card in this process",
            Self::Socket => "the card behind a unix socket",
            Self::Daemonless => "SCardTransmit, no daemon",
            Self::DaemonlessShared => "SCardTransmit, no daemon, shared",
            Self::Ifd => "SCardTransmit, pcscd, our driver",
            Self::Vpcd => "SCardTransmit, pcscd, vpcd",
            Self::Pkcs11Daemonless => "C_Sign of OpenSC, no daemon",
            Self::Pkcs11Ifd => "C_Sign of OpenSC, pcscd, our driver",
            Self::Pkcs11Vpcd => "C_Sign of OpenSC, pcscd, vpcd",
        }
    }

    /// Whether the operation can be done there.
    pub fn does(self, operation: Operation) -> bool {
        match self {
            Self::Engine | Self::Pkcs11Daemonless | Self::Pkcs11Ifd | Self::Pkcs11Vpcd => {
                operation == Operation::Sign
            }
            _ => true,
        }
    }

    /// Measures. `again` starts this program as `cns bench worker` with these arguments.
    pub fn measure(self, task: &Task, again: Again<'_>) -> Result<Summary, BenchError> {
        match self {
            Self::Engine => measured(in_process::engines(task)?, task.load),
            Self::InProcess => measured(in_process::cards(task)?, task.load),
            Self::Socket => measured(socket::cards(task)?, task.load),
            _ => readers::measure(self, task, again),
        }
    }

    /// Measures as the client that [`Layer::measure`] has started.
    pub fn measure_as_client(self, task: &Task) -> Result<Summary, BenchError> {
        match self {
            Self::Pkcs11Daemonless | Self::Pkcs11Ifd | Self::Pkcs11Vpcd => {
                measured(pkcs11::sessions(task)?, task.load)
            }
            _ => measured(readers::connections(self, task)?, task.load),
        }
    }

    /// Whether a signature is one extended command there: where the reader announces that it takes
    /// them.
    fn takes_extended(self) -> bool {
        !matches!(self, Self::Vpcd | Self::Pkcs11Vpcd)
    }
}

impl Task {
    fn script(&self, layer: Layer) -> Result<Script, BenchError> {
        let extended = layer.takes_extended() && self.make.profile.dialect.extended_length;
        self.operation
            .script(&self.make.profile, &self.make.citizen, extended)
    }

    /// As arguments of `cns bench worker`.
    pub fn to_arguments(&self, layer: Layer) -> Vec<String> {
        let mut arguments = vec![
            layer.name().to_owned(),
            format!("--operation={}", self.operation),
            format!("--cards={}", self.cards),
            format!("--profile={}", self.make.profile.id),
            format!("--citizen={}", self.make.citizen.id),
            format!("--duration-ms={}", self.load.duration.as_millis()),
            format!("--warm-up-ms={}", self.load.warm_up.as_millis()),
        ];
        if let Pace::Open { per_second } = self.load.pace {
            arguments.push(format!("--rate={per_second}"));
        }
        arguments
    }
}

fn measured(workers: Vec<Box<dyn Worker>>, load: Load) -> Result<Summary, BenchError> {
    let (measurement, count) = measure(workers, load)?;
    Ok(measurement.summary(count))
}

/// A worker that speaks a script over a line.
struct Speaker<L> {
    line: L,
    script: Script,
    response: Vec<u8>,
    batch: u32,
}

impl<L: Line + 'static> Speaker<L> {
    fn boxed(mut line: L, script: &Script, batch: u32) -> Result<Box<dyn Worker>, BenchError> {
        script.prepare(&mut line)?;
        Ok(Box::new(Self {
            line,
            script: script.clone(),
            response: Vec::with_capacity(512),
            batch,
        }))
    }
}

impl<L: Line> Worker for Speaker<L> {
    fn once(&mut self) -> Result<(), BenchError> {
        self.script.run(&mut self.line, &mut self.response)
    }

    fn batch(&self) -> u32 {
        self.batch
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Layer {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let names: Vec<&str> = Self::ALL.map(Self::name).to_vec();
        Self::ALL
            .into_iter()
            .find(|layer| layer.name() == text)
            .ok_or_else(|| format!("`{text}` is no layer: {}", names.join(", ")))
    }
}
