//! `tstclnt`: TLS by NSS, the library of Firefox.

use std::fs;

use super::{Driver, OPENSC, PKCS11_MODULE, Program, nss};
use crate::action::{Action, ActionError, Outcome};
use crate::client_suite::Attempt;
use crate::login::{TlsVersion, Visit, request};
use crate::run::Finished;
use crate::workbench::{PORTAL_NAME, ReaderKind, Workbench};

pub(crate) const ACTIONS: &[Action] = &[
    Action {
        client: "tstclnt",
        title: "logs in with TLS 1.2",
        needs: NEEDS,
        run: |workbench| log_in(workbench, TlsVersion::Tls12),
    },
    Action {
        client: "tstclnt",
        title: "logs in with TLS 1.3",
        needs: NEEDS,
        run: |workbench| log_in(workbench, TlsVersion::Tls13),
    },
];

pub(crate) const DRIVER: Driver = Driver {
    client: "tstclnt",
    does: "logs in to the portal",
    needs: NEEDS,
    // It does not tell its own version.
    versions: &[Program::packaged("libnss3-tools"), OPENSC],
    reader: ReaderKind::Vpcd,
    use_card: |workbench, pin| Attempt::of(attempt(workbench, TlsVersion::Tls13, pin)),
};

const NEEDS: &[&str] = &["tstclnt", "certutil", "modutil", PKCS11_MODULE];

/// NSS's database of certificates and modules, in the clients' home.
const DATABASE_FOLDER: &str = "nssdb";
const DATABASE: &str = "sql:nssdb";

fn log_in(workbench: &Workbench, version: TlsVersion) -> Result<Outcome, ActionError> {
    let pin = workbench.citizen().pin.as_str();
    visit(workbench, version, pin)?.judge(workbench, version)
}

/// Visits the portal with the card.
///
/// # Errors
/// A program of NSS fails, or brings no answer back.
pub fn visit(workbench: &Workbench, version: TlsVersion, pin: &str) -> Result<Visit, ActionError> {
    Visit::read(workbench, attempt(workbench, version, pin)?.succeeded()?)
}

/// Tries to visit the portal with the card.
fn attempt(workbench: &Workbench, version: TlsVersion, pin: &str) -> Result<Finished, ActionError> {
    nss::set_up_database(workbench, DATABASE_FOLDER)?;
    fs::write(workbench.folder().join("request"), request())?;
    let address = workbench.portal_address();
    let range = format!("tls{0}:tls{0}", version.number());
    Ok(workbench
        .client("tstclnt")
        .arguments([
            "-h",
            &address.ip().to_string(),
            "-p",
            &address.port().to_string(),
        ])
        .arguments(["-a", PORTAL_NAME, "-d", DATABASE, "-V", &range])
        .arguments(["-n", "pkcs11:object=CNS0;type=cert", "-w", pin])
        .arguments(["-O", "-A", "request"])
        .run()?)
}
