//! `cns`: virtual CNS cards, the fake portal, and the demo that plugs the one into the other.
//!
//! This crate wires the others together and holds no logic of theirs. stdout is data, stderr is
//! talk. Exit status: 0 fine, 1 it ran and the answer is no, 2 it could not run.

mod apdu;
mod authority;
mod bench;
mod card;
mod conform;
mod demo;
mod doctor;
mod files;
mod output;
mod portal;
mod reader;
mod secret;
mod shutdown;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A virtual Carta Nazionale dei Servizi, a fake portal to log in to, and real clients in between.
///
/// Everything here is synthetic: the citizens do not exist, the keys are public, and every
/// certifier has COLLAUDO in its name.
#[derive(Parser)]
#[command(name = "cns", version, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Card, reader, portal and real clients, end to end
    ///
    /// Starts a pcscd of its own, puts a citizen's card into its reader, starts the portal on a free
    /// port, and lets every real client that is installed sign or log in. Nothing of the machine is
    /// touched, and nothing is left running.
    Demo(demo::Arguments),
    /// Make cards, look at them, put them into a reader
    #[command(subcommand)]
    Card(card::Command),
    /// Readers of our own: install the driver, run a pcscd with it, share cards without one
    #[command(subcommand)]
    Reader(reader::Command),
    /// The portal that citizens log in to
    #[command(subcommand)]
    Portal(portal::Command),
    /// APDUs in plain words
    #[command(subcommand)]
    Apdu(apdu::Command),
    /// How fast: signatures and commands in a second, layer by layer
    #[command(subcommand)]
    Bench(bench::Command),
    /// Does a card conform? The suite, its reports, and the proof that it can fail
    #[command(subcommand)]
    Conform(conform::Command),
    /// What is installed, what is missing, the one command that mends it
    Doctor(doctor::Arguments),
}

/// How a command that could run has ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Verdict {
    Fine,
    Not,
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::builder()
                .with_default_directive(tracing::Level::WARN.into())
                .from_env_lossy()
                // It calls an error what a token may say, and what the suite then judges itself.
                .add_directive("cryptoki=off".parse().expect("this is a directive")),
        )
        .with_writer(std::io::stderr)
        .without_time()
        .with_target(false)
        .init();
    let outcome = match Arguments::parse().command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Card(command) => card::run(command),
        Command::Reader(command) => reader::run(&command),
        Command::Portal(command) => portal::run(command),
        Command::Apdu(command) => apdu::run(&command),
        Command::Bench(command) => bench::run(&command),
        Command::Conform(command) => conform::run(&command),
        Command::Doctor(arguments) => doctor::run(&arguments),
    };
    match outcome {
        Ok(Verdict::Fine) => ExitCode::SUCCESS,
        Ok(Verdict::Not) => ExitCode::from(1),
        // Whoever reads our output has gone (`cns card citizens | head -1`): that is fine.
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            ExitCode::from(2)
        }
    }
}
