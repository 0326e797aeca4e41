//! The family `cert`: what is odd is the certificate on the card.

pub(super) mod accepted;
pub(super) mod chain;
pub(super) mod name;
pub(super) mod usage;

use super::{Habitat, Making, Signer};
use crate::forge::{Change, Extension, KeyPurpose, KeyUsageBit, Policy};

const PROFILE: &str = "CNS certificate profile";

/// Of the certifier that the portal trusts.
const fn changed(changes: fn(&Habitat<'_>) -> Vec<Change>) -> Making {
    Making::Certificate(Signer::Home, changes)
}

/// Of another certifier, and in order but for that.
const fn of_certifier(id: &'static str) -> Making {
    Making::Certificate(Signer::Registered(id), |_| Vec::new())
}

fn policies(policies: &[Policy]) -> Vec<Change> {
    vec![Change::Extension(Extension::certificate_policies(policies))]
}

fn usage(bits: &[KeyUsageBit]) -> Vec<Change> {
    vec![Change::Extension(Extension::key_usage(bits))]
}

fn purposes(purposes: &[KeyPurpose]) -> Vec<Change> {
    vec![Change::Extension(Extension::extended_key_usage(purposes))]
}
