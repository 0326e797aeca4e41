//! What a proxy says of a request, and when that is believed.
//!
//! A header is believed for where it came from. So there are two values here that only this file makes:
//! a [`TrustedProxy`] of a connection from one of the proxy's addresses, and a [`ProxysWord`] of what came
//! over such a connection, in its dialect, once. Without a word there is no login behind a proxy.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use hyper::StatusCode;
use hyper::header::HeaderMap;
use thiserror::Error;

use super::{Dialect, ForwardError, Forwarded, Verification};

/// The proxy in front of a portal.
#[derive(Clone, Debug)]
pub struct BehindProxy {
    /// Where the portal takes the proxy's requests, over plain HTTP; port 0 takes a free port.
    pub listen: SocketAddr,
    /// How the proxy says who the client is.
    pub dialect: Dialect,
    /// Where its connections come from.
    pub proxies: Vec<IpAddr>,
}

/// The proxy at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub struct TrustedProxy(Dialect);

/// What the proxy says of one request. Whether the client owns its key is a part of that, and cannot be
/// asked again.
#[derive(Clone, Debug)]
pub struct ProxysWord {
    dialect: Dialect,
    verification: Verification,
}

/// Why what a request says of its client is not believed.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum Mistrust {
    /// It is not from the proxy.
    #[error(
        "the request came from {peer}, which is not the proxy\n\
         hint: clients go to the proxy; if this is another address of the proxy's, name it with --proxy"
    )]
    Stranger {
        /// Where it came from.
        peer: IpAddr,
    },
    /// The proxy has not said whether there is a certificate.
    #[error(
        "{header} did not come, which {dialect} sets for every request\n\
         hint: `cns portal config {dialect}` prints a configuration that does"
    )]
    Silent {
        /// What is missing.
        header: &'static str,
        /// How the proxy should speak.
        dialect: &'static str,
    },
    /// The headers are not such as the proxy sends.
    #[error(transparent)]
    Headers(#[from] ForwardError),
}

impl BehindProxy {
    /// A proxy on this machine, in front of a free port.
    pub fn on_loopback(dialect: Dialect) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            dialect,
            proxies: vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()],
        }
    }

    /// The proxy, if this connection is from it.
    ///
    /// # Errors
    /// It is from somebody else.
    pub fn recognise(&self, peer: SocketAddr) -> Result<TrustedProxy, Mistrust> {
        let peer = peer.ip().to_canonical();
        match self.proxies.contains(&peer) {
            true => Ok(TrustedProxy(self.dialect)),
            false => Err(Mistrust::Stranger { peer }),
        }
    }
}

impl TrustedProxy {
    /// What it says of a request with these headers: its word, and the certificate if the client had one.
    ///
    /// # Errors
    /// The headers are not such as it sends.
    pub fn hear(self, headers: &HeaderMap) -> Result<(ProxysWord, Option<Forwarded>), Mistrust> {
        let Self(dialect) = self;
        if let Some(header) = dialect
            .said_always()
            .filter(|it| !headers.contains_key(*it))
        {
            let dialect = dialect.name();
            return Err(Mistrust::Silent { header, dialect });
        }
        let forwarded = dialect.read(headers)?;
        let verification = match &forwarded {
            Some(forwarded) => forwarded.verification.clone(),
            None => Verification::NotTold,
        };
        let word = ProxysWord {
            dialect,
            verification,
        };
        Ok((word, forwarded))
    }
}

impl ProxysWord {
    /// How it was said.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What the proxy thinks of the certificate, if there was one.
    pub fn verification(&self) -> &Verification {
        &self.verification
    }
}

impl Mistrust {
    /// How a request is answered that is not believed.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Stranger { .. } => StatusCode::FORBIDDEN,
            Self::Silent { .. } | Self::Headers(_) => StatusCode::BAD_REQUEST,
        }
    }
}
