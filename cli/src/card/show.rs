//! `cns card show`: what is on a card.

use std::path::PathBuf;

use clap::Args;
use cns_fixtures::Inspection;
use cns_reader::ImageFile;

use super::passphrase::PassphraseFile;
use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Arguments {
    /// As JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    passphrase: PassphraseFile,
    /// The card's image file
    file: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let passphrase = arguments.passphrase.read()?;
    let image = ImageFile::read(&arguments.file, passphrase.as_ref())?;
    let inspection = Inspection::of(&image);
    match arguments.json {
        true => output::json(&inspection)?,
        false => output::text(&inspection.to_string())?,
    }
    Ok(Verdict::Fine)
}
