//! One visit: a TLS handshake, a request, and everything that was seen on the way.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, HandshakeKind, SignatureScheme,
    SupportedProtocolVersion, version,
};

use super::card_key::CARD_FAULT;
use super::response::Response;
use super::{Address, Asked, Coming, End, Visited};
use crate::case::Stop;
use crate::login::TlsVersion;
use crate::mutants::PortalSeam;

/// How long the portal may take for each step.
const STEP_LIMIT: Duration = Duration::from_secs(10);

/// A client, with what it remembers of earlier visits.
pub struct Client {
    config: Arc<ClientConfig>,
    seen: Arc<Seen>,
    coming: Coming,
    seams: &'static [PortalSeam],
    last: Mutex<Option<Visited>>,
}

/// What the client offers in the handshake.
pub(super) struct Offer {
    pub(super) version: TlsVersion,
    pub(super) identity: Option<Arc<CertifiedKey>>,
    pub(super) alpn: Vec<Vec<u8>>,
    pub(super) sends_server_name: bool,
}

impl Client {
    /// A client that proves itself with this key, whatever signs for it, and speaks HTTP/1.1.
    pub fn with_key(version: TlsVersion, identity: Arc<CertifiedKey>) -> Result<Self, Stop> {
        let offer = Offer {
            version,
            identity: Some(identity),
            alpn: vec![b"http/1.1".to_vec()],
            sends_server_name: true,
        };
        Self::new(offer, Coming::with_card(version), &[])
    }

    /// A client that makes this offer, for a visitor who comes so to a portal with these seams.
    pub(super) fn new(
        offer: Offer,
        coming: Coming,
        seams: &'static [PortalSeam],
    ) -> Result<Self, Stop> {
        let provider = Arc::new(ring::default_provider());
        let seen = Arc::new(Seen {
            identity: offer.identity,
            provider: Arc::clone(&provider),
            asked: Mutex::default(),
            server: Mutex::default(),
        });
        let versions: [&'static SupportedProtocolVersion; 1] = match offer.version {
            TlsVersion::Tls12 => [&version::TLS12],
            TlsVersion::Tls13 => [&version::TLS13],
        };
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&versions)
            .map_err(Stop::broken)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::clone(&seen) as _)
            .with_client_cert_resolver(Arc::clone(&seen) as _);
        config.alpn_protocols = offer.alpn;
        config.enable_sni = offer.sends_server_name;
        Ok(Self {
            config: Arc::new(config),
            seen,
            coming,
            seams,
            last: Mutex::default(),
        })
    }

    /// Connects, sends the request, and reads the answer to its end. `Connection: close` is the
    /// request's own business.
    pub fn visit(&self, address: &Address, request: &str) -> Result<Visited, Stop> {
        let heard = PortalSeam::request(self.seams, request);
        let mut visit = self.connect(address, &heard);
        for _ in 1..PortalSeam::handshakes(self.seams) {
            visit = self.connect(address, &heard);
        }
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let mut visited = match (visit, last.clone()) {
            (Err(_), Some(earlier)) if PortalSeam::remembers(self.seams) => earlier,
            (visit, _) => visit?,
        };
        PortalSeam::show(self.seams, &self.coming, request, &mut visited);
        *last = Some(visited.clone());
        Ok(visited)
    }

    fn connect(&self, address: &Address, request: &str) -> Result<Visited, Stop> {
        self.seen.forget();
        let name = ServerName::try_from(address.host.clone()).map_err(Stop::broken)?;
        let mut connection =
            ClientConnection::new(Arc::clone(&self.config), name).map_err(Stop::broken)?;
        let mut socket = connect(address)?;
        let talked = talk(&mut connection, &mut socket, request);
        let end = match talked {
            Ok(answer) => match Response::parse(&answer) {
                Some(response) => End::Answered(response),
                None if answer.is_empty() => End::Refused(None),
                None => return Err(Stop::fail("an HTTP response", "something else")),
            },
            Err(error) => refusal(&error)?,
        };
        Ok(Visited {
            end,
            asked: self.seen.asked(),
            server: self.seen.server(),
            alpn: connection.alpn_protocol().map(<[u8]>::to_vec),
            is_full: connection.handshake_kind() != Some(HandshakeKind::Resumed),
        })
    }
}

