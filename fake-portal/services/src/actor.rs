//! Who asks for something.

use cns_authority::CodiceFiscale;
use cns_language::{Text, text};
use serde::{Deserialize, Serialize};

use crate::doctors::DoctorNumber;
use crate::refusal::Refusal;
use crate::rules;
use crate::structure::StructureNumber;
use crate::text_form;

/// Who asks. How they proved it is the portal's business.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// Whoever logged in with the card of this person.
    Citizen(#[serde(with = "text_form")] CodiceFiscale),
    /// A doctor of the health service: prescribes, defers vaccinations, reads.
    Doctor(DoctorNumber),
    /// Somebody of a hospital, a laboratory, a pharmacy: reports, dispenses, vaccinates.
    Structure(StructureNumber),
    /// An operator at a desk of the health authority (Scelta e Revoca).
    Operator,
    /// The Ministry of Economy and Finance, which keeps the lists of incomes.
    Ministry,
}

impl Actor {
    /// The doctor, or a refusal that says that a doctor does this.
    pub(crate) fn doctor(self) -> Result<DoctorNumber, Refusal> {
        match self {
            Self::Doctor(doctor) => Ok(doctor),
            _ => Err(done_by(text("un medico", "a doctor", "einem Arzt"))),
        }
    }

    /// The structure, or a refusal that says that a structure does this.
    pub(crate) fn structure(self) -> Result<StructureNumber, Refusal> {
        match self {
            Self::Structure(structure) => Ok(structure),
            _ => Err(done_by(text(
                "una struttura sanitaria",
                "a health structure",
                "einer Gesundheitseinrichtung",
            ))),
        }
    }

    /// Goes on for an operator only.
    pub(crate) fn operator(self) -> Result<(), Refusal> {
        match self {
            Self::Operator => Ok(()),
            _ => Err(done_by(text(
                "un operatore di sportello",
                "an operator at the desk",
                "einem Mitarbeiter am Schalter",
            ))),
        }
    }

    /// Goes on for the ministry only.
    pub(crate) fn ministry(self) -> Result<(), Refusal> {
        match self {
            Self::Ministry => Ok(()),
            _ => Err(done_by(text(
                "il Ministero dell'Economia",
                "the Ministry of Economy",
                "dem Wirtschaftsministerium",
            ))),
        }
    }
}

fn done_by(role: Text) -> Refusal {
    rules::NOT_YOUR_ROLE.about(role)
}
