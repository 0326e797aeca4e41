//! Why a portal does not start.

use std::io;
use std::net::SocketAddr;

use thiserror::Error;

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
    /// A certifier's certificate is unusable.
    #[error("a trusted certifier's certificate cannot be used: {0}")]
    Certifier(#[source] rustls::Error),
    /// No certifier is trusted, so nobody could log in.
    #[error("no certifier is trusted, so no card could log in\nhint: give one certifier at least")]
    NoCertifier,
}
