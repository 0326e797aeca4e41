//! The trusted list (ETSI TS 119 612) in which the national body names the certifiers of the CNS.
//!
//! The portal does not read lists by itself: whoever does tells it here what a list says of a
//! certifier. Without a list, the checks that need one do not apply.

use std::fmt::Debug;

use time::OffsetDateTime;

/// Says what a trusted list knows of a certifier.
pub trait TrustedList: Debug + Send + Sync {
    /// What the list says of the certifier with this certificate (DER) at this instant.
    fn entry(&self, certifier_der: &[u8], at: OffsetDateTime) -> TrustedListEntry;
}

/// What a trusted list says of a certifier.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustedListEntry {
    /// Whether the list itself is signed as it should be; otherwise, what is wrong.
    pub signature: Result<(), String>,
    /// When the next list is due.
    pub next_update: OffsetDateTime,
    /// The certifier's status in the list, if it is there.
    pub status: Option<ServiceStatus>,
}

/// The status of a service in the list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ServiceStatus {
    /// `recognisedatnationallevel`
    Recognised,
    /// `deprecatedatnationallevel`
    Deprecated,
}
