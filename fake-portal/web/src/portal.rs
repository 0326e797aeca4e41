//! The listener: who may connect, how many, for how long, and in whose name we answer.

use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use cns_authority::ServerCredential;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{debug, info, warn};

use crate::clock::Clock;
use crate::handshake::{HandshakeError, HandshakePolicy};
use crate::journal::{Journal, JournalEntry};
use crate::report::LoginReport;
use crate::routes;

/// Most connections at one time; more wait in the system's queue.
const CONNECTIONS_MAX: usize = 256;
/// A person looks for the PIN while the handshake waits for the card's signature.
const HANDSHAKE_TIME_MAX: Duration = Duration::from_secs(120);
/// Longest wait for the head of a request, and so for the next one on a connection.
const REQUEST_HEAD_TIME_MAX: Duration = Duration::from_secs(30);
/// Longest wait for open connections after the order to stop.
const FAREWELL_TIME_MAX: Duration = Duration::from_secs(2);

/// How a portal is set up.
pub struct PortalConfig {
    /// Where it listens; port 0 takes a free port.
    pub listen: SocketAddr,
    /// Whether other machines may reach it.
    pub exposure: Exposure,
    /// In whose name it answers.
    pub server: ServerCredential,
    /// Certificates (DER) of the certifiers whose cards may log in.
    pub trusted: Vec<Vec<u8>>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// Who can reach a portal.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Exposure {
    /// This machine only.
    Loopback,
    /// Whoever reaches the address. The portal trusts test certifiers, so nothing of value may
    /// depend on what it says.
    AnyAddress,
}

impl PortalConfig {
    /// A portal on a free port of this machine.
    pub fn on_loopback(
        server: ServerCredential,
        trusted: Vec<Vec<u8>>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            listen,
            exposure: Exposure::Loopback,
            server,
            trusted,
            clock,
        }
    }
}

/// A portal that listens.
#[derive(Debug)]
pub struct Portal {
    listener: TcpListener,
    local_address: SocketAddr,
    door: Arc<Door>,
}

/// What every connection needs.
#[derive(Debug)]
struct Door {
    policy: HandshakePolicy,
    clock: Arc<dyn Clock>,
    journal: Journal,
}

impl Portal {
    /// Starts to listen. Connections wait until [`Portal::run`].
    pub async fn bind(config: PortalConfig) -> Result<Self, PortalError> {
        let address = config.listen;
        if config.exposure == Exposure::Loopback && !address.ip().is_loopback() {
            return Err(PortalError::NotLoopback { address });
        }
        let policy = handshake_policy(config.server, config.trusted)?;
        let listener = TcpListener::bind(address)
            .await
            .map_err(|source| match source.kind() {
                io::ErrorKind::AddrInUse => PortalError::AddressInUse { address },
                _ => PortalError::Listen { address, source },
            })?;
        let local_address = listener
            .local_addr()
            .map_err(|source| PortalError::Listen { address, source })?;
        let door = Door {
            policy,
            clock: config.clock,
            journal: Journal::default(),
        };
        Ok(Self {
            listener,
            local_address,
            door: Arc::new(door),
        })
    }

    /// Where the portal listens, with the port that was free.
    pub fn local_address(&self) -> SocketAddr {
        self.local_address
    }

    /// What the portal sees, now and later.
    pub fn journal(&self) -> Journal {
        self.door.journal.clone()
    }

