//! What happens, as it happens: server-sent events (HTML Living Standard, section 9.2).

use std::time::Duration;

use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::{MissedTickBehavior, interval};

use super::BASE;
use super::criteria::Criteria;
use super::reply::Reply;
use super::request_criteria::RequestCriteria;
use super::route::{Nothing, Route};
use crate::content::Content;
use crate::journal::Event;

/// How often a word is said while nothing happens, so that whoever is gone is noticed.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Events that wait for a listener that is slow.
const WAITING_MAX: usize = 64;
const EVENT_STREAM: &str = "text/event-stream";

/// Which events are told.
pub(super) enum Wanted {
    /// All.
    Everything,
    /// Connections, if they are what is looked for.
    Connections(Criteria),
    /// Requests, if they are what is looked for.
    Requests(RequestCriteria),
}

impl Wanted {
    fn has(&self, event: &Event) -> bool {
        match (self, event) {
            (Self::Everything, _) => true,
            (Self::Connections(criteria), Event::Connection(entry)) => criteria.hold(entry),
            (Self::Requests(criteria), Event::Request(request)) => criteria.hold(request),
            (Self::Connections(_) | Self::Requests(_), _) => false,
        }
    }
}

pub(super) fn routes() -> Vec<Route> {
    let path = |rest: &str| format!("{BASE}/events{rest}");
    let media_types = &[EVENT_STREAM];
    vec![
        Route::reading(
            &path(""),
            [
                "followEvents",
                "Connections (event `connection`) and requests (event `request`) from now on, and how many came too \
                 fast to be told (event `missed`)",
            ],
            media_types,
            |_, _, _: Nothing| Ok(Reply::Events(Wanted::Everything)),
        ),
        Route::reading(
            &path("/connections"),
            [
                "followConnections",
                "The connections from now on that are what is looked for, when their handshake is over: nothing \
                 has been asked for on them yet",
            ],
            media_types,
            |_, _, criteria: Criteria| Ok(Reply::Events(Wanted::Connections(criteria))),
        ),
        Route::reading(
            &path("/requests"),
            [
                "followRequests",
                "The requests from now on that are what is looked for",
            ],
            media_types,
            |_, _, criteria: RequestCriteria| Ok(Reply::Events(Wanted::Requests(criteria))),
        ),
    ]
}

/// A response that ends when its reader goes, or when the portal stops.
pub(super) fn stream(
    events: broadcast::Receiver<Event>,
    wanted: Wanted,
    stopping: watch::Receiver<()>,
) -> Response<Content> {
    let (sender, receiver) = mpsc::channel(WAITING_MAX);
    tokio::spawn(forward(events, wanted, sender, stopping));
    let mut response = Response::new(Content::Events(receiver));
    *response.status_mut() = StatusCode::OK;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(EVENT_STREAM));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn forward(
    mut events: broadcast::Receiver<Event>,
    wanted: Wanted,
    listener: mpsc::Sender<Bytes>,
    mut stopping: watch::Receiver<()>,
) {
    let mut heartbeat = interval(HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        // The first beat comes at once: it tells the listener that nothing is missed from now on.
        let said = tokio::select! {
            _ = stopping.changed() => return,
            _ = heartbeat.tick() => Bytes::from_static(b": listening\n\n"),
            event = events.recv() => match event {
                Ok(event) if wanted.has(&event) => said(&event),
                Ok(_) => continue,
                Err(broadcast::error::RecvError::Lagged(missed)) => {
                    Bytes::from(format!("event: missed\ndata: {missed}\n\n"))
                }
                Err(broadcast::error::RecvError::Closed) => return,
            },
        };
        if listener.send(said).await.is_err() {
            return;
        }
    }
}

fn said(event: &Event) -> Bytes {
    let (name, json) = match event {
        Event::Connection(entry) => ("connection", serde_json::to_string(&**entry)),
        Event::Request(request) => ("request", serde_json::to_string(&**request)),
    };
    // A certificate may have a date that RFC 3339 cannot say. The journal does not show it either.
    let data = json.unwrap_or_else(|error| format!("{{\"unwritable\":\"{error}\"}}"));
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}
