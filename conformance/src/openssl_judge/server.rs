//! `openssl s_server`, which wants a client's certificate, as a portal.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use cns_authority::zoo::{Animal, SERVER_NAME};
use cns_authority::{CertificationAuthority, Validity};
use cns_fixtures::{Citizen, Profile};
use cns_reader::ports::PortPair;
use time::OffsetDateTime;

use super::JudgeError;
use crate::login::TlsVersion;
use crate::packages::locate;
use crate::portal::{Address, Coming, End, Papers, Portal, PortalError};
use crate::run::Running;
use crate::runner::Permission;

const READY_LIMIT: Duration = Duration::from_secs(10);
const LOG: &str = "server.log";

/// Whoever comes to a server with certificates of the zoo.
pub struct Visitor {
    portal: Portal,
}

impl Visitor {
    pub(super) fn new(
        address: Address,
        home: &Arc<CertificationAuthority>,
        profile: Profile,
        citizen: Citizen,
    ) -> Result<Self, PortalError> {
        let today = OffsetDateTime::now_utc().date();
        let home = Arc::clone(home);
        let everything = Permission::Destructive;
        let portal = Portal::foreign(address, Some(home), profile, citizen, today, everything)?;
        Ok(Self { portal })
    }

    /// Whether a client with this certificate gets an answer; nothing for one that the suite's card cannot
    /// show, or whose certifier is not the server's.
    ///
    /// # Errors
    /// The server is gone, or the card does not sign.
    pub fn is_let_in(&self, animal: &Animal) -> Result<Option<bool>, JudgeError> {
        if !animal.can_be_shown_at_home() {
            return Ok(None);
        }
        let coming = Coming {
            papers: Some(Papers::Zoo(animal.id)),
            ..Coming::with_card(TlsVersion::Tls13)
        };
        let request = self.portal.request("GET", "/", "");
        let visit = self.portal.take_new_card(0);
        match visit.and_then(|()| self.portal.ask(coming, &request)) {
            Ok(visited) => Ok(Some(matches!(visited.end, End::Answered(_)))),
            Err(stop) => Err(JudgeError::Visit(format!("{}: {stop:?}", animal.id))),
        }
    }
}

/// A running server, until it is dropped.
pub struct Server {
    running: Running,
    address: SocketAddr,
    _port: PortPair,
}

impl Server {
    /// With a certificate of its own that is in order.
    pub(crate) fn start(folder: &Path, home: &CertificationAuthority) -> Result<Self, JudgeError> {
        const PORTAL: &str = "portal.pem";
        let from = OffsetDateTime::now_utc() - time::Duration::HOUR;
        let validity = Validity::new(from, from + time::Duration::DAY);
        let validity = validity.expect("a day ends after it begins");
        let certificate = home.issue_server(&[SERVER_NAME], validity)?;
        fs::write(folder.join(PORTAL), certificate.to_pem())?;
        Self::with_certificate(folder, PORTAL, home)
    }

    /// With this file of the folder, certificate and key; it trusts `home` and nobody else.
    pub(crate) fn with_certificate(
        folder: &Path,
        file: &str,
        home: &CertificationAuthority,
    ) -> Result<Self, JudgeError> {
        fs::write(folder.join("home.pem"), home.certificate_pem())?;
        let port = PortPair::reserve()?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port.first()));
        let server = Self {
            running: Running::logged(
                Command::new(locate("openssl")?)
                    .args(["s_server", "-accept", &address.to_string()])
                    .args(["-cert", file, "-key", file])
                    .args(["-CAfile", "home.pem", "-Verify", "1"])
                    .args(["-verify_return_error", "-www"]),
                folder,
                LOG,
            )?,
            address,
            _port: port,
        };
        server.when_ready(folder)
    }

    /// Where it is, as a portal.
    pub fn address(&self) -> Address {
        Address {
            host: SERVER_NAME.to_owned(),
            dial: self.address.ip().to_string(),
            port: self.address.port(),
        }
    }

    fn when_ready(mut self, folder: &Path) -> Result<Self, JudgeError> {
        match self.running.listens_at(self.address, READY_LIMIT) {
            true => Ok(self),
            false => {
                let log = fs::read_to_string(folder.join(LOG)).unwrap_or_default();
                Err(JudgeError::NotReady(log))
            }
        }
    }
}
