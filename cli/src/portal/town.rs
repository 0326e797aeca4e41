//! The town of `cns portal run`: its citizens, their cards, and the front page in a browser.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::Context as _;
use cns_conformance::card_workshop::{CardFolder, CardWorkshop, CardsAtHand};
use cns_conformance::town::{FoundedTown, Founding, StateFile};
use cns_fixtures::{DEFAULT_PROFILE, citizens, profile};
use cns_portal::{Clock, PublicOffices};

use super::Run;
use crate::authority::HOME;
use crate::output;

/// Founds the town. Its cards are files if there is a folder for them, and otherwise nowhere to be had.
pub(super) fn found(
    arguments: &Run,
    offices: &PublicOffices,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<FoundedTown> {
    let founding = Founding {
        seed: arguments.control.seed,
        generated: arguments.citizens,
        ..Founding::default()
    };
    let (offices, profile) = (offices.clone(), profile(DEFAULT_PROFILE)?);
    let workshop = match &arguments.cards {
        Some(folder) => CardWorkshop::new(offices, HOME, profile, cards(folder)?),
        None => CardWorkshop::new(offices, HOME, profile, CardsAtHand::default()),
    };
    let Some(file) = &arguments.state else {
        return Ok(FoundedTown::found(&founding, workshop, clock)?);
    };
    let is_there = file.exists();
    let town = FoundedTown::kept(&founding, workshop, clock, StateFile::open(file)?)?;
    let file = file.display();
    output::say(&match is_there {
        true => format!("the town is the one in {file}: --citizens and --seed founded it"),
        false => format!("a town was founded, and is kept in {file}"),
    });
    Ok(town)
}

fn cards(folder: &Path) -> anyhow::Result<CardFolder> {
    let names = citizens()
        .into_iter()
        .map(|citizen| (citizen.card_number, citizen.id));
    CardFolder::open(folder.to_owned(), names)
        .with_context(|| format!("{} cannot be made", folder.display()))
}

/// Has the desktop open a page, and goes on: the browser is no concern of the portal's. If none opens, the
/// user is told.
pub(super) fn open_in_browser(url: &str) {
    let url = url.to_owned();
    std::thread::spawn(move || {
        let opened = Command::new("xdg-open")
            .arg(&url)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let why = match opened {
            Ok(status) if status.success() => return,
            Ok(_) => "xdg-open found none",
            Err(_) => "the program xdg-open does not run; it is in the Debian package xdg-utils",
        };
        output::say(&format!("no browser was opened: {why}\nhint: open {url}"));
    });
}
