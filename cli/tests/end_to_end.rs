//! The commands at work with real clients: demos side by side, a card kept in its file, a portal.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use cns_reader::PrivatePcscd;
use serde_json::Value;
use support::{Running, cns, transcript};

#[test]
fn two_demos_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let demo = |citizen: &str| {
        let output = cns(folder.path())
            .args(["demo", "--json", "--citizen", citizen])
            .output()
            .unwrap();
        let summary: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(output.status.success(), "{summary:#}");
        assert_eq!(
            (&summary["failed"], &summary["missing"]),
            (&0.into(), &0.into())
        );
        assert!(summary["passed"].as_u64().unwrap() >= 10, "{summary:#}");
        let desk = &summary["pages"][1];
        assert!(desk["url"].as_str().unwrap().ends_with("/desk"), "{desk}");
        assert_eq!(desk["staff"][0]["user"], "mario");
        let text = summary.to_string();
        (text.contains("MARIA ROSSI"), text.contains("SOFIA CONTI"))
    };
    let (maria, sofia) = thread::scope(|scope| {
        let maria = scope.spawn(|| demo("maria-rossi"));
        let sofia = scope.spawn(|| demo("sofia-conti"));
        (maria.join().unwrap(), sofia.join().unwrap())
    });
    assert_eq!(
        (maria, sofia),
        ((true, false), (false, true)),
        "each saw its own card"
    );
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "and left nothing"
    );
}

#[test]
fn a_kept_demo_can_be_used_by_hand_and_ends_whole() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Running::start(
        folder.path(),
        &["demo", "--keep", "--json", "--client", "opensc-tool"],
    );
    let variable = &demo.ready["environment"][0];
    let (name, socket) = (variable[0].as_str().unwrap(), variable[1].as_str().unwrap());
    let by_hand = Command::new("timeout")
        .args([
            "20",
            "pkcs11-tool",
            "--test",
            "--login",
            "--pin",
            demo.ready["pin"].as_str().unwrap(),
        ])
        .env(name, socket)
        .output()
        .expect("pkcs11-tool is installed (package opensc)");
    assert!(
        String::from_utf8_lossy(&by_hand.stdout).contains("No errors"),
        "{by_hand:?}"
    );
    let home = Path::new(demo.ready["ca"].as_str().unwrap())
        .parent()
        .unwrap()
        .to_owned();
    let socket = Path::new(socket).to_owned();
    assert!(home.exists() && socket.exists());
    assert_eq!(demo.end(), 0);
    assert!(!home.exists() && !socket.exists(), "nothing is left");
}

#[test]
fn an_inserted_card_is_kept_in_its_file_and_its_trace_keeps_no_pin() {
    let folder = tempfile::tempdir().unwrap();
    let pcscd = PrivatePcscd::start().unwrap();
    let reader = pcscd.reader_address().to_string();
    let (variable, socket) = pcscd.environment();
    transcript(
        folder.path(),
        &["card", "issue", "--citizen", "maria-rossi"],
    );
    let insert = [
        "card",
        "insert",
        "--reader",
        &reader,
        "--trace",
        "trace.txt",
        "maria-rossi.cns",
    ];

    let card = Running::start(folder.path(), &insert);
    let client = |arguments: &[&str]| {
        let mut command = Command::new("timeout");
        let output = command
            .arg("20")
            .args(arguments)
            .env(variable, socket)
            .output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let limit = Instant::now() + Duration::from_secs(10);
    while !client(&["opensc-tool", "--list-readers"]).contains("Yes") {
        assert!(
            Instant::now() < limit,
            "opensc-tool (package opensc) does not see the card"
        );
        thread::sleep(Duration::from_millis(20));
    }
    client(&[
        "pkcs15-tool",
        "--verify-pin",
        "--auth-id",
        "01",
        "--pin",
        "99999",
    ]);
    assert_eq!(card.end(), 0);

    let shown = transcript(folder.path(), &["card", "show", "maria-rossi.cns"]);
    assert!(
        shown.contains("PIN 10            2 of 3 tries left"),
        "{shown}"
    );
    let trace = std::fs::read_to_string(folder.path().join("trace.txt")).unwrap();
    assert!(
        trace.contains("VERIFY PIN 10") && trace.contains("** **"),
        "{trace}"
    );
    assert!(!trace.contains("39 39 39 39 39"), "the PIN is masked");
}

#[test]
fn a_portal_trusts_the_certifier_of_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let portal = Running::start(folder.path(), &["portal", "run"]);
    let url = format!("{}api/login", portal.ready["url"].as_str().unwrap());
    let answer = Command::new("curl")
        .args([
            "--disable",
            "--silent",
            "--max-time",
            "20",
            "--noproxy",
            "*",
            "--cacert",
        ])
        .arg(folder.path().join(portal.ready["ca"].as_str().unwrap()))
        .arg(url)
        .output()
        .expect("curl is installed (package curl)");
    let answer: Value = serde_json::from_slice(&answer.stdout).unwrap();
    assert_eq!(answer["outcome"], "no_certificate");
    assert_eq!(portal.end(), 0);
}

