//! `pkcs15-crypt`: the key by OpenSC itself, without PKCS#11.

use std::fs;

use super::{Driver, OPENSC};
use crate::action::ActionError;
use crate::client_suite::Attempt;
use crate::run::Finished;
use crate::workbench::{ReaderKind, Workbench};

pub(crate) const DRIVER: Driver = Driver {
    client: "pkcs15-crypt",
    does: "signs",
    needs: &["pkcs15-crypt"],
    versions: &[OPENSC],
    reader: ReaderKind::Vpcd,
    use_card: |workbench, pin| Attempt::of(attempt(workbench, pin)),
};

fn attempt(workbench: &Workbench, pin: &str) -> Result<Finished, ActionError> {
    fs::write(workbench.folder().join("digest"), [0x5A; 32])?;
    Ok(workbench
        .client("pkcs15-crypt")
        .arguments(["--sign", "--key", "01", "--pin", pin])
        .arguments(["--sha-256", "--pkcs1"])
        .arguments(["--input", "digest", "--output", "signature"])
        .run()?)
}
