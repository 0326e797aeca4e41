//! The offices of all certifiers of a country.

use thiserror::Error;
use time::{Duration, OffsetDateTime};

use crate::certifier::CertifierError;
use crate::office::{Office, OfficeTerms};
use crate::registry::{RegisteredCertifier, Registry};
use crate::serial_number::SerialNumber;
use crate::signature_algorithm::SignatureAlgorithm;
use crate::validity::Validity;

/// All offices. A clone is a snapshot: putting it back restores what was issued, held and revoked, and
/// the lists in force.
#[derive(Clone, Default)]
pub struct Offices {
    offices: Vec<Office>,
}

impl Offices {
    /// One for each certifier of the registry. Those that sign with RSA let a delegate answer OCSP, whose
    /// key is as old as `now`.
    pub fn of(
        registry: &Registry,
        terms: OfficeTerms,
        now: OffsetDateTime,
    ) -> Result<Self, CertifierError> {
        let offices = registry
            .certifiers()
            .iter()
            .map(|registered| office(registered, terms, now))
            .collect::<Result<_, _>>()?;
        Ok(Self { offices })
    }

    /// One more office, in place of one with the same identifier.
    pub fn add(&mut self, office: Office) {
        self.offices.retain(|other| other.id() != office.id());
        self.offices.push(office);
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Office> {
        self.offices.iter()
    }

    /// The office of the certifier that programs call so.
    pub fn office(&self, id: &str) -> Result<&Office, NoOffice> {
        let office = self.offices.iter().find(|office| office.id() == id);
        office.ok_or_else(|| self.none(id))
    }

    /// The same, to change something there.
    pub fn office_mut(&mut self, id: &str) -> Result<&mut Office, NoOffice> {
        let none = self.none(id);
        let office = self.offices.iter_mut().find(|office| office.id() == id);
        office.ok_or(none)
    }

    /// The office that issued the certificate of this number.
    pub fn issuer_of(&mut self, serial: SerialNumber) -> Option<&mut Office> {
        self.offices
            .iter_mut()
            .find(|office| office.status(serial).is_some())
    }

    /// From now on, certificates say that the offices are at `base`, an `http` address without a path.
    pub fn publish_at(&mut self, base: &str) {
        for office in &mut self.offices {
            office.publish_at(base);
        }
    }

    fn none(&self, id: &str) -> NoOffice {
        let known: Vec<_> = self.iter().map(Office::id).collect();
        NoOffice {
            id: id.to_owned(),
            known: known.join(", "),
        }
    }
}

/// There is no such certifier.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("there is no certifier {id:?}\nhint: there are {known}")]
pub struct NoOffice {
    /// Who was asked for.
    pub id: String,
    /// Who there is.
    pub known: String,
}

fn office(
    registered: &RegisteredCertifier,
    terms: OfficeTerms,
    now: OffsetDateTime,
) -> Result<Office, CertifierError> {
    let certifier = registered.authority.clone();
    let delegate = match certifier.algorithm()? {
        SignatureAlgorithm::RsaWithSha256 => {
            let validity = Validity::new(
                now.saturating_sub(Duration::DAY),
                now.saturating_add(DELEGATION),
            )
            .expect("a delegation ends after it begins");
            Some(certifier.issue_ocsp_signer(validity, SerialNumber::random()?)?)
        }
        _ => None,
    };
    let office = Office::new(registered.id, registered.standing, certifier, terms);
    Ok(match delegate {
        Some(delegate) => office.delegating_to(delegate),
        None => office,
    })
}

/// How long a delegate may answer. A virtual clock may go far.
const DELEGATION: Duration = Duration::days(365 * 10);
