//! What the command says: help, lists, and one clear sentence for every bad input.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use cns_reader::ImageFile;
use support::transcript;

fn transcripts(folder: &Path, commands: &[&[&str]]) -> String {
    commands
        .iter()
        .map(|arguments| transcript(folder, arguments))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Compares with the snapshot that is named after the test.
fn assert_transcript(said: impl AsRef<str>) {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    let name = std::thread::current().name().unwrap().to_owned();
    settings.bind(|| insta::assert_snapshot!(name, said.as_ref()));
}

#[test]
fn help() {
    let folder = tempfile::tempdir().unwrap();
    assert_transcript(transcripts(
        folder.path(),
        &[
            &["--help"],
            &["demo", "--help"],
            &["card", "--help"],
            &["card", "issue", "--help"],
            &["card", "show", "--help"],
            &["card", "dump", "--help"],
            &["card", "insert", "--help"],
            &["card", "control", "--help"],
            &["card", "control", "socket", "pin", "--help"],
            &["card", "faults", "--help"],
            &["card", "from-log", "--help"],
            &["reader", "--help"],
            &["reader", "install", "--help"],
            &["reader", "remove", "--help"],
            &["reader", "run", "--help"],
            &["reader", "host", "--help"],
            &["reader", "environment", "--help"],
            &["portal", "--help"],
            &["portal", "run", "--help"],
            &["portal", "config", "--help"],
            &["portal", "checks", "--help"],
            &["portal", "audit", "--help"],
            &["portal", "zoo", "--help"],
            &["portal", "zoo", "export", "--help"],
            &["apdu", "decode", "--help"],
            &["doctor", "--help"],
        ],
    ));
}

#[test]
fn lists() {
    let folder = tempfile::tempdir().unwrap();
    assert_transcript(transcripts(
        folder.path(),
        &[
            &["card", "citizens"],
            &["card", "profiles"],
            &["card", "profiles", "--json"],
            &["card", "faults"],
            &["card", "faults", "pulled-in-mid-chain"],
            &["portal", "checks"],
            &["portal", "profiles"],
        ],
    ));
}

/// What the whole list has is looked after by the tables' own tests.
#[test]
fn the_zoo() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::create_dir(path.join("full")).unwrap();
    fs::write(path.join("full/letter"), "dear").unwrap();
    let said = transcripts(
        path,
        &[
            &["portal", "zoo", "--filter", "cert.*policy"],
            &["portal", "zoo", "--json", "--filter", "crl.stale"],
            &["portal", "zoo", "--filter", "cert.dodo"],
            &["portal", "zoo", "export", "full"],
            &["portal", "zoo", "export", "--force", "full"],
            &["portal", "zoo", "export", "zoo", "--filter", "ocsp"],
            &["portal", "zoo", "export", "zoo", "--filter", "crl.silence"],
            &[
                "portal",
                "zoo",
                "export",
                "zoo",
                "--filter",
                "crl.silence",
                "--force",
            ],
            &[
                "card",
                "issue",
                "--citizen",
                "maria-rossi",
                "--zoo",
                "cert.dodo",
            ],
            &[
                "card",
                "issue",
                "--citizen",
                "maria-rossi",
                "--zoo",
                "crl.stale",
            ],
            &[
                "card",
                "issue",
                "--citizen",
                "maria-rossi",
                "--zoo",
                "cert.short-key",
            ],
            &[
                "card",
                "issue",
                "--citizen",
                "maria-rossi",
                "--zoo",
                "cert.cie-policy",
            ],
            &[
                "card",
                "issue",
                "--citizen",
                "hans-mueller",
                "--zoo",
                "cert.rsa-certifier",
            ],
        ],
    );
    let files = listing(&path.join("zoo"));
    let of_animal = listing(&path.join("zoo/crl.silence"));
    let rule = fs::read_to_string(path.join("zoo/crl.silence/README.md")).unwrap();
    let cards = listing(path);
    assert_transcript(format!(
        "{said}\n{files:#?}\n{of_animal:#?}\n{rule}\n{cards:#?}\n"
    ));
}

#[test]
fn apdus_in_words() {
    let folder = tempfile::tempdir().unwrap();
    assert_transcript(transcripts(
        folder.path(),
        &[
            &["apdu", "decode", "00A4080C0411001101"],
            &["apdu", "decode", "00", "a4", "04", "00"],
            &["apdu", "decode", "0020001008 31323334 35FFFFFF"],
            &[
                "apdu",
                "decode",
                "--show-secrets",
                "0020001008 31323334 35FFFFFF",
            ],
            &["apdu", "decode", "6A82", "63C1", "313233 9000"],
            &["apdu", "decode", "00200010", "63C1"],
            &["apdu", "decode", "xyz"],
        ],
    ));
}

