//! `cns reader install` and `cns reader remove`.

use std::env;
use std::path::{Path, PathBuf};

use clap::Args;
use cns_ifd::installation::{Installation, Plan};
use cns_ifd::library;
use serde::Serialize;

use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Install {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    slots: Slots,
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub(crate) struct Remove {
    #[command(flatten)]
    place: Place,
}

#[derive(Args)]
struct Place {
    #[command(flatten)]
    choice: Choice,
    /// With --system: the root folder, for packages and images
    #[arg(
        long,
        value_name = "DIR",
        default_value = "/",
        conflicts_with = "private"
    )]
    root: PathBuf,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct Choice {
    /// For the machine's pcscd: files below /etc and /usr/lib
    #[arg(long)]
    system: bool,
    /// For a pcscd of one's own: a folder, with which `cns reader run` runs
    #[arg(long, value_name = "DIR")]
    private: Option<PathBuf>,
}

/// What the reader has.
#[derive(Args)]
pub(crate) struct Slots {
    /// How many slots the reader has; pcscd has room for 16
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=16))]
    slots: u8,
    /// A pinpad in each slot: `cns card control` types on it
    #[arg(long)]
    pinpad: bool,
    #[command(flatten)]
    patience: Patience,
}

/// How long a reader waits for its card.
#[derive(Args)]
pub(crate) struct Patience {
    /// How long a card may take for one answer, before it is taken for gone
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 30_000)]
    pub(crate) silence_max_ms: u64,
}

/// Where cards enter, and where the reader is steered.
#[derive(Serialize)]
pub(crate) struct Sockets {
    pub(crate) slots: Vec<PathBuf>,
    pub(crate) control: PathBuf,
}

impl Place {
    fn installation(&self) -> anyhow::Result<Installation> {
        Ok(match &self.choice.private {
            Some(folder) => Installation::in_folder(folder)?,
            None => Installation::of_system(&self.root),
        })
    }
}

impl Slots {
    pub(crate) fn plan(&self) -> Plan {
        Plan {
            slots: self.slots.into(),
            pinpad: self.pinpad,
            silence_max_ms: self.patience.silence_max_ms,
        }
    }
}

pub(crate) fn install(arguments: &Install) -> anyhow::Result<Verdict> {
    let installation = arguments.place.installation()?;
    let plan = arguments.slots.plan();
    installation.install(&library::beside(&env::current_exe()?)?, plan)?;
    let sockets = Sockets {
        slots: (0..plan.slots)
            .map(|slot| installation.socket(slot))
            .collect(),
        control: installation.control(),
    };
    match arguments.json {
        true => output::json(&sockets)?,
        false => output::text(&sockets.to_text())?,
    }
    output::say(&match &arguments.place.choice.private {
        Some(folder) => format!("next: cns reader run {}", folder.display()),
        None if arguments.place.root == Path::new("/") => {
            "next: systemctl restart pcscd, then cns card insert --reader ifd FILE".to_owned()
        }
        None => "next: a pcscd that starts there has the reader".to_owned(),
    });
    Ok(Verdict::Fine)
}

pub(crate) fn remove(arguments: &Remove) -> anyhow::Result<Verdict> {
    arguments.place.installation()?.remove()?;
    if arguments.place.choice.system && arguments.place.root == Path::new("/") {
        output::say("next: systemctl restart pcscd, which still has the reader until then");
    }
    Ok(Verdict::Fine)
}

impl Sockets {
    pub(crate) fn to_text(&self) -> String {
        let slots = self.slots.iter().enumerate();
        let mut text: String = slots
            .map(|(slot, socket)| format!("slot {slot}   unix:{}\n", socket.display()))
            .collect();
        text.push_str(&format!("control  {}\n", self.control.display()));
        text
    }
}
