//! A portal on a free port, certificates of all kinds, and the programs that visit it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where it meets the unexpected"
)]
#![allow(dead_code, reason = "each test program uses its part")]

pub(crate) mod country;
pub(crate) mod judges;
pub(crate) mod papers;
pub(crate) mod tester;
pub(crate) mod thief;
pub(crate) mod visitor;

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cns_authority::{
    CertificationAuthority, CertifierName, CertifierTerm, CnsCommonName, CnsSubject, SerialNumber,
    Validity, personal_data_hash,
};
use cns_portal::{Addresses, Journal, JournalEntry, Portal, PortalConfig, VirtualClock};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tempfile::TempDir;
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::sync::oneshot;

/// The portal's clock stands still here.
pub(crate) const NOW: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);

/// A running portal, its certifier, and a folder with one RSA-2048 key: `card.key`.
pub(crate) struct Bench {
    pub(crate) certifier: CertificationAuthority,
    pub(crate) folder: TempDir,
    pub(crate) spki: Vec<u8>,
    pub(crate) port: u16,
    pub(crate) addresses: Addresses,
    pub(crate) journal: Journal,
    stop: Option<oneshot::Sender<()>>,
    server: Option<std::thread::JoinHandle<()>>,
}

impl Bench {
    pub(crate) fn start() -> Self {
        Self::start_with(|_, _| {})
    }

    /// The same, set up in another way. The folder has the certifier's files, `ca.pem` and `ca.key`.
    pub(crate) fn start_with(change: impl FnOnce(&mut PortalConfig, &Path)) -> Self {
        let certifier = certifier("Regione Collaudo");
        let folder = tempfile::tempdir().unwrap();
        let pair = certifier.to_pem_pair();
        fs::write(folder.path().join("ca.pem"), pair.certificate).unwrap();
        fs::write(folder.path().join("ca.key"), pair.private_key).unwrap();
        let spki = rsa_key(folder.path(), "card", 2048);

        let server = certifier
            .issue_server(&["cns.test", "*.cns.test", "127.0.0.1"], years(2020, 2040))
            .unwrap();
        let trusted = vec![certifier.certificate_der().to_vec()];
        let mut config = PortalConfig::on_loopback(server, trusted, Arc::new(NOW));
        config.clock = clock();
        change(&mut config, folder.path());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let portal = runtime.block_on(Portal::bind(config)).unwrap();
        let (addresses, journal) = (portal.addresses(), portal.journal());
        let (stop, stopped) = oneshot::channel();
        let server = std::thread::spawn(move || {
            runtime.block_on(portal.run(async {
                let _ = stopped.await;
            }));
        });
        Self {
            certifier,
            folder,
            spki,
            port: addresses.cns.port(),
            addresses,
            journal,
            stop: Some(stop),
            server: Some(server),
        }
    }

    /// Writes the certificate of Maria Rossi, issued by `certifier`, as `card.pem`.
    pub(crate) fn issue(&self, certifier: &CertificationAuthority, validity: Validity) {
        let der = certifier
            .issue_cns(
                &maria_rossi(),
                &self.spki,
                validity,
                SerialNumber::from(0x1234),
            )
            .unwrap();
        self.write_certificate(&der);
    }

    /// Writes a certificate as `card.pem`.
    pub(crate) fn write_certificate(&self, der: &[u8]) {
        fs::write(self.folder.path().join("card.der"), der).unwrap();
        succeed(openssl(
            self.folder.path(),
            "x509 -inform DER -in card.der -out card.pem",
        ));
    }

    /// Visits `path` with curl (Debian package curl); `options` are separated by spaces.
    pub(crate) fn curl(&self, path: &str, options: &str) -> Output {
        self.curl_at("cns.test", path, options)
    }

    /// The same at another name of the portal's.
    pub(crate) fn curl_at(&self, host: &str, path: &str, options: &str) -> Output {
        let url = format!("https://{host}:{}{path}", self.port);
        let resolve = format!("{host}:{}:127.0.0.1", self.port);
        let options = options.split_whitespace();
        let options: Vec<&str> = ["--resolve", &resolve].into_iter().chain(options).collect();
        self.curl_url(&url, &options)
    }

    /// Visits any URL.
    pub(crate) fn curl_url(&self, url: &str, options: &[&str]) -> Output {
        Command::new("curl")
            .args([
                "--silent",
                "--show-error",
                "--max-time",
                "20",
                "--cacert",
                "ca.pem",
                url,
            ])
            .args(options)
            .current_dir(self.folder.path())
            .output()
            .expect("the program `curl` runs: it is in the Debian package curl")
    }

    /// The status line's code, then the body, of a visit with curl.
    pub(crate) fn visit(&self, path: &str, options: &str) -> (u16, String) {
        let output = self.curl(path, &format!("{options} --write-out %{{http_code}}"));
        let text = succeed(output);
        let (body, status) = text.split_at(text.len() - 3);
        (status.parse().unwrap(), body.to_owned())
    }

