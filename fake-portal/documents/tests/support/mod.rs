//! People and papers to make documents of, and the judges of what comes out.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "shared by tests that each need a part; a test ends where it meets the unexpected"
)]

pub(crate) mod judges;

use cns_authority::{BelfioreCode, CardNumber, CodiceFiscale, Sex};
use cns_documents::{
    CredentialSlip, DocumentError, PrescriptionReminder, ReportDocument, VaccinationCertificate,
};
use cns_language::Language;
use cns_services::Version;
use cns_services::bookings::Service;
use cns_services::doctors::{District, Doctor, DoctorKind, DoctorNumber};
use cns_services::person::Person;
use cns_services::prescriptions::{Drug, Nre, Prescribed, Prescription, Priority, State};
use cns_services::reports::{Analyte, Content, Measurement, Report, ReportKind, ReportNumber};
use cns_services::structure::{Structure, StructureKind, StructureNumber};
use cns_services::vaccinations::{Site, Vaccination, Vaccine};
use time::macros::date;

/// All that documents are made of.
pub(crate) struct Papers {
    pub(crate) person: Person,
    pub(crate) structure: Structure,
    pub(crate) doctor: Doctor,
    pub(crate) report: Report,
    pub(crate) signatory: String,
    pub(crate) prescription: Prescription,
    pub(crate) vaccinations: Vec<Vaccination>,
    pub(crate) office: String,
    pub(crate) first_part: String,
}

impl Papers {
    /// Of somebody with a long name and accents, who has had blood taken.
    pub(crate) fn new() -> Self {
        let person = person("D'Amico Größl", "Niccolò Maria Francesco");
        let codice_fiscale = person.codice_fiscale;
        Self {
            structure: Structure {
                name: "Presidio ospedaliero di Collaudo – Laboratorio analisi".to_owned(),
                kind: StructureKind::Laboratory,
                municipality: place(),
            },
            doctor: Doctor {
                surname: "Verdi".to_owned(),
                given_name: "Anna".to_owned(),
                kind: DoctorKind::GeneralPractitioner,
                district: District(1),
                ceiling: 1_500,
                association: None,
            },
            report: Report {
                person: codice_fiscale,
                kind: ReportKind::Laboratory,
                structure: StructureNumber(0),
                issued: date!(2026 - 11 - 24),
                content: Content::Measurements(measurements()),
                obscured: false,
                collected: None,
                version: Version::default(),
            },
            signatory: "Dott.ssa Lucia Bianchi".to_owned(),
            prescription: Prescription {
                nre: "0300A 4000000248".parse::<Nre>().unwrap(),
                person: codice_fiscale,
                doctor: DoctorNumber(0),
                prescribed: Prescribed::Service {
                    service: Service::CardiologyVisit,
                    priority: Priority::Short,
                },
                exemption: Some("E02".parse().unwrap()),
                issued: date!(2026 - 11 - 24),
                state: State::Issued,
                version: Version::default(),
            },
            vaccinations: vaccinations(codice_fiscale),
            office: "Ufficio Scelta e Revoca, via delle Prove 1".to_owned(),
            first_part: "Prima parte. PIN: 12 _ _ _ PUK: 34 _ _ _ _ _ _".to_owned(),
            person,
        }
    }

    /// The report, in a doctor's words.
    pub(crate) fn with_narrative(mut self, words: &str) -> Self {
        self.report.kind = ReportKind::SpecialistVisit;
        self.report.content = Content::Narrative(words.to_owned());
        self
    }

    /// A prescription of a medicine.
    pub(crate) fn with_drug(mut self) -> Self {
        self.prescription.prescribed = Prescribed::Drug {
            drug: Drug::Amoxicillin,
            packages: 2,
        };
        self.prescription.exemption = None;
        self
    }

    /// The same text wherever a text can be.
    pub(crate) fn with_text(text: &str) -> Self {
        let mut papers = Self::new().with_narrative(text);
        papers.person.surname = text.to_owned();
        papers.person.given_name = text.to_owned();
        papers.structure.name = text.to_owned();
        papers.doctor.surname = text.to_owned();
        papers.signatory = text.to_owned();
        papers.office = text.to_owned();
        papers.first_part = text.to_owned();
        for vaccination in &mut papers.vaccinations {
            vaccination.lot = text.to_owned();
        }
        papers
    }

