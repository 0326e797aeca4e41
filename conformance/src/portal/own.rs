//! The suite's own portal, in this process.

use std::io;
use std::sync::Arc;

use cns_authority::{CertificationAuthority, CertifierError, Validity, ValidityError};
use cns_portal::{Clock, Portal, PortalConfig, PortalError, SystemClock};
use time::{Duration, OffsetDateTime};

use super::Address;
use crate::background::{Background, runtime};
use crate::workbench::PORTAL_NAME;

/// A running portal, until it is dropped.
pub struct OwnPortal {
    address: Address,
    _running: Option<Background<()>>,
}

/// Why it does not run.
#[derive(Debug, thiserror::Error)]
pub enum OwnPortalError {
    /// It does not start.
    #[error(transparent)]
    Portal(#[from] PortalError),
    /// Its own certificate cannot be made.
    #[error(transparent)]
    Certifier(#[from] CertifierError),
    /// There is no such time.
    #[error(transparent)]
    Validity(#[from] ValidityError),
    /// No thread.
    #[error("the portal's thread could not be started: {0}")]
    Thread(#[from] io::Error),
}

impl OwnPortal {
    /// A portal that trusts this certifier, on a free port of this machine.
    pub fn start(authority: &CertificationAuthority) -> Result<Self, OwnPortalError> {
        let trusted = vec![authority.certificate_der().to_vec()];
        Self::start_with(authority, trusted, Arc::new(SystemClock))
    }

    /// The same with other certifiers and another clock: with what a portal may be wrong about.
    pub fn start_with(
        authority: &CertificationAuthority,
        trusted: Vec<Vec<u8>>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OwnPortalError> {
        let now = OffsetDateTime::now_utc();
        let validity = Validity::days(now.saturating_sub(Duration::days(1)), 30)?;
        let server = authority.issue_server(&[PORTAL_NAME, "localhost", "127.0.0.1"], validity)?;
        let runtime = runtime()?;
        let config = PortalConfig::on_loopback(server, trusted, Arc::new(SystemClock));
        // Clients go by the machine's clock, whatever the portal goes by.
        config.clock.run_from(clock.now());
        let portal = runtime.block_on(Portal::bind(config))?;
        let port = portal.local_address().port();
        let running = Background::start("cns-portal", runtime, |stop| {
            portal.run(async { drop(stop.await) })
        })?;
        Ok(Self {
            address: Address {
                host: PORTAL_NAME.to_owned(),
                dial: "127.0.0.1".to_owned(),
                port,
            },
            _running: Some(running),
        })
    }

    /// One that somebody else runs.
    pub(super) fn elsewhere(address: Address) -> Self {
        Self {
            address,
            _running: None,
        }
    }

    /// Where it is.
    pub fn address(&self) -> Address {
        self.address.clone()
    }
}
