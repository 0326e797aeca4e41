//! A card in a reader, a portal that trusts its certifier, and a home for clients.

use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use cns_authority::{CertificationAuthority, Office, OfficeTerms, Standing, Validity};
use cns_fixtures::{Citizen, Profile, Secret, collaudo_authority, personalise};
use cns_portal::{Addresses, Portal, PortalConfig, PublicOffices, SystemClock, VirtualClock};
use cns_reader::control::{Answer, Order, ask};
use cns_reader::{Insertion, Journal, ReaderError, Slot, SystemEntropy};
use serde::de::IgnoredAny;
use time::{Duration as Days, OffsetDateTime};

use crate::action::ActionError;
use crate::background::{Background, runtime};
use crate::run::Invocation;
use crate::target::OwnCard;
use crate::town::Founding;

mod error;
mod reader;
mod service;
mod town;
mod witness;

pub use error::WorkbenchError;
pub use reader::{ReaderKind, UnknownReaderKind};
pub(crate) use service::Service;
use town::{Reader, TownOfTheCard};
pub use witness::Record;
use witness::Witness;

/// The name that the portal's certificate is for. It is in no name service: `.test` is reserved for
/// tests (RFC 2606 §2), and clients are told the address.
pub const PORTAL_NAME: &str = "portale.test";

/// How long a client may take to see the card. vpcd looks for one every 400 ms.
const CARD_SEEN_LIMIT: Duration = Duration::from_secs(10);

const POLL: Duration = Duration::from_millis(10);

/// The office of the card's certifier.
const HOME: &str = "collaudo";

/// Whose card, and of which make.
#[derive(Clone)]
pub struct Setup {
    /// The production lot of the card.
    pub profile: Profile,
    /// The card's holder, with PIN and PUK.
    pub citizen: Citizen,
    /// Where exchanges with the card are counted, and written if it writes.
    pub journal: Journal,
    /// What stands between clients and card.
    pub reader: ReaderKind,
    /// The town behind the portal, if there is one.
    pub town: Option<Founding>,
}

/// A card in its reader, a portal, and a home for clients. Dropping it takes the card out, stops the
/// portal, ends the PC/SC service and removes the home. The last two happen even if this process is killed.
///
/// Everything it uses is its own: other workbenches, of this process or another one, and the
/// machine's own pcscd and cards are not touched. It can go to another thread but not be shared by
/// two, for the APDUs that are counted while a client runs are taken for that client's.
pub struct Workbench {
    // Dropped in this order.
    card: Background<Result<(), ReaderError>>,
    _portal: Background<()>,
    service: Mutex<Service>,
    service_environment: Vec<(&'static str, OsString)>,
    library: Option<PathBuf>,

    folder: PathBuf,
    citizen: Citizen,
    profile: Profile,
    certificate_der: Vec<u8>,
    journal: Journal,
    own_card: OwnCard,
    record: Record,
    authority: CertificationAuthority,
    slot: Slot,
    portal_addresses: Addresses,
    portal_journal: cns_portal::Journal,
}

impl Setup {
    /// A card that is counted and not recorded, in the reader that distributions ship.
    pub fn new(profile: Profile, citizen: Citizen) -> Self {
        Self {
            profile,
            citizen,
            journal: Journal::silent(),
            reader: ReaderKind::Vpcd,
            town: None,
        }
    }

    /// The same with a town behind the portal, with pages for citizens and staff. Its desk knows the card, and
    /// the card's certificate names the portal's responder.
    #[must_use]
    pub fn in_town(mut self, founding: Founding) -> Self {
        self.town = Some(founding);
        self
    }

