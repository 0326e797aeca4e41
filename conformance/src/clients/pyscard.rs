//! Python's `pyscard`: APDUs from a script, `clients/python/sign.py`.

use std::fs;

use super::{Driver, Program};
use crate::action::ActionError;
use crate::client_suite::Attempt;
use crate::run::Finished;
use crate::workbench::{ReaderKind, Workbench};

pub(crate) const DRIVER: Driver = Driver {
    client: "pyscard",
    does: "signs by APDUs of its own, chained",
    needs: &["/usr/bin/python3", "smartcard/__init__.py", "openssl"],
    versions: &[Program::packaged("python3-pyscard")],
    reader: ReaderKind::Vpcd,
    use_card: |workbench, pin| Attempt::of(attempt(workbench, pin)),
};

const SCRIPT: &str = include_str!("../../clients/python/sign.py");

fn attempt(workbench: &Workbench, pin: &str) -> Result<Finished, ActionError> {
    fs::write(workbench.folder().join("sign.py"), SCRIPT)?;
    Ok(workbench
        // The system's Python, for whose version the package is made.
        .client("/usr/bin/python3")
        .arguments(["sign.py", pin])
        .argument(workbench.certificate_path())
        .run()?)
}
