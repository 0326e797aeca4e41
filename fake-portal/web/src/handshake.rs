//! The TLS handshake: it proves that the client owns its key, and records the rest.
//!
//! A server that judges the certificate inside the handshake can only answer with an alert, which
//! browsers show as a riddle. Here the handshake insists on one thing, the proof of possession
//! (CertificateVerify, RFC 5246 §7.4.8 and RFC 8446 §4.4.3); what is to be said about the
//! certificate is recorded, and said on a page.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::UnixTime;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{Acceptor, NoServerSessionStorage, WebPkiClientVerifier};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::time_provider::TimeProvider;
use rustls::{RootCertStore, ServerConfig, version};
use thiserror::Error;
use time::OffsetDateTime;
use tokio::net::TcpStream;
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

use crate::peer::{PeerCertificate, RecordingVerifier};
use crate::report::TlsFacts;

/// Who the portal is and whom it trusts: what all connections share.
#[derive(Debug)]
pub struct HandshakePolicy {
    provider: Arc<CryptoProvider>,
    identity: Arc<SingleCertAndKey>,
    webpki: Arc<dyn ClientCertVerifier>,
}

/// What a completed handshake has established.
#[derive(Debug)]
pub struct Handshake {
    /// What was negotiated.
    pub tls: TlsFacts,
    /// The client's certificate, if it sent one.
    pub peer: Option<PeerCertificate>,
}

/// Why a handshake did not complete.
#[derive(Debug, Error)]
pub enum HandshakeError {
    /// The client's signature is not that of the key in its certificate.
    #[error(
        "the client did not prove that it owns the key of its certificate ({signature_scheme}): \
         {reason}"
    )]
    NoPossession {
        /// The scheme the client chose.
        signature_scheme: String,
        /// What the verification says.
        reason: rustls::Error,
    },
    /// The client gave up, or does not speak our TLS.
    #[error("the TLS handshake did not complete: {0}")]
    Broken(#[from] io::Error),
}

impl HandshakePolicy {
    /// Clients are asked for a certificate of one of `trusted`, and may come without.
    pub fn new(
        provider: Arc<CryptoProvider>,
        identity: CertifiedKey,
        trusted: RootCertStore,
    ) -> Result<Self, rustls::server::VerifierBuilderError> {
        let webpki =
            WebPkiClientVerifier::builder_with_provider(trusted.into(), Arc::clone(&provider))
                .allow_unauthenticated()
                .build()?;
        Ok(Self {
            provider,
            identity: Arc::new(identity.into()),
            webpki,
        })
    }

    /// Runs the handshake of a new connection, as of `now`. Nothing limits the time it takes but
    /// the caller.
    pub async fn accept(
        &self,
        stream: TcpStream,
        now: OffsetDateTime,
    ) -> Result<(TlsStream<TcpStream>, Handshake), HandshakeError> {
        let verifier = Arc::new(RecordingVerifier::new(Arc::clone(&self.webpki)));
        let config = self
            .config(Arc::clone(&verifier), now)
            .map_err(io::Error::other)?;
        let hello = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        let accepted = hello.into_stream(Arc::new(config)).await;

        let record = verifier.take_record();
        let stream = accepted.map_err(|error| match (record.refuted, record.signature_scheme) {
            (Some(reason), Some(scheme)) => HandshakeError::NoPossession {
                signature_scheme: TlsFacts::signature_scheme_name(scheme),
                reason,
            },
            _ => HandshakeError::Broken(error),
        })?;
        let tls = TlsFacts::of(stream.get_ref().1, record.signature_scheme);
        Ok((
            stream,
            Handshake {
                tls,
                peer: record.proven,
            },
        ))
    }

    /// A configuration for one connection, whose verifier remembers that connection alone.
    fn config(
        &self,
        verifier: Arc<RecordingVerifier>,
        now: OffsetDateTime,
    ) -> Result<ServerConfig, rustls::Error> {
        let time = Arc::new(OneInstant(unix_time(now)));
        let mut config = ServerConfig::builder_with_details(Arc::clone(&self.provider), time)
            .with_protocol_versions(&[&version::TLS13, &version::TLS12])?
            .with_client_cert_verifier(verifier)
            .with_cert_resolver(Arc::clone(&self.identity) as _);
        // A resumed session would be a login without the card: the client would prove that it
        // remembers a secret, not that the key is present.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// One instant for the whole connection, so that its checks cannot disagree about the time.
#[derive(Debug)]
struct OneInstant(UnixTime);

impl TimeProvider for OneInstant {
    fn current_time(&self) -> Option<UnixTime> {
        Some(self.0)
    }
}

pub(crate) fn unix_time(instant: OffsetDateTime) -> UnixTime {
    // TLS knows no time before 1970.
    let seconds = u64::try_from(instant.unix_timestamp()).unwrap_or(0);
    UnixTime::since_unix_epoch(Duration::from_secs(seconds))
}
