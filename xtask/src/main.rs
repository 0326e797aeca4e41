//! `cargo xtask`: set-up, demo, tests and checks for people who work on the project.
//!
//! It has no dependencies: it must build on a fresh machine, before the packages that the rest of
//! the workspace links with are there, because it is what installs them.

mod command;
mod failure;
mod judges;
mod packages;
mod setup;
mod step;
mod steps;
mod system;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = std::env::args_os().skip(1).collect();
    match command::parse(arguments).and_then(command::run) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprint!("{failure}");
            ExitCode::from(failure.code)
        }
    }
}
