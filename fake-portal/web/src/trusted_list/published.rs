//! The trusted list that the portal publishes, read again as if it came over the network.

use std::sync::{Arc, Mutex, PoisonError};

use cns_authority::trusted_list::{
    self as xml, ServiceType, SignedList, StatusPeriod, TrustService,
};
use time::OffsetDateTime;

use super::{ListPeriod, ServiceStatus, TrustedList, TrustedListEntry};
use crate::documents::{DocumentRequest, Documents};

/// Where the list is.
pub const TRUSTED_LIST_PATH: &str = "/tsl/TSL-IT.xml";

/// The list at [`TRUSTED_LIST_PATH`] among the portal's documents. What was read is kept as long as its
/// bytes are the same.
#[derive(Debug)]
pub struct PublishedTrustedList {
    documents: Arc<dyn Documents>,
    publisher_der: Vec<u8>,
    read: Mutex<Option<Arc<ReadList>>>,
}

#[derive(Debug)]
struct ReadList {
    content: Vec<u8>,
    signature: Result<SignedList, String>,
    list: Option<xml::TrustedList>,
}

impl PublishedTrustedList {
    /// The list among these documents, which the owner of this certificate (DER) must have signed.
    pub fn new(documents: Arc<dyn Documents>, publisher_der: &[u8]) -> Self {
        Self {
            documents,
            publisher_der: publisher_der.to_vec(),
            read: Mutex::default(),
        }
    }

    fn list(&self) -> Option<Arc<ReadList>> {
        let request = DocumentRequest {
            path: TRUSTED_LIST_PATH,
            posted: None,
        };
        let content = self.documents.answer(&request)?.content;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        match &*read {
            Some(known) if known.content == content => Some(Arc::clone(known)),
            _ => {
                let list = Arc::new(ReadList::new(content, &self.publisher_der));
                *read = Some(Arc::clone(&list));
                Some(list)
            }
        }
    }
}

impl ReadList {
    fn new(content: Vec<u8>, publisher_der: &[u8]) -> Self {
        let signature = xml::verify(&content, publisher_der).map_err(|error| error.to_string());
        let (signature, list) = match (signature, xml::TrustedList::read(&content)) {
            (Ok(_), Err(error)) => (Err(error.to_string()), None),
            (signature, list) => (signature, list.ok()),
        };
        Self {
            content,
            signature,
            list,
        }
    }

    fn signature_at(&self, at: OffsetDateTime) -> Result<(), String> {
        let signed = self.signature.clone()?;
        signed.at(at).map_err(|error| error.to_string())
    }
}

impl TrustedList for PublishedTrustedList {
    fn entry(&self, certifier_der: &[u8], at: OffsetDateTime) -> TrustedListEntry {
        let Some(read) = self.list() else {
            return TrustedListEntry {
                signature: Err(format!("{TRUSTED_LIST_PATH}: nothing is there")),
                period: None,
                status: None,
            };
        };
        let services = read.list.iter().flat_map(xml::TrustedList::services);
        let mut certifiers = services
            .filter(|service| service.kind == ServiceType::IdentityVerification)
            .filter(|service| service.certificate_der == certifier_der);
        TrustedListEntry {
            signature: read.signature_at(at),
            period: read.list.as_ref().map(|list| ListPeriod {
                issued: list.issued,
                next_update: list.next_update,
            }),
            status: certifiers.find_map(|service| status_at(service, at)),
        }
    }
}

/// The latest status that had begun by then; none before the first.
fn status_at(service: &TrustService, at: OffsetDateTime) -> Option<ServiceStatus> {
    let periods = std::iter::once(&service.current).chain(&service.history);
    let begun = periods.filter(|period| period.since <= at);
    let latest: &StatusPeriod = begun.max_by_key(|period| period.since)?;
    Some(match latest.status {
        xml::ServiceStatus::RecognisedAtNationalLevel => ServiceStatus::Recognised,
        xml::ServiceStatus::DeprecatedAtNationalLevel => ServiceStatus::Deprecated,
        xml::ServiceStatus::Granted | xml::ServiceStatus::Withdrawn => ServiceStatus::Withdrawn,
    })
}
