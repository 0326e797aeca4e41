//! A portal with all its pages, a citizen, and the ways in.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::thread::JoinHandle;

use cns_authority::{CertificationAuthority, ServerCredential, Validity};
use cns_conformance::viewer::{Escort, Papers};
use cns_fixtures::{citizen, collaudo_authority, personalise, population, profile};
use cns_portal::town::NoWorkshop;
use cns_portal::{Language, Portal, PortalConfig, Staff, TownHall};
use cns_reader::SystemEntropy;
use cns_services::desk::{Desk, Policy};
use cns_services::outbox::Outbox;
use rustls::pki_types::PrivateKeyDer;
use time::OffsetDateTime;
use time::macros::datetime;
use tokio::sync::oneshot;

use crate::area;

/// The portal's clock stands still here.
const NOW: OffsetDateTime = datetime!(2026-03-02 9:30 UTC);

/// A page, and who looks at it.
pub(crate) struct Page {
    pub(crate) name: &'static str,
    by: Way,
    path: String,
}

/// How somebody comes to the portal.
#[derive(Clone, Copy)]
enum Way {
    /// Without a certificate, to the listener that asks for none.
    Www,
    /// As Maria Rossi, with her card.
    Citizen,
    /// To the listener that asks for a card, without one.
    WithoutCard,
    /// With a card that ran out.
    OldCard,
    /// As Paolo Conti, Sofia's father.
    Parent,
}

/// The portal and those who bring browsers in.
pub(crate) struct Town {
    www: SocketAddr,
    citizen: Escort,
    without_card: Escort,
    old_card: Escort,
    parent: Escort,
    area: Vec<(&'static str, String)>,
    stop: Option<oneshot::Sender<()>>,
    portal: Option<JoinHandle<()>>,
}

impl Town {
    /// All pages there are.
    pub(crate) fn pages(&self) -> Vec<Page> {
        let page = |name, by, path: &str| Page {
            name,
            by,
            path: path.to_owned(),
        };
        let area = self.area.iter();
        let area = area.map(|(name, path)| page(name, Way::Citizen, path));
        let pages = vec![
            page("welcome", Way::Www, "/"),
            page("not-found", Way::Www, "/nowhere"),
            page("login", Way::Citizen, "/"),
            page("no-certificate", Way::WithoutCard, "/"),
            page("refused", Way::OldCard, "/"),
            page("area-without-card", Way::WithoutCard, "/area"),
            page("area-of-child", Way::Parent, &area::of_the_child()),
        ];
        pages.into_iter().chain(area).collect()
    }

    /// Where a browser finds a page.
    pub(crate) fn url(&self, page: &Page, language: Language) -> String {
        let address = match page.by {
            Way::Www => self.www,
            Way::Citizen => self.citizen.address(),
            Way::WithoutCard => self.without_card.address(),
            Way::OldCard => self.old_card.address(),
            Way::Parent => self.parent.address(),
        };
        let separator = if page.path.contains('?') { '&' } else { '?' };
        format!(
            "https://{address}{}{separator}lang={}",
            page.path,
            language.tag()
        )
    }

    /// The page as it came from the portal.
    pub(crate) fn source(&self, url: &str) -> Vec<u8> {
        let arguments = [
            "--silent",
            "--insecure",
            "--max-time",
            "20",
            "--header",
            "Accept: text/html",
        ];
        let output = Command::new("curl").args(arguments).arg(url).output();
        output
            .expect("the program `curl` runs: it is in the Debian package curl")
            .stdout
    }

    /// Starts the portal.
    pub(crate) fn found() -> Self {
        let authority = collaudo_authority(NOW.date()).unwrap();
        let trusted = vec![authority.certificate_der().to_vec()];
        let mut config = PortalConfig::on_loopback(server(&authority), trusted, Arc::new(NOW));
        let hall = hall();
        let area = area::furnish(&hall);
        config.town = Some(hall);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let portal = runtime.block_on(Portal::bind(config)).unwrap();
        let addresses = portal.addresses();
        let (stop, stopped) = oneshot::channel();
        let portal = std::thread::spawn(move || {
            runtime.block_on(portal.run(async {
                let _ = stopped.await;
            }));
        });
        let escort =
            |papers| Escort::start(server(&authority), addresses.cns, "cns.test", papers).unwrap();
        Self {
            www: addresses.www,
            area,
            citizen: escort(Some(papers("maria-rossi", &authority, NOW))),
            parent: escort(Some(papers("paolo-conti", &authority, NOW))),
            without_card: escort(None),
            old_card: escort(Some(papers(
                "maria-rossi",
                &authority,
                NOW - time::Duration::days(9 * 365),
            ))),
            stop: Some(stop),
            portal: Some(portal),
        }
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.portal.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            assert!(matches!(ended, Some(Ok(()))), "the portal did not end well");
        }
    }
}

fn server(authority: &CertificationAuthority) -> ServerCredential {
    let validity = Validity::days(NOW - time::Duration::DAY, 30).unwrap();
    authority
        .issue_server(&["cns.test", "127.0.0.1"], validity)
        .unwrap()
}

/// A town whose desk nobody works at.
fn hall() -> TownHall {
    let town = cns_portal::Town {
        world: population::world(1, 200, NOW.date()),
        desk: Desk::new(Policy::default()),
        outbox: Outbox::default(),
    };
    let staff = Staff::new([]).unwrap();
    TownHall::open(town, staff, Arc::new(NoWorkshop), Arc::new(NOW))
}

/// The certificate of somebody's card, handed out as if `today` were the day, and its key.
fn papers(id: &str, authority: &CertificationAuthority, today: OffsetDateTime) -> Papers {
    let holder = citizen(id).unwrap();
    let profile = profile("cns11-st2021").unwrap();
    let mut entropy = SystemEntropy::new();
    let card = personalise(&profile, &holder, authority, today.date(), &mut entropy).unwrap();
    Papers {
        certificate: card.certificate_der,
        private_key: PrivateKeyDer::try_from(holder.key.der()).unwrap(),
    }
}
