//! Certificates that no certifier issues: wrong, odd or old on purpose, so that it can be seen what a
//! portal makes of them.
//!
//! A good certificate is taken apart into [`CertificateParts`], some [`Change`]s are made to them, and
//! a certifier signs what came of it. Everything that a change does not name stays as it was, so
//! that a portal that refuses the result refuses it for that one reason:
//!
//! ```
//! # use cns_authority::forge::{CertificateParts, Change};
//! # fn forge(certifier: &cns_authority::CertificationAuthority, good: &[u8]) -> Result<(), cns_authority::forge::ForgeError> {
//! let parts = CertificateParts::read(good)?;
//! let negative = certifier.forge(&parts, &[Change::SerialNumber(vec![0x80])])?;
//! # Ok(()) }
//! ```
//!
//! Changes are data, and can stand in a table with what is to be expected of each. Revocation lists
//! are changed the same way ([`RevocationListParts`], [`ListChange`]); what OCSP says that is not so
//! is made of [`OcspResponseData`](crate::ocsp::OcspResponseData).

mod change;
mod extension;
mod list;
mod name;
mod parts;
mod sign;

pub use change::Change;
pub use extension::{Extension, ExtensionType, KeyPurpose, KeyUsageBit, Policy};
pub use list::{ListChange, RevocationListParts};
pub use name::{Attribute, AttributeType, Name, StringType};
pub use parts::{CertificateParts, CertificateVersion};
pub use sign::{ForgeError, Forgeable, Signing, damage_signature};
