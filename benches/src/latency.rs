//! How slow the cards are, if they are to be as slow as real ones.

use std::path::Path;

use cns_fixtures::{fault_script, fault_scripts};
use cns_reader::faults::Latency;

use crate::BenchError;

/// A latency model, and the text that it was read from.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// What somebody called it.
    pub name: String,
    /// What it says.
    pub latency: Latency,
    /// TOML, for readers that are told by a file.
    pub(crate) text: String,
}

impl Model {
    /// The model with this name: `real`, a script of faults that comes with the program and has a
    /// `[latency]` table, or a file of that kind.
    pub fn named(name: &str) -> Result<Self, BenchError> {
        let text = match (name, Path::new(name).is_file()) {
            ("real", _) => Latency::REAL.to_owned(),
            (_, true) => std::fs::read_to_string(name)
                .map_err(|error| BenchError::Latency(format!("{name}: {error}")))?,
            _ => fault_script(name)
                .map_err(|_| BenchError::Latency(unknown(name)))?
                .text
                .to_owned(),
        };
        let latency = Latency::from_toml(name, &text)
            .map_err(|error| BenchError::Latency(error.to_string()))?;
        Ok(Self {
            name: name.to_owned(),
            latency,
            text,
        })
    }
}

fn unknown(name: &str) -> String {
    let scripts = fault_scripts().into_iter();
    let with_latency = scripts.filter(|script| Latency::from_toml(script.id, script.text).is_ok());
    let names: Vec<&str> = with_latency.map(|script| script.id).collect();
    format!(
        "{name} is neither a file nor the name of one\nhint: real, {}",
        names.join(", ")
    )
}
