//! What the commands run, step by step. `--locked` stands everywhere, so that what is tested is
//! what Cargo.lock says.

use crate::failure::Failure;
use crate::step::{self, Step};

/// The release of cargo-deny that deny.toml was written for, used when none is installed.
pub(crate) const CARGO_DENY_VERSION: &str = "0.20.2";

/// What continuous integration runs: what is cheap and often fails first.
pub(crate) fn test() -> Vec<Step> {
    let mut steps = check();
    steps.extend([
        Step::cargo(
            "test --workspace --all-features --locked",
            "every test passes",
        ),
        Step::cargo(
            "bench --workspace --no-run --locked",
            "every bench can be built",
        ),
    ]);
    steps
}

/// What can be judged without running anything.
pub(crate) fn check() -> Vec<Step> {
    vec![
        Step::cargo("fmt --all --check", "the code is formatted"),
        Step::cargo(
            "clippy --workspace --all-targets --all-features --locked -- -D warnings",
            "neither compiler nor clippy warns",
        ),
        Step::cargo(
            "doc --workspace --no-deps --all-features --locked",
            "the documentation can be built and its links lead somewhere",
        )
        .with_environment("RUSTDOCFLAGS", "-Dwarnings"),
        Step::cargo(
            "deny --locked check bans licenses sources",
            "deny.toml allows every dependency",
        ),
    ]
}

/// Apart from the checks, because its verdict changes with the day and needs the network.
pub(crate) fn advisories() -> Step {
    Step::cargo(
        "deny --locked check advisories",
        "no dependency has a known flaw",
    )
}

pub(crate) fn demo(arguments: &[String]) -> Step {
    let mut step = Step::cargo("run --release --locked --package cns -- demo", "the demo");
    step.arguments.extend_from_slice(arguments);
    step
}

/// The test that finds the committed bindings stale is also what writes them.
pub(crate) fn bindings() -> Step {
    Step::cargo(
        "test --locked --package vsmartcard --features generate --test bindings",
        "emulator/vsmartcard/src/driver/bindings.rs is made anew",
    )
    .with_environment("BINDINGS", "refresh")
}

/// Installs cargo-deny when there is none.
pub(crate) fn provide_cargo_deny() -> Result<(), Failure> {
    if Step::cargo("deny --version", "").succeeds_silently() {
        return Ok(());
    }
    step::run_all(&[Step::cargo(
        &format!("install --locked cargo-deny@{CARGO_DENY_VERSION}"),
        "cargo-deny, which checks the dependencies, is installed",
    )])
}
