//! `gnutls-cli`: TLS of another family.

use super::{CERTIFICATE_URI, Driver, OPENSC, PKCS11_MODULE, Program, private_key_uri};
use crate::action::{Action, ActionError, Outcome};
use crate::client_suite::Attempt;
use crate::login::{TlsVersion, Visit, request};
use crate::packages::locate;
use crate::run::Finished;
use crate::workbench::{PORTAL_NAME, ReaderKind, Workbench};

pub(crate) const ACTIONS: &[Action] = &[
    Action {
        client: "gnutls-cli",
        title: "logs in with TLS 1.2",
        needs: NEEDS,
        run: |workbench| log_in(workbench, TlsVersion::Tls12),
    },
    Action {
        client: "gnutls-cli",
        title: "logs in with TLS 1.3",
        needs: NEEDS,
        run: |workbench| log_in(workbench, TlsVersion::Tls13),
    },
];

pub(crate) const DRIVER: Driver = Driver {
    client: "gnutls-cli",
    does: "logs in to the portal",
    needs: NEEDS,
    versions: &[Program::asked("gnutls-cli", &["--version"]), OPENSC],
    reader: ReaderKind::Vpcd,
    use_card: |workbench, pin| Attempt::of(attempt(workbench, TlsVersion::Tls13, pin)),
};

const NEEDS: &[&str] = &["gnutls-cli", PKCS11_MODULE];

fn log_in(workbench: &Workbench, version: TlsVersion) -> Result<Outcome, ActionError> {
    let pin = workbench.citizen().pin.as_str();
    visit(workbench, version, pin)?.judge(workbench, version)
}

/// Visits the portal with the card.
///
/// # Errors
/// gnutls-cli fails, or brings no answer back.
pub fn visit(workbench: &Workbench, version: TlsVersion, pin: &str) -> Result<Visit, ActionError> {
    Visit::read(workbench, attempt(workbench, version, pin)?.succeeded()?)
}

/// Tries to visit the portal with the card.
fn attempt(workbench: &Workbench, version: TlsVersion, pin: &str) -> Result<Finished, ActionError> {
    let key = private_key_uri(pin);
    let address = workbench.portal_address();
    let priority = format!("NORMAL:-VERS-ALL:+VERS-TLS{}", version.number());
    Ok(workbench
        .client("gnutls-cli")
        // Standard output is for the answer.
        .arguments(["--logfile", "gnutls-cli.log", "--priority", &priority])
        .argument("--provider")
        .argument(locate(PKCS11_MODULE)?)
        .argument("--x509cafile")
        .argument(workbench.certifier_path())
        .arguments(["--x509certfile", CERTIFICATE_URI, "--x509keyfile", &key])
        .arguments([
            "--sni-hostname",
            PORTAL_NAME,
            "--verify-hostname",
            PORTAL_NAME,
        ])
        .arguments(["--port", &address.port().to_string()])
        .argument(address.ip().to_string())
        .input(request())
        .run()?)
}
