//! What a user calls a target.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::mutants::{AnyMutant, mutant};
use crate::portal::Address;
use crate::private_reader::Way;

/// A target as a user names it.
#[derive(Clone, Debug)]
pub enum TargetName {
    /// `in-process`: the suite's own card, without any reader.
    InProcess,
    /// `mutant:NAME`: the suite's own card, token or portal with one thing wrong, to see the suite fail.
    Mutant(AnyMutant),
    /// `vsmartcard`: the suite's own card behind the distribution's vpcd driver, without pcscd.
    Vsmartcard,
    /// `vpcd`, `ifd`, `daemonless`: the suite's own card in the reader of a PC/SC of this process's own.
    Own(Way),
    /// `pcsc`, `pcsc:READER`: whatever card is in the first reader of PC/SC, or in the first whose name
    /// contains this.
    Pcsc(Option<String>),
    /// `pkcs11`: the suite's own card in OpenSC's module, in a pcscd of this process's own.
    OwnToken,
    /// `pkcs11:MODULE`: the token in this PKCS #11 module, whoever's it is.
    Pkcs11(PathBuf),
    /// `portal`: our own portal, in this process.
    OwnPortal,
    /// `portal:URL`: any portal that asks for a client certificate.
    Portal(Address),
    /// `clients`: the suite's own card in the hands of real clients, in private pcscds.
    Clients,
}

/// A text names no target.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "`{0}` is no target\nhint: `in-process`, `vsmartcard`, `vpcd`, `ifd`, `daemonless`, `pcsc`, `pcsc:READER`, \
     `pkcs11`, `pkcs11:MODULE`, `portal`, `portal:URL`, `clients`, or `mutant:NAME` of `cns conform mutants`"
)]
pub struct UnknownTarget(pub String);

impl FromStr for TargetName {
    type Err = UnknownTarget;

    fn from_str(text: &str) -> Result<Self, UnknownTarget> {
        match text {
            "in-process" => Ok(Self::InProcess),
            "vsmartcard" => Ok(Self::Vsmartcard),
            "vpcd" => Ok(Self::Own(Way::Vpcd)),
            "ifd" => Ok(Self::Own(Way::Ifd)),
            "daemonless" => Ok(Self::Own(Way::Daemonless)),
            "pcsc" => Ok(Self::Pcsc(None)),
            "pkcs11" => Ok(Self::OwnToken),
            "portal" => Ok(Self::OwnPortal),
            "clients" => Ok(Self::Clients),
            _ => Self::of_somebody(text).ok_or_else(|| UnknownTarget(text.to_owned())),
        }
    }
}

impl TargetName {
    /// `kind:which`.
    fn of_somebody(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("pcsc", reader) if !reader.is_empty() => Some(Self::Pcsc(Some(reader.to_owned()))),
            ("pkcs11", module) if !module.is_empty() => Some(Self::Pkcs11(module.into())),
            ("mutant", id) => mutant(id).map(Self::Mutant),
            ("portal", url) => Some(Self::Portal(url.parse().ok()?)),
            _ => None,
        }
    }

    /// The PC/SC of its own that this process needs from its start on: see
    /// [`start_over`](crate::private_reader::start_over).
    pub fn needs_a_place(&self) -> Option<Way> {
        match self {
            Self::OwnToken | Self::Mutant(AnyMutant::Token(_)) => Some(Way::Vpcd),
            Self::Own(way) => Some(*way),
            _ => None,
        }
    }
}

impl fmt::Display for TargetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InProcess => write!(f, "in-process"),
            Self::Mutant(mutant) => write!(f, "mutant:{}", mutant.id()),
            Self::Vsmartcard => write!(f, "vsmartcard"),
            Self::Own(way) => write!(f, "{}", way.name()),
            Self::Pcsc(None) => write!(f, "pcsc"),
            Self::Pcsc(Some(reader)) => write!(f, "pcsc:{reader}"),
            Self::OwnToken => write!(f, "pkcs11"),
            Self::Pkcs11(module) => write!(f, "pkcs11:{}", module.display()),
            Self::OwnPortal => write!(f, "portal"),
            Self::Portal(address) => write!(f, "portal:{address}"),
            Self::Clients => write!(f, "clients"),
        }
    }
}
