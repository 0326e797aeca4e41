//! A town with its portal and a reader: whoever stands at the counter, the post, and a client with the card.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration as Stopwatch;

use cns_authority::{CardNumber, Office, OfficeTerms, Standing, Validity};
use cns_conformance::card_workshop::{CardWorkshop, CardsAtHand};
use cns_conformance::town::{FoundedTown, Founding};
use cns_conformance::workbench::PORTAL_NAME;
use cns_conformance::{Setup, Workbench};
use cns_fixtures::{DEFAULT_PROFILE, citizen, collaudo_authority, offices, profile};
use cns_portal::{Addresses, Portal, PortalConfig, PublicOffices, TownHall, VirtualClock};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, Time, Weekday};
use tokio::sync::oneshot;

const HOME: &str = "collaudo";

/// The town, its portal, and a reader with clients.
pub(crate) struct Place {
    workbench: Option<Workbench>,
    pub(crate) addresses: Addresses,
    pub(crate) cards: CardsAtHand,
    /// Where the services' own people work.
    pub(crate) hall: TownHall,
    /// Where certifiers publish.
    pub(crate) pki: String,
    cookie: Option<String>,
    stop: Option<oneshot::Sender<()>>,
    portal: Option<JoinHandle<()>>,
}

impl Place {
    /// It is the next Monday, ten o'clock in Italy: every office is open. There is no reader.
    pub(crate) fn found() -> Self {
        Self::founded(Founding::default(), None)
    }

    /// The same with a reader.
    pub(crate) fn with_reader() -> Self {
        let profile = profile(DEFAULT_PROFILE).unwrap();
        let setup = Setup::new(profile, citizen("maria-rossi").unwrap());
        let workbench = Workbench::set_up(&setup).unwrap_or_else(|error| panic!("{error}"));
        Self::founded(Founding::default(), Some(workbench))
    }

    /// The same, with a desk of another kind.
    pub(crate) fn founded(founding: Founding, workbench: Option<Workbench>) -> Self {
        let profile = profile(DEFAULT_PROFILE).unwrap();
        let now = next_monday(OffsetDateTime::now_utc());
        // It stands still until somebody orders otherwise.
        let clock = VirtualClock::over(Arc::new(now));
        let home = collaudo_authority(now.date()).unwrap();
        // Clients trust the certifier of the bench: here it is this one.
        if let Some(workbench) = &workbench {
            fs::write(workbench.certifier_path(), home.certificate_pem()).unwrap();
        }
        let since = OffsetDateTime::now_utc() - Duration::DAY;
        let server = home
            .issue_server(
                &[PORTAL_NAME, "127.0.0.1"],
                Validity::days(since, 60).unwrap(),
            )
            .unwrap();
        let trusted = vec![home.certificate_der().to_vec()];
        let terms = OfficeTerms::default();
        let mut all = offices(now, terms).unwrap();
        all.add(Office::new(HOME, Standing::Recognised, home, terms));
        let offices = PublicOffices::open(all, Arc::new(clock.clone()));
        let cards = CardsAtHand::default();
        let workshop = CardWorkshop::new(offices.clone(), HOME, profile, cards.clone());
        let town = FoundedTown::found(&founding, workshop, Arc::new(clock.clone())).unwrap();
        let mut config = PortalConfig::on_loopback(server, trusted, Arc::new(now));
        config.clock = clock;
        config.offer(&offices);
        config.town = Some(town.hall.clone());
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let portal = runtime.block_on(Portal::bind(config)).unwrap();
        let pki = portal.pki_url().to_owned();
        offices.with(|offices| offices.publish_at(&pki));
        town.make_cards().unwrap();
        let addresses = portal.addresses();
        let (stop, stopped) = oneshot::channel();
        let portal = std::thread::spawn(move || {
            runtime.block_on(portal.run(async {
                let _ = stopped.await;
            }));
        });
        Self {
            workbench,
            addresses,
            cards,
            hall: town.hall,
            pki,
            cookie: None,
            stop: Some(stop),
            portal: Some(portal),
        }
    }

    /// Has the portal and its certifiers go on to a later time.
    pub(crate) fn pass(&self, time: Duration) {
        let order = json!({"advance_seconds": time.whole_seconds()}).to_string();
        let order = ["--request", "PUT", "--data", &order];
        let content = ["--header", "Content-Type: application/json"];
        self.control("clock", &[order.as_slice(), &content].concat());
    }

    /// What the control API answers, by which testers see and order.
    pub(crate) fn control(&self, what: &str, options: &[&str]) -> Answer {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--include", "--max-time", "60"])
            .args(options)
            .arg(format!("{}/{what}", self.addresses.control_url()));
        let answer = Answer::of(curl);
        assert_eq!(answer.status, 200, "{what}: {answer:?}");
        answer
    }

    /// Puts a card of the town into the reader, as its holder does at home.
    pub(crate) fn insert(&self, card: CardNumber) {
        let workbench = self.workbench();
        let slot = workbench.slot();
        let before = slot.status().insertions;
        slot.insert_card(self.cards.card(card).expect("the card is at hand"));
        let limit = Stopwatch::from_secs(20);
        let seen = slot.wait_until(limit, |status| before < status.insertions);
        assert!(seen.is_some(), "no reader has taken the card");
        workbench.wait_for_card().unwrap();
    }

