//! Where a portal is.

use std::fmt;
use std::str::FromStr;

/// A portal's place and name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Address {
    /// The name that it answers to.
    pub host: String,
    /// What is dialled: the same name, or an address.
    pub dial: String,
    /// The port.
    pub port: u16,
}

/// A text is no address of a portal.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no address of a portal\nhint: https://portal.example or https://127.0.0.1:8443")]
pub struct NoPortal(pub String);

impl FromStr for Address {
    type Err = NoPortal;

    /// `https://HOST[:PORT]`, and whatever comes after a slash is left aside: cases ask for their own
    /// pages.
    fn from_str(url: &str) -> Result<Self, NoPortal> {
        let wrong = || NoPortal(url.to_owned());
        let rest = url.strip_prefix("https://").ok_or_else(wrong)?;
        let place = rest.split('/').next().unwrap_or(rest);
        let (host, port) = match place.rsplit_once(':') {
            // An address of IPv6 stands in brackets and has colons of its own.
            Some((host, port)) if !port.ends_with(']') => {
                (host, port.parse().map_err(|_| wrong())?)
            }
            _ => (place, 443),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        match host.is_empty() {
            true => Err(wrong()),
            false => Ok(Self {
                host: host.to_owned(),
                dial: host.to_owned(),
                port,
            }),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "https://[{}]:{}", self.host, self.port),
            false => write!(f, "https://{}:{}", self.host, self.port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_hosts_and_ports() {
        for (url, host, port) in [
            ("https://portal.example", "portal.example", 443),
            (
                "https://portal.example:8443/area?x=1",
                "portal.example",
                8443,
            ),
            ("https://[::1]:8443/", "::1", 8443),
            ("https://[::1]", "::1", 443),
        ] {
            let address: Address = url.parse().unwrap();
            assert_eq!((address.host.as_str(), address.port), (host, port), "{url}");
        }
        for url in ["http://portal.example", "https://", "https://a:b", "portal"] {
            assert_eq!(url.parse::<Address>(), Err(NoPortal(url.to_owned())));
        }
    }
}
