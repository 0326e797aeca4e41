//! An application behind a real proxy: Apache, nginx or HAProxy of the distribution, set up as
//! `cns portal config` says, passes the card's certificate on in a header.
//!
//! ```text
//! client ── TLS ──► Apache, nginx, HAProxy ── HTTP + header ──► Application: what it was told
//! ```

mod application;

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use cns_authority::ServerCredential;
use cns_portal::proxy::{ProxyProgram, ProxySetup};
use cns_reader::ports::PortPair;
use tempfile::TempDir;

use application::Application;
pub use application::Told;

use crate::packages::{Missing, locate};
use crate::run::Running;
use crate::workbench::PORTAL_NAME;

/// How long a proxy may take until it listens.
const READY_LIMIT: Duration = Duration::from_secs(20);

/// Where Debian keeps Apache's modules.
const APACHE_MODULES: &str = "/usr/lib/apache2/modules";

/// A proxy and the application behind it, until it is dropped.
pub struct Proxied {
    proxy: Running,
    application: Option<Application>,
    address: SocketAddr,
    folder: TempDir,
    _port: PortPair,
}

/// Why there is none.
#[derive(Debug, thiserror::Error)]
pub enum ProxiedError {
    /// The program is not installed.
    #[error(transparent)]
    Missing(#[from] Missing),
    /// Files, ports, threads.
    #[error("the proxy could not be prepared: {0}")]
    Io(#[from] io::Error),
    /// The configuration could not be written.
    #[error("the proxy's configuration could not be written: {0}")]
    Configuration(String),
    /// It does not listen.
    #[error("{program} does not listen; its last words:\n{last_words}")]
    NotReady {
        /// The program.
        program: String,
        /// What it said.
        last_words: String,
    },
}

impl Proxied {
    /// Starts the program on a free port of this machine, as the portal [`PORTAL_NAME`], in front of an
    /// application that tells what it was told; it trusts these certifiers (PEM) and nobody else.
    pub fn start(
        program: ProxyProgram,
        server: &ServerCredential,
        certifiers_pem: &str,
    ) -> Result<Self, ProxiedError> {
        let application = Application::start(program.dialect())?;
        let mut proxied =
            Self::in_front_of(program, server, certifiers_pem, application.address())?;
        proxied.application = Some(application);
        Ok(proxied)
    }

    /// The same in front of an application that somebody else runs.
    pub fn in_front_of(
        program: ProxyProgram,
        server: &ServerCredential,
        certifiers_pem: &str,
        application: SocketAddr,
    ) -> Result<Self, ProxiedError> {
        let folder = tempfile::tempdir()?;
        let port = PortPair::reserve()?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.first()));
        let setup = ProxySetup {
            listen: address,
            server_name: PORTAL_NAME.to_owned(),
            certificate: folder.path().join("server.pem"),
            private_key: folder.path().join("server.pem"),
            certifiers: folder.path().join("certifiers.pem"),
            application,
            folder: folder.path().to_owned(),
            apache_modules: APACHE_MODULES.into(),
        };
        fs::write(&setup.certifiers, certifiers_pem)?;
        write_secret(&setup.certificate, &server.to_pem())?;
        let configuration = program
            .configuration(&setup)
            .map_err(|error| ProxiedError::Configuration(error.to_string()))?;
        let file = folder.path().join("proxy.conf");
        fs::write(&file, configuration)?;

        let mut proxied = Self {
            proxy: run(program, &file, folder.path())?,
            application: None,
            address,
            folder,
            _port: port,
        };
        proxied.wait_until_ready(program)?;
        Ok(proxied)
    }

    /// Where clients connect.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What the application was told since the last time, request by request; nothing, if it is somebody
    /// else's.
    pub fn take_told(&self) -> Vec<Told> {
        let application = self.application.as_ref();
        application.map(Application::take_told).unwrap_or_default()
    }

    fn wait_until_ready(&mut self, program: ProxyProgram) -> Result<(), ProxiedError> {
        match self.proxy.listens_at(self.address, READY_LIMIT) {
            true => Ok(()),
            false => Err(ProxiedError::NotReady {
                program: program.dialect().name().to_owned(),
                last_words: self.last_words(),
            }),
        }
    }

    /// What the program has said, on its standard error and in Apache's log.
    pub fn last_words(&self) -> String {
        ["proxy.log", "apache-error.log"]
            .map(|name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default())
            .concat()
    }
}

fn run(program: ProxyProgram, file: &Path, folder: &Path) -> Result<Running, ProxiedError> {
    let words = program.command(&file.to_string_lossy());
    let (name, arguments) = words
        .split_first()
        .ok_or_else(|| ProxiedError::Configuration("the program has no name".to_owned()))?;
    let path: PathBuf = locate(name)?;
    let mut command = Command::new(path);
    Ok(Running::logged(
        command.args(arguments),
        folder,
        "proxy.log",
    )?)
}

fn write_secret(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    let mut options = fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())
}
