//! The trusted list (ETSI TS 119 612) in which the national body names the certifiers of the CNS.
//!
//! What a list says of a certifier is told by a trait; [`PublishedTrustedList`] reads the list that the
//! portal itself publishes. Without a list, the checks that need one do not apply.

mod published;

use std::fmt::Debug;

use time::OffsetDateTime;

pub use published::{PublishedTrustedList, TRUSTED_LIST_PATH};

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
    /// In which time the list is good, if it can be read.
    pub period: Option<ListPeriod>,
    /// The certifier's status in the list, if it is there.
    pub status: Option<ServiceStatus>,
}

/// In which time a list is good.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ListPeriod {
    /// When it was issued.
    pub issued: OffsetDateTime,
    /// When the next one is due.
    pub next_update: OffsetDateTime,
}

/// The status of a service in the list.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ServiceStatus {
    /// `recognisedatnationallevel`
    Recognised,
    /// `deprecatedatnationallevel`
    Deprecated,
    /// `withdrawn`, or of another kind of service
    Withdrawn,
}
