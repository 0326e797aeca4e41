//! Handshakes that do not complete.

use std::io;

use rustls::{AlertDescription, InvalidMessage};
use thiserror::Error;

use crate::handshake_facts::HandshakeFacts;
use crate::possession::PossessionError;
use crate::tls_names::alert_name;
use crate::verdict::Judgement;
use crate::wire::Wire;

/// A handshake that did not complete, and as much as is known of it.
#[derive(Debug)]
pub(crate) struct FailedHandshake {
    pub(crate) error: HandshakeError,
    pub(crate) facts: HandshakeFacts,
    /// What is to be said of the certificate, if there was one.
    pub(crate) judgement: Option<Judgement>,
    /// The connection, if the client may still be sending on it.
    pub(crate) wire: Option<Wire>,
}

/// Why a handshake did not complete.
#[derive(Debug, Error)]
pub enum HandshakeError {
    /// The client's signature is not that of the key in its certificate.
    #[error("the client did not prove that it owns the key of its certificate: {0}")]
    NoPossession(PossessionError),
    /// The certificate is no login, and the profile says so with an alert.
    #[error("the certificate was refused with the alert {alert}: {checks}")]
    Refused {
        /// The name of the alert.
        alert: &'static str,
        /// The checks that failed, separated by commas.
        checks: String,
    },
    /// A tester ordered that it fails.
    #[error("the handshake was to fail: the fault {0} was ordered")]
    Ordered(&'static str),
    /// The client sent more than a message of a handshake may hold. Only its certificates are that long.
    #[error(
        "the client's certificates are longer than the 65,535 bytes that a message of the handshake may \
         hold: it sent more of them than its chain needs"
    )]
    TooLong,
    /// The client gave up, or does not speak our TLS.
    #[error("the TLS handshake did not complete: {0}")]
    Broken(io::Error),
}

impl From<io::Error> for HandshakeError {
    fn from(error: io::Error) -> Self {
        match is_too_long(&error) {
            true => Self::TooLong,
            false => Self::Broken(error),
        }
    }
}

/// Sends the alert where rustls ends a handshake without one, for a message that is too long. In TLS 1.3 it
/// would have to be encrypted, with keys that rustls keeps to itself: there the client is told nothing.
pub(super) async fn explain(
    error: &io::Error,
    wire: &mut Option<Wire>,
    has_keys: bool,
    facts: &mut HandshakeFacts,
) {
    let Some(wire) = wire else { return };
    if !is_too_long(error) || has_keys || facts.alert_sent.is_some() {
        return;
    }
    let alert = AlertDescription::DecodeError;
    // A client that is gone already has not waited for it.
    if wire.say_alert(alert.into()).await.is_ok() {
        facts.alert_sent = Some(alert_name(alert));
    }
}

fn is_too_long(error: &io::Error) -> bool {
    let tls = error.get_ref().and_then(|it| it.downcast_ref());
    matches!(
        tls,
        Some(rustls::Error::InvalidMessage(
            InvalidMessage::HandshakePayloadTooLarge | InvalidMessage::CertificatePayloadTooLarge,
        ))
    )
}
