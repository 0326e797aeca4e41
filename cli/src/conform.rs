//! `cns conform`: does a card, a token, a reader with its clients conform?

mod coverage;
mod diff;
mod explain;
mod list;
mod mutants;
mod run;

use clap::Subcommand;

use crate::Verdict;

#[derive(Subcommand)]
pub(crate) enum Command {
    /// All cases, with their level and what they do to a card
    List(list::Arguments),
    /// What a case asks for, where that is written, and which cards it is about
    Explain(explain::Arguments),
    /// Run cases and say what conforms, what does not, and which clause says so
    ///
    /// Without a target, the card of this project is judged, in this process. Nothing that writes,
    /// spends a try of a PIN or could block one runs on a card that is not the suite's own, unless
    /// --allow-destructive is given.
    ///
    /// Exit status: 0 conformant, 1 not, 2 the suite could not find out.
    Run(Box<run::Arguments>),
    /// Two runs, case by case and answer by answer
    ///
    /// Such as a virtual card and a real one, or a card and its next version. Cases are compared by
    /// how they ended and by how each command was answered.
    ///
    /// Exit status: 0 nothing differs, 1 something does, 2 they could not be compared.
    Diff(diff::Arguments),
    /// Which clauses of which documents are judged, by how many cases, and which are known not to be
    Coverage(coverage::Arguments),
    /// The wrong cards that prove that the suite can fail, and which cases catch them
    ///
    /// Exit status: 0 every wrong card is caught and every case catches one, 1 not.
    Mutants(mutants::Arguments),
}

pub(crate) fn run(command: &Command) -> anyhow::Result<Verdict> {
    match command {
        Command::List(arguments) => list::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Run(arguments) => run::run(arguments),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Coverage(arguments) => coverage::run(arguments),
        Command::Mutants(arguments) => mutants::run(arguments),
    }
}
