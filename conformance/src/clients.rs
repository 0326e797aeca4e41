//! The real clients, one file each: how it is called, and how to see that it did its thing.

use crate::action::Action;

pub mod curl;
pub mod gnutls_cli;
pub mod opensc_tool;
pub mod pkcs11_tool;
pub mod pkcs15_tool;
pub mod tstclnt;

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
