//! `cns card control`: orders to a card that is in a reader, and to the reader's pinpad.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use cns_reader::control::{Answer, Digits, Order, Request, ask};
use serde_json::Value;

use super::faults::{find_faults, find_latency};
use crate::{Verdict, output, secret};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The slot, counted from 0; a card that `cns card insert` holds has one
    #[arg(long, value_name = "NUMBER", default_value_t = 0, global = true)]
    slot: usize,
    /// As JSON
    #[arg(long, global = true)]
    json: bool,
    /// The socket: that of `cns card insert --control`, or that of the reader's driver
    path: PathBuf,
    #[command(subcommand)]
    order: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// What the slots are like
    Status,
    /// Put the card in again
    Insert,
    /// Pull the card out, whatever it is doing
    Remove,
    /// Take the card's power away for a moment; the reader is not told
    Blink,
    /// Pull the card out and put another one in
    Swap(Swap),
    /// Follow a script of what goes wrong, from its beginning
    Faults {
        /// A name from `cns card faults`, or a script's TOML file
        #[arg(value_name = "NAME|FILE")]
        script: String,
    },
    /// Nothing goes wrong any more
    ClearFaults,
    /// Another speed of the card
    Latency {
        /// A name from `cns card faults`, or a model's TOML file; the card's own speed if not said
        #[arg(value_name = "NAME|FILE")]
        model: Option<String>,
    },
    /// What is typed on the reader's pinpad, each time that it asks
    ///
    /// The PIN is asked for on the terminal, or read from a file: what is on a command line can be
    /// read by every user of the machine.
    Pin(Pin),
    /// The pinpad's key "cancel" is pressed, each time that it asks
    Cancel {
        /// How long that takes; 700 ms if not said
        #[arg(long, value_name = "MILLISECONDS")]
        delay_ms: Option<u64>,
    },
    /// Nobody types, and the pinpad's time runs out
    Leave,
}

#[derive(Args)]
pub(crate) struct Swap {
    /// Forget at the end what happened to the card: the file stays as it is
    #[arg(long)]
    volatile: bool,
    /// The image is sealed with the passphrase in this file
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    /// The other card's image file
    file: PathBuf,
}

#[derive(Args)]
pub(crate) struct Pin {
    /// The PIN is in this file
    #[arg(long, value_name = "FILE")]
    pin_file: Option<PathBuf>,
    /// A new PIN is typed where one is asked for: ask for it on the terminal
    #[arg(long, conflicts_with = "new_pin_file")]
    new_pin: bool,
    /// The same, from this file
    #[arg(long, value_name = "FILE")]
    new_pin_file: Option<PathBuf>,
    /// How long typing takes; 700 ms if not said, for some hosts take no answer that comes at once
    #[arg(long, value_name = "MILLISECONDS")]
    delay_ms: Option<u64>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let request = Request {
        slot: arguments.slot,
        order: order(&arguments.order)?,
    };
    let answer: Answer<Value> = ask(&arguments.path, &request)?;
    if arguments.json {
        output::json(&answer)?;
    } else if let Some(slots) = &answer.slots {
        let rows = slots
            .iter()
            .enumerate()
            .flat_map(|(slot, it)| rows(slot, it));
        output::text(&output::table(["slot", "", ""], rows))?;
    }
    match answer.error {
        Some(error) => output::error(&anyhow!(error)),
        None => return Ok(Verdict::Fine),
    }
    Ok(Verdict::Not)
}

fn order(command: &Command) -> anyhow::Result<Order> {
    Ok(match command {
        Command::Status => Order::Status,
        Command::Insert => Order::Insert,
        Command::Remove => Order::Remove,
        Command::Blink => Order::Blink,
        // Whoever holds the card has another current folder than we.
        Command::Swap(swap) => Order::Swap {
            file: absolute(&swap.file)?,
            volatile: swap.volatile,
            passphrase_file: swap.passphrase_file.as_deref().map(absolute).transpose()?,
        },
        Command::Faults { script } => {
            let found = find_faults(script)?;
            Order::Faults {
                name: found.name,
                script: found.text,
            }
        }
        Command::ClearFaults => Order::ClearFaults,
        Command::Latency { model } => {
            let found = model.as_deref().map(find_latency).transpose()?;
            let (name, model) =
                found.map_or_else(Default::default, |found| (found.name, Some(found.text)));
            Order::Latency { name, model }
        }
        Command::Pin(pin) => Order::Type {
            pin: digits(pin.pin_file.as_deref(), "PIN")?,
            new_pin: match (&pin.new_pin_file, pin.new_pin) {
                (None, false) => None,
                (file, _) => Some(digits(file.as_deref(), "new PIN")?),
            },
            delay_ms: pin.delay_ms,
        },
        Command::Cancel { delay_ms } => Order::Cancel {
            delay_ms: *delay_ms,
        },
        Command::Leave => Order::Leave,
    })
}

fn absolute(path: &Path) -> anyhow::Result<PathBuf> {
    std::path::absolute(path).with_context(|| format!("{} is no path", path.display()))
}

fn digits(file: Option<&Path>, what: &str) -> anyhow::Result<Digits> {
    let typed = match file {
        Some(file) => secret::from_file(file)?,
        None => secret::asked_for(what, "", false)?,
    };
    anyhow::ensure!(!typed.is_empty(), "the {what} is empty");
    Ok(typed.into())
}

/// A slot's state, a line for each thing that is known of it.
fn rows(slot: usize, state: &Value) -> Vec<[String; 3]> {
    let fields = state.as_object().into_iter().flatten();
    fields
        .map(|(name, value)| [slot.to_string(), name.replace('_', " "), words(value)])
        .collect()
}

fn words(value: &Value) -> String {
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}
