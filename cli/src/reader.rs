//! `cns reader`: readers of our own, with and without pcscd.

mod environment;
mod host;
mod install;
mod run;

use clap::Subcommand;

use crate::Verdict;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Install our reader's driver, for the machine's pcscd or for one of one's own
    Install(install::Install),
    /// Remove exactly what was installed
    Remove(install::Remove),
    /// A pcscd of one's own with our driver, until Ctrl-C
    ///
    /// It has a socket and a `/run` of its own: the machine's pcscd is not touched.
    Run(run::Arguments),
    /// Share cards with several programs without pcscd, until Ctrl-C
    ///
    /// No root, no pcscd, no driver: programs load our library in the place of libpcsclite.
    Host(host::Arguments),
    /// What makes a program a client of cards without pcscd, for `eval` in a shell
    Environment(environment::Arguments),
}

pub(crate) fn run(command: &Command) -> anyhow::Result<Verdict> {
    match command {
        Command::Install(arguments) => install::install(arguments),
        Command::Remove(arguments) => install::remove(arguments),
        Command::Run(arguments) => run::run(arguments),
        Command::Host(arguments) => host::run(arguments),
        Command::Environment(arguments) => environment::run(arguments),
    }
}