    pub(crate) fn report(&self) -> ReportDocument<'_> {
        ReportDocument {
            number: ReportNumber(17),
            report: &self.report,
            person: &self.person,
            structure: &self.structure,
            signatory: &self.signatory,
        }
    }

    /// Reports of every kind, in every language, with what is hard to write, as a format has them.
    pub(crate) fn reports(of: impl Fn(&ReportDocument<'_>, Language) -> Vec<u8>) -> Vec<Vec<u8>> {
        let words = "Paziente <lucido> & collaborante.\n\u{0}\u{7}\u{FFFE}\u{202e}😷";
        let narrative = Self::new().with_narrative(words);
        let nobody = Self::with_text(" \u{a0}\u{0}");
        let mut documents = Vec::new();
        for language in Language::ALL {
            for papers in [&Self::new(), &narrative, &nobody] {
                documents.push(of(&papers.report(), language));
            }
        }
        for kind in ReportKind::ALL {
            let mut papers = Self::new();
            papers.report.kind = kind;
            papers.report.obscured = true;
            documents.push(of(&papers.report(), Language::Italian));
        }
        documents
    }

    pub(crate) fn reminder(&self) -> PrescriptionReminder<'_> {
        PrescriptionReminder {
            prescription: &self.prescription,
            person: &self.person,
            doctor: &self.doctor,
        }
    }

    /// What the certificate is made of.
    pub(crate) fn given(&self) -> Vec<(&Vaccination, &Structure)> {
        let vaccinations = self.vaccinations.iter();
        vaccinations
            .map(|vaccination| (vaccination, &self.structure))
            .collect()
    }

    pub(crate) fn certificate<'a>(
        &'a self,
        given: &'a [(&'a Vaccination, &'a Structure)],
    ) -> VaccinationCertificate<'a> {
        VaccinationCertificate {
            person: &self.person,
            given,
            issued: date!(2026 - 11 - 24),
        }
    }

    pub(crate) fn slip(&self) -> CredentialSlip<'_> {
        CredentialSlip {
            handed_to: &self.person,
            card: "6030000000001009".parse::<CardNumber>().unwrap(),
            office: &self.office,
            date: date!(2026 - 11 - 24),
            first_part: &self.first_part,
        }
    }

    /// Every PDF there is of them, by name.
    pub(crate) fn all(
        &self,
        language: Language,
    ) -> Vec<(&'static str, Result<Vec<u8>, DocumentError>)> {
        vec![
            ("report", self.report().pdf(language)),
            ("reminder", self.reminder().pdf(language)),
            ("certificate", self.certificate(&self.given()).pdf(language)),
            ("slip", self.slip().pdf(language)),
        ]
    }
}

pub(crate) fn person(surname: &str, given_name: &str) -> Person {
    let birth_date = date!(1985 - 03 - 15);
    Person {
        codice_fiscale: CodiceFiscale::compute(
            surname,
            given_name,
            birth_date,
            Sex::Male,
            &place(),
        ),
        surname: surname.to_owned(),
        given_name: given_name.to_owned(),
        birth_date,
        residence: place(),
        household: 0,
        died: None,
    }
}

fn place() -> BelfioreCode {
    "M901".parse().unwrap()
}

fn measurements() -> Vec<Measurement> {
    let values = [1_405, 11_250, 55, 19_990, 250];
    Analyte::ALL
        .into_iter()
        .zip(values)
        .map(|(analyte, hundredths)| Measurement {
            analyte,
            hundredths,
        })
        .collect()
}

fn vaccinations(person: CodiceFiscale) -> Vec<Vaccination> {
    let given = |vaccine, dose, given, site| Vaccination {
        person,
        vaccine,
        dose,
        given,
        lot: format!("COLL-{dose}B77"),
        site,
        structure: StructureNumber(0),
    };
    vec![
        given(
            Vaccine::DiphtheriaTetanusPertussisPolio,
            1,
            date!(2021 - 05 - 04),
            Site::LeftArm,
        ),
        given(
            Vaccine::MeaslesMumpsRubellaVaricella,
            2,
            date!(2022 - 06 - 15),
            Site::RightArm,
        ),
        given(Vaccine::Influenza, 1, date!(2025 - 10 - 30), Site::LeftArm),
    ]
}
