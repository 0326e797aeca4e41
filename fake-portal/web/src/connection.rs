//! One connection on each kind of listener, from its first byte to its last.

mod farewell;
mod visit;

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use time::OffsetDateTime;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tracing::{debug, info};

use crate::accept::{Arrival, Place};
use crate::clock::{Clock, VirtualClock};
use crate::content::Content;
use crate::documents::Documents;
use crate::fault::{Faults, Listener};
use crate::handshake::{Completed, FailedHandshake, HandshakeError, HandshakePolicy};
use crate::handshake_facts::HandshakeFacts;
use crate::holder::Holder;
use crate::journal::{Journal, JournalEntry};
use crate::login::Outcome;
use crate::metrics::Metrics;
use crate::routes::{self, Site};
use crate::site::reception::{Caller, Reception};
use crate::wire::linger;
use farewell::Farewell;
pub(crate) use visit::Visit;

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
    pub(crate) clock: VirtualClock,
    pub(crate) journal: Journal,
    pub(crate) faults: Faults,
    pub(crate) metrics: Metrics,
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
    ) -> Result<Response<Content>, Request<Incoming>> {
        match &self.reception {
            Some(reception) if Reception::has(request.uri().path()) => {
                Ok(reception.receive(request, caller).await)
            }
            _ => Err(request),
        }
    }

    /// The listener that asks for certificates.
    pub(crate) async fn log_in(self: Arc<Self>, arrival: Arrival) {
        let Arrival {
            stream,
            peer,
            place,
            mut stopping,
        } = arrival;
        let now = self.clock.now();
        let connection = self.journal.next_connection();
        let accepted = tokio::select! {
            accepted = self.shake_hands(stream, &place, now) => accepted,
            _ = stopping.changed() => return,
        };
        let (stream, judgement) = match accepted {
            Ok(accepted) => accepted,
            Err(mut failed) => {
                info!(%peer, error = %failed.error, "handshake failed");
                let wire = failed.wire.take();
                self.note(JournalEntry::of_failure(connection, now, peer, *failed));
                if let Some(mut wire) = wire {
                    linger(&mut wire).await;
                }
                return;
            }
        };
        let judgement = Arc::new(judgement);
        self.announce(&judgement.outcome);
        info!(
            %peer,
            outcome = judgement.outcome.word(),
            tls = judgement.tls.version,
            profile = judgement.handshake.profile,
            failed = judgement.failed_checks().join(","),
            "handshake"
        );
        let caller = match &judgement.outcome {
            Outcome::LoggedIn(citizen) => Caller::Citizen(citizen),
            Outcome::NoCertificate | Outcome::Refused => Caller::Anybody,
        };
        self.note(JournalEntry::of_judgement(connection, peer, &judgement));
        let visit = Visit {
            listener: Listener::Cns,
            connection,
            server_name: judgement.handshake.server_name.clone(),
            holder: judgement.facts.as_ref().map(Holder::of),
        };
        let stream = Farewell::new(stream);
        let is_silent = stream.is_silent();
        let (door, judgement) = (&self, &judgement);
        let (visit, is_silent) = (&visit, &is_silent);
        let answer = |request: Request<Incoming>| async move {
            let asked = door.asked(&request);
            let response = match door.received(request, caller).await {
                Ok(response) => response,
                Err(request) => routes::login(&request, judgement, door.site.has_town),
            };
            door.answered(visit, asked, response, is_silent)
        };
        serve_http(stream, peer, &place, stopping, answer).await;
    }

    /// Tells the town of a login, if there is a town and it was one.
    pub(crate) fn announce(&self, outcome: &Outcome) {
        if let (Some(reception), Outcome::LoggedIn(citizen)) = (&self.reception, outcome) {
            reception.hall.logged_in(citizen);
        }
    }

    /// Writes a connection down, and counts it.
    pub(crate) fn note(&self, entry: JournalEntry) {
        self.metrics.count_connection(&entry);
        self.journal.record(entry);
    }

    async fn shake_hands(
        &self,
        stream: TcpStream,
        place: &Place,
        now: OffsetDateTime,
    ) -> Result<Completed, Box<FailedHandshake>> {
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
        let visit = self.visit_without_certificate(Listener::Www);
        let stream = Farewell::new(stream);
        let is_silent = stream.is_silent();
        let (door, visit, is_silent) = (&self, &visit, &is_silent);
        let answer = |request: Request<Incoming>| async move {
            let asked = door.asked(&request);
            let response = match door.received(request, Caller::Anybody).await {
                Ok(response) => response,
                Err(request) => routes::welcome(&request, &door.site),
            };
            door.answered(visit, asked, response, is_silent)
        };
        serve_http(stream, peer, &place, stopping, answer).await;
    }

    /// The listener that hands out documents.
    pub(crate) async fn hand_out(self: Arc<Self>, arrival: Arrival) {
        let Arrival {
            stream,
            peer,
            place,
            stopping,
        } = arrival;
        let visit = self.visit_without_certificate(Listener::Pki);
        let stream = Farewell::new(stream);
        let is_silent = stream.is_silent();
        let answer = async |request: Request<Incoming>| {
            let mut asked = self.asked(&request);
            let (head, body) = request.into_parts();
            let response = match routes::posted(&head.method, body).await {
                Ok(posted) => {
                    asked.inquire(posted.as_deref());
                    routes::document(&head, posted.as_deref(), &*self.documents)
                }
                Err(refusal) => refusal,
            };
            self.answered(&visit, asked, response, &is_silent)
        };
        serve_http(stream, peer, &place, stopping, answer).await;
    }
}

