//! Whom citizens choose, and where those work.

use cns_authority::BelfioreCode;
use serde::{Deserialize, Serialize};

use crate::text_form;

/// A doctor whom citizens choose.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Doctor {
    /// Cognome.
    pub surname: String,
    /// Nome.
    pub given_name: String,
    /// Of whom they take care.
    pub kind: DoctorKind,
    /// The district (ambito territoriale) where they work.
    pub district: District,
    /// How many patients they may have (massimale).
    pub ceiling: u32,
    /// The number of the association that they belong to, if they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub association: Option<u16>,
}

impl Doctor {
    /// Whether somebody of that age may choose them.
    pub fn fits_age(&self, years: i32) -> bool {
        match self.kind {
            DoctorKind::Paediatrician => years < 14,
            DoctorKind::GeneralPractitioner => 6 <= years,
        }
    }
}

/// Of whom a doctor takes care.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DoctorKind {
    /// MMG, medico di medicina generale: 1,500 patients at the most.
    GeneralPractitioner,
    /// PLS, pediatra di libera scelta: 800 at the most.
    Paediatrician,
}

impl DoctorKind {
    /// How many patients a doctor of this kind may have, unless they ask for less.
    pub fn ceiling(self) -> u32 {
        match self {
            Self::GeneralPractitioner => 1_500,
            Self::Paediatrician => 800,
        }
    }
}

/// A district (ambito): the municipalities among whose doctors one chooses.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct District(pub u8);

/// A municipality of the health authority.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Municipality {
    /// Its code, of those that no place has.
    #[serde(with = "text_form")]
    pub code: BelfioreCode,
    /// Its invented name.
    pub name: String,
    /// The district that it belongs to.
    pub district: District,
}

/// A doctor's place in the list, from 0.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct DoctorNumber(pub u16);
