//! Secrets of the user's: from a file, or asked for on the terminal. They are never on a command line,
//! which every user of the machine can read.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, anyhow};

/// The text of a file, without the spaces and line ends around it.
pub(crate) fn from_file(path: &Path) -> anyhow::Result<String> {
    let text =
        fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(text.trim().to_owned())
}

/// What somebody types, who does not see it: the `what`, and what is to be known of it.
pub(crate) fn asked_for(what: &str, note: &str, may_be_empty: bool) -> anyhow::Result<String> {
    let text = dialoguer::Password::new()
        .with_prompt(format!("{what}{note}"))
        .allow_empty_password(may_be_empty)
        .interact()
        .map_err(|error| {
            anyhow!(
                "the {what} cannot be asked for: {error}\nhint: it can be in a file: `--help` tells"
            )
        })?;
    Ok(text.trim().to_owned())
}
