//! Everything that certifiers sign, judged by pkilint.
//!
//! `tests/pkilint/exceptions.txt` lists what it finds and why that stays. A finding that is not listed
//! fails the test, and so does a line that nothing needs.

#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cns_authority::ocsp::{OcspHash, OcspRequest, OcspResponder, ResponderName};
use cns_authority::{
    CertificationAuthority, IssuingDistributionPoint, RevocationListPlan, RevocationListScope,
    RevocationReason, RevocationUrls, SerialNumber, StatusRegister,
};
use serde::Deserialize;
use support::{NOW, card, certifier, rsa_certifier, rsa_public_key, subject, validity};
use time::Duration;

const EXCEPTIONS: &str = include_str!("pkilint/exceptions.txt");

#[test]
fn pkilint_finds_nothing_but_what_is_listed() {
    let folder = tempfile::tempdir().unwrap();
    let papers = [certifier(), rsa_certifier()]
        .into_iter()
        .zip(["p256", "rsa"])
        .flat_map(|(certifier, name)| papers(certifier, name, folder.path()))
        .collect::<Vec<_>>();
    // A judge takes a second to start, most of it waiting.
    let findings: BTreeSet<String> = std::thread::scope(|scope| {
        let judges: Vec<_> = papers
            .iter()
            .map(|paper| scope.spawn(|| paper.findings(folder.path())))
            .collect();
        judges
            .into_iter()
            .flat_map(|judge| judge.join().unwrap())
            .collect()
    });
    let listed: BTreeSet<String> = EXCEPTIONS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            line.split_once('|')
                .expect("paper and finding | reason")
                .0
                .trim()
                .to_owned()
        })
        .collect();
    let new: Vec<_> = findings.difference(&listed).collect();
    let idle: Vec<_> = listed.difference(&findings).collect();
    assert!(new.is_empty(), "pkilint finds what is not listed: {new:#?}");
    assert!(
        idle.is_empty(),
        "pkilint does not find what is listed: {idle:#?}"
    );
}

/// Something that was signed, and the judge for it.
struct Paper {
    /// What it is: several of one kind have the same findings.
    kind: &'static str,
    file: String,
    judge: &'static str,
}

/// One of everything that a certifier signs.
fn papers(certifier: CertificationAuthority, name: &str, folder: &Path) -> Vec<Paper> {
    let certifier = certifier.with_revocation_urls(RevocationUrls {
        crl: vec!["http://pki.collaudo.example/crl".to_owned()],
        ocsp: Some("http://pki.collaudo.example/ocsp".to_owned()),
        ca_issuers: Some("http://pki.collaudo.example/ca.cer".to_owned()),
    });
    let mut papers = Vec::new();
    let mut add = |kind: &'static str, judge, der: &[u8]| {
        let file = format!("{name}-{}-{kind}", papers.len());
        fs::write(folder.join(&file), der).unwrap();
        papers.push(Paper { kind, file, judge });
    };
    let serial = || SerialNumber::random().unwrap();

    add("certifier", "lint_pkix_cert", certifier.certificate_der());
    add(
        "card",
        "lint_pkix_cert",
        &card(&certifier, serial(), folder),
    );
    let old_key = rsa_public_key(folder, 1024);
    let old_card = certifier.issue_cns(&subject(), &old_key, validity(), serial());
    add("card", "lint_pkix_cert", &old_card.unwrap());
    let signature = certifier.issue_signature(&subject(), &old_key, validity(), serial());
    add("signature", "lint_pkix_cert", &signature.unwrap());
    let server = certifier.issue_server(&["cns.test"], validity()).unwrap();
    add("server", "lint_pkix_cert", &server.certificate_chain_der[0]);
    let delegate = certifier.issue_ocsp_signer(validity(), serial()).unwrap();
    add("responder", "lint_pkix_cert", delegate.certificate_der());

    let register = register();
    let plan = RevocationListPlan {
        number: 1,
        this_update: NOW,
        next_update: NOW + Duration::DAY,
        issuing_distribution_point: Some(IssuingDistributionPoint {
            urls: vec!["http://pki.collaudo.example/crl".to_owned()],
            scope: RevocationListScope::CardsOnly,
        }),
    };
    for (register, issuing_distribution_point) in [
        (&register, plan.issuing_distribution_point.clone()),
        (&StatusRegister::new(), None),
    ] {
        let plan = RevocationListPlan {
            issuing_distribution_point,
            ..plan.clone()
        };
        let list = certifier.issue_revocation_list(register, &plan).unwrap();
        add("list", "lint_crl", &list);
    }

    let request = OcspRequest {
        cert_ids: (1..=4)
            .map(|serial| certifier.cert_id(SerialNumber::from(serial), OcspHash::Sha1))
            .collect::<Result<_, _>>()
            .unwrap(),
        nonce: Some([&[0x04, 0x10][..], &[0x55; 16]].concat()),
        is_signed: false,
    };
    let responder = OcspResponder::new(&certifier).with_lifetime(Duration::DAY);
    let response = responder.respond_to(&request, &register, NOW);
    add("response", "lint_ocsp_response", &response);
    let response = responder
        .delegated_to(&delegate)
        .named_by(ResponderName::Name)
        .respond_to(&request, &register, NOW);
    add("response", "lint_ocsp_response", &response);
    papers
}

/// Certificate 1 is good, 2 on hold, 3 revoked.
fn register() -> StatusRegister {
    let mut register = StatusRegister::new();
    for serial in 1..=3 {
        register.enter(SerialNumber::from(serial)).unwrap();
    }
    register.hold(SerialNumber::from(2), NOW).unwrap();
    let superseded = RevocationReason::Superseded;
    register
        .revoke(SerialNumber::from(3), superseded, NOW)
        .unwrap();
    register
}

impl Paper {
    /// What its judge finds: `kind severity code`.
    fn findings(&self, folder: &Path) -> Vec<String> {
        let program = judge(self.judge);
        let mut command = Command::new(&program);
        command.arg("lint").args(["-f", "JSON", "-s", "NOTICE"]);
        if self.judge == "lint_crl" {
            command.args(["-t", "CRL", "-p", "PKIX"]);
        }
        let judged = command
            .arg(folder.join(&self.file))
            .output()
            .unwrap_or_else(|error| {
                panic!(
                    "{} cannot be run: {error}\nhint: cargo xtask setup",
                    program.display()
                )
            });
        let talk = String::from_utf8_lossy(&judged.stderr);
        let verdict: Verdict = serde_json::from_slice(&judged.stdout)
            .unwrap_or_else(|error| panic!("{} of {}: {error}: {talk}", self.judge, self.file));
        verdict
            .results
            .into_iter()
            .flat_map(|result| result.finding_descriptions)
            .map(|finding| format!("{} {} {}", self.kind, finding.severity, finding.code))
            .collect()
    }
}

/// What pkilint writes, as far as it is looked at.
#[derive(Deserialize)]
struct Verdict {
    results: Vec<PlaceAndFindings>,
}

#[derive(Deserialize)]
struct PlaceAndFindings {
    finding_descriptions: Vec<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    severity: String,
    code: String,
}

/// Where `cargo xtask setup` puts the judges.
fn judge(program: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/judges/bin")
        .join(program)
}