    /// Visits a profile with `openssl s_client`, which says what it was asked for.
    pub(crate) fn s_client(&self, profile: &str, options: &str) -> Output {
        let visit = format!(
            "s_client -connect 127.0.0.1:{} -servername {profile}.cns.test -CAfile ca.pem {options}",
            self.port
        );
        openssl(self.folder.path(), &visit)
    }

    /// What the portal tells a client with the certificate `card.pem`.
    pub(crate) fn login(&self, options: &str) -> (u16, String) {
        self.visit("/api/login", &format!("{CARD} {options}"))
    }

    /// What a client without a certificate brings to a handshake.
    pub(crate) fn client_config(&self) -> Arc<ClientConfig> {
        let mut roots = RootCertStore::empty();
        let certifier = self.certifier.certificate_der().to_vec();
        roots.add(certifier.into()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Arc::new(config)
    }

    /// A connection of such a client, which has not sent a request yet.
    pub(crate) fn shake_hands(
        &self,
        config: &Arc<ClientConfig>,
    ) -> StreamOwned<ClientConnection, TcpStream> {
        let name = ServerName::try_from("cns.test").unwrap();
        let mut connection = ClientConnection::new(Arc::clone(config), name).unwrap();
        let mut socket = connect(self.addresses.cns);
        while connection.is_handshaking() {
            connection.complete_io(&mut socket).unwrap();
        }
        StreamOwned::new(connection, socket)
    }

    /// The journal, once it has `count` entries.
    pub(crate) fn journal_of(&self, count: usize) -> Vec<JournalEntry> {
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let entries = self.journal.entries();
            if entries.len() >= count {
                return entries;
            }
            assert!(
                Instant::now() < deadline,
                "the journal has {} entries",
                entries.len()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.server.take().map(std::thread::JoinHandle::join);
        if !std::thread::panicking() {
            assert!(matches!(ended, Some(Ok(()))), "the portal did not end well");
        }
    }
}

/// A connection on which nobody waits for ever.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream
}

/// What makes curl use the card's certificate and key.
pub(crate) const CARD: &str = "--cert card.pem --key card.key";

pub(crate) fn certifier(region: &str) -> CertificationAuthority {
    CertificationAuthority::new(
        &CertifierName::regional(region),
        term(OffsetDateTime::now_utc()),
    )
    .unwrap()
}

/// From 2020 to the end of a run that begins at `now`.
pub(crate) fn term(now: OffsetDateTime) -> CertifierTerm {
    let new_year = years(2020, 2020).not_before();
    CertifierTerm::of_run(new_year, now).unwrap()
}

/// The portal's clock stands at [`NOW`]; that of the machine goes by what clients go by.
pub(crate) fn clock() -> VirtualClock {
    clock_at(NOW)
}

/// The same, at another instant.
pub(crate) fn clock_at(instant: OffsetDateTime) -> VirtualClock {
    let clock = VirtualClock::over(Arc::new(OffsetDateTime::now_utc()));
    clock.freeze_at(instant);
    clock
}

pub(crate) fn years(first: i32, last: i32) -> Validity {
    let new_year = |year| {
        time::Date::from_calendar_date(year, time::Month::January, 1)
            .unwrap()
            .midnight()
            .assume_utc()
    };
    Validity::new(new_year(first), new_year(last)).unwrap()
}

pub(crate) fn maria_rossi() -> CnsSubject {
    CnsSubject {
        common_name: CnsCommonName {
            codice_fiscale: "RSSMRA85C55F205Y".parse().unwrap(),
            card_number: "6030000000001009".parse().unwrap(),
            personal_data_hash: personal_data_hash(b"synthetic"),
        },
        surname: "Rossi".to_owned(),
        given_name: "Maria".to_owned(),
        issuing_administration: "REGIONE COLLAUDO".to_owned(),
    }
}

/// Makes `NAME.key` and returns its public half.
pub(crate) fn rsa_key(folder: &Path, name: &str, bits: u16) -> Vec<u8> {
    succeed(openssl(
        folder,
        &format!("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:{bits} -out {name}.key"),
    ));
    succeed(openssl(
        folder,
        &format!("pkey -in {name}.key -pubout -outform DER -out {name}.spki"),
    ));
    fs::read(folder.join(format!("{name}.spki"))).unwrap()
}

/// Runs `openssl` (Debian package openssl) in `folder`, with nothing to read.
pub(crate) fn openssl(folder: &Path, arguments: &str) -> Output {
    Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("the program `openssl` runs: it is in the Debian package openssl")
}

/// What a program said that ended well.
pub(crate) fn succeed(output: Output) -> String {
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {talk}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

/// Hides what differs from run to run.
pub(crate) fn volatile_values_hidden() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\b[0-9A-F]{64}\b", "[sha256]");
    // A certifier ends with the run.
    settings.add_filter(
        r"(1 January 2020 00:00:00 UTC to|01/01/2020 00:00:00 UTC al|01\.01\.2020 00:00:00 UTC bis) [^<]+? UTC",
        "$1 [the end of the run]",
    );
    // The client chooses among the hashes that TLS allows with PSS.
    settings.add_filter(
        "(?:rsa_pss_rsae_sha(?:256|384|512)(?:, )?)+",
        "rsa_pss_rsae_[hash]",
    );
    settings
}
