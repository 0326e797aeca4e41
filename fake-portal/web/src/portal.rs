//! The portal: what it is set up with, its listeners, its start and its end.

mod error;

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use cns_authority::ServerCredential;
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tracing::info;

use crate::accept;
use crate::clock::Clock;
use crate::connection::Door;
use crate::documents::{DocumentShelf, Documents};
use crate::enrolment::Enrolment;
use crate::handshake::{HandshakePolicy, Trust};
use crate::journal::Journal;
use crate::profile::Refusal;
use crate::revocation::RevocationSources;
use crate::routes::Site;
use crate::trusted_list::TrustedList;

pub use error::PortalError;

/// How a portal is set up.
pub struct PortalConfig {
    /// Where it asks for certificates; port 0 takes a free port.
    pub listen: SocketAddr,
    /// Where it welcomes those who have none.
    pub listen_www: SocketAddr,
    /// Where it hands out documents, over plain HTTP.
    pub listen_pki: SocketAddr,
    /// Whether other machines may reach it.
    pub exposure: Exposure,
    /// The name that visitors know it by. Profiles are labels before it.
    pub host: String,
    /// In whose name it answers.
    pub server: ServerCredential,
    /// Certificates (DER) of the certifiers whose cards may log in.
    pub trusted: Vec<Vec<u8>>,
    /// How profiles refuse that say nothing else. `diagnostic` always refuses with a page.
    pub refusal: Refusal,
    /// Where it asks whether certificates are revoked.
    pub revocation: RevocationSources,
    /// The list that says which certifiers are recognised.
    pub trusted_list: Option<Arc<dyn TrustedList>>,
    /// What its operator has written down of the cards that were handed out.
    pub enrolment: Option<Enrolment>,
    /// What it hands out.
    pub documents: Arc<dyn Documents>,
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
    /// A portal on free ports of this machine, which refuses with pages and hands out the certificates
    /// of its certifiers.
    pub fn on_loopback(
        server: ServerCredential,
        trusted: Vec<Vec<u8>>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let free_port = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            listen: free_port,
            listen_www: free_port,
            listen_pki: free_port,
            exposure: Exposure::Loopback,
            host: "cns.test".to_owned(),
            server,
            documents: Arc::new(DocumentShelf::of_certifiers(&trusted)),
            trusted,
            refusal: Refusal::Page,
            revocation: RevocationSources::default(),
            trusted_list: None,
            enrolment: None,
            clock,
        }
    }
}

/// A portal that listens.
#[derive(Debug)]
pub struct Portal {
    cns: TcpListener,
    www: TcpListener,
    pki: TcpListener,
    addresses: Addresses,
    without_certificates: Arc<ServerConfig>,
    door: Arc<Door>,
}

/// Where a portal listens, with the ports that were free.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Addresses {
    /// The listener that asks for certificates.
    pub cns: SocketAddr,
    /// The one that does not.
    pub www: SocketAddr,
    /// The one that hands out documents.
    pub pki: SocketAddr,
}

impl Portal {
    /// Starts to listen. Connections wait until [`Portal::run`].
    ///
    /// # Errors
    /// [`PortalError`] says which part of the configuration cannot be.
    pub async fn bind(config: PortalConfig) -> Result<Self, PortalError> {
        for address in [config.listen, config.listen_www, config.listen_pki] {
            if config.exposure == Exposure::Loopback && !address.ip().is_loopback() {
                return Err(PortalError::NotLoopback { address });
            }
        }
        let trust = Trust {
            roots: roots(&config.trusted)?,
            certifiers: config.trusted,
            is_strict: config.refusal == Refusal::Alert,
            revocation: config.revocation,
            trusted_list: config.trusted_list,
            enrolment: config.enrolment,
        };
        let policy = handshake_policy(config.server, trust, &config.clock)?;
        let without_certificates = policy
            .without_client_certificates()
            .map_err(PortalError::ServerCredential)?;
        let (cns, cns_address) = listen(config.listen).await?;
        let (www, www_address) = listen(config.listen_www).await?;
        let (pki, pki_address) = listen(config.listen_pki).await?;
        Ok(Self {
            cns,
            www,
            pki,
            addresses: Addresses {
                cns: cns_address,
                www: www_address,
                pki: pki_address,
            },
            without_certificates: Arc::new(without_certificates),
            door: Arc::new(Door {
                policy: Arc::new(policy),
                clock: config.clock,
                journal: Journal::default(),
                documents: config.documents,
                site: Site {
                    host: config.host,
                    port: cns_address.port(),
                },
            }),
        })
    }

    /// Where the portal asks for certificates, with the port that was free.
    pub fn local_address(&self) -> SocketAddr {
        self.addresses.cns
    }

    /// Where all its listeners are.
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// What the portal sees, now and later.
    pub fn journal(&self) -> Journal {
        self.door.journal.clone()
    }

    /// Serves until `shutdown` completes, then lets open requests finish for a moment.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        info!(cns = %self.addresses.cns, www = %self.addresses.www, pki = %self.addresses.pki, "the portal listens");
        let (stop, stopping) = watch::channel(());
        let door = &self.door;
        let acceptor = TlsAcceptor::from(self.without_certificates);
        let cns = accept::serve(self.cns, stopping.clone(), |arrival| {
            Arc::clone(door).log_in(arrival)
        });
        let www = accept::serve(self.www, stopping.clone(), |arrival| {
            Arc::clone(door).welcome(acceptor.clone(), arrival)
        });
        let pki = accept::serve(self.pki, stopping, |arrival| {
            Arc::clone(door).hand_out(arrival)
        });
        let end = async {
            shutdown.await;
            // Every loop, and every connection, is told to end by the sender going away.
            drop(stop);
        };
        tokio::join!(end, cns, www, pki);
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), PortalError> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => PortalError::AddressInUse { address },
            _ => PortalError::Listen { address, source },
        })?;
    let local_address = listener
        .local_addr()
        .map_err(|source| PortalError::Listen { address, source })?;
    Ok((listener, local_address))
}

fn roots(certifiers: &[Vec<u8>]) -> Result<RootCertStore, PortalError> {
    let mut roots = RootCertStore::empty();
    for certifier in certifiers {
        roots
            .add(CertificateDer::from(certifier.as_slice()))
            .map_err(PortalError::Certifier)?;
    }
    Ok(roots)
}

fn handshake_policy(
    server: ServerCredential,
    trust: Trust,
    clock: &Arc<dyn Clock>,
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
    HandshakePolicy::new(provider, identity, trust, Arc::clone(clock))
        .map_err(|_| PortalError::NoCertifier)
}
