//! Documents as a login finds them: what is broken on the `pki` listener is broken for it too.

use std::sync::Arc;

use super::{Fault, Faults, Listener, Occasion, Place};
use crate::documents::{Document, DocumentRequest, Documents};
use crate::metrics::Metrics;

/// Documents, until a tester orders otherwise.
#[derive(Debug)]
pub(crate) struct SpoiltDocuments {
    documents: Arc<dyn Documents>,
    faults: Faults,
    metrics: Metrics,
}

impl SpoiltDocuments {
    pub(crate) fn new(documents: Arc<dyn Documents>, faults: Faults, metrics: Metrics) -> Self {
        Self {
            documents,
            faults,
            metrics,
        }
    }
}

impl Documents for SpoiltDocuments {
    fn answer(&self, request: &DocumentRequest<'_>) -> Option<Document> {
        let strike = self.faults.decide(&Occasion {
            place: Place::Request,
            listener: Listener::Pki,
            server_name: None,
            holder: None,
            path: Some(request.path),
        });
        if let Some(strike) = &strike {
            self.metrics.count_strike(strike);
        }
        let answer = || self.documents.answer(request);
        match strike.map(|strike| strike.fault) {
            Some(Fault::Status(_) | Fault::RedirectLoop) => None,
            Some(Fault::TruncatedBody) => answer().map(|mut document| {
                document.content.truncate(document.content.len() / 2);
                document
            }),
            Some(Fault::SlowBody(seconds)) => {
                // Whoever asks in a handshake has made room for others while it waits.
                std::thread::sleep(seconds.duration());
                answer()
            }
            Some(Fault::HtmlInstead) => Some(Document::new("text/html", super::answer::PAGE)),
            Some(Fault::OcspError(error)) => {
                let response = error.response();
                Some(Document::new("application/ocsp-response", response))
            }
            _ => answer(),
        }
    }
}
