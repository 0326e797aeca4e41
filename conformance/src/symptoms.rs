//! What clients show their users for each alert with which a portal refuses: seen at real ones, at our own
//! portal when it is strict.
//!
//! A client chooses among its certificates, and some hide those that it thinks useless (Chromium, expired
//! ones). So the certificate is good wherever it can be, and the portal is odd: its clock, whom it trusts,
//! what it has written down.

mod onlooker;

use std::fs;
use std::io;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use cns_authority::zoo::{Specimen, ZooError, animal};
use cns_authority::{
    CertificationAuthority, CertifierError, CertifierName, CertifierTerm, SerialNumber, Validity,
    pem,
};
use cns_fixtures::{Enclosure, PersonaliseError};
use cns_portal::{
    Enrolment, Journal, Portal, PortalConfig, PortalError, Refusal, RevocationList,
    RevocationSources, ServerGuard, SystemClock,
};
use time::OffsetDateTime;

pub use onlooker::Onlooker;

use crate::action::ActionError;
use crate::background::{Background, runtime};
use crate::clients::{chromium, nss};
use crate::workbench::{PORTAL_NAME, Workbench};

/// Why nothing was seen.
#[derive(Debug, thiserror::Error)]
pub enum SymptomError {
    /// A client fails.
    #[error(transparent)]
    Action(#[from] ActionError),
    /// The portal does not start.
    #[error(transparent)]
    Portal(#[from] PortalError),
    /// The certificate cannot be made.
    #[error(transparent)]
    Zoo(#[from] ZooError),
    /// Nor its certifiers.
    #[error(transparent)]
    Enclosure(#[from] PersonaliseError),
    /// Nor the portal's own.
    #[error(transparent)]
    Certifier(#[from] CertifierError),
    /// Files, threads.
    #[error("the portal could not be prepared: {0}")]
    Io(#[from] io::Error),
    /// Nobody knows how a portal comes to send this.
    #[error("there is no portal that sends the alert {0:?}")]
    NoAlert(String),
    /// What the portal is given is none.
    #[error("the revocation list is none: {0}")]
    List(String),
}

/// What came of a visit.
#[derive(Clone, Debug)]
pub struct Symptom {
    /// What the user sees.
    pub text: String,
    /// The alert that the portal sent.
    pub sent: Option<String>,
}

/// What a portal must be like, and what its client shows, for an alert.
struct Oddity {
    alert: &'static str,
    animal: &'static str,
    profile: &'static str,
    shows_certificate: bool,
}

impl Oddity {
    /// Browsers do not send what they cannot make sense of: Chromium no certificate of version 1 with
    /// extensions, Firefox none with a critical extension that nobody knows.
    fn animal_for(&self, onlooker: Onlooker) -> &'static str {
        match (onlooker, self.alert) {
            (Onlooker::Chromium, "bad_certificate") => "cert.critical-unknown-extension",
            _ => self.animal,
        }
    }
}

const fn oddity(alert: &'static str, animal: &'static str) -> Oddity {
    Oddity {
        alert,
        animal,
        profile: "",
        shows_certificate: true,
    }
}

const ODDITIES: &[Oddity] = &[
    oddity("bad_certificate", "cert.version-1-with-extensions"),
    oddity("unsupported_certificate", "cert.no-extended-key-usage"),
    oddity("certificate_revoked", "crl.revoked"),
    oddity("certificate_expired", "cert.good"),
    Oddity {
        // Whom the portal does not name is not shown to it: this one names nobody.
        profile: "hints-none.",
        ..oddity("unknown_ca", "cert.good")
    },
    oddity("access_denied", "cert.hash-of-other-data"),
    oddity("decrypt_error", "cert.good"),
    Oddity {
        profile: "require.",
        shows_certificate: false,
        ..oddity("certificate_required", "cert.good")
    },
];

/// How long the portal may take to write a visit down.
const JOURNAL_LIMIT: Duration = Duration::from_secs(10);

const POLL: Duration = Duration::from_millis(5);

/// The clients' database, and their certificate with its key, in their home.
const NSS_FOLDER: &str = "symptom";
const PACKED: &str = "client.p12";
const CERTIFICATE: &str = "client.pem";
const KEY: &str = "client.key";

/// What the client's user sees at a portal that sends this alert.
///
/// # Errors
/// The client or the portal fails.
pub fn symptom(
    workbench: &Workbench,
    onlooker: Onlooker,
    alert: &str,
) -> Result<Symptom, SymptomError> {
    let oddity = ODDITIES.iter().find(|it| it.alert == alert);
    let oddity = oddity.ok_or_else(|| SymptomError::NoAlert(alert.to_owned()))?;
    let now = OffsetDateTime::now_utc();
    let enclosure = Enclosure::new(workbench.profile(), workbench.citizen(), now)?;
    let animal =
        animal(oddity.animal_for(onlooker)).expect("the table names animals, a test visits all");
    let habitat = enclosure.habitat(workbench.authority(), [0; 16]);
    let specimen = animal.make(&habitat, SerialNumber::random()?)?;
    hand_out(workbench, &enclosure, &specimen, oddity.shows_certificate)?;

    let runtime = runtime()?;
    let config = portal_that_sends(workbench, oddity, &specimen, now)?;
    let portal = runtime.block_on(Portal::bind(config))?;
    let (port, journal) = (portal.local_address().port(), portal.journal());
    let _running = Background::start("cns-portal", runtime, |stop| {
        portal.run(async { drop(stop.await) })
    })?;
    let host = format!("{}{PORTAL_NAME}", oddity.profile);
    let text = onlooker.visit(workbench, &host, port, oddity.shows_certificate)?;
    Ok(Symptom {
        text,
        sent: alert_of(&journal),
    })
}

/// The alert that a client was refused with, once the portal has written it down. Browsers knock more than
/// once.
fn alert_of(journal: &Journal) -> Option<String> {
    let deadline = Instant::now() + JOURNAL_LIMIT;
    loop {
        let entries = journal.entries().into_iter();
        let mut alerts = entries.filter_map(|entry| entry.handshake.alert_sent);
        match alerts.next_back() {
            None if Instant::now() < deadline => thread::sleep(POLL),
            alert => return alert,
        }
    }
}

/// Gives the clients certificate and key, as files and packed.
fn hand_out(
    workbench: &Workbench,
    enclosure: &Enclosure,
    specimen: &Specimen,
    shows: bool,
) -> Result<(), SymptomError> {
    let folder = workbench.folder();
    let certificate = pem::encode("CERTIFICATE", &specimen.certificate_der);
    fs::write(folder.join(CERTIFICATE), certificate)?;
    fs::write(folder.join(KEY), enclosure.key(specimen.key).pem())?;
    let pack = workbench
        .client("openssl")
        .arguments(["pkcs12", "-export", "-in", CERTIFICATE, "-inkey", KEY])
        .arguments(["-name", "client", "-out", PACKED, "-passout", "pass:"])
        .run()
        .map_err(ActionError::from)?;
    pack.succeeded()?;
    let identity = shows.then_some(PACKED);
    for database in [NSS_FOLDER, chromium::DATABASE] {
        nss::set_up_without_card(workbench, database, identity)?;
    }
    Ok(())
}

fn portal_that_sends(
    workbench: &Workbench,
    oddity: &Oddity,
    specimen: &Specimen,
    now: OffsetDateTime,
) -> Result<PortalConfig, SymptomError> {
    let home = workbench.authority();
    let validity = validity(now)?;
    let names = [PORTAL_NAME, "*.portale.test", "127.0.0.1"];
    let server = home.issue_server(&names, validity)?;
    let term = CertifierTerm::of_run(validity.not_before(), now).map_err(ZooError::from)?;
    // In another region's name, or in this one's with another key.
    let stranger = |region| -> Result<Vec<u8>, SymptomError> {
        let stranger = CertificationAuthority::new(&CertifierName::regional(region), term)?;
        Ok(stranger.certificate_der().to_vec())
    };
    let trusted = match oddity.alert {
        "unknown_ca" => stranger("Regione Ignota")?,
        "decrypt_error" => stranger("Regione Collaudo")?,
        _ => home.certificate_der().to_vec(),
    };
    let mut config = PortalConfig::on_loopback(server, vec![trusted], Arc::new(SystemClock));
    if oddity.alert == "certificate_expired" {
        config.clock.advance(time::Duration::days(3_650));
    }
    config.refusal = Refusal::Alert;
    // Clients trust the certifier of this one, whomever the portal trusts.
    config.server_guard = ServerGuard::AnythingOnPurpose;
    if oddity.alert == "access_denied" {
        let mut enrolment = Enrolment::default();
        let today = now.date();
        let name = cns_fixtures::common_name(workbench.citizen(), today)?;
        enrolment.enter(name.card_number, name.personal_data_hash);
        config.enrolment = Some(enrolment);
    }
    let list = specimen.revocation_list.as_ref().and_then(|it| it.body());
    if let Some(list) = list {
        let certifier = std::slice::from_ref(&specimen.certifier_der);
        let list = RevocationList::from_bytes(list, certifier);
        let list = list.map_err(|error| SymptomError::List(error.to_string()))?;
        config.revocation = RevocationSources {
            crl: Some(Arc::new(vec![list])),
            ..RevocationSources::default()
        };
    }
    Ok(config)
}

fn validity(now: OffsetDateTime) -> Result<Validity, SymptomError> {
    let from = now.saturating_sub(time::Duration::DAY);
    Ok(Validity::days(from, 30).map_err(ZooError::from)?)
}
