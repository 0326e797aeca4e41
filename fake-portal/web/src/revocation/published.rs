//! Lists and responders where certificates say that they are, if that is with the portal itself: what it
//! publishes is read again as if it came over the network, so that what is broken there is broken here.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ring::rand::{SecureRandom, SystemRandom};

use super::{OcspQuestion, RevocationList, RevocationQuery, RevocationSource, RevocationStatus};
use crate::documents::{Document, DocumentRequest, Documents};

/// What the portal publishes, by URL.
#[derive(Clone, Debug)]
pub struct Publications {
    documents: Arc<dyn Documents>,
    base: String,
}

impl Publications {
    /// These documents are at `base`, an `http` address without a path.
    pub fn at(base: &str, documents: Arc<dyn Documents>) -> Self {
        Self {
            documents,
            base: base.trim_end_matches('/').to_owned(),
        }
    }

    /// The first of these addresses that is here, with what is there; or why there is nothing.
    fn first<'a>(
        &self,
        urls: &'a [String],
        posted: Option<&[u8]>,
    ) -> Result<(&'a str, Document), String> {
        let mut here = urls.iter().filter_map(|url| {
            let path = url.strip_prefix(&self.base)?;
            path.starts_with('/').then_some((url.as_str(), path))
        });
        let Some((url, path)) = here.next() else {
            let urls = urls.join(", ");
            return Err(format!("{urls}: the portal asks nobody but itself"));
        };
        let document = self.documents.answer(&DocumentRequest { path, posted });
        document
            .map(|document| (url, document))
            .ok_or_else(|| format!("{url}: nothing is there"))
    }
}

/// The lists of certifiers. One that was read is kept as long as its bytes are the same.
#[derive(Debug)]
pub struct PublishedLists {
    publications: Publications,
    read: Mutex<BTreeMap<String, Arc<ReadList>>>,
}

#[derive(Debug)]
struct ReadList {
    content: Vec<u8>,
    issuer_der: Vec<u8>,
    list: Result<RevocationList, String>,
}

/// Most lists that are kept. There are about as many certifiers as regions.
const LISTS_MAX: usize = 64;

impl PublishedLists {
    /// Those among these publications.
    pub fn new(publications: Publications) -> Self {
        Self {
            publications,
            read: Mutex::default(),
        }
    }

    fn list(&self, url: &str, content: Vec<u8>, issuer_der: &[u8]) -> Arc<ReadList> {
        let known = self.kept().get(url).cloned();
        if let Some(known) = known
            && known.content == content
            && known.issuer_der == issuer_der
        {
            return known;
        }
        let list = RevocationList::from_der(&content, &[issuer_der.to_vec()]);
        let read = Arc::new(ReadList {
            list: list.map_err(|error| first_line(&error)),
            content,
            issuer_der: issuer_der.to_vec(),
        });
        let mut kept = self.kept();
        if LISTS_MAX <= kept.len() {
            kept.clear();
        }
        kept.insert(url.to_owned(), Arc::clone(&read));
        read
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Arc<ReadList>>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RevocationSource for PublishedLists {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        if query.list_urls.is_empty() {
            return RevocationStatus::NotPublished;
        }
        // A stranger's certificate names any address that the stranger likes.
        let Some(issuer_der) = query.issuer_certificate_der else {
            return RevocationStatus::Unknown;
        };
        let (url, document) = match self.publications.first(query.list_urls, None) {
            Ok(found) => found,
            Err(why) => return RevocationStatus::Unreachable { why },
        };
        match &self.list(url, document.content, issuer_der).list {
            Ok(list) => list.status(query),
            Err(why) => RevocationStatus::Unreachable { why: why.clone() },
        }
    }
}

/// The responders of certifiers.
#[derive(Debug)]
pub struct PublishedResponders {
    publications: Publications,
    random: SystemRandom,
}

impl PublishedResponders {
    /// Those among these publications.
    pub fn new(publications: Publications) -> Self {
        Self {
            publications,
            random: SystemRandom::new(),
        }
    }

    fn ask(
        &self,
        issuer_der: &[u8],
        query: &RevocationQuery<'_>,
    ) -> Result<RevocationStatus, String> {
        let mut nonce = [0; 16];
        let randomness = self.random.fill(&mut nonce);
        randomness.map_err(|_| "the system gives no random bytes".to_owned())?;
        let question = OcspQuestion::about(issuer_der, query.serial, &nonce)
            .map_err(|error| first_line(&error))?;
        let request = question.to_der();
        let (_, document) = self
            .publications
            .first(query.responder_urls, Some(&request))?;
        question
            .judge(&document.content, query.at)
            .map_err(|error| first_line(&error))
    }
}

impl RevocationSource for PublishedResponders {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        if query.responder_urls.is_empty() {
            return RevocationStatus::NotPublished;
        }
        let Some(issuer_der) = query.issuer_certificate_der else {
            return RevocationStatus::Unknown;
        };
        self.ask(issuer_der, query)
            .unwrap_or_else(|why| RevocationStatus::Unreachable { why })
    }
}

/// Without the hint, which is for the operator of a portal that reads files.
fn first_line(error: &impl ToString) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().to_owned()
}
