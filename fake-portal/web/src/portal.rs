//! The portal: what it is set up with, its listeners, its start and its end.

mod error;
mod guard;

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
use crate::clock::{Clock, VirtualClock};
use crate::connection::Door;
use crate::control::{self, Control, Controlled};
use crate::documents::{DocumentShelf, Documents};
use crate::enrolment::Enrolment;
use crate::fault::{Faults, SpoiltDocuments};
use crate::handshake::{HandshakePolicy, Trust};
use crate::journal::{Journal, JournalCapacity};
use crate::metrics::Metrics;
use crate::pki::PublicOffices;
use crate::profile::Refusal;
use crate::proxy::BehindProxy;
use crate::revocation::{Publications, RevocationSources};
use crate::routes::Site;
use crate::site::reception::Reception;
use crate::town::TownHall;
use crate::trusted_list::{PublishedTrustedList, TrustedList};

pub use error::PortalError;
pub use guard::{ServerFault, ServerGuard, TrustGuard};

/// How a portal is set up.
pub struct PortalConfig {
    /// Where it asks for certificates; port 0 takes a free port.
    pub listen: SocketAddr,
    /// Where it welcomes those who have none.
    pub listen_www: SocketAddr,
    /// Where it hands out documents, over plain HTTP.
    pub listen_pki: SocketAddr,
    /// The proxy that it is behind, besides its own listeners.
    pub behind: Option<BehindProxy>,
    /// Where testers see what happens, and order what is to happen, over plain HTTP.
    pub listen_control: SocketAddr,
    /// Whether other machines may reach it.
    pub exposure: Exposure,
    /// Whether other machines may reach the control API: whoever does can do what a tester can.
    pub control_exposure: Exposure,
    /// The name that visitors know it by. Profiles are labels before it.
    pub host: String,
    /// In whose name it answers.
    pub server: ServerCredential,
    /// Which such certificate it may be.
    pub server_guard: ServerGuard,
    /// Certificates (DER) of the certifiers whose cards may log in.
    pub trusted: Vec<Vec<u8>>,
    /// Who may be one of them.
    pub trust_guard: TrustGuard,
    /// How profiles refuse that say nothing else. `diagnostic` always refuses with a page.
    pub refusal: Refusal,
    /// Where it asks whether certificates are revoked, in place of the documents that they name.
    pub revocation: RevocationSources,
    /// The list that says which certifiers are recognised, in place of the one among the documents.
    pub trusted_list: Option<Arc<dyn TrustedList>>,
    /// What its operator has written down of the cards that were handed out.
    pub enrolment: Option<Enrolment>,
    /// The certificate (DER) of who must have signed the trusted list among the documents. None: there is
    /// no list there.
    pub list_publisher: Option<Vec<u8>>,
    /// What it hands out. Logins find there the revocation lists and responders that certificates name.
    pub documents: Arc<dyn Documents>,
    /// The address at which certificates say that the documents are, `http://pki.cns.test:8080`. None is
    /// that of the listener.
    pub pki_url: Option<String>,
    /// The town whose citizens visit it: the six services, the desk, the post. None: it has logins only.
    pub town: Option<TownHall>,
    /// The certifiers' offices, for testers to issue, hold and revoke in. None: there are none here.
    pub offices: Option<PublicOffices>,
    /// What time it is, until a tester says otherwise.
    pub clock: VirtualClock,
    /// What chance goes by, where faults strike by chance.
    pub seed: u64,
    /// How much of what it sees it remembers for testers.
    pub journal: JournalCapacity,
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
            behind: None,
            listen_control: free_port,
            exposure: Exposure::Loopback,
            control_exposure: Exposure::Loopback,
            host: "cns.test".to_owned(),
            server,
            server_guard: ServerGuard::WhatClientsTake,
            documents: Arc::new(DocumentShelf::of_certifiers(&trusted)),
            trusted,
            trust_guard: TrustGuard::TestCertifiers,
            refusal: Refusal::Page,
            revocation: RevocationSources::default(),
            trusted_list: None,
            enrolment: None,
            list_publisher: None,
            pki_url: None,
            town: None,
            offices: None,
            clock: VirtualClock::over(clock),
            seed: 0,
            journal: JournalCapacity::default(),
        }
    }

    /// Hands out what these offices publish, before anything else. Logins are checked with their lists,
    /// their answers and their trusted list. It is for the caller to tell them the address,
    /// [`Portal::pki_url`].
    pub fn offer(&mut self, offices: &PublicOffices) {
        let others = Arc::clone(&self.documents);
        self.documents = Arc::new(vec![Arc::new(offices.clone()) as _, others]);
        self.offices = Some(offices.clone());
        self.list_publisher = Some(offices.with(|offices| offices.publisher_der().to_vec()));
    }
}

/// A portal that listens.
#[derive(Debug)]
pub struct Portal {
    cns: TcpListener,
    www: TcpListener,
    pki: TcpListener,
    behind: Option<(TcpListener, Arc<BehindProxy>)>,
    control: TcpListener,
    controller: Arc<Control>,
    addresses: Addresses,
    pki_url: String,
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
    /// The one for the proxy, if the portal is behind one.
    pub behind: Option<SocketAddr>,
    /// The one of the control API.
    pub control: SocketAddr,
}

impl Addresses {
    /// Where the control API is, without a slash at the end.
    pub fn control_url(&self) -> String {
        format!("http://{}{}", self.control, control::BASE)
    }
}

