//! The PIN and the PUK of a card that is not the suite's own. They are never on a command line,
//! which every user of the machine can read.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::Args;
use cns_conformance::target::TargetName;
use cns_fixtures::{Pin, Puk};

#[derive(Args)]
pub(crate) struct SecretFiles {
    /// The card's PIN is in this file; asked for on a terminal if not said
    #[arg(long, value_name = "FILE")]
    pin_file: Option<PathBuf>,
    /// The card's PUK is in this file; asked for on a terminal if not said
    #[arg(long, value_name = "FILE")]
    puk_file: Option<PathBuf>,
}

/// Whether the suite makes the card itself, and knows its PIN.
pub(super) fn is_own(target: &TargetName) -> bool {
    matches!(
        target,
        TargetName::InProcess
            | TargetName::Mutant(_)
            | TargetName::Vsmartcard
            | TargetName::OwnToken
            | TargetName::OwnPortal
            | TargetName::Portal(_)
            | TargetName::Clients
    )
}

impl SecretFiles {
    /// Both, as far as they are known. Asks only if it may.
    pub(super) fn read(&self, may_ask: bool) -> anyhow::Result<(Option<Pin>, Option<Puk>)> {
        let pin = secret(self.pin_file.as_deref(), may_ask, "PIN")?;
        let pin = pin.map(|text| text.parse().map_err(|error| anyhow!("the PIN: {error}")));
        let puk = secret(self.puk_file.as_deref(), may_ask, "PUK")?;
        let puk = puk.map(|text| text.parse().map_err(|error| anyhow!("the PUK: {error}")));
        Ok((pin.transpose()?, puk.transpose()?))
    }
}

fn secret(file: Option<&Path>, may_ask: bool, what: &str) -> anyhow::Result<Option<String>> {
    let text = match (file, may_ask) {
        (Some(file), _) => fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read", file.display()))?,
        (None, true) => dialoguer::Password::new()
            .with_prompt(format!("{what} of the card (empty: not known)"))
            .allow_empty_password(true)
            .interact()
            .with_context(|| format!("the {what} cannot be asked for"))?,
        (None, false) => return Ok(None),
    };
    let text = text.trim();
    Ok((file.is_some() || !text.is_empty()).then(|| text.to_owned()))
}
