//! What the certifiers around an animal publish, where its portal reads it.

use std::fmt;
use std::sync::Arc;

use cns_authority::SerialNumber;
use cns_authority::ocsp::OcspRequest;
use cns_authority::zoo::{Animal, Answer, Specimen};
use cns_portal::certificate::CertificateFacts;
use cns_portal::revocation::PublishedResponders;
use cns_portal::trusted_list::TRUSTED_LIST_PATH;
use cns_portal::{
    Document, DocumentRequest, DocumentShelf, Documents, PortalConfig, Publications,
    RevocationQuery, RevocationSource, RevocationStatus,
};

use super::Surroundings;

/// Where certificates of the zoo say that their lists are.
const BASE: &str = "http://pki.collaudo.example";

/// Where the responder is. The certificates do not say it.
const RESPONDER_PATH: &str = "/ocsp";

/// Lets a portal read what the certifiers of this specimen publish.
pub(super) fn publish(
    config: &mut PortalConfig,
    surroundings: &Arc<Surroundings>,
    animal: &'static Animal,
    specimen: &Specimen,
    serial: SerialNumber,
) {
    config.pki_url = Some(BASE.to_owned());
    config.documents = Arc::new(shelf_of(specimen));
    config.list_publisher.clone_from(&specimen.publisher_der);
    if specimen.ocsp.is_some() {
        let responder = Responder {
            surroundings: Arc::clone(surroundings),
            animal,
            serial,
        };
        let publications = Publications::at(BASE, Arc::new(responder));
        config.revocation.ocsp = Some(Arc::new(Told(PublishedResponders::new(publications))));
    }
}

/// What is the same for whoever asks.
fn shelf_of(specimen: &Specimen) -> DocumentShelf {
    let shelf = DocumentShelf::default();
    if let Some(list) = specimen.revocation_list.as_ref().and_then(document)
        && let Ok(facts) = CertificateFacts::from_der(&specimen.certificate_der)
    {
        let urls = facts.revocation_list_urls.iter();
        for path in urls.filter_map(|url| url.strip_prefix(BASE)) {
            shelf.put(path, list.clone());
        }
    }
    if let Some(xml) = &specimen.trusted_list {
        let list = Document::new("application/xml", xml.as_slice());
        shelf.put(TRUSTED_LIST_PATH, list);
    }
    shelf
}

/// What a client has of an answer; of an error nothing.
fn document(answer: &Answer) -> Option<Document> {
    match answer {
        Answer::Http {
            status: 200,
            content_type,
            body,
        } => Some(Document::new(content_type, body.as_slice())),
        Answer::Http { .. } | Answer::Silence => None,
    }
}

/// The certifier's responder for OCSP. A portal draws a nonce for each question, so that the animal is made
/// anew for each.
struct Responder {
    surroundings: Arc<Surroundings>,
    animal: &'static Animal,
    serial: SerialNumber,
}

impl fmt::Debug for Responder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Responder({})", self.animal.id)
    }
}

impl Documents for Responder {
    fn answer(&self, request: &DocumentRequest<'_>) -> Option<Document> {
        let request = OcspRequest::parse(request.posted?).ok()?;
        // The bytes in the OCTET STRING that the extension's value is.
        let nonce = *request.nonce?.last_chunk()?;
        let habitat = self.surroundings.habitat(nonce);
        let specimen = self.animal.make(&habitat, self.serial).ok()?;
        document(&specimen.ocsp?.answer)
    }
}

/// A responder that the portal's operator has told it of.
#[derive(Debug)]
struct Told(PublishedResponders);

impl RevocationSource for Told {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        let responder_urls = &[format!("{BASE}{RESPONDER_PATH}")];
        self.0.status(&RevocationQuery {
            responder_urls,
            ..*query
        })
    }
}
