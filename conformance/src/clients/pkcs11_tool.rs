//! `pkcs11-tool`: the card as PKCS#11 applications see it.

use std::fs;

use super::{Driver, OPENSC, PKCS11_MODULE};
use crate::action::{Action, ActionError, Outcome};
use crate::client_suite::Attempt;
use crate::packages::locate;
use crate::run::{Finished, Invocation};
use crate::signature::{self, Scheme};
use crate::workbench::{ReaderKind, Workbench};

pub(crate) const ACTIONS: &[Action] = &[
    Action {
        client: "pkcs11-tool",
        title: "signs with RSA PKCS#1 v1.5",
        needs: &["pkcs11-tool", PKCS11_MODULE, "openssl"],
        run: |workbench| sign(workbench, Scheme::Pkcs1),
    },
    Action {
        client: "pkcs11-tool",
        title: "signs with RSA-PSS",
        needs: &["pkcs11-tool", PKCS11_MODULE, "openssl"],
        run: |workbench| sign(workbench, Scheme::Pss),
    },
    Action {
        client: "pkcs11-tool",
        title: "tests itself with the card",
        needs: &["pkcs11-tool", PKCS11_MODULE],
        run: test,
    },
];

pub(crate) const DRIVER: Driver = Driver {
    client: "pkcs11-tool",
    does: "signs",
    needs: &["pkcs11-tool", PKCS11_MODULE],
    versions: &[OPENSC],
    reader: ReaderKind::Vpcd,
    use_card: |workbench, pin| Attempt::of(try_to_sign(workbench, pin)),
};

const MESSAGE: &[u8] = b"Documento di collaudo, senza valore.\n";

fn sign(workbench: &Workbench, scheme: Scheme) -> Result<Outcome, ActionError> {
    let (mechanism, name): (&[&str], _) = match scheme {
        Scheme::Pkcs1 => (&["SHA256-RSA-PKCS"], "RSA PKCS#1 v1.5"),
        Scheme::Pss => (
            &[
                "SHA256-RSA-PKCS-PSS",
                "--mgf",
                "MGF1-SHA256",
                "--salt-len",
                "32",
            ],
            "RSA-PSS",
        ),
    };
    let folder = workbench.folder();
    let output = folder.join("signature");
    // A signature that an earlier client left must not be taken for this one's.
    match fs::remove_file(&output) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    fs::write(folder.join("message"), MESSAGE)?;
    let client = logged_in(workbench, workbench.citizen().pin.as_str())?
        .arguments(["--sign", "--id", "01", "--mechanism"])
        .arguments(mechanism)
        .arguments(["--input-file", "message", "--output-file", "signature"])
        .run()?
        .succeeded()?;
    let signature = fs::read(&output)?;
    signature::judge(workbench, &client, scheme, MESSAGE, &signature)?;
    Ok(client.outcome(format!(
        "{name} with SHA-256, {} bytes; ring and openssl accept it",
        signature.len()
    )))
}

fn try_to_sign(workbench: &Workbench, pin: &str) -> Result<Finished, ActionError> {
    fs::write(workbench.folder().join("message"), MESSAGE)?;
    Ok(logged_in(workbench, pin)?
        .arguments(["--sign", "--id", "01", "--mechanism", "SHA256-RSA-PKCS"])
        .arguments(["--input-file", "message", "--output-file", "signature"])
        .run()?)
}

fn test(workbench: &Workbench) -> Result<Outcome, ActionError> {
    let client = logged_in(workbench, workbench.citizen().pin.as_str())?
        .argument("--test")
        .run()?
        .succeeded()?
        .saying("No errors")?;
    let passed = client
        .text()
        .lines()
        .filter(|line| line.ends_with(": OK"))
        .count();
    Ok(client.outcome(format!("no errors in {passed} checks")))
}

/// Logs in to the card, and does nothing there.
///
/// # Errors
/// The client could not be run. Whether the card took the PIN is in its exit status.
pub fn log_in(workbench: &Workbench, pin: &str) -> Result<Finished, ActionError> {
    Ok(logged_in(workbench, pin)?
        .argument("--list-objects")
        .run()?)
}

fn logged_in<'workbench>(
    workbench: &'workbench Workbench,
    pin: &str,
) -> Result<Invocation<'workbench>, ActionError> {
    Ok(workbench
        .client("pkcs11-tool")
        .argument("--module")
        .argument(locate(PKCS11_MODULE)?)
        .arguments(["--login", "--pin", pin]))
}
