//! The offices of all certifiers of a country, and the one that publishes the list of them.

use std::sync::Arc;

use thiserror::Error;
use time::{Duration, OffsetDateTime};

use crate::certifier::CertifierError;
use crate::office::{Office, OfficeTerms};
use crate::registry::{RegisteredCertifier, Registry, Standing};
use crate::serial_number::SerialNumber;
use crate::signature_algorithm::SignatureAlgorithm;
use crate::trusted_list::TrustedListSigner;

/// All offices. A clone is a snapshot: putting it back restores what was issued, held and revoked, and
/// the lists in force.
#[derive(Clone)]
pub struct Offices {
    offices: Vec<Office>,
    registry: Registry,
    publisher: TrustedListSigner,
    /// Certificates, DER, of certifiers that are recognised and have no office here.
    recognised: Vec<Vec<u8>>,
    list: Option<PublishedTrustedList>,
}

/// A trusted list that is, or was, in force.
#[derive(Clone)]
struct PublishedTrustedList {
    sequence_number: u64,
    issued: OffsetDateTime,
    /// Whether it still says what there is to say.
    is_current: bool,
    xml: Arc<[u8]>,
}

impl Offices {
    /// One for each certifier of the registry, and this publisher of the trusted list. Those that sign with
    /// RSA let a delegate answer OCSP, whose key is as old as `now`.
    pub fn of(
        registry: &Registry,
        publisher: TrustedListSigner,
        terms: OfficeTerms,
        now: OffsetDateTime,
    ) -> Result<Self, CertifierError> {
        let offices = registry
            .certifiers()
            .iter()
            .map(|registered| office(registered, terms, now))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            offices,
            registry: registry.clone(),
            publisher,
            recognised: Vec::new(),
            list: None,
        })
    }

    /// One more office, in place of one with the same identifier.
    pub fn add(&mut self, office: Office) {
        self.offices.retain(|other| other.id() != office.id());
        self.offices.push(office);
        self.there_is_news();
    }

    /// The trusted list has a certifier that has no office here, with this certificate (DER), too.
    pub fn recognise(&mut self, certificate_der: Vec<u8>) {
        self.recognised.push(certificate_der);
        self.there_is_news();
    }

    /// From now on, the trusted list says this of a certifier.
    pub fn set_standing(&mut self, id: &str, standing: Standing) -> Result<(), NoOffice> {
        self.office_mut(id)?.set_standing(standing);
        self.there_is_news();
        Ok(())
    }

    /// Renews the certifiers whose end is near, and who publishes the trusted list: whatever is signed
    /// after this is signed under a certificate of `now`.
    pub fn keep_current(&mut self, now: OffsetDateTime) -> Result<(), CertifierError> {
        let mut is_news = self.registry.renew_other_services(now)?;
        for office in &mut self.offices {
            is_news |= office.keep_current(now)?;
        }
        if self.publisher.is_due(now) {
            self.publisher = self.publisher.renewed(now)?;
            is_news = true;
        }
        if is_news {
            self.there_is_news();
        }
        Ok(())
    }

    /// The certificate (DER) of who publishes the trusted list, which portals know beforehand.
    pub fn publisher_der(&self) -> &[u8] {
        self.publisher.certificate_der()
    }

    /// The trusted list that is in force, XML and signed. There is a new one with every change, and when
    /// half of a list's time is over.
    pub fn trusted_list(&mut self, now: OffsetDateTime) -> Result<Arc<[u8]>, CertifierError> {
        let in_force = self.list.as_ref().filter(|list| {
            list.is_current && now < list.issued.saturating_add(TRUSTED_LIST_RENEWAL)
        });
        if let Some(list) = in_force {
            return Ok(Arc::clone(&list.xml));
        }
        let certifiers = self.offices.iter();
        let certifiers = certifiers.map(|office| (office.certifier(), office.standing()));
        let mut list = self.registry.trusted_list_of(certifiers, now)?;
        for certificate in &self.recognised {
            list.enter(certificate, Standing::Recognised)?;
        }
        list.sequence_number = self.list.as_ref().map_or(1, |it| it.sequence_number + 1);
        let xml: Arc<[u8]> = list.to_signed_xml(&self.publisher)?.into();
        self.list = Some(PublishedTrustedList {
            sequence_number: list.sequence_number,
            issued: now,
            is_current: true,
            xml: Arc::clone(&xml),
        });
        Ok(xml)
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

    fn there_is_news(&mut self) {
        if let Some(list) = &mut self.list {
            list.is_current = false;
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
    let algorithm = certifier.algorithm()?;
    let office = Office::new(registered.id, registered.standing, certifier, terms)
        .with_succession(registered.succession);
    match algorithm {
        SignatureAlgorithm::RsaWithSha256 => office.delegating(now),
        _ => Ok(office),
    }
}

/// A list says that it is good for six months.
const TRUSTED_LIST_RENEWAL: Duration = Duration::days(90);
