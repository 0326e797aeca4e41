//! `pkcs15-tool`: the card as a set of objects.

use x509_parser::pem::parse_x509_pem;

use crate::action::{Action, ActionError, Outcome};
use crate::run::{Finished, RunError};
use crate::workbench::Workbench;

pub(crate) const ACTIONS: &[Action] = &[
    Action {
        client: "pkcs15-tool",
        title: "lists certificate, key and PIN",
        needs: &["pkcs15-tool"],
        run: list,
    },
    Action {
        client: "pkcs15-tool",
        title: "reads the certificate",
        needs: &["pkcs15-tool"],
        run: read_certificate,
    },
];

/// The objects that OpenSC finds on every CNS.
const OBJECTS: [&str; 4] = [
    "PIN [PIN CNS0]",
    "PIN [PUK CNS0]",
    "Private RSA Key [CNS0]",
    "X.509 Certificate [CNS0]",
];

fn list(workbench: &Workbench) -> Result<Outcome, ActionError> {
    let client = workbench
        .client("pkcs15-tool")
        .argument("--dump")
        .run()?
        .succeeded()?;
    let label = label(&client)?;
    let citizen = workbench.citizen();
    let expected = format!("{} {}", citizen.given_name, citizen.surname).to_uppercase();
    if label != expected {
        return Err(client.wrong(format!("calls the card {label:?}, expected {expected:?}")));
    }
    let client = OBJECTS
        .iter()
        .try_fold(client, |client, object| client.saying(object))?;
    Ok(client.outcome(format!(
        "card of {label}: PIN, PUK, private key, certificate"
    )))
}

fn read_certificate(workbench: &Workbench) -> Result<Outcome, ActionError> {
    let client = workbench
        .client("pkcs15-tool")
        .arguments(["--read-certificate", "01"])
        .run()?
        .succeeded()?;
    let read = parse_x509_pem(&client.stdout).map(|(_, pem)| pem.contents);
    if read.ok().as_deref() != Some(workbench.certificate_der()) {
        return Err(client.wrong(format!("read another certificate:{}", client.last_words())));
    }
    Ok(client.outcome(format!(
        "the certificate that was put there, {} bytes",
        workbench.certificate_der().len()
    )))
}

/// Presents the PIN.
///
/// # Errors
/// The client could not be run. Whether the card took the PIN is in its exit status.
pub fn verify_pin(workbench: &Workbench, pin: &str) -> Result<Finished, RunError> {
    workbench
        .client("pkcs15-tool")
        .arguments(["--verify-pin", "--auth-id", "01", "--pin", pin])
        .run()
}

/// Replaces the PIN, by the holder who knows the old one.
///
/// # Errors
/// The client could not be run. Whether the card took the PINs is in its exit status.
pub fn change_pin(workbench: &Workbench, old: &str, new: &str) -> Result<Finished, RunError> {
    workbench
        .client("pkcs15-tool")
        .arguments(["--change-pin", "--auth-id", "01", "--pin", old])
        .arguments(["--new-pin", new])
        .run()
}

/// Replaces the PIN, blocked or not, by means of the PUK.
///
/// # Errors
/// The client could not be run. Whether the card took the PUK is in its exit status.
pub fn unblock_pin(workbench: &Workbench, puk: &str, new: &str) -> Result<Finished, RunError> {
    workbench
        .client("pkcs15-tool")
        .arguments(["--unblock-pin", "--auth-id", "01", "--puk", puk])
        .arguments(["--new-pin", new])
        .run()
}

/// `PKCS#15 Card [MARIO BIANCHI]:`, the bytes as EF.Dati_Personali has them: Latin-1.
fn label(client: &Finished) -> Result<String, ActionError> {
    let text: String = client.stdout.iter().copied().map(char::from).collect();
    let label = text
        .split_once("PKCS#15 Card [")
        .and_then(|(_, rest)| rest.split_once("]:"))
        .map(|(label, _)| label.to_owned());
    label.ok_or_else(|| client.wrong(format!("shows no card:{}", client.last_words())))
}
