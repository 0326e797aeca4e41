//! Somebody with a card's certificate, and its key in memory, who logs in and then looks around.

use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cns_authority::CertificationAuthority;
use cns_fixtures::{KeyPurpose, KeySize, citizen, personalise, profile};
use cns_reader::SystemEntropy;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use time::OffsetDateTime;

/// Everything that the portal shows to who has logged in.
const PATHS: [&str; 7] = [
    "/api/login",
    "/api/verdict?lang=de",
    "/",
    "/?lang=en",
    "/api/verdict?format=junit",
    "/api/headers",
    "/style.css",
];

const LIMIT: Duration = Duration::from_secs(20);

pub(crate) struct Visitor {
    address: String,
    config: Arc<ClientConfig>,
}

impl Visitor {
    /// A visitor of the portal that said this when it was ready, with a certificate of this folder's
    /// certifier.
    pub(crate) fn of(ready: &Value, authority: &Path) -> Self {
        let read = |name| fs::read_to_string(authority.join(name)).unwrap();
        let (ca, key) = (read("ca.pem"), read("ca-key.pem"));
        let authority =
            CertificationAuthority::from_pem_pair(&ca, &key, OffsetDateTime::now_utc()).unwrap();
        let holder = citizen("maria-rossi").unwrap();
        let today = OffsetDateTime::now_utc().date();
        let make = profile(cns_fixtures::DEFAULT_PROFILE).unwrap();
        let mut entropy = SystemEntropy::new();
        let card = personalise(&make, &holder, &authority, today, &mut entropy).unwrap();
        let key = holder
            .key
            .variant(KeySize::Rsa2048, KeyPurpose::Authentication);
        let key = PrivateKeyDer::from_pem_slice(key.pem().as_bytes()).unwrap();

        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(ca.as_bytes()).unwrap())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![CertificateDer::from(card.certificate_der)], key)
            .unwrap();
        Self {
            address: ready["address"].as_str().unwrap().to_owned(),
            config: Arc::new(config),
        }
    }

    /// A login, and so many requests on its connection.
    pub(crate) fn log_in(&self, requests: usize) {
        let socket = TcpStream::connect(&self.address).unwrap();
        socket.set_read_timeout(Some(LIMIT)).unwrap();
        socket.set_nodelay(true).unwrap();
        let name = ServerName::try_from("portale.test").unwrap();
        let connection = ClientConnection::new(Arc::clone(&self.config), name).unwrap();
        let mut stream = BufReader::new(StreamOwned::new(connection, socket));
        for path in PATHS.iter().cycle().take(requests) {
            let request = format!("GET {path} HTTP/1.1\r\nHost: portale.test\r\n\r\n");
            stream.get_mut().write_all(request.as_bytes()).unwrap();
            let (status, body) = answer(&mut stream);
            assert!(status.starts_with("HTTP/1.1 200 "), "{path}: {status}");
            assert!(!body.is_empty(), "{path}");
        }
    }
}

/// The status line and the body of an answer that tells its length.
fn answer(stream: &mut impl BufRead) -> (String, Vec<u8>) {
    let mut line = || {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        line.trim_end().to_ascii_lowercase()
    };
    let mut status = String::new();
    let mut length = 0;
    loop {
        let line = line();
        if status.is_empty() {
            status = line.to_ascii_uppercase();
        } else if let Some(said) = line.strip_prefix("content-length:") {
            length = said.trim().parse().unwrap();
        } else if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    (status, body)
}
