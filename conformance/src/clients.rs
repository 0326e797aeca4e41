//! The real clients, one file each: how it is called, and how to see that it did its thing.

use std::fmt;

use crate::action::{Action, ActionError};
use crate::client_suite::Attempt;
use crate::workbench::{ReaderKind, Workbench};

pub mod chromium;
pub mod curl;
pub mod firefox;
pub mod gnutls_cli;
pub mod java;
pub mod opensc_tool;
pub mod openssl;
pub mod p11tool;
pub mod pkcs11_tool;
pub mod pkcs15_crypt;
pub mod pkcs15_tool;
pub mod pyscard;
pub mod tstclnt;

pub(crate) mod nss;
mod version;

pub(crate) use version::{OPENSC, Program};

/// The PKCS#11 module by which clients reach the card, as [`crate::packages::locate`] knows it.
pub(crate) const PKCS11_MODULE: &str = "opensc-pkcs11.so";

/// The PKCS#11 URI (RFC 7512) of the certificate: OpenSC numbers the objects of a CNS 01.
pub(crate) const CERTIFICATE_URI: &str = "pkcs11:id=%01;type=cert";

/// The PKCS#11 URI of the private key, with the PIN.
pub(crate) fn private_key_uri(pin: &str) -> String {
    format!("pkcs11:id=%01;type=private;pin-value={pin}")
}

/// Everything that clients do here, in the order of a person getting to know a card: look at it,
/// sign with it, log in with it.
pub fn actions() -> Vec<Action> {
    [
        opensc_tool::ACTIONS,
        pkcs15_tool::ACTIONS,
        pkcs11_tool::ACTIONS,
        curl::ACTIONS,
        gnutls_cli::ACTIONS,
        tstclnt::ACTIONS,
    ]
    .concat()
}

/// A client that uses the card's key with a PIN, in good days and bad ones.
#[derive(Clone, Copy)]
pub struct Driver {
    /// What it is called in the names of cases.
    pub client: &'static str,
    /// What it does with the card, after "it".
    pub does: &'static str,
    /// The programs and files that must be installed: names for [`crate::packages::locate`].
    pub needs: &'static [&'static str],
    /// The programs whose versions decide what it says.
    pub(crate) versions: &'static [Program],
    /// The reader that it is used with.
    pub reader: ReaderKind,
    /// Does it with this PIN, to whatever end.
    pub(crate) use_card: fn(&Workbench, &str) -> Result<Attempt, ActionError>,
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Driver({})", self.client)
    }
}

/// The clients of the suite of clients, lightest first.
pub fn drivers() -> &'static [Driver] {
    const DRIVERS: &[Driver] = &[
        pkcs15_crypt::DRIVER,
        pkcs11_tool::DRIVER,
        p11tool::DRIVER,
        curl::DRIVER,
        openssl::DRIVER,
        gnutls_cli::DRIVER,
        tstclnt::DRIVER,
        pyscard::DRIVER,
        java::SMARTCARDIO,
        java::SUN_PKCS11,
        firefox::DRIVER,
        firefox::AT_PINPAD,
        chromium::DRIVER,
    ];
    DRIVERS
}
