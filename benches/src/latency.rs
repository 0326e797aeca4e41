//! How slow the cards are, if they are to be as slow as real ones.

use std::path::Path;

use cns_fixtures::{latency_model, latency_models};
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
    /// The model with this name: one that comes with the program, such as `real`, or a file with a
    /// `[latency]` table.
    pub fn named(name: &str) -> Result<Self, BenchError> {
        let text = match Path::new(name).is_file() {
            true => std::fs::read_to_string(name)
                .map_err(|error| BenchError::Latency(format!("{name}: {error}")))?,
            false => latency_model(name)
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
    let names: Vec<&str> = latency_models().iter().map(|model| model.id).collect();
    format!(
        "{name} is neither a file nor the name of one\nhint: {}",
        names.join(", ")
    )
}
