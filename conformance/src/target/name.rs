//! What a user calls a target.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A target as a user names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TargetName {
    /// `in-process`: the suite's own card, without any reader.
    InProcess,
    /// `vsmartcard`: the suite's own card behind the distribution's vpcd driver, without pcscd.
    Vsmartcard,
    /// `pkcs11`: the suite's own card in OpenSC's module, in a pcscd of this process's own.
    OwnToken,
    /// `pkcs11:MODULE`: the token in this PKCS #11 module, whoever's it is.
    Pkcs11(PathBuf),
    /// `clients`: the suite's own card in the hands of real clients, in private pcscds.
    Clients,
}

/// A text names no target.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "`{0}` is no target\nhint: `in-process`, `vsmartcard`, `pkcs11`, `pkcs11:MODULE`, `clients`"
)]
pub struct UnknownTarget(pub String);

impl FromStr for TargetName {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Self, UnknownTarget> {
        match text {
            "in-process" => Ok(Self::InProcess),
            "vsmartcard" => Ok(Self::Vsmartcard),
            "pkcs11" => Ok(Self::OwnToken),
            "clients" => Ok(Self::Clients),
            _ => match text.strip_prefix("pkcs11:") {
                Some(module) if !module.is_empty() => Ok(Self::Pkcs11(module.into())),
                _ => Err(UnknownTarget(text.to_owned())),
            },
        }
    }
}

impl TargetName {
    /// Whether this process needs a pcscd of its own from its start on: see
    /// [`start_over`](crate::private_reader::start_over).
    pub fn needs_a_place(&self) -> bool {
        matches!(self, Self::OwnToken)
    }
}

impl fmt::Display for TargetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InProcess => write!(f, "in-process"),
            Self::Vsmartcard => write!(f, "vsmartcard"),
            Self::OwnToken => write!(f, "pkcs11"),
            Self::Pkcs11(module) => write!(f, "pkcs11:{}", module.display()),
            Self::Clients => write!(f, "clients"),
        }
    }
}
