//! The doctors as JSON: how many patients each has is counted anew when it is read.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Application, Doctor, Doctors, Enrolment, Municipality};
use crate::ledger::Ledger;

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Roll<M, D, E, A> {
    municipalities: M,
    doctors: D,
    enrolments: E,
    applications: A,
}

impl Serialize for Doctors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Roll {
            municipalities: &self.municipalities,
            doctors: &self.doctors,
            enrolments: &self.enrolments,
            applications: &self.applications,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Doctors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let error = serde::de::Error::custom;
        let roll: Roll<Vec<Municipality>, Vec<Doctor>, Vec<Enrolment>, Ledger<Application>> =
            Roll::deserialize(deserializer)?;
        if usize::from(u16::MAX) < roll.doctors.len() {
            return Err(error("there are more than 65535 doctors".to_owned()));
        }
        let mut doctors = Self {
            municipalities: roll.municipalities,
            applications: roll.applications,
            ..Self::default()
        };
        for doctor in roll.doctors {
            doctors.open_practice(doctor);
        }
        for enrolment in roll.enrolments {
            let person = enrolment.person;
            doctors
                .enrol(enrolment)
                .ok_or_else(|| error(format!("{person} is enrolled twice")))?;
        }
        Ok(doctors)
    }
}
