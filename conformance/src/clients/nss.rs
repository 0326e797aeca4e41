//! The database of NSS, in which Firefox, Chromium and `tstclnt` keep whom they trust and which
//! PKCS#11 modules they know.

use std::fs;

use super::PKCS11_MODULE;
use crate::action::ActionError;
use crate::packages::locate;
use crate::workbench::Workbench;

/// Makes the database in this folder of the clients' home, once for each workbench: the certifier is
/// trusted, the module is known.
pub(crate) fn set_up_database(workbench: &Workbench, folder: &str) -> Result<(), ActionError> {
    let path = workbench.folder().join(folder);
    if path.exists() {
        return Ok(());
    }
    let database = new_database(workbench, folder)?;
    workbench
        .client("modutil")
        .arguments(["-dbdir", &database, "-force", "-add", "OpenSC", "-libfile"])
        .argument(locate(PKCS11_MODULE)?)
        .run()?
        .succeeded()?;
    Ok(())
}

/// Makes the database anew, for a client that needs no card: its certificate and key are in this PKCS #12
/// file of the clients' home, without a password. Without a file it has none.
pub(crate) fn set_up_without_card(
    workbench: &Workbench,
    folder: &str,
    identity: Option<&str>,
) -> Result<(), ActionError> {
    let path = workbench.folder().join(folder);
    if path.exists() {
        fs::remove_dir_all(path)?;
    }
    let database = new_database(workbench, folder)?;
    if let Some(file) = identity {
        workbench
            .client("pk12util")
            .arguments(["-i", file, "-d", &database, "-W", "", "-K", ""])
            .run()?
            .succeeded()?;
    }
    Ok(())
}

/// `sql:folder`, a database whose only content is that the certifier is trusted.
fn new_database(workbench: &Workbench, folder: &str) -> Result<String, ActionError> {
    fs::create_dir_all(workbench.folder().join(folder))?;
    let database = format!("sql:{folder}");
    workbench
        .client("certutil")
        .arguments(["-N", "-d", &database, "--empty-password"])
        .run()?
        .succeeded()?;
    workbench
        .client("certutil")
        .arguments(["-A", "-d", &database, "-n", "certifier", "-t", "CT,C,C"])
        .argument("-i")
        .argument(workbench.certifier_path())
        .run()?
        .succeeded()?;
    Ok(database)
}
