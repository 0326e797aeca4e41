//! What is known of who asks, and what becomes of the answer: the journal, the metrics and the faults
//! see every request on its way out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hyper::{Request, Response};

use super::Door;
use crate::clock::Clock as _;
use crate::content::Content;
use crate::fault::{Fault, Listener, Occasion, Place, answer};
use crate::holder::Holder;
use crate::journal::RequestRecord;
use crate::report::Instant;

/// Who asks on one connection.
pub(super) struct Visit {
    pub(super) listener: Listener,
    /// The number in the journal, if the connection stands there.
    pub(super) connection: Option<u64>,
    pub(super) server_name: Option<String>,
    pub(super) holder: Option<Holder>,
}

/// What is remembered of a request when it is answered.
pub(super) struct Asked {
    method: String,
    path: String,
    target: String,
}

impl Visit {
    /// Of somebody who was not asked for one.
    pub(super) fn without_certificate(listener: Listener) -> Self {
        Self {
            listener,
            connection: None,
            server_name: None,
            holder: None,
        }
    }
}

impl Asked {
    pub(super) fn new<B>(request: &Request<B>) -> Self {
        let uri = request.uri();
        let target = uri.path_and_query().map_or(uri.path(), |it| it.as_str());
        Self {
            method: request.method().to_string(),
            path: uri.path().to_owned(),
            target: target.to_owned(),
        }
    }
}

impl Door {
    /// The answer as it leaves: noted, and spoilt if a tester ordered that.
    pub(super) fn answered(
        &self,
        visit: &Visit,
        asked: &Asked,
        response: Response<Content>,
        is_silent: &Arc<AtomicBool>,
    ) -> Response<Content> {
        let strike = self.faults.decide(&Occasion {
            place: Place::Request,
            listener: visit.listener,
            server_name: visit.server_name.as_deref(),
            holder: visit.holder.as_ref(),
            path: Some(&asked.path),
        });
        let response = match &strike {
            Some(strike) => answer::spoil(&strike.fault, &asked.target, response),
            None => response,
        };
        if strike
            .as_ref()
            .is_some_and(|it| it.fault == Fault::NoCloseNotify)
        {
            is_silent.store(true, Ordering::Relaxed);
        }
        let status = response.status().as_u16();
        self.metrics
            .count_request(visit.listener, status, strike.as_ref());
        if let Some(connection) = visit.connection {
            let request = RequestRecord {
                time: Instant(self.clock.now()),
                method: asked.method.clone(),
                path: asked.path.clone(),
                status,
                fault: strike.map(|strike| strike.rule),
            };
            self.journal.record_request(connection, request);
        }
        response
    }
}
