//! What kinds of documents there are and what they say.

use cns_language::{Text, text};
use serde::{Deserialize, Serialize};

/// A kind of document of the electronic health record (fascicolo sanitario elettronico).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportKind {
    /// LAB, referto di laboratorio.
    Laboratory,
    /// RAD, referto di radiologia.
    Radiology,
    /// RSA, referto di specialistica ambulatoriale.
    SpecialistVisit,
    /// LDO, lettera di dimissione ospedaliera.
    Discharge,
    /// VPS, verbale di pronto soccorso.
    EmergencyRoom,
    /// RAP, referto di anatomia patologica.
    Pathology,
    /// PSS, profilo sanitario sintetico.
    PatientSummary,
}

impl ReportKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Laboratory,
        Self::Radiology,
        Self::SpecialistVisit,
        Self::Discharge,
        Self::EmergencyRoom,
        Self::Pathology,
        Self::PatientSummary,
    ];

    /// The abbreviation that the national record uses.
    pub fn abbreviation(self) -> &'static str {
        self.row().0
    }

    /// The code of the document's kind in LOINC.
    pub fn loinc(self) -> &'static str {
        self.row().1
    }

    /// The object identifier of the national CDA 2 template, without a version. That of the patient summary
    /// is not known here.
    pub fn template(self) -> Option<&'static str> {
        self.row().2
    }

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            Self::Laboratory => text("Referto di laboratorio", "Laboratory report", "Laborbefund"),
            Self::Radiology => text("Referto di radiologia", "Radiology report", "Röntgenbefund"),
            Self::SpecialistVisit => text(
                "Referto di visita specialistica",
                "Specialist's report",
                "Facharztbefund",
            ),
            Self::Discharge => text(
                "Lettera di dimissione",
                "Discharge letter",
                "Entlassungsbrief",
            ),
            Self::EmergencyRoom => text(
                "Verbale di pronto soccorso",
                "Emergency room report",
                "Bericht der Notaufnahme",
            ),
            Self::Pathology => text(
                "Referto di anatomia patologica",
                "Pathology report",
                "Pathologiebefund",
            ),
            Self::PatientSummary => text(
                "Profilo sanitario sintetico",
                "Patient summary",
                "Patientenkurzakte",
            ),
        }
    }

    fn row(self) -> (&'static str, &'static str, Option<&'static str>) {
        match self {
            Self::Laboratory => ("LAB", "11502-2", Some("2.16.840.1.113883.2.9.10.1.1")),
            Self::Radiology => ("RAD", "68604-8", Some("2.16.840.1.113883.2.9.10.1.7.1")),
            Self::SpecialistVisit => ("RSA", "11488-4", Some("2.16.840.1.113883.2.9.10.1.9.1")),
            Self::Discharge => ("LDO", "34105-7", Some("2.16.840.1.113883.2.9.10.1.5")),
            Self::EmergencyRoom => ("VPS", "59258-4", Some("2.16.840.1.113883.2.9.10.1.6.1")),
            Self::Pathology => ("RAP", "11526-1", Some("2.16.840.1.113883.2.9.10.1.8.1")),
            Self::PatientSummary => ("PSS", "60591-5", None),
        }
    }
}

/// What a document says.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// Values that a laboratory measured.
    Measurements(Vec<Measurement>),
    /// A doctor's words.
    Narrative(String),
}

/// A value that a laboratory measured.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Measurement {
    /// Of what.
    pub analyte: Analyte,
    /// How much, in hundredths of the analyte's unit.
    pub hundredths: u32,
}

impl Measurement {
    /// Whether it is within what is usual for adults.
    pub fn is_usual(&self) -> bool {
        let (low, high) = self.analyte.usual_hundredths();
        (low..=high).contains(&self.hundredths)
    }
}

/// What a laboratory measures.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Analyte {
    /// In the blood, g/dL.
    Haemoglobin,
    /// In serum, mg/dL.
    Glucose,
    /// In serum, mg/dL.
    Creatinine,
    /// In serum, mg/dL.
    Cholesterol,
    /// Thyrotropin in serum, mU/L.
    Thyrotropin,
}

impl Analyte {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Haemoglobin,
        Self::Glucose,
        Self::Creatinine,
        Self::Cholesterol,
        Self::Thyrotropin,
    ];

    /// What it is called.
    pub fn title(self) -> Text {
        match self {
            Self::Haemoglobin => text("Emoglobina", "Haemoglobin", "Hämoglobin"),
            Self::Glucose => text("Glucosio", "Glucose", "Glukose"),
            Self::Creatinine => text("Creatinina", "Creatinine", "Kreatinin"),
            Self::Cholesterol => text("Colesterolo totale", "Total cholesterol", "Cholesterin"),
            Self::Thyrotropin => text("TSH", "TSH", "TSH"),
        }
    }

    /// The unit of its values.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Haemoglobin => "g/dL",
            Self::Glucose | Self::Creatinine | Self::Cholesterol => "mg/dL",
            Self::Thyrotropin => "mU/L",
        }
    }

    /// Its code in LOINC, from memory.
    pub fn loinc(self) -> &'static str {
        match self {
            Self::Haemoglobin => "718-7",
            Self::Glucose => "2345-7",
            Self::Creatinine => "2160-0",
            Self::Cholesterol => "2093-3",
            Self::Thyrotropin => "3016-3",
        }
    }

    /// The lowest and the highest usual value, in hundredths of its unit; from memory, and for adults of
    /// either sex.
    pub fn usual_hundredths(self) -> (u32, u32) {
        match self {
            Self::Haemoglobin => (1_200, 1_700),
            Self::Glucose => (7_000, 10_000),
            Self::Creatinine => (60, 120),
            Self::Cholesterol => (12_000, 20_000),
            Self::Thyrotropin => (40, 400),
        }
    }
}
