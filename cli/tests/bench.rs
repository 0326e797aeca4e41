//! `cns bench`: that every layer can be climbed, what becomes of a run, and what is refused. How fast
//! anything is, no test asks.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use cns_conformance::packages::locate;
use serde_json::Value;
use support::{cns, transcript};

fn assert_transcripts(folder: &Path, commands: &[&[&str]]) {
    let said: Vec<String> = commands
        .iter()
        .map(|arguments| transcript(folder, arguments))
        .collect();
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    let name = std::thread::current().name().unwrap().to_owned();
    settings.bind(|| insta::assert_snapshot!(name, said.join("\n")));
}

/// What a command prints, which must be fine.
fn json(folder: &Path, arguments: &[&str]) -> Value {
    let output = cns(folder).args(arguments).output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {complaint}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn help() {
    let folder = tempfile::tempdir().unwrap();
    assert_transcripts(
        folder.path(),
        &[
            &["bench", "--help"],
            &["bench", "ladder", "--help"],
            &["bench", "sign", "--help"],
            &["bench", "apdu", "--help"],
            &["bench", "login", "--help"],
            &["bench", "fleet", "--help"],
        ],
    );
}

#[test]
fn what_cannot_be_measured_gets_one_clear_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    fs::write(path.join("pin"), "12345\n").unwrap();
    fs::write(path.join("empty"), "\n").unwrap();
    fs::write(path.join("no-run.json"), "[]").unwrap();
    fs::write(path.join("no-model.toml"), "description = 'none'\n").unwrap();
    let missing = "pkcs11:/missing.so";
    assert_transcripts(
        path,
        &[
            &["bench", "sign", "nowhere"],
            &["bench", "sign", "pcsc"],
            &["bench", "login", missing],
            &["bench", "sign", missing, "--pin-file", "empty"],
            &["bench", "apdu", "engine"],
            &["bench", "apdu", "--operation", "sign"],
            &["bench", "login", "--tls", "1.1"],
            &["bench", "ladder", "--operation", "dance"],
            &["bench", "sign", "--cards", "0"],
            &["bench", "sign", missing, "--processes", "--pin-file", "pin"],
            &["bench", "apdu", "ifd", "--cards", "17", "--seconds", "0"],
            &["bench", "sign", "--rate", "0"],
            &["bench", "sign", "--seconds", "-1"],
            &["bench", "sign", "--latency", "no-model"],
            &["bench", "sign", "--latency", "no-model.toml"],
            &["bench", "sign", "--compare", "missing.json"],
            &["bench", "sign", "--compare", "no-run.json"],
            &["bench", "sign", "--fail-below", "0.9"],
            &["bench", "fleet", "--cards", "0"],
        ],
    );
}

/// The whole ladder, on every reader, and logins at its top.
#[test]
fn every_layer_is_climbed() {
    let folder = tempfile::tempdir().unwrap();
    let run = json(
        folder.path(),
        &[
            "bench",
            "ladder",
            "--seconds",
            "0.05",
            "--warm-up",
            "0",
            "--json",
            "--html",
            "page.html",
        ],
    );
    let rungs = run["rungs"].as_array().unwrap();
    let named: Vec<String> = rungs
        .iter()
        .map(|rung| format!("{} {}", rung["operation"], rung["target"]).replace('"', ""))
        .collect();
    assert_eq!(
        named,
        [
            "sign engine",
            "sign in-process",
            "sign socket",
            "sign daemonless",
            "sign daemonless-shared",
            "sign ifd",
            "sign vpcd",
            "sign pkcs11-daemonless",
            "sign pkcs11-ifd",
            "sign pkcs11-vpcd",
            "login-1.3 pkcs11-daemonless",
            "login-1.3 pkcs11-ifd",
            "login-1.3 pkcs11-vpcd",
        ]
    );
    for rung in rungs {
        assert!(1 <= rung["summary"]["count"].as_u64().unwrap(), "{rung}");
    }
    let page = fs::read_to_string(folder.path().join("page.html")).unwrap();
    assert_eq!(page.matches("<svg").count(), 2);
    assert_eq!(page.matches("<tr>").count(), 1 + named.len());
    assert!(
        !page.contains("http://") || !page.contains("src="),
        "it needs nothing else"
    );
}

#[test]
fn slow_cards_are_slow_in_every_reader() {
    let folder = tempfile::tempdir().unwrap();
    let model = "[latency]\n[[latency.processing]]\ncommand = '*'\nmin_ms = 30\nmax_ms = 30\n";
    fs::write(folder.path().join("thirty.toml"), model).unwrap();
    let run = json(
        folder.path(),
        &[
            "bench",
            "ladder",
            "--operation",
            "challenge",
            "--seconds",
            "0.1",
            "--warm-up",
            "0",
            "--json",
            "--latency",
            "thirty.toml",
            "--layers",
            "in-process,socket,daemonless,daemonless-shared,ifd,vpcd",
        ],
    );
    assert_eq!(run["latency"], "thirty.toml");
    for rung in run["rungs"].as_array().unwrap() {
        let half = rung["summary"]["p50_us"].as_f64().unwrap();
        assert!(30_000.0 <= half, "{rung}");
    }
}