/// The portal runs already when the card is issued, and answers for it all the same.
#[test]
fn a_portal_answers_for_the_cards_of_its_folder() {
    let folder = tempfile::tempdir().unwrap();
    let portal = Running::start(folder.path(), &["portal", "run"]);
    let pki = portal.ready["pki"].as_str().unwrap();
    let issue = ["card", "issue", "--citizen", "maria-rossi", "--pki", pki];
    assert!(cns(folder.path()).args(issue).status().unwrap().success());
    let ledger = folder.path().join("cns-authority/issued.txt");
    let issued = std::fs::read_to_string(ledger).unwrap();
    let serial = format!("0x{}", issued.lines().next().unwrap());
    let ca = portal.ready["ca"].as_str().unwrap();
    let reset = format!("{}/reset", portal.ready["control"].as_str().unwrap());
    let questions = [(serial.as_str(), "good"), ("0x4711", "unknown")];
    // A reset goes back to the start, before the card was issued; the card is there all the same.
    for (serial, said) in questions.into_iter().chain([("", "reset"), questions[0]]) {
        if said == "reset" {
            let order = [
                "--disable",
                "--silent",
                "--fail",
                "--noproxy",
                "*",
                "-X",
                "POST",
            ];
            let ordered = Command::new("curl")
                .args(order)
                .arg(&reset)
                .output()
                .unwrap();
            assert!(ordered.status.success(), "{ordered:?}");
            continue;
        }
        let ask = [
            "ocsp", "-issuer", ca, "-CAfile", ca, "-serial", serial, "-url",
        ];
        let output = Command::new("openssl")
            .args(ask)
            .arg(portal.ready["ocsp"].as_str().unwrap())
            .current_dir(folder.path())
            .output()
            .expect("openssl is installed (package openssl)");
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(told.starts_with(&format!("{serial}: {said}")), "{told}");
        let talk = String::from_utf8(output.stderr).unwrap();
        assert_eq!(talk, "Response verify OK\n");
    }
    for document in ["crl", "tsl"] {
        let url = portal.ready[document].as_str().unwrap();
        let fetch = [
            "--disable",
            "--silent",
            "--fail",
            "--noproxy",
            "*",
            "--max-time",
            "20",
        ];
        let fetched = Command::new("curl").args(fetch).arg(url).output().unwrap();
        assert!(
            fetched.status.success() && !fetched.stdout.is_empty(),
            "{url}"
        );
    }
    assert_eq!(portal.end(), 0);
}