    /// The reader, and those who use it.
    pub(crate) fn workbench(&self) -> &Workbench {
        self.workbench.as_ref().expect("this place has a reader")
    }

    /// Signs in at the desk.
    pub(crate) fn sign_in(&mut self, user: &str, password: &str) {
        let typed = json!({"user": user, "password": password});
        let answer = self.request("/api/desk/sign-in", Some(&typed));
        assert_eq!(answer.status, 200, "{answer:?}");
        let cookie = answer.headers.get("set-cookie").expect("a cookie");
        self.cookie = cookie.split(';').next().map(str::to_owned);
    }

    /// What is answered to a program that posts JSON.
    pub(crate) fn post(&self, path: &str, typed: &Value) -> Answer {
        self.request(&format!("/api{path}"), Some(typed))
    }

    /// The PDF that is answered to a program that posts JSON and wants one.
    pub(crate) fn pdf(&self, path: &str, typed: &Value) -> Answer {
        let mut curl = self.curl(&format!("/api{path}"));
        curl.args(["--header", "Accept: application/pdf"])
            .args(["--header", "Content-Type: application/json"])
            .args(["--data", &typed.to_string()]);
        Answer::of(curl)
    }

    /// The same, if it is done.
    pub(crate) fn done(&self, path: &str, typed: &Value) -> Value {
        let answer = self.post(path, typed);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.body
    }

    /// The code of the rule that says no, and the field.
    pub(crate) fn refused(&self, path: &str, typed: &Value) -> String {
        let answer = self.post(path, typed);
        let is_refusal = matches!(answer.status, 403 | 404 | 409 | 422);
        assert!(is_refusal, "{path}: {answer:?}");
        let field = answer.body["field"].as_str().unwrap_or("-").to_owned();
        format!("{} {field}", answer.body["code"].as_str().unwrap())
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let answer = self.request(&format!("/api{path}"), None);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.body
    }

    fn request(&self, path: &str, typed: Option<&Value>) -> Answer {
        let mut curl = self.curl(path);
        if let Some(typed) = typed {
            curl.args(["--header", "Content-Type: application/json"])
                .args(["--data", &typed.to_string()]);
        }
        Answer::of(curl)
    }

    /// What a browser is answered that sends a form; or asks for a page, if there is none.
    pub(crate) fn browse(&self, path: &str, form: Option<&[(&str, &str)]>) -> Answer {
        let mut curl = self.curl(path);
        for (name, value) in form.into_iter().flatten() {
            curl.args(["--data-urlencode", &format!("{name}={value}")]);
        }
        Answer::of(curl)
    }

    fn curl(&self, path: &str) -> Command {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--insecure", "--include"])
            .args(["--http1.1", "--max-time", "60"])
            .args(["--header", "Accept-Language: en"])
            .arg(format!("https://{}{path}", self.addresses.www));
        if let Some(cookie) = &self.cookie {
            curl.args(["--header", &format!("Cookie: {cookie}")]);
        }
        curl
    }

    /// The token of the forms on a page.
    pub(crate) fn token(&self, path: &str) -> String {
        let page = self.browse(path, None).text;
        let (_, rest) = page.split_once("name=\"token\" value=\"").expect("a form");
        rest.split('"').next().unwrap().to_owned()
    }

    /// Forgets the session's cookie, as a browser does that is closed.
    pub(crate) fn forget_cookie(&mut self) {
        self.cookie = None;
    }
}

/// What a program is answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Value,
    /// The body as it came.
    pub(crate) bytes: Vec<u8>,
    /// The same as text.
    pub(crate) text: String,
}

impl Answer {
    fn of(mut curl: Command) -> Self {
        let output = curl.output();
        let output = output.expect("the program `curl` runs: it is in the Debian package curl");
        Self::read(&output.stdout)
    }

    /// Reads a response as it comes from the network.
    pub(crate) fn read(response: &[u8]) -> Self {
        let end = response.windows(4).position(|it| it == b"\r\n\r\n");
        let (head, body) = response.split_at(end.expect("a whole response") + 4);
        let head = String::from_utf8_lossy(head);
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1));
        let headers = lines.filter_map(|line| line.split_once(": "));
        Self {
            status: status.and_then(|status| status.parse().ok()).unwrap(),
            headers: headers
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect(),
            body: serde_json::from_slice(body).unwrap_or(Value::Null),
            bytes: body.to_owned(),
            text: String::from_utf8_lossy(body).into_owned(),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.portal.take().map(JoinHandle::join);
        if !std::thread::panicking() {
            assert!(matches!(ended, Some(Ok(()))), "the portal did not end well");
        }
    }
}

fn next_monday(now: OffsetDateTime) -> OffsetDateTime {
    let days = 7 - i64::from(now.weekday().number_days_from_monday());
    let monday = (now + Duration::days(days)).replace_time(Time::from_hms(9, 0, 0).unwrap());
    assert_eq!(monday.weekday(), Weekday::Monday);
    monday
}
