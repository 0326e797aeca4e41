//! `cns card insert`: a card in a reader, until Ctrl-C.

use std::fs::File;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use cns_apdu::hex;
use cns_card::Card;
use cns_reader::{ImageFile, Insertion, Journal, SystemEntropy};
use serde::Serialize;

use super::passphrase::PassphraseFile;
use crate::{Verdict, output, shutdown};

#[derive(Args)]
pub(crate) struct Arguments {
    /// Where vpcd listens; its second slot is one port higher
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:35963")]
    reader: SocketAddr,
    /// Forget at the end what happened to the card: the file stays as it is
    #[arg(long)]
    volatile: bool,
    /// Write every exchange to this file, PINs masked; - is stderr
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,
    #[command(flatten)]
    passphrase: PassphraseFile,
    /// The card's image file
    file: PathBuf,
}

#[derive(Serialize)]
struct Ready<'a> {
    ready: bool,
    reader: SocketAddr,
    file: &'a Path,
    profile: &'a str,
    atr: String,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let mut card = card(arguments)?;
    let ready = Ready {
        ready: true,
        reader: arguments.reader,
        file: &arguments.file,
        profile: &card.image().profile.clone(),
        atr: hex::encode(card.image().atr.as_bytes()),
    };
    let journal = journal(arguments.trace.as_deref())?;
    shutdown::runtime()?.block_on(async {
        let removal = shutdown::requested()?;
        let insertion = Insertion::at(arguments.reader);
        let mut held = std::pin::pin!(insertion.hold(&mut card, &journal, removal));
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

/// The card. One that forgets needs its file no longer, so that others may have it.
fn card(arguments: &Arguments) -> anyhow::Result<Card> {
    let passphrase = arguments.passphrase.read()?;
    let (path, passphrase) = (&arguments.file, passphrase.as_ref());
    if arguments.volatile {
        let image = ImageFile::read(path, passphrase)?;
        return Ok(Card::volatile(image, SystemEntropy::new()));
    }
    let (image, file) = ImageFile::open(path, passphrase)?;
    Ok(Card::new(image, file, SystemEntropy::new()))
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
