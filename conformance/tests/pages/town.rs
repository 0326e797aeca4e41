//! A portal with all its pages, a citizen, and the ways in.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::thread::JoinHandle;

use cns_authority::{CertificationAuthority, OfficeTerms, ServerCredential, Validity};
use cns_conformance::card_workshop::{CardWorkshop, CardsAtHand};
use cns_conformance::town::{FoundedTown, Founding};
use cns_conformance::viewer::{Escort, Papers};
use cns_fixtures::{citizen, collaudo_authority, offices, personalise, profile};
use cns_portal::{Language, Portal, PortalConfig, PublicOffices};
use cns_reader::SystemEntropy;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
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
    /// As Mario Bianchi, who works at the desk, with his card.
    Operator,
    /// As Davide Moretti, who reads the log, with his card.
    Auditor,
    /// As Paolo Conti, Sofia's father.
    Parent,
}

/// The portal and those who bring browsers in.
pub(crate) struct Town {
    www: SocketAddr,
    citizen: Escort,
    without_card: Escort,
    old_card: Escort,
    operator: Escort,
    auditor: Escort,
    parent: Escort,
    area: Vec<(&'static str, String)>,
    ticket: String,
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
        let card = format!(
            "/desk/cards/{}",
            citizen("maria-rossi").unwrap().card_number
        );
        let open = format!(
            "/desk/cards/{}",
            citizen("paolo-conti").unwrap().card_number
        );
        let form = |kind: &str| format!("{card}/form/{kind}");
        let area = self.area.iter();
        let area = area.map(|(name, path)| page(name, Way::Citizen, path));
        let pages = vec![
            page("welcome", Way::Www, "/"),
            page("not-found", Way::Www, "/nowhere"),
            page("login", Way::Citizen, "/"),
            page("no-certificate", Way::WithoutCard, "/"),
            page("refused", Way::OldCard, "/"),
            page("sign-in", Way::Www, "/desk"),
            page("desk", Way::Operator, "/desk"),
            page("desk-card", Way::Operator, &card),
            page("desk-card-open", Way::Operator, &open),
            page("desk-form", Way::Operator, &form("at-desk")),
            page("desk-form-minor", Way::Operator, &form("minor")),
            page("desk-form-ward", Way::Operator, &form("ward")),
            page("desk-form-delegate", Way::Operator, &form("delegate")),
            page("desk-not-yours", Way::Auditor, "/desk"),
            page("pin", Way::Www, "/pin"),
            page("pin-confirm", Way::Www, "/pin/confirm?sent=yes"),
            page("pin-spid", Way::Www, "/pin/spid"),
            page("pin-suspend", Way::Www, "/pin/suspend"),
            page(
                "pin-request",
                Way::Www,
                &format!("/pin/request/{}", self.ticket),
            ),
            page("outbox", Way::Www, "/outbox"),
            page(
                "outbox-mailbox",
                Way::Www,
                "/outbox/mailbox?contact=maria-rossi@posta.test",
            ),
            page("outbox-refused", Way::Www, "/outbox/mailbox?contact=nobody"),
            page("audit", Way::Auditor, "/audit"),
            page("audit-verify", Way::Auditor, "/audit/verify"),
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
            Way::Operator => self.operator.address(),
            Way::Auditor => self.auditor.address(),
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
        let town = town();
        let area = area::furnish(&town.hall);
        config.town = Some(town.hall.clone());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let portal = runtime.block_on(Portal::bind(config)).unwrap();
        let addresses = portal.addresses();
        let (stop, stopped) = oneshot::channel();
        let portal = std::thread::spawn(move || {
            runtime.block_on(portal.run(async {
                let _ = stopped.await;
            }));
        });
        town.make_cards().unwrap();
        let escort =
            |papers| Escort::start(server(&authority), addresses.cns, "cns.test", papers).unwrap();
        let of = |id| escort(Some(papers(id, &authority, NOW)));
        let operator = of("mario-bianchi");
        hand_over(operator.address());
        Self {
            www: addresses.www,
            auditor: of("davide-moretti"),
            operator,
            ticket: ticket(addresses.www),
            area,
            citizen: of("maria-rossi"),
            parent: of("paolo-conti"),
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

/// A town whose cards nobody uses.
fn town() -> FoundedTown {
    let profile = profile("cns11-st2021").unwrap();
    let all = offices(NOW, OfficeTerms::default()).unwrap();
    let office = all.iter().next().unwrap().id().to_owned();
    let offices = PublicOffices::open(all, Arc::new(NOW));
    let workshop = CardWorkshop::new(offices, &office, profile, CardsAtHand::default());
    FoundedTown::found(&Founding::default(), workshop, Arc::new(NOW)).unwrap()
}

/// Maria Rossi gets a PIN at the desk, so that there is something on every page; Luca Marino stands there
/// afterwards, and a request of Paolo Conti's is open.
fn hand_over(desk: SocketAddr) {
    let request = ask(desk, "maria-rossi");
    let card = citizen("maria-rossi").unwrap().card_number;
    let slip = post(desk, &format!("/api/desk/cards/{card}/hand-over"), &request);
    assert!(slip[0]["slip"].is_string(), "{slip}");
    ask(desk, "paolo-conti");
    identify(desk, "luca-marino");
}

/// Somebody asks for a PIN at the desk.
fn ask(desk: SocketAddr, id: &str) -> Value {
    let card = citizen(id).unwrap().card_number.to_string();
    let form = json!({
        "card": card, "channel": "email", "contact": format!("{id}@posta.test"), "language": "it",
    });
    identify(desk, id);
    let request = post(desk, &format!("/api/desk/cards/{card}/form/at-desk"), &form);
    assert!(request["request"].is_number(), "{request}");
    request
}

fn identify(desk: SocketAddr, id: &str) {
    let person = citizen(id).unwrap().codice_fiscale.to_string();
    let seen = json!({
        "office": "regional-desk",
        "identity": person,
        "document.kind": "identity-card",
        "document.number": "CA00000AA",
        "document.issuer": "Comune di Collaudo",
        "document.holder": person,
        "document.expires": "2040-01-01",
    });
    post(desk, "/api/desk/identify", &seen);
}

/// The ticket of Maria Rossi, who has logged in with SPID.
fn ticket(www: SocketAddr) -> String {
    let person = citizen("maria-rossi").unwrap().codice_fiscale.to_string();
    let told = post(
        www,
        "/api/pin/spid",
        &json!({"identity": person, "level": "2"}),
    );
    told["ticket"].as_str().expect("a ticket").to_owned()
}

fn post(address: SocketAddr, path: &str, typed: &Value) -> Value {
    let output = Command::new("curl")
        .args(["--silent", "--insecure", "--max-time", "20"])
        .args(["--header", "Content-Type: application/json"])
        .args(["--data", &typed.to_string()])
        .arg(format!("https://{address}{path}"))
        .output();
    let output = output.expect("the program `curl` runs: it is in the Debian package curl");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!(
            "{path}: {error}: {}",
            String::from_utf8_lossy(&output.stdout)
        )
    })
}
