//! `openssl s_client`, with the PKCS#11 engine. It takes the key from the card; the certificate it
//! takes from a file alone, so its user has exported that before.

use super::{Driver, OPENSC, PKCS11_MODULE, Program, private_key_uri};
use crate::action::ActionError;
use crate::client_suite::Attempt;
use crate::login::request;
use crate::packages::locate;
use crate::run::Finished;
use crate::workbench::{PORTAL_NAME, ReaderKind, Workbench};

pub(crate) const DRIVER: Driver = Driver {
    client: "openssl",
    does: "logs in to the portal",
    needs: &["openssl", "engines-3/pkcs11.so", PKCS11_MODULE],
    versions: &[Program::asked("openssl", &["version"]), OPENSC],
    reader: ReaderKind::Vpcd,
    use_card: |workbench, pin| Attempt::of(attempt(workbench, pin)),
};

fn attempt(workbench: &Workbench, pin: &str) -> Result<Finished, ActionError> {
    Ok(workbench
        .client("openssl")
        .environment("PKCS11_MODULE_PATH", locate(PKCS11_MODULE)?)
        .arguments(["s_client", "-quiet", "-ign_eof", "-verify_return_error"])
        .argument("-connect")
        .argument(workbench.portal_address().to_string())
        .arguments(["-servername", PORTAL_NAME, "-CAfile"])
        .argument(workbench.certifier_path())
        .arguments(["-certform", "DER", "-cert"])
        .argument(workbench.certificate_path())
        .arguments(["-engine", "pkcs11", "-keyform", "engine", "-key"])
        .argument(private_key_uri(pin))
        .input(request())
        .run()?)
}
