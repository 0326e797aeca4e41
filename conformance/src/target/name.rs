//! What a user calls a target.

use std::fmt;
use std::str::FromStr;

/// A target as a user names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TargetName {
    /// `in-process`: the suite's own card, without any reader.
    InProcess,
    /// `vsmartcard`: the suite's own card behind the distribution's vpcd driver, without pcscd.
    Vsmartcard,
    /// `clients`: the suite's own card in the hands of real clients, in private pcscds.
    Clients,
}

/// A text names no target.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no target\nhint: `in-process`, `vsmartcard`, `clients`")]
pub struct UnknownTarget(pub String);

impl FromStr for TargetName {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Self, UnknownTarget> {
        match text {
            "in-process" => Ok(Self::InProcess),
            "vsmartcard" => Ok(Self::Vsmartcard),
            "clients" => Ok(Self::Clients),
            _ => Err(UnknownTarget(text.to_owned())),
        }
    }
}

impl fmt::Display for TargetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InProcess => write!(f, "in-process"),
            Self::Vsmartcard => write!(f, "vsmartcard"),
            Self::Clients => write!(f, "clients"),
        }
    }
}
