//! The certifier of a folder ends with the run and is renewed; nobody else is trusted unasked.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Command;

use cns_authority::{CertificationAuthority, PemPair};
use cns_fixtures::collaudo_authority;
use support::{Running, cns, transcript};
use time::{Duration, OffsetDateTime};

/// A folder's certifier, as somebody has left it so many days ago.
fn left_behind(folder: &Path, days: i64) -> CertificationAuthority {
    let then = OffsetDateTime::now_utc() - Duration::days(days);
    let certifier = collaudo_authority(then.date()).unwrap();
    let PemPair {
        certificate,
        private_key,
    } = certifier.to_pem_pair();
    fs::create_dir(folder.join("cns-authority")).unwrap();
    fs::write(folder.join("cns-authority/ca.pem"), certificate).unwrap();
    fs::write(folder.join("cns-authority/ca-key.pem"), private_key).unwrap();
    certifier
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn a_kept_certifier_is_renewed_with_its_key_when_its_end_is_near() {
    for (days, is_renewed) in [(10, false), (25, true), (400, true)] {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let old = left_behind(folder, days);
        let (certificate, key) = ("cns-authority/ca.pem", "cns-authority/ca-key.pem");
        let key_before = read(folder, key);
        for is_first in [true, false] {
            let issue = ["card", "issue", "--citizen", "maria-rossi", "--force"];
            let talk = cns(folder).args(issue).output().unwrap().stderr;
            let talk = String::from_utf8(talk).unwrap();
            let says_so = talk.contains("ca.pem is renewed with the same key: it ended on ");
            assert_eq!(says_so, is_renewed && is_first, "{talk}");
        }
        assert_eq!(
            read(folder, certificate) != old.certificate_pem(),
            is_renewed
        );
        assert_eq!(read(folder, key), key_before);
        let now = OffsetDateTime::now_utc();
        let kept =
            CertificationAuthority::from_pem_pair(&read(folder, certificate), &key_before, now);
        assert!(!kept.unwrap().is_due(now));
    }
}

/// Who has the older certificate, of the same key, still knows the portal, for as long as that one is valid.
#[test]
fn a_client_with_the_older_certificate_knows_the_portal_until_that_ends() {
    for (days, curl_says) in [(25, 0), (40, 60)] {
        let folder = tempfile::tempdir().unwrap();
        let old = left_behind(folder.path(), days);
        fs::write(folder.path().join("older.pem"), old.certificate_pem()).unwrap();
        let portal = Running::start(folder.path(), &["portal", "run"]);
        let url = format!("{}healthz", portal.ready["url"].as_str().unwrap());
        let visit = [
            "--disable",
            "--silent",
            "--max-time",
            "20",
            "--noproxy",
            "*",
        ];
        for (trusted, expected) in [("older.pem", curl_says), ("cns-authority/ca.pem", 0)] {
            let visited = Command::new("curl")
                .args(visit)
                .args(["--cacert", trusted, &url])
                .current_dir(folder.path())
                .output()
                .expect("curl is installed (package curl)");
            assert_eq!(visited.status.code(), Some(expected), "{days}: {trusted}");
        }
        assert_eq!(portal.end(), 0);
    }
}

#[test]
fn who_may_be_a_real_certifier_is_trusted_only_in_so_many_words() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (mut told, now) = (String::new(), OffsetDateTime::now_utc());
    for (name, days) in [("real", "9"), ("COLLAUDO", "3650")] {
        let make = format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out \
             {name}.pem -subj /CN={name} -days {days}"
        );
        let made = Command::new("openssl")
            .args(make.split(' '))
            .current_dir(folder)
            .output()
            .expect("openssl is installed (package openssl)");
        assert!(made.status.success());
        let file = format!("{name}.pem");
        for command in [["portal", "run"].as_slice(), &["portal", "config", "nginx"]] {
            told += &transcript(folder, &[command, &["--trust", &file]].concat());
        }
        let trusted = ["portal", "run", "--trust-real-certifiers", "--trust", &file];
        let portal = Running::start(folder, &trusted);
        assert_eq!(portal.end(), 0);
        // As the certifier of a folder it is refused too.
        fs::create_dir(folder.join(name)).unwrap();
        fs::copy(folder.join(&file), folder.join(name).join("ca.pem")).unwrap();
        let key = folder.join(name).join("ca-key.pem");
        fs::copy(folder.join(format!("{name}.key")), key).unwrap();
        told += &transcript(folder, &["portal", "run", "--authority", name]);
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    // Midnight may have come meanwhile.
    for days in [3_650, 3_651] {
        let end = (now + Duration::days(days)).date();
        told = told.replace(&end.to_string(), "[in ten years]");
    }
    settings.bind(|| insta::assert_snapshot!("real_certifiers", told));
}
