//! Somebody who brings a browser into a portal with a certificate and a key from files.
//!
//! ```text
//! browser ── TLS, no certificate ──► Escort ── TLS, the citizen's certificate ──► portal
//! ```
//!
//! A browser without a screen cannot be handed a certificate. What it sees is the portal's own, byte for
//! byte, but for the handshake: for that there are the real clients with the card.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use cns_authority::ServerCredential;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, ServerConfig, SignatureScheme};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::background::{Background, runtime};

/// An escort on a port of this machine, until it is dropped.
pub struct Escort {
    address: SocketAddr,
    _background: Background<()>,
}

/// A certificate and its key, both DER.
pub struct Papers {
    /// The certificate.
    pub certificate: Vec<u8>,
    /// Its key.
    pub private_key: PrivateKeyDer<'static>,
}

impl Escort {
    /// Waits for browsers as this server, and brings each to the portal as whoever the papers say;
    /// without papers, as nobody.
    pub fn start(
        server: ServerCredential,
        portal: SocketAddr,
        server_name: &str,
        papers: Option<Papers>,
    ) -> io::Result<Self> {
        let acceptor =
            TlsAcceptor::from(Arc::new(server_config(server).map_err(io::Error::other)?));
        let connector =
            TlsConnector::from(Arc::new(client_config(papers).map_err(io::Error::other)?));
        let name = ServerName::try_from(server_name.to_owned()).map_err(io::Error::other)?;
        let runtime = runtime()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let address = listener.local_addr()?;
        let background = Background::start("escort", runtime, move |mut stop| async move {
            let mut visits = JoinSet::new();
            loop {
                tokio::select! {
                    _ = &mut stop => return,
                    Some(_) = visits.join_next(), if !visits.is_empty() => {}
                    Ok((browser, _)) = listener.accept() => {
                        let (acceptor, connector) = (acceptor.clone(), connector.clone());
                        let name = name.clone();
                        visits.spawn(async move {
                            // A visit that breaks is seen by the browser.
                            let _ = escort(browser, portal, &acceptor, &connector, name).await;
                        });
                    }
                }
            }
        })?;
        Ok(Self {
            address,
            _background: background,
        })
    }

    /// Where browsers go.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

async fn escort(
    browser: TcpStream,
    portal: SocketAddr,
    acceptor: &TlsAcceptor,
    connector: &TlsConnector,
    name: ServerName<'static>,
) -> io::Result<()> {
    let mut browser = acceptor.accept(browser).await?;
    let portal = TcpStream::connect(portal).await?;
    let mut portal = connector.connect(name, portal).await?;
    copy_bidirectional(&mut browser, &mut portal).await?;
    Ok(())
}

fn server_config(server: ServerCredential) -> Result<ServerConfig, rustls::Error> {
    let chain = server.certificate_chain_der.into_iter();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server.private_key_der));
    ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain.map(CertificateDer::from).collect(), key)
}

fn client_config(papers: Option<Papers>) -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyServer(provider())));
    match papers {
        Some(papers) => {
            let chain = vec![CertificateDer::from(papers.certificate)];
            builder.with_client_auth_cert(chain, papers.private_key)
        }
        None => Ok(builder.with_no_client_auth()),
    }
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// The portal is ours, on this machine: who it is was seen to elsewhere.
#[derive(Debug)]
struct AnyServer(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyServer {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(
            message,
            cert,
            dss,
            &self.0.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
