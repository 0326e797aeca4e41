//! Builds `host/log_msg.rs` into the small shared object that the driver embeds.
//!
//! cargo cannot yet make a `cdylib` of one package part of another, so rustc is called here. It
//! links with the same C tool chain as everything else and takes a fifth of a second.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

const SOURCE: &str = "host/log_msg.rs";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={SOURCE}");
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("linux") {
        return ExitCode::SUCCESS; // No driver there.
    }
    match Command::new(variable("RUSTC")).args(arguments()).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => fail(&format!("rustc ended with {status}")),
        Err(error) => fail(&format!("rustc could not be started: {error}")),
    }
}

fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = [
        "--edition=2024",
        "--crate-name=log_msg",
        "--crate-type=cdylib",
        "-Cpanic=abort", // no_std has no unwinder to link
        "-Copt-level=s",
        "-Cstrip=symbols",
        SOURCE,
        "--target",
    ]
    .map(OsString::from)
    .to_vec();
    arguments.push(variable("TARGET"));
    // cargo tells the linker only if the user configured one, for instance to cross-compile.
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut option = OsString::from("-Clinker=");
        option.push(linker);
        arguments.push(option);
    }
    arguments.push("-o".into());
    arguments.push(
        PathBuf::from(variable("OUT_DIR"))
            .join("liblog_msg.so")
            .into(),
    );
    arguments
}

fn variable(name: &str) -> OsString {
    env::var_os(name).unwrap_or_default() // cargo sets all that are asked for here
}

fn fail(reason: &str) -> ExitCode {
    println!("cargo::error=cannot build {SOURCE}, which the vpcd driver needs: {reason}");
    ExitCode::FAILURE
}