    /// The same in another reader.
    #[must_use]
    pub fn in_reader(mut self, reader: ReaderKind) -> Self {
        self.reader = reader;
        self
    }
}

impl Workbench {
    /// Makes a certifier and a card, and returns when clients see the card. This takes half a second.
    ///
    /// # Errors
    /// Something is not installed, or something did not start: each says what to do.
    pub fn set_up(setup: &Setup) -> Result<Self, WorkbenchError> {
        let now = OffsetDateTime::now_utc();
        let authority = collaudo_authority(now.date())?;
        let (slot, record) = (Slot::empty(), Record::default());
        // One clock for all: testers set it by the portal's control API.
        let clock = VirtualClock::over(Arc::new(SystemClock));
        let offices = open_offices(&authority, now, &clock)?;
        let town = match &setup.town {
            Some(founding) => {
                let reader = Reader::new(&setup.citizen, slot.clone(), record.clone());
                let offices = offices.clone();
                Some(TownOfTheCard::found(
                    founding,
                    setup,
                    offices,
                    reader,
                    clock.clone(),
                )?)
            }
            None => None,
        };
        let mut config = portal_config(&authority, now)?;
        config.clock = clock;
        config.offer(&offices);
        config.town = town.as_ref().map(|town| town.founded.hall.clone());
        let portal_runtime = runtime()?;
        let portal = portal_runtime.block_on(Portal::bind(config))?;
        let (own_card, certificate_der) = match &town {
            Some(town) => {
                offices.with(|offices| offices.publish_at(portal.pki_url()));
                town.make_cards(&setup.citizen)?
            }
            None => make_card(setup, &authority, now)?,
        };
        let service = Service::start(setup.reader)?;
        let (service_environment, library) = (service.environment(), service.library());
        let folder = service.folder().join(CLIENTS_FOLDER);
        fs::create_dir(&folder)?;
        fs::write(folder.join(CERTIFIER_FILE), authority.certificate_pem())?;
        fs::write(folder.join(CERTIFICATE_FILE), &certificate_der)?;

        let reader = Insertion::at(service.address());
        let journal = setup.journal.clone();
        slot.insert_card(Witness::new(own_card.clone(), record.clone()));
        let served = slot.clone();
        let card = Background::start("cns-card", runtime()?, move |stop| async move {
            let end = async { drop(stop.await) };
            reader.run(&served, &journal, end).await
        })?;

        let portal_addresses = portal.addresses();
        let portal_journal = portal.journal();
        let portal = Background::start("cns-portal", portal_runtime, |stop| {
            portal.run(async { drop(stop.await) })
        })?;

        let workbench = Self {
            card,
            _portal: portal,
            service: Mutex::new(service),
            service_environment,
            library,
            folder,
            citizen: setup.citizen.clone(),
            profile: setup.profile.clone(),
            certificate_der,
            journal: setup.journal.clone(),
            own_card,
            record,
            slot,
            authority,
            portal_addresses,
            portal_journal,
        };
        workbench.wait_for_card()?;
        Ok(workbench)
    }

    /// A client to be run here.
    pub fn client(&self, program: &'static str) -> Invocation<'_> {
        Invocation::new(self, program)
    }

    /// Resets the card, as a client can: what the card has verified outlives the client that
    /// verified it, but not this.
    ///
    /// # Errors
    /// opensc-tool could not be run, or did not reset the card.
    pub fn reset_card(&self) -> Result<(), ActionError> {
        self.client("opensc-tool")
            .argument("--reset")
            .run()?
            .succeeded()?;
        Ok(())
    }

    /// The clients' home and current folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The certifier's certificate, PEM.
    pub fn certifier_path(&self) -> PathBuf {
        self.folder().join(CERTIFIER_FILE)
    }

    /// The certifier.
    pub fn authority(&self) -> &CertificationAuthority {
        &self.authority
    }

    /// The certificate on the card, DER.
    pub fn certificate_path(&self) -> PathBuf {
        self.folder().join(CERTIFICATE_FILE)
    }

    /// The certificate on the card, DER.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate_der
    }

    /// The card's holder.
    pub fn citizen(&self) -> &Citizen {
        &self.citizen
    }

    /// The card's production lot.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The reader's slot: takes the card out and puts it back, swaps it, makes it fail.
    pub fn slot(&self) -> &Slot {
        &self.slot
    }

    /// What was said between clients and card.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// What was said to the card, byte for byte.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// How many wrong PINs the card still takes; none if it has no PIN.
    pub fn tries_left(&self) -> Option<u8> {
        let place = self.profile.place_of(Secret::Pin)?;
        let image = self.own_card.image();
        let mut data = image.master_file.reference_data.iter();
        Some(data.find(|datum| datum.id == place.id)?.tries_left())
    }

    /// Where the portal listens. Its certificate is for [`PORTAL_NAME`], `localhost` and 127.0.0.1.
    pub fn portal_address(&self) -> SocketAddr {
        self.portal_addresses.cns
    }

    /// Where the portal welcomes who has no card: its pages, if there is a town. The certificate is the same.
    pub fn welcome_address(&self) -> SocketAddr {
        self.portal_addresses.www
    }

    /// Where testers steer the portal, its certifiers and its town, without a slash at the end.
    pub fn control_url(&self) -> String {
        self.portal_addresses.control_url()
    }

    /// What the portal saw.
    pub fn portal_journal(&self) -> &cns_portal::Journal {
        &self.portal_journal
    }

    /// The environment variables that lead clients here, and nowhere else.
    pub fn client_environment(&self) -> Vec<(&'static str, OsString)> {
        let home = self.folder().as_os_str();
        let mut environment = vec![
            ("HOME", home.to_owned()),
            ("TMPDIR", home.to_owned()),
            ("LC_ALL", "C".into()),
        ];
        environment.extend_from_slice(&self.service_environment);
        environment
    }

