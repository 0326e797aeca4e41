//! `TSL-IT.xml`, the list that portals take the certifiers of CNS cards from (ETSI TS 119 612).
//!
//! ```text
//! TrustServiceStatusList TSLTag
//!     SchemeInformation            who publishes the list, when, and when the next one comes
//!     TrustServiceProviderList
//!         TrustServiceProvider     a company
//!             TSPInformation
//!             TSPServices
//!                 TSPService
//!                     ServiceInformation   kind, name, certificate, status, since when
//!                     ServiceHistory       what it was before
//! ```
//!
//! The certifiers of CNS cards are the services of the kind `IdV`; the list has many others, which are
//! not for logins. Who publishes the list signs it, so that whoever knows the publisher's certificate knows that
//! the list is whole.

mod canonical;
mod reader;
mod signature;
mod tree;
mod xml;

use time::{Duration, OffsetDateTime};
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::certificate_identity::CertificateIdentity;
use crate::certifier::{CertificationAuthority, CertifierError};
use crate::registry::Standing;

pub use reader::TrustedListError;
pub use signature::{SignatureError, SignedList, TrustedListSigner, verify};
pub use tree::XmlError;

/// A list, as data: what is wrong on purpose is made here, before it becomes XML.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustedList {
    /// The version of the format.
    pub version: TrustedListVersion,
    /// Each list has a higher number than the one before.
    pub sequence_number: u64,
    /// When it was made.
    pub issued: OffsetDateTime,
    /// When there will be another: after that, this one says nothing.
    pub next_update: OffsetDateTime,
    /// The companies on it.
    pub providers: Vec<TrustServiceProvider>,
}

/// TSLVersionIdentifier.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TrustedListVersion {
    /// 5, of TS 119 612 v2.1.1 and v2.2.1.
    V5,
    /// 6, of TS 119 612 v2.3.1 and later. For a reader of services nothing else differs.
    V6,
}

/// A company and what it does.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustServiceProvider {
    /// What it is called.
    pub name: String,
    /// What it does.
    pub services: Vec<TrustService>,
}

/// One service of a company, which is one certificate.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TrustService {
    /// What it does.
    pub kind: ServiceType,
    /// What it is called: the subject of its certificate from the narrowest part to the widest,
    /// `CN=…, OU=…, O=…, C=IT`. Two may be called the same.
    pub name: String,
    /// The certificate that it is known by.
    pub certificate_der: Vec<u8>,
    /// The abbreviation of its key, as its certificate has it: what it is known by in its history.
    pub key_identifier: Vec<u8>,
    /// What it is now.
    pub current: StatusPeriod,
    /// What it was before, the latest first.
    pub history: Vec<StatusPeriod>,
}

/// What a service is from some day on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct StatusPeriod {
    /// What it is.
    pub status: ServiceStatus,
    /// Since when.
    pub since: OffsetDateTime,
}

/// ServiceTypeIdentifier (TS 119 612 §5.5.1).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ServiceType {
    /// Verifies identities, not qualified: the certifiers of CNS cards, and nothing else on the list.
    IdentityVerification,
    /// Issues qualified certificates.
    QualifiedCertificates,
    /// Issues qualified time stamps.
    QualifiedTimeStamps,
}

/// ServiceStatus (TS 119 612 §5.5.4).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ServiceStatus {
    /// Of services that are not qualified: listed by the country.
    RecognisedAtNationalLevel,
    /// Of the same: listed no more.
    DeprecatedAtNationalLevel,
    /// Of qualified services: supervised.
    Granted,
    /// Supervised no more.
    Withdrawn,
}

impl TrustedList {
    /// The list without a signature: XML in UTF-8.
    pub fn to_xml(&self) -> Result<Vec<u8>, CertifierError> {
        xml::write(self).map_err(CertifierError::TrustedList)
    }

