//! Where an operation is measured: a layer that this program sets up, or whatever card there is.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::BenchError;
use crate::layers::{Layer, readers, tokens};
use crate::load::measured;
use crate::measurement::Summary;
use crate::operation::Operation;
use crate::task::{Again, Clients, Task};

/// Where an operation is measured.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum Target {
    /// Our own cards, on a layer that is set up for it.
    Layer(Layer),
    /// `pcsc[:READER]`: the card in a reader of the machine's PC/SC, a physical one too; the first
    /// whose name contains this.
    Pcsc(Option<String>),
    /// `pkcs11:MODULE`: the token in this PKCS #11 module.
    Pkcs11(PathBuf),
}

impl Target {
    /// What it is, in words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Layer(layer) => layer.words().to_owned(),
            Self::Pcsc(_) => "SCardTransmit, the machine's PC/SC".to_owned(),
            Self::Pkcs11(module) => {
                let name = module.file_name().unwrap_or(module.as_os_str());
                format!("C_Sign of {}", name.display())
            }
        }
    }

    /// Whether the operation can be done there.
    #[must_use]
    pub fn does(&self, operation: Operation) -> bool {
        match self {
            Self::Layer(layer) => layer.does(operation),
            Self::Pcsc(_) => true,
            Self::Pkcs11(_) => operation.signs(),
        }
    }

    /// Measures. `again` starts this program as `cns bench worker` with these arguments.
    pub fn measure(&self, task: &Task, again: Again<'_>) -> Result<Summary, BenchError> {
        let mut task = task.clone();
        // A portal of each measurement's own: none inherits connections of the one before.
        let _portal = task.open_portal()?;
        if task.operation.signs() && !matches!(self, Self::Layer(_)) && task.pin.is_none() {
            let target = self.to_string();
            return Err(BenchError::NoPin { target });
        }
        if task.clients == Clients::Processes && !matches!(self, Self::Layer(_)) {
            let reason =
                "what is somebody else's has its client in this process\nhint: leave it out";
            return Err(BenchError::layer("--processes", reason));
        }
        match self {
            Self::Layer(layer) => layer.measure(&task, again),
            Self::Pcsc(reader) => {
                measured(readers::of_machine(reader.as_deref(), &task)?, task.load)
            }
            Self::Pkcs11(module) => measured(tokens::of_module(module, &task)?, task.load),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layer(layer) => layer.fmt(f),
            Self::Pcsc(None) => f.write_str("pcsc"),
            Self::Pcsc(Some(reader)) => write!(f, "pcsc:{reader}"),
            Self::Pkcs11(module) => write!(f, "pkcs11:{}", module.display()),
        }
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "pcsc" => Ok(Self::Pcsc(None)),
            Some(("pcsc", reader)) if !reader.is_empty() => Ok(Self::Pcsc(Some(reader.to_owned()))),
            Some(("pkcs11", module)) if !module.is_empty() => Ok(Self::Pkcs11(module.into())),
            _ => text.parse().map(Self::Layer).map_err(|_: String| {
                let layers = Layer::ALL.map(Layer::name).join(", ");
                format!("`{text}` is no target\nhint: {layers}, pcsc, pcsc:READER, pkcs11:MODULE")
            }),
        }
    }
}

impl TryFrom<String> for Target {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Target> for String {
    fn from(target: Target) -> Self {
        target.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for name in [
            "engine",
            "pkcs11-vpcd",
            "pcsc",
            "pcsc:Acme 00",
            "pkcs11:/lib/x.so",
        ] {
            assert_eq!(name.parse::<Target>().unwrap().to_string(), name);
        }
        for wrong in ["", "pcsc:", "pkcs11", "pkcs11:", "card"] {
            let said = wrong.parse::<Target>().unwrap_err();
            assert!(
                said.starts_with(&format!("`{wrong}` is no target")),
                "{said}"
            );
        }
    }
}
