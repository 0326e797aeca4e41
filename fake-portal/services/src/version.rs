//! How two people who edit the same entry are kept from undoing each other's work.

use serde::{Deserialize, Serialize};

use crate::refusal::Refusal;
use crate::rules;

/// How often an entry has changed. Who changes it says which version they saw.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(transparent)]
pub struct Version(u32);

impl Version {
    /// The number, for a form to carry along.
    pub fn number(self) -> u32 {
        self.0
    }

    /// The version of a form that came back.
    pub fn of_number(number: u32) -> Self {
        Self(number)
    }

    /// Goes on only if the entry is still what the other saw.
    pub(crate) fn expect(self, seen: Self) -> Result<(), Refusal> {
        if self == seen {
            Ok(())
        } else {
            Err(rules::CHANGED_MEANWHILE.refuse())
        }
    }

    /// To be called whenever the entry changes.
    pub(crate) fn advance(&mut self) {
        self.0 = self.0.wrapping_add(1);
    }
}