impl Portal {
    /// Starts to listen. Connections wait until [`Portal::run`].
    ///
    /// # Errors
    /// [`PortalError`] says which part of the configuration cannot be.
    pub async fn bind(config: PortalConfig) -> Result<Self, PortalError> {
        let own = [config.listen, config.listen_www, config.listen_pki];
        let behind = config.behind.as_ref().map(|behind| behind.listen);
        for address in own.into_iter().chain(behind) {
            if config.exposure == Exposure::Loopback && !address.ip().is_loopback() {
                return Err(PortalError::NotLoopback { address });
            }
        }
        let address = config.listen_control;
        if config.control_exposure == Exposure::Loopback && !address.ip().is_loopback() {
            return Err(PortalError::ControlNotLoopback { address });
        }
        guard::check_trusted(&config)?;
        let certifiers = roots(&config.trusted)?;
        guard::check_server(&config, &certifiers)?;
        let faults = Faults::with_seed(config.seed);
        let metrics = Metrics::new();
        let (pki, pki_address) = listen(config.listen_pki).await?;
        let pki_url = config
            .pki_url
            .unwrap_or_else(|| format!("http://{pki_address}"));
        let documents: Arc<dyn Documents> = Arc::new(SpoiltDocuments::new(
            config.documents.clone(),
            faults.clone(),
            metrics.clone(),
        ));
        let publications = Publications::at(&pki_url, Arc::clone(&documents));
        let published_list = config.list_publisher.map(|publisher_der| {
            let documents = Arc::clone(&documents);
            let list = PublishedTrustedList::new(documents, &publisher_der);
            Arc::new(list) as Arc<dyn TrustedList>
        });
        let trust = Trust {
            roots: certifiers,
            offices: config.offices.clone(),
            certifiers: config.trusted,
            is_strict: config.refusal == Refusal::Alert,
            revocation: config.revocation.or_published(publications),
            trusted_list: config.trusted_list.or(published_list),
            enrolment: config.enrolment,
            faults: faults.clone(),
        };
        let policy = handshake_policy(config.server, trust, Arc::new(config.clock.clone()))?;
        let without_certificates = policy
            .without_client_certificates()
            .map_err(PortalError::ServerCredential)?;
        let (cns, cns_address) = listen(config.listen).await?;
        let (www, www_address) = listen(config.listen_www).await?;
        let has_town = config.town.is_some();
        let reception = config.town.clone().map(Reception::new).transpose();
        let reception = reception.map_err(|_| PortalError::NoRandomness)?;
        let pki_of_site = pki_url.clone();
        let (behind, behind_address) = match config.behind {
            Some(behind) => {
                let (listener, address) = listen(behind.listen).await?;
                (Some((listener, Arc::new(behind))), Some(address))
            }
            None => (None, None),
        };
        let (control, control_address) = listen(config.listen_control).await?;
        let journal = Journal::new(config.journal);
        let controlled = Controlled {
            clock: config.clock.clone(),
            journal: journal.clone(),
            faults: faults.clone(),
            metrics: metrics.clone(),
            offices: config.offices,
            town: config.town.clone(),
            exposure: config.control_exposure,
        };
        Ok(Self {
            controller: Arc::new(Control::new(controlled)),
            control,
            pki_url,
            cns,
            www,
            pki,
            behind,
            addresses: Addresses {
                cns: cns_address,
                www: www_address,
                pki: pki_address,
                behind: behind_address,
                control: control_address,
            },
            without_certificates: Arc::new(without_certificates),
            door: Arc::new(Door {
                policy: Arc::new(policy),
                clock: config.clock,
                journal,
                faults,
                metrics,
                documents: config.documents,
                reception,
                site: Site {
                    host: config.host,
                    port: cns_address.port(),
                    has_town,
                    pki: pki_of_site,
                    control: control_address,
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

    /// Where it looks for documents that certificates name: the address without a path.
    pub fn pki_url(&self) -> &str {
        &self.pki_url
    }

    /// What the portal sees, now and later.
    pub fn journal(&self) -> Journal {
        self.door.journal.clone()
    }

    /// Serves until `shutdown` completes, then lets open requests finish for a moment.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let Addresses {
            cns,
            www,
            pki,
            control,
            ..
        } = self.addresses;
        info!(%cns, %www, %pki, %control, "the portal listens");
        // Whoever set the portal up has finished with that.
        self.controller.begin();
        let (stop, stopping) = watch::channel(());
        let door = &self.door;
        let acceptor = TlsAcceptor::from(self.without_certificates);
        let cns = accept::serve(self.cns, stopping.clone(), |arrival| {
            Arc::clone(door).log_in(arrival)
        });
        let www = accept::serve(self.www, stopping.clone(), |arrival| {
            Arc::clone(door).welcome(acceptor.clone(), arrival)
        });
        let pki = accept::serve(self.pki, stopping.clone(), |arrival| {
            Arc::clone(door).hand_out(arrival)
        });
        let control = accept::serve(self.control, stopping.clone(), |arrival| {
            Arc::clone(&self.controller).serve(arrival)
        });
        let behind = async {
            // Moved in, so that no loop that nobody started keeps the portal open.
            let stopping = stopping;
            if let Some((listener, proxy)) = self.behind {
                let answer = |arrival| Arc::clone(door).hear_proxy(Arc::clone(&proxy), arrival);
                accept::serve(listener, stopping, answer).await;
            }
        };
        let end = async {
            shutdown.await;
            // Every loop, and every connection, is told to end by the sender going away.
            drop(stop);
        };
        tokio::join!(end, cns, www, pki, behind, control);
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
    clock: Arc<dyn Clock>,
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
    HandshakePolicy::new(provider, identity, trust, clock).map_err(|_| PortalError::NoCertifier)
}
