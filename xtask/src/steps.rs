//! What the commands run, step by step. `--locked` stands everywhere, so that what is tested is
//! what Cargo.lock says.

use crate::failure::Failure;
use crate::step::{self, Step};

/// The release of cargo-deny that deny.toml was written for, used when none is installed.
pub(crate) const CARGO_DENY_VERSION: &str = "0.20.2";

/// The release of cargo-fuzz that is used when none is installed.
pub(crate) const CARGO_FUZZ_VERSION: &str = "0.13.2";

/// What `fuzz/Cargo.toml` has, each with what it must never be able to do.
const FUZZ_TARGETS: [(&str, &str); 9] = [
    (
        "apdu",
        "no bytes upset the parsers of commands and responses",
    ),
    ("tlv", "no bytes upset the reader of data objects"),
    (
        "session",
        "no session upsets the card, though it knows the PIN",
    ),
    ("image", "no bytes upset the loader of card images"),
    ("log", "no text upsets the import of logs"),
    (
        "pki",
        "no bytes upset the readers of OCSP requests and certificates",
    ),
    ("hello", "no client's first bytes upset the portal"),
    (
        "key",
        "no certificate upsets the portal, or shows it another key than everybody",
    ),
    ("town", "no text upsets the reader of towns and worlds"),
];

/// How long `test` fuzzes each target.
pub(crate) const FUZZ_SECONDS: u32 = 60;

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
    steps.extend(fuzz(FUZZ_SECONDS));
    steps
}

/// Each target for so many seconds, from what real clients sent. No sanitizer: those need a nightly
/// compiler, and they look for what `unsafe` does wrong, which the fuzzed crates do not have.
pub(crate) fn fuzz(seconds: u32) -> Vec<Step> {
    let mut steps = vec![
        Step::cargo(
            "fmt --manifest-path fuzz/Cargo.toml --check",
            "the fuzz targets are formatted",
        ),
        fuzz_lock(),
        Step::cargo(
            "run --locked --package cns-fixtures --example corpus -- fuzz/corpus",
            "there is something to start from",
        ),
    ];
    // An input that takes ten seconds is a hang.
    let limits = format!("-max_total_time={seconds} -timeout=10 -rss_limit_mb=1024");
    steps.extend(FUZZ_TARGETS.map(|(target, purpose)| {
        let run = format!("fuzz run --sanitizer none {target} -- {limits}");
        Step::cargo(&run, purpose)
    }));
    steps
}

/// The whole of what `test` runs a part of.
pub(crate) fn soak() -> Step {
    Step::cargo(
        "test --locked --package cns --test soak -- --nocapture",
        "a portal's memory stays flat, and it leaves no descriptor open",
    )
    .with_environment("CNS_SOAK_LOGINS", "10000")
}

/// The fuzz targets are a workspace of their own, whose lock file a new dependency of this one leaves
/// behind: that is told before anything is built.
fn fuzz_lock() -> Step {
    Step::cargo(
        "fetch --manifest-path fuzz/Cargo.toml --locked",
        "fuzz/Cargo.lock says what is fuzzed",
    )
}

/// What can be judged without running anything.
pub(crate) fn check() -> Vec<Step> {
    vec![
        Step::cargo("fmt --all --check", "the code is formatted"),
        fuzz_lock(),
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

/// The libraries of our readers go beside `cns`, which finds them there.
pub(crate) fn build_demo() -> Step {
    let packages = "--package cns --package cns-ifd --package cns-pcsc-library";
    Step::cargo(
        &format!("build --release --locked {packages}"),
        "the demo and its readers are built",
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

/// Installs cargo-fuzz when there is none.
pub(crate) fn provide_cargo_fuzz() -> Result<(), Failure> {
    if Step::cargo("fuzz --version", "").succeeds_silently() {
        return Ok(());
    }
    step::run_all(&[Step::cargo(
        &format!("install --locked cargo-fuzz@{CARGO_FUZZ_VERSION}"),
        "cargo-fuzz, which builds and runs the fuzz targets, is installed",
    )])
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