#[test]
fn two_cards_work_at_once_in_every_reader() {
    let folder = tempfile::tempdir().unwrap();
    let two = ["bench", "ladder", "--cards", "2", "--json"];
    let short = ["--seconds", "0.05", "--warm-up", "0"];
    for clients in [&[][..], &["--processes"]] {
        let run = json(folder.path(), &[&two[..], &short, clients].concat());
        for rung in run["rungs"].as_array().unwrap() {
            assert_eq!(rung["summary"]["workers"], 2, "{rung}");
            assert!(2 <= rung["summary"]["count"].as_u64().unwrap(), "{rung}");
        }
    }
}

#[test]
fn a_run_is_kept_compared_and_judged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let measure = ["bench", "sign", "--seconds", "0.05", "--warm-up", "0"];
    let save = ["--json", "--save", "run.json", "--csv", "run.csv"];
    let run = json(path, &[&measure[..], &save].concat());
    let saved = fs::read_to_string(path.join("run.json")).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&saved).unwrap(), run);
    let csv = fs::read_to_string(path.join("run.csv")).unwrap();
    assert_eq!(csv.lines().count(), 3, "{csv}");

    let judge = |before: &str, gate: &str| {
        let gated = ["--compare", before, "--fail-below", gate];
        let output = cns(path).args([&measure[..], &gated].concat()).output();
        let output = output.unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        (output.status.code().unwrap(), said)
    };
    assert_eq!(judge("run.json", "0.001").0, 0);
    // A run that was a thousand times as fast, beside its floor.
    let mut faster = run;
    faster["rungs"][1]["to_floor"] = 1000.0.into();
    fs::write(path.join("faster.json"), faster.to_string()).unwrap();
    let (status, said) = judge("faster.json", "0.9");
    assert_eq!(status, 1, "{said}");
    assert!(said.starts_with("in-process, sign: "), "{said}");
    assert!(
        said.contains("it was 1000.000, and 900.000 would do"),
        "{said}"
    );
}

#[test]
fn a_fleet_tells_what_a_card_takes() {
    let folder = tempfile::tempdir().unwrap();
    let report = json(
        folder.path(),
        &[
            "bench",
            "fleet",
            "--cards",
            "6",
            "--seconds",
            "0.05",
            "--json",
        ],
    );
    assert_eq!(report["cards"], 6);
    assert!(
        1 <= report["signatures"]["count"].as_u64().unwrap(),
        "{report}"
    );
}

/// Somebody else's token: SoftHSM2, with the key of a synthetic citizen in it.
#[test]
fn any_token_signs_with_its_pin_and_is_not_asked_with_a_wrong_one_twice() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let module = locate("libsofthsm2.so").unwrap();
    let tool = locate("softhsm2-util").unwrap();
    let store = path.join("softhsm2.conf");
    fs::create_dir(path.join("tokens")).unwrap();
    let place = path.join("tokens");
    fs::write(
        &store,
        format!("directories.tokendir = {}\n", place.display()),
    )
    .unwrap();
    let key = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/data/keys/rsa-2048-2.pem");
    for arguments in [
        "--init-token --free --label test --so-pin 12345678 --pin 12345".to_owned(),
        format!(
            "--import {} --token test --label key --id 01 --pin 12345",
            key.display()
        ),
    ] {
        let done = Command::new(&tool)
            .args(arguments.split(' '))
            .env("SOFTHSM2_CONF", &store)
            .output();
        assert!(done.unwrap().status.success(), "softhsm2-util {arguments}");
    }
    fs::write(path.join("right"), "12345\n").unwrap();
    fs::write(path.join("wrong"), "54321\n").unwrap();
    let target = format!("pkcs11:{}", module.display());
    let sign = |pin: &str| {
        let output = cns(path)
            .args([
                "bench",
                "sign",
                &target,
                "--seconds",
                "0.05",
                "--warm-up",
                "0",
            ])
            .args(["--json", "--pin-file", pin])
            .env("SOFTHSM2_CONF", &store)
            .output()
            .unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap(),
            String::from_utf8(output.stderr).unwrap(),
        )
    };
    let (status, run, said) = sign("right");
    assert_eq!(status, 0, "{said}");
    let run: Value = serde_json::from_str(&run).unwrap();
    assert_eq!(run["rungs"][1]["target"], target.as_str());
    let (status, _, said) = sign("wrong");
    assert_eq!(status, 2, "{said}");
    assert!(
        said.contains("refused the PIN, which was tried once"),
        "{said}"
    );
}
