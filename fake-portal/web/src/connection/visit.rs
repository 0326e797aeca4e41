//! What is known of who asks, and what becomes of the answer: the journal, the metrics and the faults
//! see every request on its way out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time;

use hyper::body::Bytes;
use hyper::{Request, Response, StatusCode};

use super::Door;
use crate::clock::Clock as _;
use crate::content::Content;
use crate::fault::{Fault, Listener, Occasion, Place, answer};
use crate::holder::Holder;
use crate::journal::{OpenInquiry, RequestRecord};
use crate::report::Instant;

/// Who asks on one connection.
pub(crate) struct Visit {
    pub(crate) listener: Listener,
    /// Its number.
    pub(crate) connection: u64,
    pub(crate) server_name: Option<String>,
    pub(crate) holder: Option<Holder>,
}

/// What is remembered of a request when it is answered.
pub(crate) struct Asked {
    time: Instant,
    begun: time::Instant,
    method: String,
    path: String,
    target: String,
    inquiry: Option<OpenInquiry>,
}

impl Asked {
    /// That it asks the certifiers for something, if it does.
    pub(super) fn inquire(&mut self, posted: Option<&[u8]>) {
        self.inquiry = OpenInquiry::of(&self.path, posted);
    }

    /// The journal numbers it.
    fn record(
        self,
        visit: &Visit,
        response: &Response<Content>,
        fault: Option<u64>,
    ) -> RequestRecord {
        let answer = match response.status() {
            StatusCode::OK => response.body().bytes(),
            _ => Bytes::new(),
        };
        let duration_us = self.begun.elapsed().as_micros();
        RequestRecord {
            request: 0,
            connection: visit.connection,
            listener: visit.listener,
            time: self.time,
            duration_us: duration_us.try_into().unwrap_or(u64::MAX),
            method: RequestRecord::kept_method(&self.method),
            path: RequestRecord::kept_path(&self.path),
            status: response.status().as_u16(),
            fault,
            inquiry: self.inquiry.map(|inquiry| inquiry.answered(&answer)),
        }
    }
}

impl Door {
    /// A visit by somebody who was not asked for a certificate.
    pub(super) fn visit_without_certificate(&self, listener: Listener) -> Visit {
        Visit {
            listener,
            connection: self.journal.next_connection(),
            server_name: None,
            holder: None,
        }
    }

    /// A request that has come.
    pub(crate) fn asked<B>(&self, request: &Request<B>) -> Asked {
        let uri = request.uri();
        let target = uri.path_and_query().map_or(uri.path(), |it| it.as_str());
        Asked {
            time: Instant(self.clock.now()),
            begun: time::Instant::now(),
            method: request.method().to_string(),
            path: uri.path().to_owned(),
            target: target.to_owned(),
            inquiry: None,
        }
    }

    /// The answer as it leaves: noted, and spoilt if a tester ordered that. The connection that it leaves on
    /// is told if it is to end without a word.
    pub(crate) fn answered(
        &self,
        visit: &Visit,
        asked: Asked,
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
        let fault = strike.map(|strike| strike.rule);
        self.journal
            .record_request(asked.record(visit, &response, fault));
        response
    }
}
