//! What our own portal makes of the zoo: for each animal a portal of its own, set up as its operator would
//! in that world, and one login by TLS.
//!
//! Nobody but the key signs: what a card could not do (sign with 1,024 bits, or with another key than that
//! of its certificate) can be seen too.

mod certifiers;
mod file_key;
mod verdict;

use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use cns_authority::zoo::{Animal, Habitat, SERVER_NAME, Specimen, Verdict, ZooError};
use cns_authority::{
    CertificationAuthority, CertifierError, CnsCommonName, SerialNumber, Validity,
};
use cns_fixtures::{Citizen, Enclosure, PersonaliseError, Profile, collaudo_authority};
use cns_portal::certificate::CertificateFacts;
use cns_portal::{Enrolment, Portal, PortalConfig, SystemClock};
use openssl::rsa::Rsa;
use rustls::pki_types::CertificateDer;
use rustls::sign::CertifiedKey;
use time::OffsetDateTime;

pub use verdict::{OwnFinding, OwnVerdict};

use crate::background::{Background, runtime};
use crate::case::Stop;
use crate::login::TlsVersion;
use crate::portal::{Address, Client, WHO_AM_I};
use file_key::FileKey;

/// How long the portal may take to write a visit down.
const LIMIT: Duration = Duration::from_secs(10);

const POLL: Duration = Duration::from_millis(1);

/// Judges animals by our own portal.
pub struct OwnJudge {
    surroundings: Arc<Surroundings>,
    common_name: CnsCommonName,
}

/// Everything that the worlds of all animals have in common.
struct Surroundings {
    enclosure: Enclosure,
    home: CertificationAuthority,
    now: OffsetDateTime,
}

impl Surroundings {
    fn habitat(&self, nonce: [u8; 16]) -> Habitat<'_> {
        self.enclosure.habitat(&self.home, nonce)
    }
}

/// Why nothing is known.
#[derive(Debug, thiserror::Error)]
pub enum OwnJudgeError {
    /// The animal cannot be made.
    #[error(transparent)]
    Zoo(#[from] ZooError),
    /// Its certifiers cannot be made.
    #[error(transparent)]
    Enclosure(#[from] PersonaliseError),
    /// Nor the portal's certificate.
    #[error(transparent)]
    Certifier(#[from] CertifierError),
    /// Threads and sockets.
    #[error("the portal could not be started: {0}")]
    Io(#[from] io::Error),
    /// The client's key.
    #[error("the client's key cannot be used: {0}")]
    Key(#[from] openssl::error::ErrorStack),
    /// The visit came to no end.
    #[error("the visit came to no end: {0}")]
    Visit(String),
}

impl OwnJudge {
    /// For the card of this citizen, today.
    ///
    /// # Errors
    /// The citizen's data do not fit a card.
    pub fn new(profile: &Profile, citizen: &Citizen) -> Result<Self, OwnJudgeError> {
        let now = OffsetDateTime::now_utc();
        Ok(Self {
            surroundings: Arc::new(Surroundings {
                enclosure: Enclosure::new(profile, citizen, now)?,
                home: collaudo_authority(now.date())?,
                now,
            }),
            common_name: cns_fixtures::common_name(citizen, now.date())?,
        })
    }

    /// What the portal makes of the animal.
    ///
    /// # Errors
    /// It could not be found out.
    pub fn verdict(&self, animal: &'static Animal) -> Result<OwnVerdict, OwnJudgeError> {
        let serial = SerialNumber::random()?;
        // Of the zoo's own question to a responder, which nobody asks here.
        let specimen = animal.make(&self.surroundings.habitat([0; 16]), serial)?;
        let mut config = self.portal_around(&specimen)?;
        certifiers::publish(&mut config, &self.surroundings, animal, &specimen, serial);
        config.enrolment = Some(self.enrolment(animal, &specimen));
        let runtime = runtime()?;
        let portal = match runtime.block_on(Portal::bind(config)) {
            Ok(portal) => portal,
            Err(error) => return Ok(OwnVerdict::does_not_start(error.to_string())),
        };
        let (address, journal) = (portal.local_address(), portal.journal());
        let _running = Background::start("cns-portal", runtime, |stop| {
            portal.run(async { drop(stop.await) })
        })?;
        let address = Address {
            host: SERVER_NAME.to_owned(),
            dial: address.ip().to_string(),
            port: address.port(),
        };
        self.visit(&specimen, &address)?;
        let deadline = Instant::now() + LIMIT;
        loop {
            if let Some(entry) = journal.entries().first() {
                return Ok(OwnVerdict::of(entry));
            }
            if deadline <= Instant::now() {
                return Err(OwnJudgeError::Visit(
                    "the portal wrote nothing down".to_owned(),
                ));
            }
            thread::sleep(POLL);
        }
    }

    /// The operator has written down what is on the card. Of a card that is to be let in, that is what its
    /// certificate says.
    fn enrolment(&self, animal: &Animal, specimen: &Specimen) -> Enrolment {
        let mut name = self.common_name;
        let facts = CertificateFacts::from_der(&specimen.certificate_der).ok();
        let says = facts.and_then(|it| it.common_names.first()?.parse::<CnsCommonName>().ok());
        if let (Verdict::Accept, Some(says)) = (animal.verdict, says) {
            name = says;
        }
        let mut enrolment = Enrolment::default();
        enrolment.enter(name.card_number, name.personal_data_hash);
        enrolment
    }

    /// A portal that trusts whom a portal of that country trusts.
    fn portal_around(&self, specimen: &Specimen) -> Result<PortalConfig, OwnJudgeError> {
        let Surroundings {
            enclosure,
            home,
            now,
        } = &*self.surroundings;
        let server = match &specimen.server {
            Some(server) => server.clone(),
            None => {
                let from = now.saturating_sub(time::Duration::HOUR);
                let validity = Validity::days(from, 1).map_err(ZooError::from)?;
                home.issue_server(&[SERVER_NAME], validity)?
            }
        };
        let recognised = enclosure.registry().recognised();
        let others = recognised.map(|it| it.authority.certificate_der().to_vec());
        let trusted = std::iter::once(home.certificate_der().to_vec()).chain(others);
        let clock = Arc::new(SystemClock);
        Ok(PortalConfig {
            host: SERVER_NAME.to_owned(),
            ..PortalConfig::on_loopback(server, trusted.collect(), clock)
        })
    }

    fn visit(&self, specimen: &Specimen, address: &Address) -> Result<(), OwnJudgeError> {
        let key = self.surroundings.enclosure.key(specimen.key);
        let key = Rsa::private_key_from_pem(key.pem().as_bytes())?;
        let chain = specimen.sent.iter().cloned().map(CertificateDer::from);
        let identity = CertifiedKey::new(chain.collect(), Arc::new(FileKey(key)));
        let client = Client::with_key(TlsVersion::Tls13, Arc::new(identity)).map_err(no_end)?;
        let request =
            format!("GET {WHO_AM_I} HTTP/1.1\r\nHost: {SERVER_NAME}\r\nConnection: close\r\n\r\n");
        client.visit(address, &request).map_err(no_end)?;
        Ok(())
    }
}

fn no_end(stop: Stop) -> OwnJudgeError {
    OwnJudgeError::Visit(format!("{stop:?}"))
}
