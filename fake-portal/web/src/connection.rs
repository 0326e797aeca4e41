//! One connection on each kind of listener, from its first byte to its last.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use time::OffsetDateTime;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tracing::{debug, info};

use crate::accept::Arrival;
use crate::clock::Clock;
use crate::documents::Documents;
use crate::handshake::{Completed, FailedHandshake, HandshakeError, HandshakePolicy};
use crate::handshake_facts::HandshakeFacts;
use crate::journal::{Journal, JournalEntry};
use crate::login::Outcome;
use crate::routes::{self, Site};
use crate::site::reception::{Caller, Reception};

/// Longest wait for a client's hello: programs say it at once.
const HELLO_TIME_MAX: Duration = Duration::from_secs(10);
/// A person looks for the PIN while the handshake waits for the card's signature.
const HANDSHAKE_TIME_MAX: Duration = Duration::from_secs(120);
/// Longest wait for the head of a request, and so for the next one on a connection.
const REQUEST_HEAD_TIME_MAX: Duration = Duration::from_secs(30);
/// Longest head of a request, in bytes. What is longer is answered 431.
const REQUEST_HEAD_LENGTH_MAX: usize = 16_384;

/// What every connection needs.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) policy: Arc<HandshakePolicy>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) journal: Journal,
    pub(crate) documents: Arc<dyn Documents>,
    pub(crate) reception: Option<Reception>,
    pub(crate) site: Site,
}

impl Door {
    /// Answers a request for one of the town's own pages; or gives it back, if it is for another.
    async fn received(
        &self,
        request: Request<Incoming>,
        caller: Caller<'_>,
    ) -> Result<Response<Full<Bytes>>, Request<Incoming>> {
        match &self.reception {
            Some(reception) if Reception::has(request.uri().path()) => {
                Ok(reception.receive(request, caller).await)
            }
            _ => Err(request),
        }
    }

    /// The listener that asks for certificates.
    pub(crate) async fn log_in(self: Arc<Self>, arrival: Arrival) {
        let peer = arrival.peer;
        let mut stopping = arrival.stopping.clone();
        let now = self.clock.now();
        let accepted = tokio::select! {
            accepted = self.shake_hands(arrival, now) => accepted,
            _ = stopping.changed() => return,
        };
        let (stream, judgement) = match accepted {
            Ok(accepted) => accepted,
            Err(failed) => {
                info!(%peer, error = %failed.error, "handshake failed");
                self.journal
                    .record(JournalEntry::of_failure(now, peer, *failed));
                return;
            }
        };
        let judgement = Arc::new(judgement);
        info!(
            %peer,
            outcome = judgement.outcome.word(),
            tls = judgement.tls.version,
            profile = judgement.handshake.profile,
            failed = judgement.failed_checks().join(","),
            "handshake"
        );
        self.journal
            .record(JournalEntry::of_judgement(peer, &judgement));
        let caller = match &judgement.outcome {
            Outcome::LoggedIn(citizen) => Caller::Citizen(citizen),
            Outcome::NoCertificate | Outcome::Refused => Caller::Anybody,
        };
        let (door, judgement) = (&self, &judgement);
        let answer = |request: Request<Incoming>| async move {
            match door.received(request, caller).await {
                Ok(response) => response,
                Err(request) => routes::login(&request, judgement, &door.site),
            }
        };
        serve_http(stream, peer, stopping, answer).await;
    }

    async fn shake_hands(
        &self,
        arrival: Arrival,
        now: OffsetDateTime,
    ) -> Result<Completed, Box<FailedHandshake>> {
        let Arrival { stream, place, .. } = arrival;
        let greeted = timeout(HELLO_TIME_MAX, self.policy.greet(stream))
            .await
            .unwrap_or_else(|_| Err(silence(HELLO_TIME_MAX, None)))?;
        place.greeted();
        let facts = greeted.facts();
        let completing = greeted.complete(Arc::clone(&self.policy), now);
        timeout(HANDSHAKE_TIME_MAX, completing)
            .await
            .unwrap_or_else(|_| Err(silence(HANDSHAKE_TIME_MAX, Some(facts))))
    }

    /// The listener for whoever has no card.
    pub(crate) async fn welcome(self: Arc<Self>, acceptor: TlsAcceptor, arrival: Arrival) {
        let Arrival {
            stream,
            peer,
            place,
            mut stopping,
        } = arrival;
        let accepting = timeout(HELLO_TIME_MAX, acceptor.accept(stream));
        let stream = tokio::select! {
            accepted = accepting => match accepted {
                Ok(Ok(stream)) => stream,
                Ok(Err(error)) => return debug!(%peer, %error, "no TLS on www"),
                Err(_) => return debug!(%peer, "silence on www"),
            },
            _ = stopping.changed() => return,
        };
        drop(place);
        let door = &self;
        let answer = |request: Request<Incoming>| async move {
            match door.received(request, Caller::Anybody).await {
                Ok(response) => response,
                Err(request) => routes::welcome(&request, &door.site),
            }
        };
        serve_http(stream, peer, stopping, answer).await;
    }

    /// The listener that hands out documents.
    pub(crate) async fn hand_out(self: Arc<Self>, arrival: Arrival) {
        let Arrival {
            stream,
            peer,
            place,
            stopping,
        } = arrival;
        // Nobody has to say who they are here, so the place in the waiting room is kept: who is slow
        // makes room for who comes.
        let answer = |request| routes::document(request, Arc::clone(&self.documents));
        serve_http(stream, peer, stopping, answer).await;
        drop(place);
    }
}

fn silence(limit: Duration, facts: Option<HandshakeFacts>) -> Box<FailedHandshake> {
    let waited = format!("nothing came for {} seconds", limit.as_secs());
    Box::new(FailedHandshake {
        error: HandshakeError::Broken(io::Error::new(io::ErrorKind::TimedOut, waited)),
        facts: facts.unwrap_or_else(HandshakeFacts::of_silence),
        judgement: None,
    })
}

async fn serve_http<S, A, F>(
    stream: S,
    peer: SocketAddr,
    mut stopping: watch::Receiver<()>,
    answer: A,
) where
    S: AsyncRead + AsyncWrite + Unpin,
    A: Fn(Request<Incoming>) -> F,
    F: Future<Output = Response<Full<Bytes>>>,
{
    let service = service_fn(|request| {
        let answer = answer(request);
        async { Ok::<_, Infallible>(answer.await) }
    });
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(REQUEST_HEAD_TIME_MAX)
            .max_buf_size(REQUEST_HEAD_LENGTH_MAX)
            .serve_connection(TokioIo::new(stream), service)
    );
    let served = tokio::select! {
        served = connection.as_mut() => served,
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = served {
        debug!(%peer, %error, "connection ended early");
    }
}
