//! What goes wrong on purpose, to whom, and how often.
//!
//! A [`Fault`] is what happens; a [`FaultRule`] says to whom, and [`Faults::decide`] is the one place that
//! says yes. Those who could suffer a fault describe the [`Occasion`] and do as they are told: `handshake`
//! after the client's hello, `peer` after its certificate, `connection` at each request, and documents when
//! a login looks for them.

mod book;
mod documents;
mod kinds;
mod rule;

pub(crate) mod answer;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::json;

pub use book::{FaultBook, Faults, PostedRule, Strike};
pub(crate) use documents::SpoiltDocuments;
pub use kinds::{CertificateAlert, CheckName, ErrorStatus, Flight, OcspErrorName, Seconds, Stall};
pub use rule::{FaultRule, Listener, Occasion, Place, RuleDraft, RuleError, Selector};

/// What goes wrong.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The client's hello is answered with this TLS alert, by its number.
    AlertAfterHello(u8),
    /// The client's certificate is answered with this TLS alert, by its name, whatever the certificate is.
    AlertAfterCertificate(CertificateAlert),
    /// The connection is closed without a word.
    CloseAfter(Flight),
    /// The connection is reset (TCP RST).
    ResetAfter(Flight),
    /// The portal says nothing for a time, and then goes on.
    StallAfter(#[serde(deserialize_with = "json::object")] Stall),
    /// A check of the login fails that would not have failed: the outcome of the login is a refusal.
    CheckFails(CheckName),
    /// The answer is an error with this HTTP status.
    Status(ErrorStatus),
    /// The answer leads to where it came from.
    RedirectLoop,
    /// The connection ends in the middle of the body.
    TruncatedBody,
    /// The body takes this time.
    SlowBody(Seconds),
    /// The answer is a page, with status 200, whatever was asked for.
    HtmlInstead,
    /// The answer is the error of an OCSP responder (RFC 6960 §4.2.1).
    OcspError(OcspErrorName),
    /// The answer is whole, but TLS ends without `close_notify`.
    NoCloseNotify,
}

impl Fault {
    /// When it can happen.
    pub fn place(&self) -> Place {
        match self {
            Self::AlertAfterHello(_)
            | Self::CloseAfter(Flight::Hello)
            | Self::ResetAfter(Flight::Hello)
            | Self::StallAfter(Stall {
                flight: Flight::Hello,
                ..
            }) => Place::Hello,
            Self::AlertAfterCertificate(_)
            | Self::CloseAfter(Flight::Certificate)
            | Self::ResetAfter(Flight::Certificate)
            | Self::StallAfter(Stall {
                flight: Flight::Certificate,
                ..
            })
            | Self::CheckFails(_) => Place::Certificate,
            Self::Status(_)
            | Self::RedirectLoop
            | Self::TruncatedBody
            | Self::SlowBody(_)
            | Self::HtmlInstead
            | Self::OcspError(_)
            | Self::NoCloseNotify => Place::Request,
        }
    }

    /// What it is called in JSON and in metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::AlertAfterHello(_) => "alert_after_hello",
            Self::AlertAfterCertificate(_) => "alert_after_certificate",
            Self::CloseAfter(_) => "close_after",
            Self::ResetAfter(_) => "reset_after",
            Self::StallAfter(_) => "stall_after",
            Self::CheckFails(_) => "check_fails",
            Self::Status(_) => "status",
            Self::RedirectLoop => "redirect_loop",
            Self::TruncatedBody => "truncated_body",
            Self::SlowBody(_) => "slow_body",
            Self::HtmlInstead => "html_instead",
            Self::OcspError(_) => "ocsp_error",
            Self::NoCloseNotify => "no_close_notify",
        }
    }
}
