//! The PIN and the PUK of a card that is not the suite's own.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::Args;
use cns_conformance::target::TargetName;
use cns_fixtures::{Pin, Puk};

use crate::secret;

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
            | TargetName::Own(_)
            | TargetName::OwnToken
            | TargetName::OwnPortal
            | TargetName::Portal(_)
            | TargetName::Clients
    )
}

impl SecretFiles {
    /// Both, as far as they are known. Asks only if it may.
    pub(super) fn read(&self, may_ask: bool) -> anyhow::Result<(Option<Pin>, Option<Puk>)> {
        let pin = read(self.pin_file.as_deref(), may_ask, "PIN")?;
        let pin = pin.map(|text| text.parse().map_err(|error| anyhow!("the PIN: {error}")));
        let puk = read(self.puk_file.as_deref(), may_ask, "PUK")?;
        let puk = puk.map(|text| text.parse().map_err(|error| anyhow!("the PUK: {error}")));
        Ok((pin.transpose()?, puk.transpose()?))
    }
}

fn read(file: Option<&Path>, may_ask: bool, what: &str) -> anyhow::Result<Option<String>> {
    match (file, may_ask) {
        (Some(file), _) => secret::from_file(file).map(Some),
        (None, true) => {
            let typed = secret::asked_for(what, " of the card (empty: not known)", true)?;
            Ok(Some(typed).filter(|typed| !typed.is_empty()))
        }
        (None, false) => Ok(None),
    }
}
