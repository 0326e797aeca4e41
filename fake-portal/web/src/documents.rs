//! What the `pki` listener hands out over plain HTTP: certifiers' certificates, and whatever somebody
//! puts there (revocation lists, a trusted list, a responder for OCSP).

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, PoisonError, RwLock};

use time::OffsetDateTime;

/// Answers requests for documents.
pub trait Documents: Debug + Send + Sync {
    /// The document, or None if there is none at this path.
    fn answer(&self, request: &DocumentRequest<'_>) -> Option<Document>;
}

/// A request for a document.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DocumentRequest<'a> {
    /// The path of the URL, as it came, beginning with `/`.
    pub path: &'a str,
    /// What was posted; nothing if the document is only fetched. A responder for OCSP takes both
    /// (RFC 6960 Appendix A.1).
    pub posted: Option<&'a [u8]>,
}

/// A document.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Document {
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub content: Vec<u8>,
    /// How long whoever gets it may keep it; nothing, if nobody may.
    pub freshness: Option<Freshness>,
}

/// How long a document may be kept (RFC 9111 §5.2 and §5.3; for OCSP, RFC 5019 §6).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Freshness {
    /// When it was made.
    pub last_modified: OffsetDateTime,
    /// Until when it is good.
    pub expires: OffsetDateTime,
    /// What it is now: there is no more to it than that the portal's clock may be a virtual one.
    pub now: OffsetDateTime,
}

impl Document {
    /// A document that nobody may keep.
    pub fn new(content_type: &'static str, content: impl Into<Vec<u8>>) -> Self {
        Self {
            content_type,
            content: content.into(),
            freshness: None,
        }
    }

    /// The same, to be kept for so long.
    pub fn fresh(self, freshness: Freshness) -> Self {
        Self {
            freshness: Some(freshness),
            ..self
        }
    }
}

/// The first of several that has the document.
impl Documents for Vec<Arc<dyn Documents>> {
    fn answer(&self, request: &DocumentRequest<'_>) -> Option<Document> {
        self.iter().find_map(|documents| documents.answer(request))
    }
}

/// Documents by their paths. Clones share one shelf, so that it can be filled while the portal runs.
#[derive(Clone, Debug, Default)]
pub struct DocumentShelf(Arc<RwLock<BTreeMap<String, Document>>>);

impl DocumentShelf {
    /// A shelf with the certificates (DER) of these certifiers at `/ca/1.cer`, `/ca/2.cer` and so on
    /// (RFC 5280 §4.2.2.1, caIssuers).
    pub fn of_certifiers(certifiers: &[Vec<u8>]) -> Self {
        let shelf = Self::default();
        for (index, certifier) in certifiers.iter().enumerate() {
            let document = Document::new("application/pkix-cert", certifier.clone());
            shelf.put(&format!("/ca/{}.cer", index + 1), document);
        }
        shelf
    }

    /// Puts a document at a path, in place of what was there.
    pub fn put(&self, path: &str, document: Document) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(path.to_owned(), document);
    }

    /// Takes a document away.
    pub fn remove(&self, path: &str) {
        self.0
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(path);
    }
}

impl Documents for DocumentShelf {
    fn answer(&self, request: &DocumentRequest<'_>) -> Option<Document> {
        if request.posted.is_some() {
            return None;
        }
        let shelf = self.0.read().unwrap_or_else(PoisonError::into_inner);
        shelf.get(request.path).cloned()
    }
}
