//! Where health services are given: hospitals, laboratories, pharmacies, vaccination centres.

use cns_authority::BelfioreCode;
use serde::{Deserialize, Serialize};

use crate::text_form;

/// A structure of the health service (struttura sanitaria).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Structure {
    /// What its sign says.
    pub name: String,
    /// What it is for.
    pub kind: StructureKind,
    /// Where it is.
    #[serde(with = "text_form")]
    pub municipality: BelfioreCode,
}

/// What a structure is for.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum StructureKind {
    /// Visits and examinations (ospedale, poliambulatorio).
    Hospital,
    /// Blood tests (laboratorio, punto prelievi).
    Laboratory,
    /// Medicines (farmacia).
    Pharmacy,
    /// Vaccinations (centro vaccinale).
    VaccinationCentre,
}

/// A structure's place in the world's list, from 0.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct StructureNumber(pub u16);
