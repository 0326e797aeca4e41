//! The built `cns`, run as a person would.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::{Command, Output};

pub fn cns(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cns"));
    command
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env_remove("RUST_LOG")
        .env("COLUMNS", "100");
    command
}

/// Status, stdout and stderr of a run, as one text for a snapshot.
pub fn transcript(folder: &Path, arguments: &[&str]) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = cns(folder).args(arguments).output().unwrap();
    let mut text = format!("$ cns {}\n", arguments.join(" "));
    text.push_str(&String::from_utf8(stdout).unwrap());
    text.push_str(&String::from_utf8(stderr).unwrap());
    text.push_str(&format!("[exit {}]\n", status.code().unwrap()));
    text
}