    /// Serves until `shutdown` completes, then lets open requests finish for a moment.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let (stop, stopping) = watch::channel(());
        let mut connections = JoinSet::new();
        info!(address = %self.local_address, "the portal listens");
        loop {
            tokio::select! {
                () = &mut shutdown => break,
                Some(_) = connections.join_next(), if !connections.is_empty() => {}
                accepted = self.listener.accept(), if connections.len() < CONNECTIONS_MAX => {
                    match accepted {
                        Ok((stream, peer)) => {
                            let door = Arc::clone(&self.door);
                            connections.spawn(door.serve(stream, peer, stopping.clone()));
                        }
                        // Out of file descriptors, most likely: wait for some to come back.
                        Err(error) => {
                            warn!(%error, "a connection could not be accepted");
                            tokio::time::sleep(Duration::from_millis(50)).await;
                        }
                    }
                }
            }
        }
        drop(self.listener);
        // Every connection is told to end by the sender going away.
        drop(stop);
        let farewell = async { while connections.join_next().await.is_some() {} };
        if timeout(FAREWELL_TIME_MAX, farewell).await.is_err() {
            connections.shutdown().await;
        }
    }
}

impl Door {
    async fn serve(
        self: Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        mut stopping: watch::Receiver<()>,
    ) {
        let now = self.clock.now();
        let accepting = timeout(HANDSHAKE_TIME_MAX, self.policy.accept(stream, now));
        let accepted = tokio::select! {
            accepted = accepting => accepted,
            _ = stopping.changed() => return,
        };
        let accepted = accepted.unwrap_or_else(|_| {
            let waited = format!("nothing came for {} seconds", HANDSHAKE_TIME_MAX.as_secs());
            Err(HandshakeError::Broken(io::Error::new(
                io::ErrorKind::TimedOut,
                waited,
            )))
        });
        let (stream, handshake) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                info!(%peer, %error, "handshake failed");
                self.journal
                    .record(JournalEntry::new(now, peer, Err(&error)));
                return;
            }
        };
        let report = Arc::new(LoginReport::new(handshake, now));
        info!(%peer, outcome = report.outcome, tls = report.tls.version, "handshake");
        self.journal
            .record(JournalEntry::new(now, peer, Ok(&report)));

        let answer = service_fn(|request| {
            let response = routes::respond(&request, &report);
            async { Ok::<_, Infallible>(response) }
        });
        let mut connection = pin!(
            http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(REQUEST_HEAD_TIME_MAX)
                .serve_connection(TokioIo::new(stream), answer)
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
}

fn handshake_policy(
    server: ServerCredential,
    trusted: Vec<Vec<u8>>,
) -> Result<HandshakePolicy, PortalError> {
    let provider = Arc::new(ring::default_provider());
    let chain = server
        .certificate_chain_der
        .into_iter()
        .map(CertificateDer::from)
        .collect();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server.private_key_der));
    let identity =
        CertifiedKey::from_der(chain, key, &provider).map_err(PortalError::ServerCredential)?;
    let mut roots = RootCertStore::empty();
    for certifier in trusted {
        roots
            .add(certifier.into())
            .map_err(PortalError::Certifier)?;
    }
    HandshakePolicy::new(provider, identity, roots).map_err(|_| PortalError::NoCertifier)
}

/// Why a portal does not start.
#[derive(Debug, Error)]
pub enum PortalError {
    /// Another program has the port.
    #[error(
        "another program already listens on {address}\n\
         hint: stop it, or listen on port 0 to take a free port"
    )]
    AddressInUse {
        /// Where the portal should have listened.
        address: SocketAddr,
    },
    /// The address is that of a network, which nobody allowed.
    #[error(
        "refusing to listen on {address}: a test portal trusts invented certifiers\n\
         hint: listen on 127.0.0.1, or let other machines in with --expose"
    )]
    NotLoopback {
        /// Where the portal should have listened.
        address: SocketAddr,
    },
    /// The system refuses the address.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where the portal should have listened.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The server's certificate or key is unusable.
    #[error("the portal's own certificate and key cannot be used: {0}")]
    ServerCredential(#[source] rustls::Error),
    /// A certifier's certificate is unusable.
    #[error("a trusted certifier's certificate cannot be used: {0}")]
    Certifier(#[source] rustls::Error),
    /// No certifier is trusted, so nobody could log in.
    #[error("no certifier is trusted, so no card could log in\nhint: give one certifier at least")]
    NoCertifier,
}
