//! What became of a prescription.

use serde::{Deserialize, Serialize};
use time::Date;

use crate::structure::StructureNumber;
use crate::text_form::iso_date;

/// What was done with a prescription.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing yet.
    Issued,
    /// A structure works on it.
    TakenInCharge {
        /// Which structure.
        by: StructureNumber,
        /// Since when.
        #[serde(with = "iso_date")]
        on: Date,
    },
    /// Given.
    Dispensed {
        /// By whom.
        by: StructureNumber,
        /// When.
        #[serde(with = "iso_date")]
        on: Date,
    },
    /// Taken back by its doctor.
    Cancelled {
        /// When.
        #[serde(with = "iso_date")]
        on: Date,
    },
}

/// What a prescription is on a given day.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Status {
    /// Can be used.
    Issued,
    /// A structure works on it.
    TakenInCharge,
    /// Used.
    Dispensed,
    /// Too old.
    Expired,
    /// Taken back.
    Cancelled,
}

impl Status {
    /// What the national system (Sistema TS) calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Issued => "EMESSA",
            Self::TakenInCharge => "PRESA IN CARICO",
            Self::Dispensed => "EROGATA",
            Self::Expired => "SCADUTA",
            Self::Cancelled => "ANNULLATA",
        }
    }

    /// Whether nothing can become of it any more.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Dispensed | Self::Expired | Self::Cancelled)
    }
}