#[test]
fn a_trace_in_words() {
    let maria = "> 00A40800041000100300\n< 6F10 80020010 8203010000 83021003 850101 | 9000 (FCI)\n\
                 > 00B0000010\n< 36303330303030303030303031303039 | 9000\n\
                 > 00A408000411001102\n< 0 9000\n\
                 card moved\n\
                     2.000 ms > 00 B0 00 00 10\n     0.100 ms < 16 9000\n\
                 > 0020001008 3132333435FFFFFF\n< 63C2\n\
                 > 00 20 00 10 02 ** **  VERIFY PIN 10\n< 9000\n";
    let decode = |arguments: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let trace = folder.path().join("trace");
        fs::write(&trace, maria).unwrap();
        let mut command = support::cns(folder.path());
        command.stdin(fs::File::open(&trace).unwrap());
        let output = command.args(arguments).output().unwrap();
        format!(
            "$ cns {} < trace\n{}",
            arguments.join(" "),
            String::from_utf8(output.stdout).unwrap()
        )
    };
    assert_transcript(
        [
            decode(&["apdu", "decode"]),
            decode(&["apdu", "decode", "--show-secrets", "-"]),
        ]
        .join("\n"),
    );
}

#[test]
fn bad_input_gets_one_clear_sentence_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("no-image.cns"), "-----BEGIN CERTIFICATE-----").unwrap();
    fs::write(path.join("malformed.toml"), "description = 1\n").unwrap();
    fs::write(path.join("no-citizen.toml"), bad_citizen()).unwrap();
    fs::write(path.join("no-certificate.pem"), "nothing").unwrap();
    let before = listing(path);
    assert_transcript(transcripts(
        path,
        &[
            &["card", "issue", "--citizen", "nobody"],
            &[
                "card",
                "issue",
                "--citizen",
                "maria-rossi",
                "--profile",
                "unknown",
            ],
            &["card", "issue", "--citizen", "maria-rossi", "--pin", "1234"],
            &[
                "card",
                "issue",
                "--citizen",
                "maria-rossi",
                "--pin",
                "12a45",
            ],
            &[
                "card",
                "issue",
                "--citizen",
                "maria-rossi",
                "--puk",
                "123456789",
            ],
            &["card", "issue", "--citizen", "missing.toml"],
            &["card", "issue", "--citizen", "malformed.toml"],
            &["card", "issue", "--citizen", "no-citizen.toml"],
            &[
                "card",
                "issue",
                "--citizen",
                "maria-rossi",
                "--force",
                "missing/maria.cns",
            ],
            &["card", "show", "missing.cns"],
            &["card", "show", "no-image.cns"],
            &["card", "insert", "no-image.cns"],
            &[
                "card",
                "issue",
                "--citizen",
                "maria-rossi",
                "--pki",
                "127.0.0.1:80",
            ],
            &["portal", "run", "--trust", "no-certificate.pem"],
            &["portal", "run", "--listen", "0.0.0.0:0"],
            &["portal", "run", "--listen-pki", "0.0.0.0:0"],
            &["portal", "run", "--listen-control", "0.0.0.0:0"],
            &["portal", "run", "--clock", "tomorrow"],
            &["portal", "run", "--clock", "3000-01-01T00:00:00Z"],
            &["portal", "run", "--crl", "no-certificate.pem"],
            &["portal", "run", "--behind", "f5"],
            &["portal", "run", "--proxy", "192.0.2.1"],
            &[
                "portal",
                "run",
                "--behind",
                "nginx",
                "--listen-proxy",
                "0.0.0.0:0",
            ],
            &["portal", "checks", "--lang", "fr"],
            &["demo", "--citizen", "nobody"],
            &["demo", "--client", "netscape"],
        ],
    ));
    // A certifier is made for whoever asks for a portal or a card; nothing else may be left.
    let mut after = listing(path);
    after.retain(|name| name != "cns-authority");
    assert_eq!(before, after);
}

fn bad_citizen() -> String {
    let maria = include_str!("../../fixtures/data/citizens/maria-rossi.toml");
    maria.replace("birth_place = \"M901\"", "birth_place = \"Milano\"")
}

fn listing(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn bad_orders_and_bad_readers_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    transcript(path, &["card", "issue", "--citizen", "maria-rossi"]);
    fs::write(path.join("bad.toml"), "[[rule]]\nname = 'x'\ndo = 'fly'\n").unwrap();
    fs::write(path.join("empty"), "\n").unwrap();
    let insert = |option, value| vec!["card", "insert", option, value, "maria-rossi.cns"];
    assert_transcript(
        transcripts(
            path,
            &[
                &insert("--reader", "usb"),
                &insert("--reader", "unix:nowhere"),
                &insert("--faults", "no-such-script"),
                &insert("--faults", "bad.toml"),
                &insert("--faults", "missing.toml"),
                &insert("--latency", "no-such-model"),
                &insert("--control", "missing/control"),
                &["card", "faults", "no-such-script"],
                &["card", "control", "nobody", "status"],
                &["card", "control", "nobody", "pin", "--pin-file", "empty"],
                &["card", "control", "nobody", "pin", "--pin-file", "missing"],
                &["card", "control", "nobody", "pin"],
                &["card", "control", "nobody", "pin", "12345"],
                &["reader", "install"],
                &["reader", "install", "--private", "reader", "--slots", "17"],
                &["reader", "remove", "--private", "reader"],
                &["reader", "run", "reader"],
                &["reader", "host", "--socket", "pcsc"],
                &[
                    "reader",
                    "host",
                    "--socket",
                    "missing/pcsc",
                    "maria-rossi.cns",
                ],
                &["reader", "environment", "missing.cns"],
                &["demo", "--reader", "usb"],
            ],
        )
        .replace(&*path.to_string_lossy(), "FOLDER"),
    );
}

