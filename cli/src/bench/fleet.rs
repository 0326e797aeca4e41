//! `cns bench fleet`: many cards in one process.

use clap::Args;
use cns_benches::cards::Make;
use cns_benches::fleet::{CARDS_MAX, Fleet, FleetReport, cores, resident_bytes};
use cns_benches::{Layer, Operation, Target, Task};
use cns_fixtures::{citizen, profile};

use super::client;
use super::options::load;
use super::progress::Progress;
use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Arguments {
    /// How many cards
    #[arg(long, default_value_t = 1000)]
    cards: usize,
    /// How long they sign, in seconds
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// What the cards are like
    #[arg(long, value_name = "NAME", default_value = cns_fixtures::DEFAULT_PROFILE)]
    profile: String,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let count = arguments.cards;
    anyhow::ensure!(
        (1..=CARDS_MAX).contains(&count),
        "no fleet: --cards is from 1 to {CARDS_MAX}"
    );
    let report = measure(arguments)?;
    match arguments.json {
        true => output::json(&report)?,
        false => output::text(&page(&report))?,
    }
    Ok(Verdict::Fine)
}

fn measure(arguments: &Arguments) -> anyhow::Result<FleetReport> {
    let load = load(arguments.seconds, 0.3, None)?;
    let make = Make::new(profile(&arguments.profile)?, citizen("maria-rossi")?)?;
    // The first card brings along what all of them share.
    drop(Fleet::make(&make, cores(), &|_| ())?);
    let before = resident_bytes()?;
    let bar = output::progress(arguments.cards as u64);
    bar.set_message("cards are personalised");
    let fleet = Fleet::make(&make, arguments.cards, &|done| {
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    let grown = resident_bytes()?.saturating_sub(before);

    let progress = Progress::start(2, load.warm_up + load.duration);
    progress.begin(0, "they sign in turn");
    let cards = fleet.len();
    let signatures = fleet.sign(load)?;
    progress.begin(1, "OpenSSL without cards");
    let task = Task {
        make,
        operation: Operation::Sign,
        cards: cores(),
        first: 0,
        clients: cns_benches::task::Clients::default(),
        load,
        latency: None,
        pin: None,
        portal: None,
    };
    let engine = Target::Layer(Layer::Engine).measure(&task, &client::again)?;
    Ok(FleetReport {
        cards,
        profile: arguments.profile.clone(),
        resident_bytes_per_card: grown / cards as u64,
        to_floor: signatures.speed_beside(&engine),
        signatures,
        engine,
    })
}

fn page(report: &FleetReport) -> String {
    format!(
        "{} cards, {}\n\
         memory      {:.1} KiB a card, its key and all\n\
         signatures  {:.0} a second on {} threads, p50 {:.0} us, p99 {:.0} us\n\
         OpenSSL     {:.0} a second on as many, p50 {:.0} us: the cards are {:.3} times as fast\n",
        report.cards,
        report.profile,
        report.resident_bytes_per_card as f64 / 1024.0,
        report.signatures.rate,
        report.signatures.workers,
        report.signatures.p50_us,
        report.signatures.p99_us,
        report.engine.rate,
        report.engine.p50_us,
        report.to_floor,
    )
}
