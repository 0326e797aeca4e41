//! Visits and examinations, and what they cost.

use std::fmt;

use cns_language::{Text, text};
use serde::{Deserialize, Serialize};

/// An amount of money, in cents of a euro.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(transparent)]
pub struct Cents(pub u32);

impl fmt::Display for Cents {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{},{:02} €", self.0 / 100, self.0 % 100)
    }
}

/// The most that is paid on one prescription; from memory.
const TICKET_MAX: Cents = Cents(3_615);

/// A visit or an examination. Codes and tariffs are made up, in the form of the regional catalogue.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Visita cardiologica.
    CardiologyVisit,
    /// Visita dermatologica.
    DermatologyVisit,
    /// Visita oculistica.
    EyeVisit,
    /// Visita ortopedica.
    OrthopaedicVisit,
    /// Visita ginecologica.
    GynaecologyVisit,
    /// Ecografia dell'addome.
    AbdominalUltrasound,
    /// Radiografia del torace.
    ChestXRay,
    /// Elettrocardiogramma.
    Electrocardiogram,
    /// Prelievo di sangue.
    BloodTest,
    /// Risonanza magnetica del ginocchio.
    KneeMagneticResonance,
}

/// What a service is, on which the days of its priority depend.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum ServiceKind {
    /// A first visit by a specialist.
    Visit,
    /// An examination with an apparatus or in a laboratory.
    Examination,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::CardiologyVisit,
        Self::DermatologyVisit,
        Self::EyeVisit,
        Self::OrthopaedicVisit,
        Self::GynaecologyVisit,
        Self::AbdominalUltrasound,
        Self::ChestXRay,
        Self::Electrocardiogram,
        Self::BloodTest,
        Self::KneeMagneticResonance,
    ];

    /// What it is.
    pub fn kind(self) -> ServiceKind {
        match self {
            Self::CardiologyVisit
            | Self::DermatologyVisit
            | Self::EyeVisit
            | Self::OrthopaedicVisit
            | Self::GynaecologyVisit => ServiceKind::Visit,
            Self::AbdominalUltrasound
            | Self::ChestXRay
            | Self::Electrocardiogram
            | Self::BloodTest
            | Self::KneeMagneticResonance => ServiceKind::Examination,
        }
    }

    /// Whether it is booked by a prescription only. That those of eyes and gynaecology are not is from memory.
    pub fn needs_prescription(self) -> bool {
        !matches!(self, Self::EyeVisit | Self::GynaecologyVisit)
    }

    /// What it costs the health service.
    pub fn tariff(self) -> Cents {
        Cents(match self {
            Self::CardiologyVisit
            | Self::DermatologyVisit
            | Self::EyeVisit
            | Self::OrthopaedicVisit
            | Self::GynaecologyVisit => 2_250,
            Self::AbdominalUltrasound => 6_100,
            Self::ChestXRay => 1_550,
            Self::Electrocardiogram => 1_160,
            Self::BloodTest => 900,
            Self::KneeMagneticResonance => 14_000,
        })
    }

    /// What the person pays: nothing if exempt, the tariff up to a ceiling with a prescription, all of it
    /// without one.
    pub fn ticket(self, with_prescription: bool, exempt: bool) -> Cents {
        match (with_prescription, exempt) {
            (true, true) => Cents(0),
            (true, false) => self.tariff().min(TICKET_MAX),
            (false, _) => self.tariff(),
        }
    }

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            Self::CardiologyVisit => text(
                "Visita cardiologica",
                "Cardiology visit",
                "Kardiologische Visite",
            ),
            Self::DermatologyVisit => text(
                "Visita dermatologica",
                "Dermatology visit",
                "Dermatologische Visite",
            ),
            Self::EyeVisit => text("Visita oculistica", "Eye visit", "Augenärztliche Visite"),
            Self::OrthopaedicVisit => text(
                "Visita ortopedica",
                "Orthopaedic visit",
                "Orthopädische Visite",
            ),
            Self::GynaecologyVisit => text(
                "Visita ginecologica",
                "Gynaecology visit",
                "Gynäkologische Visite",
            ),
            Self::AbdominalUltrasound => text(
                "Ecografia dell'addome",
                "Abdominal ultrasound",
                "Ultraschall des Bauches",
            ),
            Self::ChestXRay => text(
                "Radiografia del torace",
                "Chest X-ray",
                "Röntgen des Brustkorbs",
            ),
            Self::Electrocardiogram => text(
                "Elettrocardiogramma",
                "Electrocardiogram",
                "Elektrokardiogramm",
            ),
            Self::BloodTest => text("Esami del sangue", "Blood test", "Blutuntersuchung"),
            Self::KneeMagneticResonance => text(
                "Risonanza magnetica del ginocchio",
                "Magnetic resonance of the knee",
                "Magnetresonanz des Knies",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tickets() {
        let check = |service: Service, with_prescription, exempt, expected| {
            assert_eq!(
                service.ticket(with_prescription, exempt),
                Cents(expected),
                "{service:?}"
            );
        };
        check(Service::ChestXRay, true, false, 1_550);
        check(Service::KneeMagneticResonance, true, false, 3_615);
        check(Service::KneeMagneticResonance, true, true, 0);
        check(Service::EyeVisit, false, false, 2_250);
        assert_eq!(Cents(3_605).to_string(), "36,05 €");
    }
}