    /// Those of them that lead to the PC/SC service.
    pub fn service_environment(&self) -> &[(&'static str, OsString)] {
        &self.service_environment
    }

    /// The library that clients load for the distribution's libpcsclite, if it is another one.
    pub fn library(&self) -> Option<&Path> {
        self.library.as_deref()
    }

    /// Whether the reader has a pinpad. Then OpenSC has PINs that are changed typed there, and takes
    /// none from its caller.
    pub(crate) fn has_pinpad(&self) -> bool {
        self.locked_service().control().is_some()
    }

    /// What the holder types on the reader's pinpad, each time that it asks; what is typed before the
    /// service starts again is forgotten.
    pub(crate) fn type_on_pinpad(
        &self,
        pin: &str,
        new_pin: Option<&str>,
    ) -> Result<(), WorkbenchError> {
        let typed = Order::Type {
            pin: pin.to_owned().into(),
            new_pin: new_pin.map(|new_pin| new_pin.to_owned().into()),
            delay_ms: None,
        };
        let control = self.locked_service().control();
        let control = control.ok_or(WorkbenchError::NoPinpad)?;
        let answer: Answer<IgnoredAny> = ask(&control, &typed.into())?;
        match answer.error {
            None => Ok(()),
            Some(refusal) => Err(WorkbenchError::Refused(refusal)),
        }
    }

    /// The service. It can be stopped while a client runs.
    pub(crate) fn service(&self) -> &Mutex<Service> {
        &self.service
    }

    /// Makes another citizen's card, with which a fault may replace the one that is in the slot.
    pub(crate) fn lay_ready(&self, citizen: &Citizen) -> Result<(), WorkbenchError> {
        let today = OffsetDateTime::now_utc().date();
        let mut entropy = SystemEntropy::new();
        let made = personalise(&self.profile, citizen, &self.authority, today, &mut entropy)?;
        let card = OwnCard::new(made.image, fastrand::u64(..));
        let card = Witness::new(card, self.record.clone());
        self.slot.set_spare(Box::new(card));
        Ok(())
    }

    fn locked_service(&self) -> MutexGuard<'_, Service> {
        self.service.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns when clients see the card.
    ///
    /// # Errors
    /// They do not see it in time.
    pub fn wait_for_card(&self) -> Result<(), WorkbenchError> {
        let deadline = Instant::now() + CARD_SEEN_LIMIT;
        loop {
            if let Some(Err(error)) = self.card.ended() {
                return Err(error.into());
            }
            let known = self.locked_service().shows_card();
            let (is_seen, last_words) = match known {
                Some(is_seen) => (is_seen, String::new()),
                None => self.ask_a_client()?,
            };
            if is_seen {
                return Ok(());
            }
            if deadline <= Instant::now() {
                return Err(WorkbenchError::CardNotSeen {
                    limit: CARD_SEEN_LIMIT,
                    last_words,
                    log: self.locked_service().log(),
                });
            }
            thread::sleep(POLL);
        }
    }

    /// Whether a client sees the card, and its last words.
    fn ask_a_client(&self) -> Result<(bool, String), WorkbenchError> {
        let listing = self
            .client("opensc-tool")
            .argument("--list-readers")
            .run()?;
        let is_seen = listing.text().lines().any(shows_card);
        Ok((is_seen, listing.last_words()))
    }
}

/// Where it is and whose; what it holds is secret or means nothing to a reader.
impl fmt::Debug for Workbench {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Workbench")
            .field("folder", &self.folder())
            .field("citizen", &self.citizen.id)
            .finish_non_exhaustive()
    }
}

const CERTIFIER_FILE: &str = "ca.pem";
const CERTIFICATE_FILE: &str = "certificate.der";

/// Clients live in the service's own folder, because that goes away however this process ends.
const CLIENTS_FOLDER: &str = "clients";

/// A line of `opensc-tool --list-readers`: number, Yes or No, features, name.
fn shows_card(line: &str) -> bool {
    let mut columns = line.split_whitespace();
    columns.next() == Some("0") && columns.next() == Some("Yes")
}

fn portal_config(
    authority: &CertificationAuthority,
    now: OffsetDateTime,
) -> Result<PortalConfig, WorkbenchError> {
    let validity = Validity::days(now.saturating_sub(Days::days(1)), 30)?;
    let server = authority.issue_server(&[PORTAL_NAME, "localhost", "127.0.0.1"], validity)?;
    let trusted = vec![authority.certificate_der().to_vec()];
    Ok(PortalConfig::on_loopback(
        server,
        trusted,
        Arc::new(SystemClock),
    ))
}

/// The offices of all certifiers, that of the card's among them.
fn open_offices(
    authority: &CertificationAuthority,
    now: OffsetDateTime,
    clock: &VirtualClock,
) -> Result<PublicOffices, WorkbenchError> {
    let terms = OfficeTerms::default();
    let mut offices = cns_fixtures::offices(now, terms)?;
    let home = Office::new(HOME, Standing::Recognised, authority.clone(), terms);
    offices.add(home);
    Ok(PublicOffices::open(offices, Arc::new(clock.clone())))
}

/// A card that knows no portal, and its certificate (DER).
fn make_card(
    setup: &Setup,
    authority: &CertificationAuthority,
    now: OffsetDateTime,
) -> Result<(OwnCard, Vec<u8>), WorkbenchError> {
    let (profile, citizen) = (&setup.profile, &setup.citizen);
    let mut entropy = SystemEntropy::new();
    let made = personalise(profile, citizen, authority, now.date(), &mut entropy)?;
    let card = OwnCard::new(made.image, fastrand::u64(..));
    Ok((card, made.certificate_der))
}
