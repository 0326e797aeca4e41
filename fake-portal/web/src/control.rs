//! The control API: what testers see of the portal, and what they order. HTTP and JSON on a listener of its
//! own, which only this machine reaches unless somebody says otherwise.
//!
//! ```text
//! guard        route, query      clock, journal, expectations,     problem
//! who may      what is asked     faults, authority, snapshots      what is refused, and why
//! ```
//!
//! A module here has what can be asked about one subject, as a list of [`Route`]s: how it is asked, what
//! it does, and what is told. The OpenAPI document is made of the same list, so that it cannot say anything
//! else. What a request asks for is made a value before anything changes; so a refusal changes nothing.

mod authority;
mod clock;
mod criteria;
mod events;
mod expectation;
mod expectations;
mod faults;
mod guard;
mod journal;
mod near_miss;
mod openapi;
mod problem;
mod query;
mod reply;
mod request_criteria;
mod requests;
mod route;
mod service;
mod snapshots;
mod town;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::http::request::Parts;
use hyper::{Request, Response};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::accept::Arrival;
use crate::clock::VirtualClock;
use crate::connection::serve_http;
use crate::content::Content;
use crate::fault::Faults;
use crate::journal::Journal;
use crate::metrics::Metrics;
use crate::pki::PublicOffices;
use crate::portal::Exposure;
use crate::town::TownHall;
use expectations::Expectations;
use problem::Problem;
use reply::Reply;
use route::Routes;
use snapshots::Snapshots;

/// Under which most of it stands.
pub(crate) const BASE: &str = "/_control/v1";

/// Longest body, in bytes, of what does not say otherwise.
const BODY_LENGTH_MAX: usize = 65_536;
/// Longest wait for it.
const BODY_TIME_MAX: Duration = Duration::from_secs(10);

/// The control API of a portal.
pub(crate) struct Control {
    portal: Controlled,
    expectations: Expectations,
    snapshots: Snapshots,
    routes: Routes,
}

/// What it sees of the portal, and changes.
pub(crate) struct Controlled {
    pub(crate) clock: VirtualClock,
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    pub(crate) metrics: Metrics,
    pub(crate) offices: Option<PublicOffices>,
    pub(crate) town: Option<TownHall>,
    pub(crate) exposure: Exposure,
}

impl Control {
    pub(crate) fn new(portal: Controlled) -> Self {
        Self {
            portal,
            expectations: Expectations::default(),
            snapshots: Snapshots::default(),
            routes: Routes::all(),
        }
    }

    /// From now on, this is what a reset goes back to.
    pub(crate) fn begin(&self) {
        self.snapshots.begin(self.snapshot());
    }

    /// The listener of testers.
    pub(crate) async fn serve(self: Arc<Self>, arrival: Arrival) {
        let Arrival {
            stream,
            peer,
            place,
            stopping,
        } = arrival;
        let end = stopping.clone();
        let answer = |request| self.answer(request, &end);
        serve_http(stream, peer, &place, stopping, answer).await;
    }

    /// Answers a request. An answer that has no end ends when the portal does.
    async fn answer(
        &self,
        request: Request<Incoming>,
        stopping: &watch::Receiver<()>,
    ) -> Response<Content> {
        let (head, body) = request.into_parts();
        let length_max = self.routes.body_length_max(&head.method, head.uri.path());
        let body = timeout(BODY_TIME_MAX, Limited::new(body, length_max).collect());
        let reply = match body.await {
            Ok(Ok(body)) => self.reply(&head, &body.to_bytes()),
            Ok(Err(_)) => Err(Problem::too_large(length_max)),
            Err(_) => Err(Problem::too_slow(BODY_TIME_MAX)),
        };
        match reply {
            Ok(Reply::Events(wanted)) => {
                events::stream(self.portal.journal.events(), wanted, stopping.clone())
            }
            Ok(Reply::Told(response)) => response,
            Err(problem) => problem.response(),
        }
    }

    /// The same, of a request that came whole.
    fn reply(&self, head: &Parts, body: &Bytes) -> Result<Reply, Problem> {
        guard::check(head, body, self.portal.exposure)?;
        let (route, parameters) = self.routes.find(&head.method, head.uri.path())?;
        route.run(self, parameters, head.uri.query(), body)
    }
}

impl fmt::Debug for Control {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Control").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
