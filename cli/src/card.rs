//! `cns card`: make cards, look at them, put them into a reader.

mod control;
mod dump;
mod faults;
mod from_log;
mod insert;
mod issue;
mod lists;
mod passphrase;
mod show;

use clap::Subcommand;

pub(crate) use issue::{find_citizen, find_profile};

use crate::Verdict;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// The production lots that cards are made like
    Profiles(lists::Arguments),
    /// The synthetic citizens that cards are made for
    Citizens(lists::Arguments),
    /// Make a card and write its image to a file
    Issue(issue::Arguments),
    /// Make a profile and a script of the log of a card
    ///
    /// Reads what OPENSC_DEBUG=9 makes OpenSC write, or a trace of ours. Nothing of the card's holder
    /// is copied: synthetic data take its place.
    FromLog(from_log::Arguments),
    /// Make a test card like one that is in a reader
    Dump(dump::Arguments),
    /// What is on a card
    Show(show::Arguments),
    /// Put a card into a reader until Ctrl-C
    Insert(insert::Arguments),
    /// Steer a card that is in a reader, and type on the reader's pinpad
    Control(control::Arguments),
    /// What can be made to go wrong, and how slow cards can be
    Faults(faults::Arguments),
}

pub(crate) fn run(command: Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Profiles(arguments) => lists::profiles(&arguments),
        Command::Citizens(arguments) => lists::citizens(&arguments),
        Command::Issue(arguments) => issue::run(&arguments),
        Command::FromLog(arguments) => from_log::run(&arguments),
        Command::Dump(arguments) => dump::run(&arguments),
        Command::Show(arguments) => show::run(&arguments),
        Command::Insert(arguments) => insert::run(&arguments),
        Command::Control(arguments) => control::run(&arguments),
        Command::Faults(arguments) => faults::run(&arguments),
    }
}
