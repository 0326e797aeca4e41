//! `--passphrase-file`: how a sealed image is named.

use std::path::PathBuf;

use clap::Args;
use cns_reader::Passphrase;

#[derive(Args)]
pub(crate) struct PassphraseFile {
    /// The image is sealed (AES-256-GCM) with the passphrase in this file
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

impl PassphraseFile {
    /// None for a plain image.
    pub(crate) fn read(&self) -> anyhow::Result<Option<Passphrase>> {
        let passphrase = self.passphrase_file.as_deref().map(Passphrase::from_file);
        Ok(passphrase.transpose()?)
    }
}