fn connect(address: &Address) -> Result<TcpStream, Stop> {
    let unreachable = |error: io::Error| {
        let Address { dial, port, .. } = address;
        Stop::broken(format!("{dial}:{port} cannot be reached: {error}"))
    };
    let found = (address.dial.as_str(), address.port).to_socket_addrs();
    let first = found.map_err(unreachable)?.next();
    let first = first.ok_or_else(|| unreachable(io::ErrorKind::NotFound.into()))?;
    let socket = TcpStream::connect_timeout(&first, STEP_LIMIT).map_err(unreachable)?;
    socket
        .set_read_timeout(Some(STEP_LIMIT))
        .and_then(|()| socket.set_write_timeout(Some(STEP_LIMIT)))
        .and_then(|()| socket.set_nodelay(true))
        .map_err(unreachable)?;
    Ok(socket)
}

fn talk(
    connection: &mut ClientConnection,
    socket: &mut TcpStream,
    request: &str,
) -> io::Result<Vec<u8>> {
    const ANSWER_MAX: u64 = 1 << 20;
    let mut stream = rustls::Stream::new(connection, socket);
    let mut answer = Vec::new();
    let written = stream.write_all(request.as_bytes());
    // TLS itself has said why; else what the portal said before it hung up may still be read.
    if let Err(error) = &written
        && error
            .get_ref()
            .is_some_and(|inner| inner.is::<rustls::Error>())
    {
        return written.map(|()| answer);
    }
    match stream.take(ANSWER_MAX).read_to_end(&mut answer) {
        Ok(_) => written.map(|()| answer),
        // A portal that hangs up without close_notify has answered all the same.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && !answer.is_empty() => {
            Ok(answer)
        }
        Err(error) => Err(error),
    }
}

/// What an error on the way says of the portal, if it is the portal's.
fn refusal(error: &io::Error) -> Result<End, Stop> {
    use rustls::Error;

    match error.get_ref().and_then(|inner| inner.downcast_ref()) {
        Some(Error::AlertReceived(alert)) => return Ok(End::Refused(Some(*alert))),
        Some(Error::General(reason)) if reason.starts_with(CARD_FAULT) => {
            return Err(Stop::broken(reason));
        }
        Some(other) => return Err(Stop::fail("a TLS handshake", other.to_string())),
        None => {}
    }
    match error.kind() {
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::UnexpectedEof => Ok(End::Refused(None)),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Err(Stop::fail(
            "an answer or a refusal",
            format!("nothing for {STEP_LIMIT:?}"),
        )),
        _ => Err(Stop::broken(error)),
    }
}

/// The client's part in the handshake, which notes what the portal shows.
#[derive(Debug)]
struct Seen {
    identity: Option<Arc<CertifiedKey>>,
    provider: Arc<CryptoProvider>,
    asked: Mutex<Option<Asked>>,
    server: Mutex<Vec<Vec<u8>>>,
}

impl Seen {
    fn forget(&self) {
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.server
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    fn asked(&self) -> Option<Asked> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn server(&self) -> Vec<Vec<u8>> {
        self.server
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl ResolvesClientCert for Seen {
    fn resolve(&self, hints: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        let asked = Asked {
            hints: hints.iter().map(|name| name.to_vec()).collect(),
            schemes: schemes.to_vec(),
        };
        *self.asked.lock().unwrap_or_else(PoisonError::into_inner) = Some(asked);
        self.identity.clone()
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Any certificate is taken, and its key must be proven: the client sends no secret, and whether the
/// certificate is good is a case of its own.
impl ServerCertVerifier for Seen {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let chain = std::iter::once(end_entity).chain(intermediates);
        *self.server.lock().unwrap_or_else(PoisonError::into_inner) =
            chain.map(|der| der.to_vec()).collect();
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