fn silence(limit: Duration, facts: Option<HandshakeFacts>) -> Box<FailedHandshake> {
    let waited = format!("nothing came for {} seconds", limit.as_secs());
    Box::new(FailedHandshake {
        error: HandshakeError::Broken(io::Error::new(io::ErrorKind::TimedOut, waited)),
        facts: facts.unwrap_or_else(HandshakeFacts::of_silence),
        judgement: None,
        wire: None,
    })
}

pub(crate) async fn serve_http<S, A, F>(
    mut stream: S,
    peer: SocketAddr,
    place: &Place,
    mut stopping: watch::Receiver<()>,
    answer: A,
) where
    S: AsyncRead + AsyncWrite + Unpin,
    A: Fn(Request<Incoming>) -> F,
    F: Future<Output = Response<Content>>,
{
    place.rests();
    let service = service_fn(|request| {
        place.rests();
        let answer = answer(request);
        async { Ok::<_, Infallible>(answer.await) }
    });
    let mut connection = Box::pin(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(REQUEST_HEAD_TIME_MAX)
            .max_buf_size(REQUEST_HEAD_LENGTH_MAX)
            .serve_connection(TokioIo::new(&mut stream), service),
    );
    let served = tokio::select! {
        served = connection.as_mut() => served,
        _ = stopping.changed() => {
            connection.as_mut().graceful_shutdown();
            // Nobody is waited for who has nothing more to say.
            return drop(connection.await);
        }
    };
    drop(connection);
    if let Err(error) = served {
        debug!(%peer, %error, "connection ended early");
        if error.is_parse_version_h2() {
            // The client is told before it is left; if it has gone already, it need not be.
            let _ = stream.write_all(HTTP_2_REFUSED).await;
        }
    }
    linger(&mut stream).await;
}

/// The answer to the preface of HTTP/2 (RFC 9113 §3.4), which is a request of HTTP/1.1 to whoever does not
/// know it. hyper knows it, and says nothing.
const HTTP_2_REFUSED: &[u8] = b"HTTP/1.1 505 HTTP Version Not Supported\r\ncontent-length: 0\r\n\
                                connection: close\r\n\r\n";
