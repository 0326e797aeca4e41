//! The town behind a kept demo: its pages, and what it does to the card in the reader.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use cns_fixtures::{Citizen, citizen, town};
use serde_json::{Value, json};
use support::Running;

#[test]
fn codes_of_the_town_come_onto_the_card_in_the_reader_and_a_new_card_into_it() {
    let folder = tempfile::tempdir().unwrap();
    let demo = KeptDemo::start(folder.path());
    demo.has_its_pages();
    let maria = citizen("maria-rossi").unwrap();
    let person = maria.codice_fiscale.to_string();

    // Online, at whatever time it is.
    let card = maria.card_number.to_string();
    let ticket = demo.post("/pin/spid", &json!({"identity": person, "level": "2"}));
    let path = format!("/pin/request/{}/form", ticket["ticket"].as_str().unwrap());
    let slips = demo.post(&path, &form(&maria, &card));
    demo.card_takes(&demo.pin_of(&maria, &slips));

    // At the desk, on Monday: the card is revoked, and another one takes its place.
    demo.is_monday_morning();
    demo.post(
        "/desk/sign-in",
        &json!({"user": "mario", "password": "sportello-1"}),
    );
    let seen = json!({
        "office": "regional-desk",
        "identity": person,
        "document.kind": "identity-card",
        "document.number": "CA00000AA",
        "document.issuer": "Comune di Collaudo",
        "document.holder": person,
        "document.expires": "2040-01-01",
    });
    demo.post("/desk/identify", &seen);
    let at_desk = |card: &str, action: &str, typed: &Value| {
        demo.post(&format!("/desk/cards/{card}/{action}"), typed)
    };
    let lost = json!({"cause": "loss", "declaration": "self-certification"});
    at_desk(&card, "revoke", &lost);
    at_desk(&card, "order", &json!({}));
    let found = demo.post("/desk/find", &json!({"sought": person}));
    let cards = found["cards"].as_array().unwrap().iter();
    let mut cards = cards.map(|view| view["card"].as_str().unwrap());
    let successor = cards.find(|number| *number != card).expect("a new card");
    let request = at_desk(successor, "form/at-desk", &form(&maria, successor));
    let slips = at_desk(successor, "hand-over", &request);
    demo.card_takes(&demo.pin_of(&maria, &slips));
    assert_eq!(demo.process.end(), 0);
}

fn form(holder: &Citizen, card: &str) -> Value {
    let [phone, _] = town::contacts(holder);
    json!({"card": card, "channel": "sms", "contact": phone.address(), "language": "en"})
}

/// A demo that stays up, and what programs are told of it.
struct KeptDemo<'a> {
    process: Running,
    folder: &'a Path,
}

impl<'a> KeptDemo<'a> {
    fn start(folder: &'a Path) -> Self {
        let arguments = "demo --keep --json --reader daemonless --client opensc-tool";
        let arguments: Vec<&str> = arguments.split(' ').collect();
        Self {
            process: Running::start(folder, &arguments),
            folder,
        }
    }

    fn has_its_pages(&self) {
        let pages = self.process.ready["pages"].as_array().unwrap();
        assert_eq!(pages.len(), 6, "{pages:?}");
        let status = ["--output", "/dev/null", "--write-out", "%{http_code}"];
        for page in pages {
            let url = page["url"].as_str().unwrap();
            let needs_somebody = ["/desk", "/audit", "/area"];
            let expected = match needs_somebody.iter().any(|it| url.ends_with(it)) {
                true => "401",
                false => "200",
            };
            assert_eq!(self.curl(url, &status), expected, "{url}");
        }
    }

    /// The offices open, and the post goes on.
    fn is_monday_morning(&self) {
        let today = time::OffsetDateTime::now_utc().date();
        let monday = today.next_occurrence(time::Weekday::Monday);
        let order = json!({"set_to": format!("{monday}T09:00:00Z")}).to_string();
        let url = format!("{}/clock", self.process.ready["control"].as_str().unwrap());
        let put = ["--request", "PUT", "--data", &order];
        let json = ["--header", "Content-Type: application/json"];
        let told = self.curl(&url, &[put.as_slice(), &json].concat());
        assert!(told.contains("is_frozen"), "{told}");
    }

    /// What a program is answered that posts JSON, if it is done.
    fn post(&self, path: &str, typed: &Value) -> Value {
        let typed = typed.to_string();
        let json = [
            "--header",
            "Content-Type: application/json",
            "--data",
            &typed,
        ];
        let told = self.curl(&self.api(path), &json);
        let told: Value = serde_json::from_str(&told).unwrap_or_else(|_| panic!("{path}: {told}"));
        assert!(told["status"].is_null(), "{path}: {told}");
        told
    }

    fn api(&self, path: &str) -> String {
        let front = self.process.ready["pages"][0]["url"].as_str().unwrap();
        format!("{front}api{path}")
    }

    /// The PIN, of a slip and of the newest message to the holder's phone.
    fn pin_of(&self, holder: &Citizen, slips: &Value) -> String {
        let [phone, _] = town::contacts(holder);
        let contact = phone.address().replace('+', "%2B");
        let card = slips[0]["card"].as_str().unwrap();
        let waited = format!("/outbox/wait?contact={contact}&card={card}&seconds=20");
        let letter: Value = serde_json::from_str(&self.curl(&self.api(&waited), &[])).unwrap();
        let digits = |words: &Value| {
            let (_, rest) = words.as_str().unwrap().split_once("PIN:").unwrap();
            let mut words = rest.split_whitespace();
            words.find(|word| *word != "_").unwrap().to_owned()
        };
        digits(&slips[0]["slip"]) + &digits(&letter["letter"]["words"])
    }

    /// Waits until the card with this PIN is in the reader, where a card was out for a moment.
    fn card_takes(&self, pin: &str) {
        let limit = Instant::now() + Duration::from_secs(20);
        loop {
            let mut client = Command::new("timeout");
            client.args(["20", "pkcs11-tool", "--test", "--login", "--pin", pin]);
            let variables = self.process.ready["environment"].as_array().unwrap();
            client.envs(variables.iter().map(|variable| {
                let [name, value] = [0, 1].map(|part| variable[part].as_str().unwrap());
                (name, value)
            }));
            let output = client.output().unwrap();
            if String::from_utf8_lossy(&output.stdout).contains("No errors") {
                return;
            }
            assert!(Instant::now() < limit, "{output:?}");
            thread::sleep(Duration::from_millis(100));
        }
    }

    fn curl(&self, url: &str, options: &[&str]) -> String {
        let jar = self.folder.join("cookies");
        let mut command = Command::new("curl");
        command
            .args(["--silent", "--show-error", "--max-time", "30", "--cacert"])
            .arg(self.process.ready["ca"].as_str().unwrap())
            .arg("--cookie")
            .arg(&jar)
            .arg("--cookie-jar")
            .arg(&jar);
        let output = command.args(options).arg(url).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}