#[test]
fn a_card_is_not_overwritten_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let issue = ["card", "issue", "--citizen", "maria-rossi"];
    assert_transcript(transcripts(folder.path(), &[&issue, &issue]));
    let image = folder.path().join("maria-rossi.cns");
    let first = fs::read(&image).unwrap();
    transcript(folder.path(), &[&issue[..], &["--force"]].concat());
    assert_ne!(first, fs::read(&image).unwrap());
}

#[test]
fn a_log_becomes_a_profile_and_a_script() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let log = include_str!("../../fixtures/data/logs/opensc-0.23-sign.log");
    fs::write(path.join("issue.log"), log).unwrap();
    fs::write(path.join("Maria's.log"), log).unwrap();
    fs::write(path.join("none.log"), "dear all,\nmy card does not work\n").unwrap();
    fs::write(path.join("cut.log"), log.split("82 03 01").next().unwrap()).unwrap();
    assert_transcript(transcripts(
        path,
        &[
            &["card", "from-log", "issue.log"],
            &["card", "from-log", "issue.log"],
            &["card", "from-log", "Maria's.log"],
            &["card", "from-log", "none.log"],
            &["card", "from-log", "cut.log"],
            &["card", "from-log", "missing.log"],
            &["card", "from-log", "issue.log", "--output", "missing"],
        ],
    ));
    let written = ["issue.toml", "issue.apdu"];
    let logs = ["Maria's.log", "cut.log", "issue.log", "none.log"];
    let mut expected = [&written[..], &logs[..]].concat();
    expected.sort_unstable();
    assert_eq!(listing(path), expected);
    let issued = transcript(
        path,
        &[
            "card",
            "issue",
            "--citizen",
            "maria-rossi",
            "--profile",
            "issue.toml",
        ],
    );
    assert!(issued.contains("[exit 0]"), "{issued}");
}

#[test]
fn a_sealed_card_opens_with_its_passphrase_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("right.txt"), "sesame\n").unwrap();
    fs::write(path.join("wrong.txt"), "Sesame\n").unwrap();
    fs::write(path.join("empty.txt"), "").unwrap();
    transcript(path, &["card", "issue", "--citizen", "sofia-conti"]);
    let issue = ["card", "issue", "--citizen", "maria-rossi"];
    let with = |command: &[&'static str], file| [command, &["--passphrase-file", file]].concat();
    let show = ["card", "show", "maria-rossi.cns"];
    let said = transcripts(
        path,
        &[
            &with(&issue, "right.txt"),
            &show,
            &with(&show, "wrong.txt"),
            &with(&show, "missing.txt"),
            &with(&show, "empty.txt"),
            &["card", "insert", "maria-rossi.cns"],
            &["card", "insert", "--volatile", "maria-rossi.cns"],
            &with(&["card", "show", "sofia-conti.cns"], "right.txt"),
        ],
    );
    // Certificates have not always the same length.
    let sealed_end = fs::read(path.join("maria-rossi.cns")).unwrap().len() - 49;
    assert_transcript(said.replace(&sealed_end.to_string(), "END"));
    let shown = transcript(path, &with(&show, "right.txt"));
    assert!(shown.contains("MARIA"), "{shown}");
}

#[test]
fn a_card_in_use_is_not_inserted_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let issue = ["card", "issue", "--citizen", "maria-rossi"];
    transcript(path, &issue);
    let _held = ImageFile::open(&path.join("maria-rossi.cns"), None).unwrap();
    assert_transcript(transcripts(
        path,
        &[
            &["card", "insert", "maria-rossi.cns"],
            &[&issue[..], &["--force"]].concat(),
        ],
    ));
    let shown = transcript(path, &["card", "show", "maria-rossi.cns"]);
    assert!(shown.contains("MARIA"), "{shown}");
}

#[test]
fn a_busy_port_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let busy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = busy.local_addr().unwrap().to_string();
    let said = transcript(folder.path(), &["portal", "run", "--listen", &address]);
    assert_transcript(said.replace(&address, "127.0.0.1:PORT"));
}

#[test]
fn an_empty_slot_is_named() {
    let folder = tempfile::tempdir().unwrap();
    transcript(
        folder.path(),
        &["card", "issue", "--citizen", "maria-rossi"],
    );
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .to_string();
    let said = transcript(
        folder.path(),
        &["card", "insert", "--reader", &free, "maria-rossi.cns"],
    );
    assert_transcript(said.replace(&free, "127.0.0.1:PORT"));
}
