//! Vaccines, and against what they are.

use cns_language::{Text, text};
use serde::{Deserialize, Serialize};

/// A vaccine, by what it is against; no maker is named.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Vaccine {
    /// Six in one, for the first year of life (esavalente).
    Hexavalent,
    /// Four in one: measles, mumps, rubella, varicella (MPRV).
    MeaslesMumpsRubellaVaricella,
    /// Four in one, which refreshes the first (dTpa-IPV).
    DiphtheriaTetanusPertussisPolio,
    /// Every winter, for those who want it.
    Influenza,
}

impl Vaccine {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Hexavalent,
        Self::MeaslesMumpsRubellaVaricella,
        Self::DiphtheriaTetanusPertussisPolio,
        Self::Influenza,
    ];

    /// Those that law 119 of 2017 asks for, up to the age of sixteen.
    pub const COMPULSORY: [Self; 3] = [
        Self::Hexavalent,
        Self::MeaslesMumpsRubellaVaricella,
        Self::DiphtheriaTetanusPertussisPolio,
    ];

    /// What it is against.
    pub fn antigens(self) -> &'static [Antigen] {
        match self {
            Self::Hexavalent => &[
                Antigen::Diphtheria,
                Antigen::Tetanus,
                Antigen::Pertussis,
                Antigen::Poliomyelitis,
                Antigen::HepatitisB,
                Antigen::HaemophilusInfluenzaeB,
            ],
            Self::MeaslesMumpsRubellaVaricella => &[
                Antigen::Measles,
                Antigen::Mumps,
                Antigen::Rubella,
                Antigen::Varicella,
            ],
            Self::DiphtheriaTetanusPertussisPolio => &[
                Antigen::Diphtheria,
                Antigen::Tetanus,
                Antigen::Pertussis,
                Antigen::Poliomyelitis,
            ],
            Self::Influenza => &[Antigen::Influenza],
        }
    }

    /// The code of the World Health Organization's classification (ATC), from memory.
    pub fn atc(self) -> &'static str {
        match self {
            Self::Hexavalent => "J07CA09",
            Self::MeaslesMumpsRubellaVaricella => "J07BD54",
            Self::DiphtheriaTetanusPertussisPolio => "J07CA02",
            Self::Influenza => "J07BB02",
        }
    }

    /// A made-up number of a marketing authorisation (AIC): nine digits that begin with 999, which is
    /// beyond those given out.
    pub fn aic(self) -> &'static str {
        match self {
            Self::Hexavalent => "999000001",
            Self::MeaslesMumpsRubellaVaricella => "999000002",
            Self::DiphtheriaTetanusPertussisPolio => "999000003",
            Self::Influenza => "999000004",
        }
    }

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            Self::Hexavalent => text("Esavalente", "Hexavalent", "Sechsfach"),
            Self::MeaslesMumpsRubellaVaricella => text(
                "Morbillo, parotite, rosolia, varicella",
                "Measles, mumps, rubella, varicella",
                "Masern, Mumps, Röteln, Windpocken",
            ),
            Self::DiphtheriaTetanusPertussisPolio => text(
                "Difterite, tetano, pertosse, poliomielite",
                "Diphtheria, tetanus, pertussis, poliomyelitis",
                "Diphtherie, Tetanus, Keuchhusten, Kinderlähmung",
            ),
            Self::Influenza => text("Influenza", "Influenza", "Grippe"),
        }
    }
}

/// What a vaccine protects from. All but influenza are the ten compulsory ones.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Antigen {
    /// Difterite.
    Diphtheria,
    /// Tetano.
    Tetanus,
    /// Pertosse.
    Pertussis,
    /// Poliomielite.
    Poliomyelitis,
    /// Epatite B.
    HepatitisB,
    /// Emofilo di tipo b.
    HaemophilusInfluenzaeB,
    /// Morbillo.
    Measles,
    /// Parotite.
    Mumps,
    /// Rosolia.
    Rubella,
    /// Varicella.
    Varicella,
    /// Influenza.
    Influenza,
}

/// Where on the body a vaccine was given, as HL7 codes it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
pub enum Site {
    /// Left arm.
    #[serde(rename = "LA")]
    LeftArm,
    /// Right arm.
    #[serde(rename = "RA")]
    RightArm,
    /// Left thigh.
    #[serde(rename = "LT")]
    LeftThigh,
    /// Right thigh.
    #[serde(rename = "RT")]
    RightThigh,
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ten_are_compulsory() {
        let antigens: HashSet<Antigen> = Vaccine::COMPULSORY
            .into_iter()
            .flat_map(|vaccine| vaccine.antigens().iter().copied())
            .collect();
        assert_eq!(antigens.len(), 10);
    }
}
