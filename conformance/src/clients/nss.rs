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
    fs::create_dir_all(path)?;
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
    workbench
        .client("modutil")
        .arguments(["-dbdir", &database, "-force", "-add", "OpenSC", "-libfile"])
        .argument(locate(PKCS11_MODULE)?)
        .run()?
        .succeeded()?;
    Ok(())
}
