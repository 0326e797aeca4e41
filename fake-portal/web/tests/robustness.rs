//! Visitors who are in no hurry, or too many, or too large; and the one who only wants to log in.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::io::{Read as _, Write as _};
use std::process::{Child, Command, Stdio};

use support::{Bench, CARD, connect, openssl, succeed, years};

fn bench_with_card() -> Bench {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    bench
}

#[test]
fn a_thousand_who_say_nothing_do_not_stop_a_login() {
    let bench = bench_with_card();
    let mut idle = Vec::new();
    for _ in 0..10 {
        idle.extend((0..100).map(|_| connect(bench.addresses.cns)));
        assert_eq!(bench.login("").0, 200);
    }
    // Half of a hello is no better.
    for stream in &mut idle {
        let _ = stream.write_all(&[0x16, 0x03, 0x01, 0x02, 0x00]);
    }
    idle.extend((0..100).map(|_| connect(bench.addresses.cns)));
    assert_eq!(bench.login("").0, 200);
    assert_eq!(bench.visit("/healthz", "").0, 200);
}

/// A TLS client that has shaken hands and then waits for its standard input.
struct Visitor(Child);

impl Visitor {
    fn new(bench: &Bench) -> Self {
        let child = Command::new("openssl")
            .args(["s_client", "-quiet", "-connect"])
            .arg(format!("127.0.0.1:{}", bench.port))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program `openssl` runs: it is in the Debian package openssl");
        Self(child)
    }

    fn say(&mut self, words: &[u8]) {
        let _ = self.0.stdin.as_mut().unwrap().write_all(words);
    }

    /// What the portal answers until it ends the connection.
    fn answer(mut self) -> String {
        let mut answer = Vec::new();
        let mut stdout = self.0.stdout.take().unwrap();
        let _ = stdout.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Visitor {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// More than the portal has room for.
#[test]
fn hundreds_who_never_end_their_request_do_not_stop_a_login() {
    let bench = bench_with_card();
    let config = bench.client_config();
    let mut dawdlers = Vec::new();
    for _ in 0..6 {
        dawdlers.extend((0..100).map(|_| {
            let mut stream = bench.shake_hands(&config);
            stream.write_all(b"GET / HTTP/1.1\r\nHost: cns").unwrap();
            stream.sock
        }));
        assert_eq!(bench.login("").0, 200);
    }
    // Nor do bodies that never end stop a document.
    let post = "POST /ocsp HTTP/1.1\r\nHost: cns.test\r\nContent-Length: 1000\r\n\r\nx";
    dawdlers.extend((0..400).map(|_| {
        let mut stream = connect(bench.addresses.pki);
        stream.write_all(post.as_bytes()).unwrap();
        stream
    }));
    let url = format!("http://{}/ca/1.cer", bench.addresses.pki);
    let options = ["--output", "/dev/null", "--write-out", "%{http_code}"];
    assert_eq!(succeed(bench.curl_url(&url, &options)), "200");
}

#[test]
fn slow_headers_do_not_stop_a_login() {
    let bench = bench_with_card();
    let mut slow: Vec<Visitor> = (0..10).map(|_| Visitor::new(&bench)).collect();
    bench.journal_of(10);
    for visitor in &mut slow {
        visitor.say(b"GET / HTTP/1.1\r\nHost: cns");
    }
    assert_eq!(bench.login("").0, 200);
    for visitor in &mut slow {
        visitor.say(b".test\r\nConnection: close\r\n");
    }
    assert_eq!(bench.login("").0, 200);
    // Who was only slow gets an answer.
    let mut last = slow.pop().unwrap();
    last.say(b"\r\n");
    assert!(last.answer().starts_with("HTTP/1.1 401"));
}

#[test]
fn heads_that_are_too_long_are_refused() {
    let bench = bench_with_card();
    for head in [
        format!(
            "GET / HTTP/1.1\r\nHost: cns.test\r\nX-Long: {}\r\n\r\n",
            "a".repeat(70_000)
        ),
        format!(
            "GET /{} HTTP/1.1\r\nHost: cns.test\r\n\r\n",
            "a".repeat(70_000)
        ),
        format!(
            "GET / HTTP/1.1\r\nHost: cns.test\r\n{}\r\n",
            "X-Many: 1\r\n".repeat(500)
        ),
    ] {
        let mut visitor = Visitor::new(&bench);
        visitor.say(head.as_bytes());
        let answer = visitor.answer();
        assert!(
            answer.starts_with("HTTP/1.1 431") || answer.starts_with("HTTP/1.1 414"),
            "{answer}"
        );
    }
    assert_eq!(bench.login("").0, 200);
}

#[test]
fn bodies_that_are_too_long_are_refused() {
    let bench = bench_with_card();
    std::fs::write(bench.folder.path().join("large"), vec![b'a'; 70_000]).unwrap();
    let post = "--header Expect: --data-binary @large";
    assert_eq!(bench.visit("/api/login", post).0, 413);
    assert_eq!(bench.visit("/", &format!("--request GET {post}")).0, 413);
    // A small one changes nothing.
    assert_eq!(bench.visit("/", "--request GET --data a=b").0, 401);

    let url = format!("http://{}/ocsp", bench.addresses.pki);
    let options = "--output /dev/null --write-out %{http_code}";
    let options: Vec<&str> = options.split(' ').chain(post.split(' ')).collect();
    assert_eq!(succeed(bench.curl_url(&url, &options)), "413");
}

/// More certificates than a handshake message may hold (65,535 bytes).
#[test]
fn chains_that_are_too_long_are_refused() {
    let bench = bench_with_card();
    let folder = bench.folder.path();
    let card = std::fs::read_to_string(folder.join("card.pem")).unwrap();
    std::fs::write(folder.join("chain.pem"), card.repeat(80)).unwrap();
    // In TLS 1.3 rustls has the keys with which an alert would have to be encrypted.
    for (version, alert) in [("-tls1_2", Some("decode_error")), ("-tls1_3", None)] {
        let before = bench.journal.entries().len();
        let visit = format!(
            "s_client -connect 127.0.0.1:{} -cert card.pem -key card.key -cert_chain chain.pem \
             -ign_eof {version}",
            bench.port
        );
        let output = openssl(folder, &visit);
        let entry = bench.journal_of(before + 1).pop().unwrap();
        assert_eq!(entry.outcome, "handshake_failed", "{version}");
        let error = entry.handshake_error.unwrap();
        assert!(error.contains("65,535 bytes"), "{version}: {error}");
        assert_eq!(entry.handshake.alert_sent.as_deref(), alert, "{version}");
        let talk = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            talk.contains("alert decode error"),
            alert.is_some(),
            "{talk}"
        );
    }
    assert_eq!(bench.login("").0, 200);
    succeed(bench.curl("/", CARD));
}
