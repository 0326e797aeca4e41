//! `cns reader environment`: what makes a program a client of cards without pcscd.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use cns_pcsc::library::{self, ClientFolder};
use cns_pcsc::place::Place;
use serde::Serialize;

use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder in which programs find our library; made if there is none
    #[arg(long, value_name = "DIR", default_value = "cns-pcsc")]
    folder: PathBuf,
    /// As JSON
    #[arg(long)]
    json: bool,
    /// Where the cards are: a card file, a list of readers (.toml), or the socket of `cns reader host`
    place: PathBuf,
}

/// What a program needs, whichever way it loads the library.
#[derive(Serialize)]
pub(super) struct Client {
    pub(super) environment: Vec<(&'static str, String)>,
    opensc_conf: PathBuf,
    java: String,
}

impl Client {
    /// Furnishes the folder for clients of the cards at `place`.
    pub(super) fn new(folder: &Path, place: &Path) -> anyhow::Result<Self> {
        let library = library::beside(&env::current_exe()?)?;
        let folder = ClientFolder::furnish(folder, &library)
            .with_context(|| format!("{} is no folder for clients", folder.display()))?;
        let place = std::path::absolute(place)?;
        let environment = folder.environment(&place).into_iter();
        Ok(Self {
            environment: environment
                .map(|(name, value)| (name, value.to_string_lossy().into_owned()))
                .collect(),
            opensc_conf: folder.opensc_conf(),
            java: format!(
                "-Dsun.security.smartcardio.library={}",
                folder.library().display()
            ),
        })
    }

    /// Lines for a shell: what all programs need, and what some do who load libraries their own way.
    pub(super) fn to_shell(&self) -> String {
        format!(
            "{}# OpenSC without LD_LIBRARY_PATH: OPENSC_CONF={}\n# java: {}\n",
            output::exports(&self.environment),
            self.opensc_conf.display(),
            self.java
        )
    }
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    // Told now, and not by each program in its own way.
    Place::at(&arguments.place)?;
    let client = Client::new(&arguments.folder, &arguments.place)?;
    match arguments.json {
        true => output::json(&client)?,
        false => output::text(&client.to_shell())?,
    }
    Ok(Verdict::Fine)
}
