//! A trusted list, read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::tree::{Element, XmlError};
use super::xml::{NAMESPACE, SERVICE_TYPE, STATUS};
use super::{
    ServiceStatus, ServiceType, StatusPeriod, TrustService, TrustServiceProvider, TrustedList,
    TrustedListVersion,
};

/// Why a text is no trusted list.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum TrustedListError {
    /// It is no XML.
    #[error("the trusted list cannot be read: {0}")]
    Xml(#[from] XmlError),
    /// It is XML of something else.
    #[error("the trusted list is not as ETSI TS 119 612 has it: no {what}")]
    Form {
        /// What is not there, or not what it should be.
        what: &'static str,
    },
}

impl TrustedList {
    /// Reads a list, XML. Whether somebody has signed it is another question: see [`super::verify`].
    ///
    /// Services of a kind or a status that is not known here are left out: no card has anything to do
    /// with them.
    pub fn read(xml: &[u8]) -> Result<Self, TrustedListError> {
        let list = Element::parse(xml)?;
        if !list.is(NAMESPACE, "TrustServiceStatusList") {
            return missing("TrustServiceStatusList");
        }
        let scheme = at(&list, "SchemeInformation")?;
        let providers = list
            .only(NAMESPACE, "TrustServiceProviderList")
            .into_iter()
            .flat_map(|providers| providers.all(NAMESPACE, "TrustServiceProvider"));
        Ok(Self {
            version: match at(scheme, "TSLVersionIdentifier")?.text().as_str() {
                "5" => TrustedListVersion::V5,
                "6" => TrustedListVersion::V6,
                _ => return missing("TSLVersionIdentifier that is known"),
            },
            sequence_number: at(scheme, "TSLSequenceNumber")?
                .text()
                .parse()
                .or(missing("TSLSequenceNumber"))?,
            issued: instant(at(scheme, "ListIssueDateTime")?)?,
            next_update: instant(at(scheme, "NextUpdate/dateTime")?)?,
            providers: providers.map(provider).collect::<Result<_, _>>()?,
        })
    }

    /// All services of all companies.
    pub fn services(&self) -> impl Iterator<Item = &TrustService> {
        self.providers
            .iter()
            .flat_map(|provider| &provider.services)
    }
}

fn provider(element: &Element) -> Result<TrustServiceProvider, TrustedListError> {
    let services = element
        .only(NAMESPACE, "TSPServices")
        .into_iter()
        .flat_map(|services| services.all(NAMESPACE, "TSPService"));
    Ok(TrustServiceProvider {
        name: name(at(element, "TSPInformation/TSPName")?),
        services: services
            .filter_map(|element| service(element).transpose())
            .collect::<Result<_, _>>()?,
    })
}

fn service(element: &Element) -> Result<Option<TrustService>, TrustedListError> {
    let information = at(element, "ServiceInformation")?;
    let (Some(kind), Some(current)) = (kind(information)?, period(information)?) else {
        return Ok(None);
    };
    let history = element
        .only(NAMESPACE, "ServiceHistory")
        .into_iter()
        .flat_map(|history| history.all(NAMESPACE, "ServiceHistoryInstance"))
        .filter_map(|instance| period(instance).transpose())
        .collect::<Result<_, _>>()?;
    Ok(Some(TrustService {
        kind,
        name: name(at(information, "ServiceName")?),
        certificate_der: identity(information, "X509Certificate")?,
        key_identifier: identity(information, "X509SKI").unwrap_or_default(),
        current,
        history,
    }))
}

fn kind(information: &Element) -> Result<Option<ServiceType>, TrustedListError> {
    let uri = at(information, "ServiceTypeIdentifier")?.text();
    let mut known = SERVICE_TYPE.iter();
    Ok(known
        .find(|(_, known)| *known == uri)
        .map(|&(kind, _)| kind))
}

fn period(information: &Element) -> Result<Option<StatusPeriod>, TrustedListError> {
    let uri = at(information, "ServiceStatus")?.text();
    let since = instant(at(information, "StatusStartingTime")?)?;
    let word = uri.rsplit_once('/').map(|(_, word)| word);
    let mut known = STATUS.iter();
    let status = known.find(|(_, known)| Some(*known) == word);
    Ok(status.map(|&(status, _): &(ServiceStatus, _)| StatusPeriod { status, since }))
}

/// One of the ways in which a service is identified.
fn identity(information: &Element, kind: &'static str) -> Result<Vec<u8>, TrustedListError> {
    let identities = at(information, "ServiceDigitalIdentity")?.all(NAMESPACE, "DigitalId");
    let text = identities
        .filter_map(|identity| identity.only(NAMESPACE, kind))
        .map(Element::text)
        .next();
    let text: String = text.unwrap_or_default().split_whitespace().collect();
    match STANDARD.decode(text) {
        Ok(bytes) if !bytes.is_empty() => Ok(bytes),
        _ => missing("certificate of a service"),
    }
}

/// The first of the names, which has several if the list is in several languages.
fn name(element: &Element) -> String {
    let first = element.all(NAMESPACE, "Name").next();
    first.map(Element::text).unwrap_or_default()
}

fn instant(element: &Element) -> Result<OffsetDateTime, TrustedListError> {
    OffsetDateTime::parse(&element.text(), &Rfc3339).or(missing("date and time"))
}

fn at<'a>(element: &'a Element, path: &'static str) -> Result<&'a Element, TrustedListError> {
    let found = element.at(NAMESPACE, path);
    found.ok_or(TrustedListError::Form { what: path })
}

fn missing<T>(what: &'static str) -> Result<T, TrustedListError> {
    Err(TrustedListError::Form { what })
}
