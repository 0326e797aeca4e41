//! The client that a bench starts: this program again, with a PC/SC of its own.

use std::io;
use std::time::Duration;

use clap::Args;
use cns_benches::cards::Make;
use cns_benches::load::measure;
use cns_benches::task::portal_at;
use cns_benches::{Layer, Load, Operation, Pace, Task};
use cns_fixtures::{citizen, profile};

use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Worker {
    layer: Layer,
    #[arg(long)]
    operation: Operation,
    #[arg(long)]
    first: usize,
    #[arg(long)]
    cards: usize,
    #[arg(long)]
    profile: String,
    #[arg(long)]
    citizen: String,
    #[arg(long)]
    duration_ms: u64,
    #[arg(long)]
    warm_up_ms: u64,
    #[arg(long)]
    rate: Option<f64>,
    #[arg(long)]
    portal_port: Option<u16>,
}

/// Says `ready`, waits for a line on stdin, and writes the measurement as JSON: so that several begin at once.
pub(super) fn work(worker: &Worker) -> anyhow::Result<Verdict> {
    let pace = worker
        .rate
        .map_or(Pace::Closed, |per_second| Pace::Open { per_second });
    let task = Task {
        make: Make::new(profile(&worker.profile)?, citizen(&worker.citizen)?)?,
        operation: worker.operation,
        cards: worker.cards,
        first: worker.first,
        clients: cns_benches::task::Clients::default(),
        load: Load {
            duration: Duration::from_millis(worker.duration_ms),
            warm_up: Duration::from_millis(worker.warm_up_ms),
            pace,
        },
        latency: None,
        pin: None,
        portal: worker.portal_port.map(portal_at),
    };
    let workers = worker.layer.workers(&task)?;
    output::text("ready\n")?;
    io::stdin().read_line(&mut String::new())?;
    let (measured, _) = measure(workers, task.load)?;
    output::json(&measured)?;
    Ok(Verdict::Fine)
}

/// This program again, as that client.
pub(super) fn again(arguments: &[String]) -> std::io::Result<std::process::Command> {
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command.args(["bench", "worker"]).args(arguments);
    Ok(command)
}
