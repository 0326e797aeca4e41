//! Why a portal does not start.

use std::io;
use std::net::SocketAddr;

use cns_authority::CertifierError;
use thiserror::Error;

use super::ServerFault;

/// Why a portal does not start.
#[derive(Debug, Error)]
pub enum PortalError {
    /// Another program has the port.
    #[error(
        "another program already listens on {address}\n\
         hint: stop it, or listen on port 0 to take a free port"
    )]
    AddressInUse {
        /// Where the portal should have listened.
        address: SocketAddr,
    },
    /// The address is that of a network, which nobody allowed.
    #[error(
        "refusing to listen on {address}: a test portal trusts invented certifiers\n\
         hint: listen on 127.0.0.1, or let other machines in with --expose"
    )]
    NotLoopback {
        /// Where the portal should have listened.
        address: SocketAddr,
    },
    /// The same for the control API, which is worth more to whoever wants to do harm.
    #[error(
        "refusing to listen on {address}: whoever reaches the control API can do what a tester can\n\
         hint: listen on 127.0.0.1, or let other machines in with --expose-control"
    )]
    ControlNotLoopback {
        /// Where the control API should have listened.
        address: SocketAddr,
    },
    /// The system refuses the address.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where the portal should have listened.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The server's certificate or key is unusable.
    #[error("the portal's own certificate and key cannot be used: {0}")]
    ServerCredential(#[source] rustls::Error),
    /// Its clients would refuse the server's certificate.
    #[error(
        "refusing to show the portal's own certificate: {why}, and clients would blame the card\n\
         hint: give the portal a certificate of today for {host}, as its certifier issues it"
    )]
    ServerCertificate {
        /// What is wrong with it.
        why: ServerFault,
        /// The name that it should have.
        host: String,
    },
    /// Somebody is to be trusted who may be a real certifier.
    #[error(
        "{0}\n\
         hint: whoever trusts a real certifier lets real citizens into a test portal; that takes \
         --trust-real-certifiers"
    )]
    NoTestCertifier(#[source] CertifierError),
    /// A certifier's certificate is unusable.
    #[error("a trusted certifier's certificate cannot be used: {0}")]
    Certifier(#[source] rustls::Error),
    /// Nothing unpredictable can be had, and so no token of a form.
    #[error("the machine gives no random bytes\nhint: see what /dev/urandom says")]
    NoRandomness,
    /// No certifier is trusted, so nobody could log in.
    #[error("no certifier is trusted, so no card could log in\nhint: give one certifier at least")]
    NoCertifier,
}
