//! `p11tool`: PKCS#11 by GnuTLS.

use super::{Driver, OPENSC, PKCS11_MODULE, Program};
use crate::action::ActionError;
use crate::client_suite::Attempt;
use crate::packages::locate;
use crate::run::Finished;
use crate::workbench::{ReaderKind, Workbench};

pub(crate) const DRIVER: Driver = Driver {
    client: "p11tool",
    does: "signs, and checks the signature",
    needs: &["p11tool", PKCS11_MODULE],
    versions: &[Program::asked("p11tool", &["--version"]), OPENSC],
    reader: ReaderKind::Vpcd,
    use_card: |workbench, pin| Attempt::of(attempt(workbench, pin)),
};

fn attempt(workbench: &Workbench, pin: &str) -> Result<Finished, ActionError> {
    Ok(workbench
        .client("p11tool")
        .argument("--provider")
        .argument(locate(PKCS11_MODULE)?)
        .arguments(["--batch", "--login", "--set-pin", pin])
        .arguments(["--test-sign", "pkcs11:id=%01"])
        .run()?)
}
