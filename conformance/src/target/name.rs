//! What a user calls a target.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::mutants::{Mutant, mutant};

/// A target as a user names it.
#[derive(Clone, Debug)]
pub enum TargetName {
    /// `in-process`: the suite's own card, without any reader.
    InProcess,
    /// `mutant:NAME`: the same with one thing wrong, to see the suite fail.
    Mutant(&'static Mutant),
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
    "`{0}` is no target\nhint: `in-process`, `vsmartcard`, `pkcs11`, `pkcs11:MODULE`, `clients`, or `mutant:NAME` \
     of `cns conform mutants`"
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
            _ => match text.split_once(':') {
                Some(("pkcs11", module)) if !module.is_empty() => Ok(Self::Pkcs11(module.into())),
                Some(("mutant", id)) => mutant(id)
                    .map(Self::Mutant)
                    .ok_or_else(|| UnknownTarget(text.to_owned())),
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
            Self::Mutant(mutant) => write!(f, "mutant:{}", mutant.id),
            Self::Vsmartcard => write!(f, "vsmartcard"),
            Self::OwnToken => write!(f, "pkcs11"),
            Self::Pkcs11(module) => write!(f, "pkcs11:{}", module.display()),
            Self::Clients => write!(f, "clients"),
        }
    }
}
