//! What a prescription is for: a medicine, or a visit or examination.

use cns_language::{Text, text};
use serde::{Deserialize, Serialize};

use crate::bookings::Service;
use crate::refusal::Refusal;
use crate::rules;

/// What is prescribed. One medicine or one service each is a simplification: a form has room for more.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Prescribed {
    /// A medicine (ricetta farmaceutica).
    Drug {
        /// Which.
        drug: Drug,
        /// How many packages: one or two, from memory of the form.
        packages: u8,
    },
    /// A visit or an examination (ricetta specialistica).
    Service {
        /// Which.
        service: Service,
        /// How soon.
        priority: Priority,
    },
}

impl Prescribed {
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        match self {
            Self::Drug {
                packages: 1 | 2, ..
            }
            | Self::Service { .. } => Ok(()),
            Self::Drug { packages, .. } => {
                let refusal = rules::PACKAGES.about(packages.to_string());
                Err(refusal.of_field("packages"))
            }
        }
    }

    /// What it is called.
    pub fn title(&self) -> Text {
        match self {
            Self::Drug { drug, .. } => drug.title(),
            Self::Service { service, .. } => service.title(),
        }
    }

    /// The LOINC code of such a document: 57833-6 for medicines, 57832-8 for services.
    pub fn loinc(&self) -> &'static str {
        match self {
            Self::Drug { .. } => "57833-6",
            Self::Service { .. } => "57832-8",
        }
    }
}

/// How soon a visit or an examination has to be (classe di priorità).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Priority {
    /// U, urgente: within 72 hours.
    Urgent,
    /// B, breve: within 10 days.
    Short,
    /// D, differibile: a visit within 30 days, an examination within 60.
    Deferrable,
    /// P, programmata: within 120 days.
    Planned,
}

impl Priority {
    /// All of them, most urgent first.
    pub const ALL: [Self; 4] = [Self::Urgent, Self::Short, Self::Deferrable, Self::Planned];

    /// The letter on the form.
    pub fn letter(self) -> char {
        match self {
            Self::Urgent => 'U',
            Self::Short => 'B',
            Self::Deferrable => 'D',
            Self::Planned => 'P',
        }
    }

    /// The code of HL7's ActPriority that the national document format maps it to.
    pub fn hl7(self) -> &'static str {
        match self {
            Self::Urgent => "S",
            Self::Short => "A",
            Self::Deferrable => "EL",
            Self::Planned => "R",
        }
    }
}

/// A medicine, by its active ingredient; no brand is named.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Drug {
    /// Against infections.
    Amoxicillin,
    /// Against high blood pressure.
    Ramipril,
    /// Against high blood pressure and angina.
    Bisoprolol,
    /// Against high cholesterol.
    Atorvastatin,
    /// Against diabetes.
    Metformin,
    /// Against too little thyroid hormone.
    Levothyroxine,
    /// Against too much acid in the stomach.
    Pantoprazole,
    /// Against asthma.
    Salbutamol,
}

impl Drug {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Amoxicillin,
        Self::Ramipril,
        Self::Bisoprolol,
        Self::Atorvastatin,
        Self::Metformin,
        Self::Levothyroxine,
        Self::Pantoprazole,
        Self::Salbutamol,
    ];

    /// The code of the World Health Organization's classification (ATC).
    pub fn atc(self) -> &'static str {
        match self {
            Self::Amoxicillin => "J01CA04",
            Self::Ramipril => "C09AA05",
            Self::Bisoprolol => "C07AB07",
            Self::Atorvastatin => "C10AA05",
            Self::Metformin => "A10BA02",
            Self::Levothyroxine => "H03AA01",
            Self::Pantoprazole => "A02BC02",
            Self::Salbutamol => "R03AC02",
        }
    }

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            Self::Amoxicillin => text("Amoxicillina", "Amoxicillin", "Amoxicillin"),
            Self::Ramipril => text("Ramipril", "Ramipril", "Ramipril"),
            Self::Bisoprolol => text("Bisoprololo", "Bisoprolol", "Bisoprolol"),
            Self::Atorvastatin => text("Atorvastatina", "Atorvastatin", "Atorvastatin"),
            Self::Metformin => text("Metformina", "Metformin", "Metformin"),
            Self::Levothyroxine => text("Levotiroxina", "Levothyroxine", "Levothyroxin"),
            Self::Pantoprazole => text("Pantoprazolo", "Pantoprazole", "Pantoprazol"),
            Self::Salbutamol => text("Salbutamolo", "Salbutamol", "Salbutamol"),
        }
    }
}
