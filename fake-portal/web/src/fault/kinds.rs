//! What faults are told by: values that can only be what makes sense.

use std::borrow::Cow;
use std::time::Duration;

use rustls::CertificateError;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::alert::ALERTS;
use crate::checks::{self, Check, Level};

/// What the client has sent when something goes wrong.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flight {
    /// Its ClientHello, the first that it says.
    Hello,
    /// Its certificate and the proof that it owns the key.
    Certificate,
}

/// A time of 1 to 120 seconds.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "u64")]
pub struct Seconds(u8);

/// A time in which the portal says nothing.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Stall {
    /// After what.
    pub flight: Flight,
    /// For how long.
    pub seconds: Seconds,
}

/// An HTTP status from 400 to 599.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "u64")]
pub struct ErrorStatus(u16);

/// An alert with which TLS refuses a certificate. Others cannot be sent at that point.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CertificateAlert(&'static str);

/// A check that a login depends on, by its identifier.
#[derive(Clone, Copy, Debug)]
pub struct CheckName(&'static Check);

/// What an OCSP responder can say instead of an answer.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are those of the standard")]
pub enum OcspErrorName {
    MalformedRequest,
    InternalError,
    TryLater,
    SigRequired,
    Unauthorized,
}

impl Seconds {
    const MIN: u8 = 1;
    const MAX: u8 = 120;

    pub(crate) fn duration(self) -> Duration {
        Duration::from_secs(self.0.into())
    }
}

impl ErrorStatus {
    const MIN: u16 = 400;
    const MAX: u16 = 599;

    pub(crate) fn code(self) -> u16 {
        self.0
    }
}

impl CertificateAlert {
    pub(crate) fn name(self) -> &'static str {
        self.0
    }

    /// What makes rustls send it.
    pub(crate) fn error(self) -> rustls::Error {
        let listed = ALERTS.iter().find(|alert| alert.name == self.0);
        match listed {
            Some(alert) => alert.certificate_error().into(),
            // rustls sends handshake_failure for whatever else a verifier says.
            None => rustls::Error::General("a fault was ordered".to_owned()),
        }
    }

    /// All of them. That no certificate came is for rustls itself to say.
    fn names() -> impl Iterator<Item = &'static str> {
        let of_verifier = ALERTS.iter().filter(|alert| {
            alert.certificate_error() != CertificateError::ApplicationVerificationFailure
                || alert.name == "access_denied"
        });
        std::iter::once("handshake_failure").chain(of_verifier.map(|alert| alert.name))
    }
}

impl CheckName {
    pub(crate) fn check(self) -> &'static Check {
        self.0
    }

    fn required() -> impl Iterator<Item = &'static Check> {
        checks::all().filter(|check| check.level == Level::Required)
    }
}

impl OcspErrorName {
    /// The whole answer: `SEQUENCE { ENUMERATED }`.
    pub(crate) fn response(self) -> [u8; 5] {
        let status = match self {
            Self::MalformedRequest => 1,
            Self::InternalError => 2,
            Self::TryLater => 3,
            Self::SigRequired => 5,
            Self::Unauthorized => 6,
        };
        [0x30, 3, 0x0A, 1, status]
    }
}

impl TryFrom<u64> for Seconds {
    type Error = String;

    fn try_from(seconds: u64) -> Result<Self, String> {
        match u8::try_from(seconds) {
            Ok(seconds @ Self::MIN..=Self::MAX) => Ok(Self(seconds)),
            _ => Err(format!("{seconds} seconds are not 1 to 120")),
        }
    }
}

impl TryFrom<u64> for ErrorStatus {
    type Error = String;

    fn try_from(status: u64) -> Result<Self, String> {
        match u16::try_from(status) {
            Ok(status @ Self::MIN..=Self::MAX) => Ok(Self(status)),
            _ => Err(format!("{status} is no HTTP status from 400 to 599")),
        }
    }
}

impl TryFrom<String> for CertificateAlert {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let known = Self::names().find(|known| *known == name);
        known.map(Self).ok_or_else(|| {
            let names: Vec<_> = Self::names().collect();
            format!("{name:?} is none of {}", names.join(", "))
        })
    }
}

impl TryFrom<String> for CheckName {
    type Error = String;

    fn try_from(id: String) -> Result<Self, String> {
        let known = Self::required().find(|check| check.id == id);
        known.map(Self).ok_or_else(|| {
            format!("{id:?} is no check that a login depends on: see `cns portal checks`")
        })
    }
}

impl PartialEq for CheckName {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for CheckName {}

// serde would have these live as long as what they are read from.
impl<'de> Deserialize<'de> for CertificateAlert {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::try_from(name).map_err(D::Error::custom)
    }
}

impl<'de> Deserialize<'de> for CheckName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let id = String::deserialize(deserializer)?;
        Self::try_from(id).map_err(D::Error::custom)
    }
}

impl Serialize for CertificateAlert {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl Serialize for CheckName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.id)
    }
}

impl JsonSchema for Seconds {
    fn schema_name() -> Cow<'static, str> {
        "Seconds".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": Self::MIN, "maximum": Self::MAX })
    }
}

impl JsonSchema for ErrorStatus {
    fn schema_name() -> Cow<'static, str> {
        "ErrorStatus".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": Self::MIN, "maximum": Self::MAX })
    }
}

impl JsonSchema for CertificateAlert {
    fn schema_name() -> Cow<'static, str> {
        "CertificateAlert".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": Self::names().collect::<Vec<_>>() })
    }
}

impl JsonSchema for CheckName {
    fn schema_name() -> Cow<'static, str> {
        "CheckName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let ids: Vec<_> = Self::required().map(|check| check.id).collect();
        json_schema!({ "type": "string", "enum": ids })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls_names::alert_name;

    #[test]
    fn every_alert_has_an_error_that_sends_it() {
        for name in CertificateAlert::names() {
            let alert: CertificateAlert = serde_json::from_value(name.into()).unwrap();
            match alert.error() {
                rustls::Error::InvalidCertificate(error) => {
                    assert_eq!(alert_name(error.into()), name);
                }
                _ => assert_eq!(name, "handshake_failure"),
            }
        }
        assert!(serde_json::from_str::<CertificateAlert>("\"certificate_required\"").is_err());
    }

    #[test]
    fn what_makes_no_sense_is_no_value() {
        assert!(serde_json::from_str::<Seconds>("0").is_err());
        assert!(serde_json::from_str::<Seconds>("121").is_err());
        assert!(serde_json::from_str::<ErrorStatus>("200").is_err());
        assert!(serde_json::from_str::<ErrorStatus>("65936").is_err());
        assert!(serde_json::from_str::<CheckName>("\"cert.nothing\"").is_err());
    }
}