    /// The list of these certifiers, made at `issued`, with a certifier of qualified signatures and a
    /// time-stamping authority beside them.
    pub(crate) fn of<'a>(
        certifiers: impl Iterator<Item = (&'a CertificationAuthority, Standing)>,
        qualified: &CertificationAuthority,
        time_stamping: &CertificationAuthority,
        issued: OffsetDateTime,
    ) -> Result<Self, CertifierError> {
        let mut list = Self {
            version: TrustedListVersion::V5,
            sequence_number: 1,
            issued,
            next_update: issued.saturating_add(Duration::days(180)),
            providers: Vec::new(),
        };
        for (certifier, standing) in certifiers {
            list.enter(certifier.certificate_der(), standing)?;
        }
        let granted = StatusPeriod {
            status: ServiceStatus::Granted,
            since: years_before(issued, 4),
        };
        for (authority, kind) in [
            (qualified, ServiceType::QualifiedCertificates),
            (time_stamping, ServiceType::QualifiedTimeStamps),
        ] {
            list.add(authority.certificate_der(), kind, granted, &[])?;
        }
        Ok(list)
    }

    /// Adds a certifier of CNS cards, which has this certificate (DER), unless it never stood there.
    pub fn enter(
        &mut self,
        certificate_der: &[u8],
        standing: Standing,
    ) -> Result<(), CertifierError> {
        let periods = periods_of(standing, self.issued);
        let Some((current, history)) = periods.split_first() else {
            return Ok(());
        };
        let kind = ServiceType::IdentityVerification;
        self.add(certificate_der, kind, *current, history)
    }

    /// Adds a service to the company that runs it.
    fn add(
        &mut self,
        certificate_der: &[u8],
        kind: ServiceType,
        current: StatusPeriod,
        history: &[StatusPeriod],
    ) -> Result<(), CertifierError> {
        let identity = CertificateIdentity::of(certificate_der)?;
        let (name, company) = service_name(certificate_der)?;
        let service = TrustService {
            kind,
            name,
            certificate_der: certificate_der.to_vec(),
            key_identifier: identity.key_identifier,
            current,
            history: history.to_vec(),
        };
        match self
            .providers
            .iter_mut()
            .find(|provider| provider.name == company)
        {
            Some(provider) => provider.services.push(service),
            None => self.providers.push(TrustServiceProvider {
                name: company,
                services: vec![service],
            }),
        }
        Ok(())
    }
}

/// What the list says of a certifier, and what it said before. Nothing if it is not on it.
fn periods_of(standing: Standing, issued: OffsetDateTime) -> Vec<StatusPeriod> {
    let period = |status, years| StatusPeriod {
        status,
        since: years_before(issued, years),
    };
    let recognised = period(ServiceStatus::RecognisedAtNationalLevel, 5);
    match standing {
        Standing::Recognised => vec![recognised],
        Standing::Deprecated => vec![
            period(ServiceStatus::DeprecatedAtNationalLevel, 1),
            recognised,
        ],
        Standing::Withdrawn => vec![period(ServiceStatus::Withdrawn, 1), recognised],
        Standing::Unlisted => Vec::new(),
    }
}

fn years_before(issued: OffsetDateTime, years: i64) -> OffsetDateTime {
    issued.saturating_sub(Duration::days(365 * years))
}

/// What a service is called, and the company that runs it.
fn service_name(certificate_der: &[u8]) -> Result<(String, String), CertifierError> {
    let (_, certificate) = X509Certificate::from_der(certificate_der).map_err(|error| {
        CertifierError::Certificate {
            reason: error.to_string(),
        }
    })?;
    let mut parts: Vec<_> = certificate
        .subject()
        .iter_attributes()
        .map(|attribute| {
            let text = attribute.as_str().unwrap_or_default();
            let kind = match attribute.attr_type().to_id_string().as_str() {
                "2.5.4.3" => "CN",
                "2.5.4.6" => "C",
                "2.5.4.10" => "O",
                "2.5.4.11" => "OU",
                _ => "OID",
            };
            format!("{kind}={text}")
        })
        .collect();
    parts.reverse();
    let name = parts.join(", ");
    let mut companies = certificate.subject().iter_organization();
    let company = companies.find_map(|company| company.as_str().ok());
    let company = company.map_or_else(|| name.clone(), str::to_owned);
    Ok((name, company))
}