#[test]
fn a_card_in_a_reader_becomes_a_test_card_without_its_holder() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Running::start(
        folder.path(),
        &[
            "demo",
            "--keep",
            "--json",
            "--client",
            "opensc-tool",
            "--citizen",
            "sofia-conti",
        ],
    );
    let variable = &demo.ready["environment"][0];
    let (name, socket) = (variable[0].as_str().unwrap(), variable[1].as_str().unwrap());
    let dump = |arguments: &[&str]| {
        let mut command = cns(folder.path());
        command
            .args(["card", "dump"])
            .args(arguments)
            .env(name, socket)
            .output()
            .unwrap()
    };
    let dumped = dump(&[]);
    assert!(dumped.status.success(), "{dumped:?}");
    let unknown = dump(&["--reader", "no such reader", "other.cns"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("hint: the readers are Virtual PCD"));
    assert_eq!(demo.end(), 0);

    let shown = transcript(folder.path(), &["card", "show", "dump.cns"]);
    assert!(
        shown.contains("MARIO BIANCHI") && shown.contains("EF.Dati_Personali"),
        "{shown}"
    );
    let profile = std::fs::read_to_string(folder.path().join("dump.toml")).unwrap();
    for secret in ["CONTI", "SOFIA", "CNTSFO20B69M902R", "6030000000003005"] {
        assert!(
            !shown.contains(secret) && !profile.contains(secret),
            "{secret} is not redacted"
        );
    }
}

/// A card in a pcscd of the test's own, and clients that are never waited for without limit.
struct Desk {
    folder: tempfile::TempDir,
    pcscd: PrivatePcscd,
}

impl Desk {
    fn new() -> Self {
        let desk = Self {
            folder: tempfile::tempdir().unwrap(),
            pcscd: PrivatePcscd::start().unwrap(),
        };
        transcript(
            desk.folder.path(),
            &["card", "issue", "--citizen", "maria-rossi"],
        );
        desk
    }

    fn insert(&self) -> Running {
        let reader = self.pcscd.reader_address().to_string();
        let card = Running::start(
            self.folder.path(),
            &["card", "insert", "--reader", &reader, "maria-rossi.cns"],
        );
        let limit = Instant::now() + Duration::from_secs(10);
        loop {
            let listed = self
                .client("opensc-tool", &["--list-readers"])
                .output()
                .unwrap();
            if String::from_utf8_lossy(&listed.stdout).contains("Yes") {
                return card;
            }
            assert!(
                Instant::now() < limit,
                "opensc-tool (package opensc) does not see the card"
            );
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn client(&self, program: &str, arguments: &[&str]) -> Command {
        let (variable, socket) = self.pcscd.environment();
        let mut command = Command::new("timeout");
        command
            .args(["20", program])
            .args(arguments)
            .env(variable, socket);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// A client in the midst of its work with the card.
    fn busy_client(&self) -> Child {
        let script = "while pkcs11-tool --login --pin 12345 --test; do :; done";
        self.client("sh", &["-c", script]).spawn().unwrap()
    }
}

/// `timeout` ends with 124 when its program had to be stopped.
fn ends_by_itself(mut client: Child) -> bool {
    client.wait().unwrap().code() != Some(124)
}

#[test]
fn a_card_that_vanishes_ends_its_client_and_comes_back_whole() {
    let desk = Desk::new();
    let mut card = desk.insert();
    let client = desk.busy_client();
    thread::sleep(Duration::from_millis(150));
    card.child.kill().unwrap();
    assert!(
        ends_by_itself(client),
        "the client waits for a card that is gone"
    );
    drop(card);

    let card = desk.insert();
    let test = ["--login", "--pin", "12345", "--test"];
    let tested = desk.client("pkcs11-tool", &test).output().unwrap();
    assert!(
        String::from_utf8_lossy(&tested.stdout).contains("No errors"),
        "{tested:?}"
    );
    assert_eq!(card.end(), 0);
}

#[test]
fn a_reader_that_vanishes_ends_the_client_and_leaves_the_card_waiting() {
    let desk = Desk::new();
    let mut card = desk.insert();
    let client = desk.busy_client();
    thread::sleep(Duration::from_millis(150));
    let Desk { folder, pcscd } = desk;
    drop(pcscd);
    assert!(
        ends_by_itself(client),
        "the client waits for a reader that is gone"
    );
    assert!(
        card.child.try_wait().unwrap().is_none(),
        "the card waits for its reader"
    );
    assert_eq!(card.end(), 0);
    let shown = transcript(folder.path(), &["card", "show", "maria-rossi.cns"]);
    assert!(shown.contains("of 3 tries left"), "{shown}");
}
