//! OpenSC with this library in the place of libpcsclite: no pcscd, no root.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cns_fixtures::{citizen, collaudo_authority, personalise, profile};
use cns_pcsc::host::Host;
use cns_pcsc::place::{Plan, furnish};
use cns_reader::{ImageFile, SystemEntropy};
use tempfile::TempDir;

/// How long a client may take.
const LIMIT: Duration = Duration::from_secs(60);

/// A folder with a card in a file, and the library under the name that clients load.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let library = env::current_exe().unwrap();
    let library = library.with_file_name("libcns_pcsc_client.so");
    assert!(library.is_file(), "cargo builds {}", library.display());
    let name = folder.path().join("libpcsclite.so.1");
    std::os::unix::fs::symlink(library, name).unwrap();

    let today = time::OffsetDateTime::now_utc().date();
    let authority = collaudo_authority(today).unwrap();
    let profile = profile(cns_fixtures::DEFAULT_PROFILE).unwrap();
    let citizen = citizen("mario-bianchi").unwrap();
    let mut entropy = SystemEntropy::new();
    let made = personalise(&profile, &citizen, &authority, today, &mut entropy).unwrap();
    ImageFile::create(&card_in(&folder), &made.image, None).unwrap();
    folder
}

fn card_in(folder: &TempDir) -> PathBuf {
    folder.path().join("card.cns")
}

/// Runs a client of OpenSC that finds its cards at `place`.
fn client(folder: &TempDir, place: &Path, program: &str, arguments: &[&str]) -> Output {
    let started = Instant::now();
    let output = Command::new("timeout")
        .arg(LIMIT.as_secs().to_string())
        .arg(program)
        .args(arguments)
        .env("CNS_PCSC", place)
        .env("LD_LIBRARY_PATH", folder.path())
        .env("HOME", folder.path())
        .env("LC_ALL", "C")
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_ne!(
        output.status.code(),
        Some(127),
        "{program} is missing: install opensc"
    );
    assert!(
        started.elapsed() < LIMIT,
        "{program} was ended by its limit"
    );
    output
}

fn text(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&both).into_owned()
}

#[test]
fn a_card_in_the_clients_own_process_is_tested_and_keeps_its_counter() {
    let folder = folder();
    let card = card_in(&folder);
    let listed = client(&folder, &card, "opensc-tool", &["--list-readers"]);
    assert!(
        text(&listed).contains("CNS Virtual Reader 00 00"),
        "{}",
        text(&listed)
    );
    let arguments = ["--login", "--pin", "12345678", "--test"];
    let tested = client(&folder, &card, "pkcs11-tool", &arguments);
    assert!(text(&tested).contains("No errors"), "{}", text(&tested));

    let arguments = ["--login", "--pin", "00000000", "--test"];
    let refused = client(&folder, &card, "pkcs11-tool", &arguments);
    assert!(
        text(&refused).contains("CKR_PIN_INCORRECT"),
        "{}",
        text(&refused)
    );
    let image = ImageFile::read(&card, None).unwrap();
    assert_eq!(
        image
            .master_file
            .reference_data
            .first()
            .unwrap()
            .tries_left(),
        2
    );
}

#[test]
fn several_processes_share_the_cards_of_a_host() {
    let folder = folder();
    let plan = Plan {
        name: "CNS 00".to_owned(),
        card: Some(card_in(&folder)),
        volatile: true,
        latency: None,
    };
    let socket = folder.path().join("host");
    let host = Host::at(&socket, Arc::new(furnish(&[plan]).unwrap())).unwrap();
    std::thread::scope(|scope| {
        for number in 0..4 {
            let (folder, socket) = (&folder, &socket);
            scope.spawn(move || {
                let (message, signature) = (format!("m{number}"), format!("s{number}"));
                std::fs::write(folder.path().join(&message), b"message").unwrap();
                let arguments = [
                    "--login",
                    "--pin",
                    "12345678",
                    "--sign",
                    "--mechanism",
                    "SHA256-RSA-PKCS",
                    "--input-file",
                    &message,
                    "--output-file",
                    &signature,
                ];
                let signed = client(folder, socket, "pkcs11-tool", &arguments);
                assert!(signed.status.success(), "{}", text(&signed));
                let length = std::fs::metadata(folder.path().join(&signature))
                    .unwrap()
                    .len();
                assert_eq!(length, 256);
            });
        }
    });
    drop(host);
    let gone = client(&folder, &socket, "opensc-tool", &["--list-readers"]);
    assert!(
        text(&gone).contains("No smart card readers found"),
        "{}",
        text(&gone)
    );
}
