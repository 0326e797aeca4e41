//! What a proxy in the portal's place would tell an application of the same client.

use serde::Serialize;

use super::{Dialect, Forwarded, Verification};
use crate::opinions::openssl::{self, VerifyError};
use crate::peer::PresentedCertificate;

/// What a proxy would pass on of one connection. It is written in a dialect when somebody asks.
#[derive(Clone, Debug, Default)]
pub struct Emission(Option<Told>);

#[derive(Clone, Debug)]
struct Told {
    certificate: Vec<u8>,
    chain: Vec<Vec<u8>>,
    /// What OpenSSL stops at, with which the real proxies verify.
    error: Option<VerifyError>,
}

/// The headers of a dialect. Its JSON field names are stable.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct EmittedHeaders {
    /// The dialect.
    pub dialect: &'static str,
    /// Whether the proxy ends the handshake, so that the application hears nothing.
    pub handshake_refused: bool,
    /// Names and values, in the order of the dialect's table.
    pub headers: Vec<EmittedHeader>,
}

/// A header.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct EmittedHeader {
    /// Its name.
    pub name: &'static str,
    /// Its value.
    pub value: String,
}

/// A longer chain is no card's, and proxies do not take heads of that size.
const CHAIN_LENGTH_MAX: usize = 8_192;

impl Emission {
    pub(crate) fn of(presented: Option<&PresentedCertificate>) -> Self {
        Self(presented.map(|presented| {
            let errors = presented.facts.as_ref().map(|facts| {
                openssl::verify(facts, &presented.chain.issuer, presented.at)
                    .first()
                    .copied()
            });
            let length: usize = presented.intermediates.iter().map(Vec::len).sum();
            Told {
                certificate: presented.der.clone(),
                chain: match length {
                    ..=CHAIN_LENGTH_MAX => presented.intermediates.clone(),
                    _ => Vec::new(),
                },
                error: errors.unwrap_or(Some(openssl::UNREADABLE)),
            }
        }))
    }

    /// All dialects.
    pub fn in_every_dialect(&self) -> Vec<EmittedHeaders> {
        let all = Dialect::ALL.into_iter();
        all.map(|dialect| self.in_dialect(dialect)).collect()
    }

    /// The headers that a proxy of this kind would set, configured as `cns portal config` says.
    pub fn in_dialect(&self, dialect: Dialect) -> EmittedHeaders {
        let Self(told) = self;
        let handshake_refused =
            dialect == Dialect::Apache && told.as_ref().is_some_and(|told| told.error.is_some());
        let headers = match told {
            _ if handshake_refused => Vec::new(),
            None => dialect.nobody(),
            Some(told) => dialect.write(&Forwarded {
                certificate: told.certificate.clone(),
                chain: told.chain.clone(),
                verification: verification(dialect, told.error),
            }),
        };
        let headers = headers.into_iter();
        EmittedHeaders {
            dialect: dialect.name(),
            handshake_refused,
            headers: headers
                .map(|(name, value)| EmittedHeader { name, value })
                .collect(),
        }
    }
}

/// HAProxy says the number of the error, nginx its words; the others nothing.
fn verification(dialect: Dialect, error: Option<VerifyError>) -> Verification {
    match (dialect, error) {
        (Dialect::Rfc9440 | Dialect::Traefik, _) => Verification::NotTold,
        (_, None) => Verification::Good,
        (Dialect::Haproxy, Some(error)) => Verification::Bad(error.number.to_string()),
        (_, Some(error)) => Verification::Bad(format!("FAILED:{}", error.words)),
    }
}
