//! What came of a client's visit to a portal.

use rustls::{AlertDescription, SignatureScheme};

use super::Response;
use crate::case::Stop;

/// What came of a visit.
#[derive(Clone, Debug)]
pub struct Visited {
    /// How it ended.
    pub end: End,
    /// What the portal asked for, if it asked for a certificate.
    pub asked: Option<Asked>,
    /// The portal's own certificates, DER, its own first.
    pub server: Vec<Vec<u8>>,
    /// The protocol that ALPN chose.
    pub alpn: Option<Vec<u8>>,
    /// Whether the handshake was a full one.
    pub is_full: bool,
}

/// How a visit ended.
#[derive(Clone, Debug)]
pub enum End {
    /// With an answer to the request.
    Answered(Response),
    /// The portal refused the connection, with this alert or without one.
    Refused(Option<AlertDescription>),
}

/// A request for a certificate.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The names of the certifiers whose certificates are welcome, DER.
    pub hints: Vec<Vec<u8>>,
    /// The signatures that are welcome.
    pub schemes: Vec<SignatureScheme>,
}

impl Visited {
    /// The answer; a refused connection is a failure.
    pub fn answer(self) -> Result<Response, Stop> {
        match self.end {
            End::Answered(response) => Ok(response),
            End::Refused(alert) => Err(Stop::fail("an answer", refusal(alert))),
        }
    }

    /// The alert; an answer is a failure.
    pub fn refused(self) -> Result<Option<AlertDescription>, Stop> {
        match self.end {
            End::Refused(alert) => Ok(alert),
            End::Answered(response) => Err(Stop::fail(
                "the handshake fails",
                format!("an answer with status {}", response.status),
            )),
        }
    }
}

fn refusal(alert: Option<AlertDescription>) -> String {
    match alert {
        Some(alert) => format!("the alert {alert:?}"),
        None => "the connection was closed".to_owned(),
    }
}
