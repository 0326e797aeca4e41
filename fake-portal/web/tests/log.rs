//! Nothing of a person and nothing of a key is in the log, at its most talkative.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::fs;
use std::io;
use std::sync::{Arc, Mutex};

use cns_portal::Refusal;
use cns_portal::proxy::{BehindProxy, Dialect, Forwarded, Verification};
use support::tester::Tester;
use support::{Bench, CARD, certifier, succeed, years};

#[derive(Clone, Default)]
struct Memory(Arc<Mutex<Vec<u8>>>);

impl io::Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn nothing_personal_and_nothing_secret_is_logged() {
    let memory = Memory::default();
    let writer = memory.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .init();

    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    assert_eq!(bench.login("--tlsv1.3").0, 200);
    assert_eq!(bench.login("--tls-max 1.2").0, 200);
    assert_eq!(bench.visit("/?lang=en", CARD).0, 200);
    bench.issue(&certifier("Regione Ignota"), years(2024, 2030));
    assert_eq!(bench.login("").0, 403);
    // The journal has names, and whoever tests says them; the log has neither.
    let tester = Tester(&bench);
    let maria = r#"{"when":{"codice_fiscale":"RSSMRA85C55F205Y"},"fault":{"status":503}}"#;
    tester.order("/faults", maria);
    assert_eq!(bench.login("").0, 503);
    tester.read("/journal/find?card=6030000000001009");
    let strict = Bench::start_with(|config, _| config.refusal = Refusal::Alert);
    strict.issue(&certifier("Regione Ignota"), years(2024, 2030));
    let _ = strict.curl("/", CARD);
    strict.journal_of(1);

    let behind = Bench::start_with(|config, _| {
        config.behind = Some(BehindProxy::on_loopback(Dialect::Rfc9440));
    });
    bench.issue(&bench.certifier, years(2024, 2030));
    let headers = Dialect::Rfc9440.write(&Forwarded {
        certificate: fs::read(bench.folder.path().join("card.der")).unwrap(),
        chain: Vec::new(),
        verification: Verification::NotTold,
    });
    let url = format!("http://{}/api/headers", behind.addresses.behind.unwrap());
    let header = format!("{}: {}", headers[0].0, headers[0].1);
    for options in [
        vec!["--header", &header],
        vec!["--header", &header, "--header", &header],
    ] {
        succeed(behind.curl_url(&url, &options));
    }

    let log = String::from_utf8_lossy(&memory.0.lock().unwrap()).into_owned();
    assert!(
        ["logged_in", "unknown_ca", "forwarded", "not believed"]
            .iter()
            .all(|word| log.contains(word)),
        "{log}"
    );
    let spki = bench
        .spki
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    for secret in [
        "RSSMRA85C55F205Y",
        "6030000000001009",
        "ROSSI",
        "MARIA",
        "OF/NZ2D2Qy",
    ] {
        assert!(
            !log.contains(secret),
            "{secret} is in the log:\n{}",
            around(&log, secret)
        );
    }
    let forwarded = headers[0].1.get(200..260).unwrap();
    assert_eq!(
        around(&log, forwarded),
        "",
        "what a proxy said is in the log"
    );
    let key = spki.get(60..100).unwrap();
    let lower = log.to_lowercase();
    let line = around(&lower, key);
    assert_eq!(line, "", "the card's certificate is in the log");
    for key in ["card.key", "ca.key"] {
        let text = fs::read_to_string(bench.folder.path().join(key)).unwrap();
        let line = text.lines().nth(1).unwrap();
        assert!(!log.contains(line), "{key} is in the log");
    }
}

/// The line where a word stands, cut to a readable length.
fn around(log: &str, word: &str) -> String {
    let line = log
        .lines()
        .find(|line| line.contains(word))
        .unwrap_or_default();
    line.chars().take(400).collect()
}
