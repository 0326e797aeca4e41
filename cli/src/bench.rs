//! `cns bench`: how fast, layer by layer.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use cns_benches::cards::Make;
use cns_benches::layers::Task;
use cns_benches::{Ladder, Layer, Load, Operation, Pace};
use cns_fixtures::{citizen, profile};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{Verdict, files, output};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// All layers in one run: engine, card, socket, PC/SC, PKCS #11
    ///
    /// Each layer's rate is told as it is and as a ratio to the layer below and to the lowest one.
    /// Machines are noisy: only ratios of one run mean anything.
    Ladder(Arguments),
    /// Signatures on one layer
    Sign(OneLayer),
    /// Commands on one layer
    Apdu(OneLayer),
    /// The client that the others start, with a PC/SC of its own
    #[command(hide = true)]
    Worker(Worker),
}

#[derive(Args)]
pub(crate) struct Arguments {
    /// What is done: select, challenge or sign
    #[arg(long, default_value = "sign")]
    operation: Operation,
    /// These layers only, lowest first; the lowest is what the others are compared with
    #[arg(long, value_name = "LAYER,...", value_delimiter = ',')]
    layers: Vec<Layer>,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub(crate) struct OneLayer {
    /// Where: engine, in-process, socket, daemonless, daemonless-shared, ifd, vpcd,
    /// pkcs11-daemonless, pkcs11-ifd or pkcs11-vpcd
    #[arg(default_value = "in-process")]
    layer: Layer,
    /// What is done by `apdu`: select or challenge
    #[arg(long, default_value = "challenge")]
    operation: Operation,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
struct Common {
    /// How long each layer is measured, in seconds
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// How long it runs before that, in seconds
    #[arg(long, default_value_t = 0.3)]
    warm_up: f64,
    /// How many cards at once, each in a reader of its own
    #[arg(long, default_value_t = 1)]
    cards: usize,
    /// Begin so many a second, whether the others have ended or not; if not said, the next begins
    /// when the last has ended
    #[arg(long, value_name = "PER-SECOND")]
    rate: Option<f64>,
    /// What the cards are like
    #[arg(long, value_name = "NAME", default_value = cns_fixtures::DEFAULT_PROFILE)]
    profile: String,
    /// Whose they are
    #[arg(long, value_name = "NAME", default_value = "maria-rossi")]
    citizen: String,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Write the run to this file, for a later --compare
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Write the run as comma-separated values
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// Compare with a run that was saved: ratios to the lowest layer, not times
    #[arg(long, value_name = "FILE")]
    compare: Option<PathBuf>,
    /// With --compare: fail when a ratio falls below so much of what it was
    #[arg(long, value_name = "SHARE", requires = "compare")]
    fail_below: Option<f64>,
}

#[derive(Args)]
pub(crate) struct Worker {
    layer: Layer,
    #[arg(long)]
    operation: Operation,
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
}

pub(crate) fn run(command: &Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Ladder(arguments) => {
            let layers = match arguments.layers.is_empty() {
                true => Layer::ALL.to_vec(),
                false => arguments.layers.clone(),
            };
            climb(&layers, arguments.operation, &arguments.common)
        }
        Command::Sign(one) => climb(&[one.layer], Operation::Sign, &one.common),
        Command::Apdu(one) => climb(&[one.layer], one.operation, &one.common),
        Command::Worker(worker) => work(worker),
    }
}

fn climb(layers: &[Layer], operation: Operation, common: &Common) -> anyhow::Result<Verdict> {
    let task = common.task(operation)?;
    let before = common.compare.as_deref().map(read).transpose()?;
    anyhow::ensure!(
        layers.iter().any(|layer| layer.does(operation)),
        "nothing to measure: {operation} is not done on these layers"
    );
    let progress = progress(layers.iter().filter(|layer| layer.does(operation)).count());
    let ladder = Ladder::climb(layers, &task, &again, |place, layer| {
        progress.set_position(place as u64);
        progress.set_message(layer.words());
    })?;
    progress.finish_and_clear();

    match common.json {
        true => output::json(&ladder)?,
        false => output::text(&table(&ladder))?,
    }
    if let Some(path) = &common.save {
        files::write(
            &[(path, &serde_json::to_string_pretty(&ladder)?)],
            files::PUBLIC,
        )?;
    }
    if let Some(path) = &common.csv {
        files::write(&[(path, &ladder.to_csv())], files::PUBLIC)?;
    }
    let (Some(before), Some(gate)) = (before, common.fail_below) else {
        return Ok(Verdict::Fine);
    };
    let fallen = ladder.falls_below(&before, gate);
    for (layer, then, now) in &fallen {
        output::say(&format!(
            "{layer}: {now:.3} of the lowest layer; it was {then:.3}, and {:.3} would do",
            gate * then
        ));
    }
    Ok(match fallen.is_empty() {
        true => Verdict::Fine,
        false => Verdict::Not,
    })
}

/// As the client: the measurement as JSON on stdout.
fn work(worker: &Worker) -> anyhow::Result<Verdict> {
    let task = Task {
        make: Make {
            profile: profile(&worker.profile)?,
            citizen: citizen(&worker.citizen)?,
        },
        operation: worker.operation,
        cards: worker.cards,
        load: Load {
            duration: Duration::from_millis(worker.duration_ms),
            warm_up: Duration::from_millis(worker.warm_up_ms),
            pace: pace(worker.rate),
        },
    };
    output::json(&worker.layer.measure_as_client(&task)?)?;
    Ok(Verdict::Fine)
}

fn again(arguments: &[String]) -> std::io::Result<std::process::Command> {
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command.args(["bench", "worker"]).args(arguments);
    Ok(command)
}

fn read(path: &Path) -> anyhow::Result<Ladder> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} cannot be read", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no saved run", path.display()))
}

impl Common {
    fn task(&self, operation: Operation) -> anyhow::Result<Task> {
        anyhow::ensure!(0 < self.cards, "no card: --cards is 1 or more");
        let seconds = |value: f64| {
            Duration::try_from_secs_f64(value).context("seconds are a number that is not negative")
        };
        Ok(Task {
            make: Make {
                profile: profile(&self.profile)?,
                citizen: citizen(&self.citizen)?,
            },
            operation,
            cards: self.cards,
            load: Load {
                duration: seconds(self.seconds)?,
                warm_up: seconds(self.warm_up)?,
                pace: pace(self.rate),
            },
        })
    }
}

fn pace(rate: Option<f64>) -> Pace {
    rate.map_or(Pace::Closed, |per_second| Pace::Open { per_second })
}

fn progress(layers: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:20} {pos}/{len} {msg}");
    let bar = ProgressBar::new(layers as u64);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn table(ladder: &Ladder) -> String {
    let head = [
        "",
        "layer",
        "a second",
        "p50 us",
        "p95 us",
        "p99 us",
        "to below",
        "to lowest",
    ];
    let rows = ladder.rungs.iter().map(|rung| {
        let ratio = |ratio: Option<f64>| ratio.map_or(String::new(), |r| format!("{r:.3}"));
        let s = &rung.summary;
        [
            rung.layer.name().to_owned(),
            rung.layer.words().to_owned(),
            format!("{:.0}", s.rate),
            format!("{:.2}", s.p50_us),
            format!("{:.2}", s.p95_us),
            format!("{:.2}", s.p99_us),
            ratio(rung.to_below),
            ratio(rung.to_floor),
        ]
    });
    format!(
        "{}, {}\n{}",
        ladder.operation,
        ladder.profile,
        output::table(head, rows)
    )
}
