//! `cns card insert`: a card in a reader, until Ctrl-C.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use cns_apdu::hex;
use cns_reader::faults::{Latency, Script};
use cns_reader::{Address, Control, ImageFile, Insertion, Journal, Slot};
use serde::Serialize;

use super::faults::{find_faults, find_latency};
use super::passphrase::PassphraseFile;
use crate::{Verdict, output, shutdown};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Where the reader takes its cards: vpcd or ifd (our driver) as this machine's pcscd has them,
    /// ADDRESS:PORT of a vpcd, or unix:PATH of our driver
    #[arg(long, value_name = "READER", default_value = "vpcd")]
    reader: Address,
    /// Forget at the end what happened to the card: the file stays as it is
    #[arg(long)]
    volatile: bool,
    /// Write every exchange to this file, PINs masked; - is stderr
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    /// Let `cns card control` steer the card at this unix socket
    #[arg(long, value_name = "PATH")]
    control: Option<PathBuf>,
    /// What goes wrong: a name from `cns card faults`, or a script's TOML file
    #[arg(long, value_name = "NAME|FILE")]
    faults: Option<String>,
    /// How slow the card is: a name from `cns card faults`, or a model's TOML file
    #[arg(long, value_name = "NAME|FILE")]
    latency: Option<String>,
    /// The card that a script of faults may put in the place of the first one
    #[arg(long, value_name = "FILE")]
    spare: Option<PathBuf>,
    #[command(flatten)]
    passphrase: PassphraseFile,
    /// The card's image file
    file: PathBuf,
}

#[derive(Serialize)]
struct Ready<'a> {
    ready: bool,
    reader: String,
    file: &'a Path,
    profile: String,
    atr: String,
    control: Option<&'a Path>,
    faults: Option<&'a str>,
    latency: Option<&'a str>,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let passphrase = arguments.passphrase.read()?;
    let card = ImageFile::card(&arguments.file, arguments.volatile, passphrase.as_ref())?;
    let ready = Ready {
        ready: true,
        reader: arguments.reader.to_string(),
        file: &arguments.file,
        profile: card.image().profile.clone(),
        atr: hex::encode(card.image().atr.as_bytes()),
        control: arguments.control.as_deref(),
        faults: arguments.faults.as_deref(),
        latency: arguments.latency.as_deref(),
    };
    let slot = slot(arguments)?;
    slot.insert_card(card);
    let control = arguments.control.as_deref();
    let control = control.map(|path| Control::serve(path, Arc::new(slot.clone())));
    let _control = control.transpose()?;
    let journal = journal(arguments.trace.as_deref())?;
    shutdown::runtime()?.block_on(async {
        let removal = shutdown::requested()?;
        let insertion = Insertion::at(arguments.reader.clone());
        let mut held = std::pin::pin!(insertion.run(&slot, &journal, removal));
        tokio::select! {
            ended = &mut held => ended?,
            () = journal.inserted() => {
                output::json_line(&ready)?;
                output::say("the card is in the reader; Ctrl-C takes it out");
                held.await?;
            }
        }
        output::say(&format!(
            "card removed after {} commands",
            journal.commands()
        ));
        Ok(Verdict::Fine)
    })
}

/// A slot with all that may happen in it, still empty.
fn slot(arguments: &Arguments) -> anyhow::Result<Slot> {
    let slot: Slot = Slot::empty();
    if let Some(name) = &arguments.faults {
        let found = find_faults(name)?;
        slot.set_faults(Script::from_toml(&found.name, &found.text)?);
    }
    if let Some(name) = &arguments.latency {
        let found = find_latency(name)?;
        slot.set_latency(Some(Latency::from_toml(&found.name, &found.text)?));
    }
    if let Some(path) = &arguments.spare {
        let card = ImageFile::card(path, arguments.volatile, None)?;
        slot.set_spare(Box::new(card));
    }
    Ok(slot)
}

fn journal(trace: Option<&Path>) -> anyhow::Result<Journal> {
    let sink: Box<dyn Write + Send> = match trace {
        None => return Ok(Journal::silent()),
        Some(path) if path == Path::new("-") => Box::new(io::stderr()),
        Some(path) => Box::new(
            File::create(path).with_context(|| format!("{} cannot be written", path.display()))?,
        ),
    };
    Ok(Journal::writing(sink))
}
