//! `curl`, with OpenSSL and its PKCS#11 engine.

use super::{CERTIFICATE_URI, Driver, OPENSC, PKCS11_MODULE, Program, private_key_uri};
use crate::action::{Action, ActionError, Outcome};
use crate::client_suite::Attempt;
use crate::login::{PATH, TlsVersion, Visit};
use crate::packages::locate;
use crate::run::{Finished, Invocation};
use crate::workbench::{PORTAL_NAME, ReaderKind, Workbench};

pub(crate) const ACTIONS: &[Action] = &[
    Action {
        client: "curl",
        title: "logs in with TLS 1.2",
        needs: NEEDS,
        run: |workbench| log_in(workbench, TlsVersion::Tls12),
    },
    Action {
        client: "curl",
        title: "logs in with TLS 1.3",
        needs: NEEDS,
        run: |workbench| log_in(workbench, TlsVersion::Tls13),
    },
];

pub(crate) const DRIVER: Driver = Driver {
    client: "curl",
    does: "logs in to the portal",
    needs: NEEDS,
    versions: &[Program::asked("curl", &["--version"]), OPENSC],
    reader: ReaderKind::Vpcd,
    use_card: |workbench, pin| Attempt::of(attempt(workbench, TlsVersion::Tls13, pin)),
};

const NEEDS: &[&str] = &["curl", "engines-3/pkcs11.so", PKCS11_MODULE];

fn log_in(workbench: &Workbench, version: TlsVersion) -> Result<Outcome, ActionError> {
    let pin = workbench.citizen().pin.as_str();
    visit(workbench, version, pin)?.judge(workbench, version)
}

/// Visits the portal with the card.
///
/// # Errors
/// curl fails, or brings no answer back.
pub fn visit(workbench: &Workbench, version: TlsVersion, pin: &str) -> Result<Visit, ActionError> {
    Visit::read(workbench, attempt(workbench, version, pin)?.succeeded()?)
}

/// Tries to visit the portal with the card.
fn attempt(workbench: &Workbench, version: TlsVersion, pin: &str) -> Result<Finished, ActionError> {
    let port = workbench.portal_address().port();
    Ok(with_card(get(workbench, version, port), pin)?.run()?)
}

/// Visits another portal of the same name and certifier, on this port, with the card if there is a PIN
/// for it; with headers (`Name: value`) of the client's own. Returns whatever comes back.
///
/// # Errors
/// curl is not installed, or does not come to an end.
pub fn visit_at(
    workbench: &Workbench,
    version: TlsVersion,
    port: u16,
    pin: Option<&str>,
    headers: &[String],
) -> Result<Finished, ActionError> {
    let mut client = get(workbench, version, port);
    for header in headers {
        client = client.arguments(["--header", header]);
    }
    if let Some(pin) = pin {
        client = with_card(client, pin)?;
    }
    Ok(client.run()?)
}

fn with_card<'a>(client: Invocation<'a>, pin: &str) -> Result<Invocation<'a>, ActionError> {
    let key = private_key_uri(pin);
    Ok(client
        // The engine's own default is whatever p11-kit is configured for.
        .environment("PKCS11_MODULE_PATH", locate(PKCS11_MODULE)?)
        .arguments(["--engine", "pkcs11"])
        .arguments(["--cert-type", "ENG", "--cert", CERTIFICATE_URI])
        .arguments(["--key-type", "ENG", "--key", &key]))
}

/// Visits the portal as somebody who has no card.
///
/// # Errors
/// curl fails, or brings no answer back.
pub fn visit_without_card(
    workbench: &Workbench,
    version: TlsVersion,
) -> Result<Visit, ActionError> {
    let port = workbench.portal_address().port();
    Visit::read(workbench, get(workbench, version, port).run()?.succeeded()?)
}

fn get(workbench: &Workbench, version: TlsVersion, port: u16) -> Invocation<'_> {
    workbench
        .client("curl")
        .arguments(["--silent", "--show-error", "--include", "--http1.1"])
        .argument("--cacert")
        .argument(workbench.certifier_path())
        .arguments(["--resolve", &format!("{PORTAL_NAME}:{port}:127.0.0.1")])
        .arguments([
            &format!("--tlsv{}", version.number()),
            "--tls-max",
            version.number(),
        ])
        .argument(format!("https://{PORTAL_NAME}:{port}{PATH}"))
}
