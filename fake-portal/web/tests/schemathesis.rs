//! Whatever the OpenAPI document allows, and much that it does not, asked of a real portal by schemathesis.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::path::Path;
use std::process::Command;

use cns_authority::OfficeTerms;
use support::country::Country;

#[test]
fn schemathesis_finds_no_failure() {
    let country = Country::with(OfficeTerms::default());
    country.bench.login("");
    let address = format!("http://{}", country.bench.addresses.control);
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = crate_folder.join("../../target/judges/bin/schemathesis");
    let judged = Command::new(&program)
        .arg("--config-file")
        .arg(crate_folder.join("tests/schemathesis.toml"))
        .args(["run", &format!("{address}/openapi.json"), "--url", &address])
        // The same requests each time: what fails here fails again.
        .args(["--seed", "1", "--generation-deterministic"])
        .args(["--max-examples", "20"])
        .args(["--workers", "2", "--request-timeout", "10", "--no-color"])
        .current_dir(country.bench.folder.path())
        .output()
        .unwrap_or_else(|error| {
            panic!(
                "{} cannot be run: {error}\nhint: cargo xtask setup",
                program.display()
            )
        });
    let said = String::from_utf8_lossy(&judged.stdout);
    let talk = String::from_utf8_lossy(&judged.stderr);
    assert!(judged.status.success(), "{said}\n{talk}");
    let tested = said.lines().find(|line| line.contains("Tested:"));
    assert!(tested.is_some_and(|it| !it.ends_with(" 0")), "{said}");
}
