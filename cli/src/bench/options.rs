//! What all benches are told: how long, how many, how fast, and where the result goes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use cns_benches::cards::Make;
use cns_benches::latency::Model;
use cns_benches::task::Clients;
use cns_benches::{Ladder, Load, Operation, Pace, Task};
use cns_fixtures::{citizen, profile};

#[derive(Args)]
pub(super) struct Options {
    /// How long each step is measured, in seconds
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// How long it runs before that, in seconds
    #[arg(long, default_value_t = 0.3)]
    warm_up: f64,
    /// How many cards at once, each in a reader of its own
    #[arg(long, default_value_t = 1)]
    cards: usize,
    /// With --cards: a process for each card's client, not a thread. OpenSC's module lets one thread of a
    /// process in at a time
    #[arg(long)]
    processes: bool,
    /// Begin so many a second, whether the others have ended or not; if not said, the next begins
    /// when the last has ended
    #[arg(long, value_name = "PER-SECOND")]
    rate: Option<f64>,
    /// How slow the cards are: `real`, a script of faults with a latency, or a file of that kind; as fast
    /// as they can if not said
    #[arg(long, value_name = "NAME|FILE")]
    latency: Option<String>,
    /// The PIN of somebody's card is in this file; it is tried once, and not if one try is left
    #[arg(long, value_name = "FILE")]
    pin_file: Option<PathBuf>,
    /// What the cards are like
    #[arg(long, value_name = "NAME", default_value = cns_fixtures::DEFAULT_PROFILE)]
    profile: String,
    /// Whose they are
    #[arg(long, value_name = "NAME", default_value = "maria-rossi")]
    citizen: String,
    /// As JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Write the run to this file, for a later --compare
    #[arg(long, value_name = "FILE")]
    pub(super) save: Option<PathBuf>,
    /// Write the run as comma-separated values
    #[arg(long, value_name = "FILE")]
    pub(super) csv: Option<PathBuf>,
    /// Compare with a run that was saved: ratios to the floor, not times
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    /// With --compare: fail when a ratio falls below so much of what it was
    #[arg(long, value_name = "SHARE", requires = "compare")]
    pub(super) fail_below: Option<f64>,
}

impl Options {
    pub(super) fn task(&self) -> anyhow::Result<Task> {
        anyhow::ensure!(0 < self.cards, "no card: --cards is 1 or more");
        let pin = self.pin_file.as_deref().map(read_pin).transpose()?;
        Ok(Task {
            make: self.make()?,
            operation: Operation::Sign,
            cards: self.cards,
            first: 0,
            clients: self.clients(),
            load: load(self.seconds, self.warm_up, self.rate)?,
            latency: self.latency.as_deref().map(Model::named).transpose()?,
            pin,
            portal: None,
        })
    }

    fn clients(&self) -> Clients {
        match self.processes {
            true => Clients::Processes,
            false => Clients::Threads,
        }
    }

    pub(super) fn make(&self) -> anyhow::Result<Make> {
        Ok(Make::new(profile(&self.profile)?, citizen(&self.citizen)?)?)
    }

    /// The run that this one is compared with.
    pub(super) fn before(&self) -> anyhow::Result<Option<Ladder>> {
        let read = |path: &Path| {
            let text = fs::read_to_string(path)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            serde_json::from_str(&text)
                .with_context(|| format!("{} is no saved run", path.display()))
        };
        self.compare.as_deref().map(read).transpose()
    }
}

/// How an operation is repeated, from numbers that somebody typed.
pub(super) fn load(seconds: f64, warm_up: f64, rate: Option<f64>) -> anyhow::Result<Load> {
    let duration = |value: f64| {
        Duration::try_from_secs_f64(value).context("seconds are a number that is not negative")
    };
    let is_rate = |rate: &f64| rate.is_finite() && 0.0 < *rate;
    anyhow::ensure!(
        rate.as_ref().is_none_or(is_rate),
        "--rate is a number above 0"
    );
    Ok(Load {
        duration: duration(seconds)?,
        warm_up: duration(warm_up)?,
        pace: rate.map_or(Pace::Closed, |per_second| Pace::Open { per_second }),
    })
}

fn read_pin(path: &Path) -> anyhow::Result<String> {
    let text =
        fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let pin = text.trim();
    anyhow::ensure!(!pin.is_empty(), "{} has no PIN in it", path.display());
    Ok(pin.to_owned())
}
