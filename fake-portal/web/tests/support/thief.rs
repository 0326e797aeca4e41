//! A client with the card's certificate and somebody else's key.

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::{CertifiedKey, SingleCertAndKey};

use super::Bench;

/// Visits with the card's certificate and the key of somebody else, which no ordinary client
/// does: rustls with a resolver of our own. The key is `thief.key`. The answer is the body, or what went wrong.
pub(crate) fn visit(bench: &Bench, version: &str) -> Result<String, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let folder = bench.folder.path();
    let key = PrivateKeyDer::from_pem_file(folder.join("thief.key")).unwrap();
    let key = provider.key_provider.load_private_key(key).unwrap();
    let certificate = CertificateDer::from(std::fs::read(folder.join("card.der")).unwrap());
    let identity = CertifiedKey::new(vec![certificate], key);

    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(bench.certifier.certificate_der().to_vec().into())
        .unwrap();
    let version = if version == "1.2" {
        &rustls::version::TLS12
    } else {
        &rustls::version::TLS13
    };
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity)));
    let name = ServerName::try_from("cns.test").unwrap();
    let mut connection = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let mut socket = std::net::TcpStream::connect(("127.0.0.1", bench.port)).unwrap();
    socket
        .set_read_timeout(Some(std::time::Duration::from_secs(10)))
        .unwrap();
    let mut stream = rustls::Stream::new(&mut connection, &mut socket);

    let mut reply = String::new();
    stream
        .write_all(b"GET /api/login HTTP/1.1\r\nHost: cns.test\r\nConnection: close\r\n\r\n")
        .and_then(|()| stream.read_to_string(&mut reply))
        .map(|_| reply)
        .map_err(|error| error.to_string())
}
