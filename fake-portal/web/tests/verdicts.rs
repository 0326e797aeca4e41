//! The verdict on every kind of wrong certificate, check by check, in every form and language.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::sync::Arc;

use cns_portal::trusted_list::{ListPeriod, ServiceStatus, TrustedList, TrustedListEntry};
use cns_portal::{Language, SystemClock, VerdictReport, VirtualClock};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyUsagePurpose,
};
use support::papers::{
    CIE, CNS, EXTENSIONS, NAME, good, issue_by_openssl, issued_by_rcgen, plain_certificate,
    policies, policy,
};
use support::{Bench, CARD, NOW, certifier, succeed, volatile_values_hidden, years};
use time::OffsetDateTime;

/// The checks that did not pass and the opinions, a line each, without those of a `usual` login: this is
/// what a reader of the goldens looks at.
fn remarkable(bench: &Bench, usual: &str) -> String {
    let entries = bench.journal.entries();
    let judgement = entries.last().unwrap().judgement.clone().unwrap();
    let report = VerdictReport::new(&judgement, Language::English);
    let mut lines = vec![format!("{}\n", report.login.outcome)];
    for check in report.checks.iter().filter(|check| check.status != "pass") {
        lines.push(format!(
            "  {:14} {:8} {:24} {}\n",
            check.status, check.level, check.id, check.seen
        ));
    }
    for opinion in report.opinions {
        let accepts = match opinion.accepts {
            Some(true) => "accepts",
            Some(false) => "refuses",
            None => continue,
        };
        lines.push(format!(
            "  {accepts:14} {:33} {}\n",
            opinion.who, opinion.says
        ));
    }
    lines.retain(|line| !line.starts_with(' ') || !usual.contains(line.as_str()));
    lines.concat()
}

/// Logs in with what `params` says, and tells what was remarkable.
fn verdict_on(bench: &Bench, params: &CertificateParams, usual: &str) -> String {
    bench.write_certificate(&issued_by_rcgen(bench, params));
    bench.login("");
    remarkable(bench, usual)
}

#[test]
fn every_fault_that_a_certifier_can_make() {
    type Change = fn(&mut CertificateParams);
    let cases: &[(&str, Change)] = &[
        ("expired", |it| it.not_after = NOW - time::Duration::SECOND),
        ("not yet valid", |it| {
            it.not_before = NOW + time::Duration::SECOND
        }),
        ("no key usage", |it| it.key_usages = vec![]),
        ("a key for documents", |it| {
            it.key_usages = vec![KeyUsagePurpose::ContentCommitment];
        }),
        ("a key for both", |it| {
            it.key_usages.push(KeyUsagePurpose::ContentCommitment);
        }),
        ("no extended key usage", |it| {
            it.extended_key_usages = vec![]
        }),
        ("for e-mail", |it| {
            it.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
        }),
        ("no policy", |it| it.custom_extensions = vec![]),
        ("the policy of a CIE", |it| {
            it.custom_extensions = vec![policy(&CIE)]
        }),
        ("the policy in second place", |it| {
            it.custom_extensions = vec![policies(&[&CIE, &CNS])];
        }),
        ("an unknown critical extension", |it| {
            let mut extension =
                CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 32473, 9], vec![5, 0]);
            extension.set_criticality(true);
            it.custom_extensions.push(extension);
        }),
        ("a certifier's", |it| {
            it.is_ca = IsCa::Ca(BasicConstraints::Unconstrained)
        }),
        ("a name without a slash", |it| rename(it, "MARIA ROSSI")),
        ("a name without a dot", |it| {
            rename(it, "RSSMRA85C55F205Y/6030000000001009")
        }),
        ("a wrong check character", |it| {
            rename(it, &NAME.replace("205Y", "205X"))
        }),
        ("a wrong check digit", |it| {
            rename(it, &NAME.replace("1009", "1008"))
        }),
        ("a short hash", |it| {
            rename(it, "RSSMRA85C55F205Y/6030000000001009.AAAA")
        }),
        ("lower case", |it| rename(it, &NAME.to_lowercase())),
        ("another country", |it| {
            it.distinguished_name.push(DnType::CountryName, "AT");
        }),
        ("a serial number of 21 bytes", |it| {
            it.serial_number = Some(vec![0x7F; 21].into());
        }),
        ("everything at once", |it| {
            *it = plain_certificate("MARIA ROSSI");
            it.not_after = NOW - time::Duration::SECOND;
            it.key_usages = vec![KeyUsagePurpose::ContentCommitment];
        }),
    ];
    let bench = Bench::start();
    let usual = verdict_on(&bench, &good(), "");
    let mut told = format!("nothing: {usual}");
    for (name, change) in cases {
        let mut params = good();
        change(&mut params);
        told += &format!("{name}: {}", verdict_on(&bench, &params, &usual));
    }
    insta::assert_snapshot!("every_fault", told);
}

fn rename(params: &mut CertificateParams, common_name: &str) {
    params
        .distinguished_name
        .push(DnType::CommonName, common_name);
}

#[test]
fn every_fault_of_the_certifier() {
    let bench = Bench::start();
    bench.issue(&bench.certifier, years(2024, 2030));
    bench.login("");
    let usual = remarkable(&bench, "");
    let mut told = format!("the right one: {usual}");
    for (name, issuer) in [
        ("unknown", certifier("Regione Ignota")),
        ("namesake", certifier("Regione Collaudo")),
    ] {
        bench.issue(&issuer, years(2024, 2030));
        bench.login("");
        told += &format!("{name}: {}", remarkable(&bench, &usual));
    }
    let bench = Bench::start_with(|config, _| {
        config.clock = support::clock_at(time::macros::datetime!(2041-01-01 0:00 UTC));
    });
    bench.issue(&bench.certifier, years(2024, 2045));
    bench.visit("/api/login", &format!("{CARD} --insecure"));
    told += &format!("expired: {}", remarkable(&bench, &usual));
    volatile_values_hidden().bind(|| insta::assert_snapshot!("every_certifier", told));
}

/// `openssl x509` writes what rcgen does not: the clock is the machine's here.
#[test]
fn odd_certificates_are_judged_and_their_keys_proven() {
    let cases = [
        ("version 1", "", ""),
        ("signed with SHA-1", EXTENSIONS, "-sha1"),
        ("a negative serial number", EXTENSIONS, "-set_serial -5"),
        ("a serial number of zero", EXTENSIONS, "-set_serial 0"),
        (
            "a usage that is not critical",
            "keyUsage = digitalSignature\nextendedKeyUsage = clientAuth\ncertificatePolicies = 1.3.76.16.2.1\n",
            "",
        ),
        (
            "a policy extension of no policies",
            "keyUsage = critical, digitalSignature\nextendedKeyUsage = clientAuth\n2.5.29.32 = DER:0500\n",
            "",
        ),
        (
            "a key usage of no bits",
            "2.5.29.15 = critical, DER:0500\nextendedKeyUsage = clientAuth\ncertificatePolicies = 1.3.76.16.2.1\n",
            "",
        ),
    ];
    let mut settings = volatile_values_hidden();
    settings.add_filter(r"\d+ [A-Z][a-z]+ 20\d\d \d\d:\d\d:\d\d UTC", "[instant]");
    let bench =
        Bench::start_with(|config, _| config.clock = VirtualClock::over(Arc::new(SystemClock)));
    issue_by_openssl(&bench, EXTENSIONS, "");
    bench.login("");
    let usual = remarkable(&bench, "");
    let mut told = format!("nothing: {usual}");
    for (name, extensions, options) in cases {
        issue_by_openssl(&bench, extensions, options);
        // OpenSSL itself refuses some of these, unless it is told not to look.
        let before = bench.journal.entries().len();
        let options = "-cert card.pem -key card.key -cipher DEFAULT@SECLEVEL=0";
        bench.s_client("default", options);
        bench.journal_of(before + 1);
        told += &format!("{name}: {}", remarkable(&bench, &usual));
        // Whatever is odd about it, nobody gets past the handshake with another key.
        let before = bench.journal.entries().len();
        support::rsa_key(bench.folder.path(), "thief", 2048);
        for version in ["1.2", "1.3"] {
            let error = support::thief::visit(&bench, version).unwrap_err();
            assert!(
                error.contains("DecryptError"),
                "{name}, TLS {version}: {error}"
            );
        }
        let stolen = bench.journal_of(before + 2);
        for entry in &stolen[before..] {
            assert_eq!(entry.outcome, "handshake_failed");
            assert_eq!(entry.handshake.alert_sent.as_deref(), Some("decrypt_error"));
            let judgement = entry.judgement.as_ref().unwrap();
            assert_eq!(judgement.failed_checks().first(), Some(&"tls.possession"));
        }
    }
    settings.bind(|| insta::assert_snapshot!("odd_certificates", told));
}

/// A list that says of every certifier what the test wants.
#[derive(Clone, Debug)]
struct Listed(TrustedListEntry);

impl TrustedList for Listed {
    fn entry(&self, _certifier_der: &[u8], _at: OffsetDateTime) -> TrustedListEntry {
        self.0.clone()
    }
}

#[test]
fn what_a_trusted_list_says_counts() {
    let good = TrustedListEntry {
        signature: Ok(()),
        period: Some(ListPeriod {
            issued: NOW,
            next_update: NOW + time::Duration::DAY,
        }),
        status: Some(ServiceStatus::Recognised),
    };
    let cases = [
        (good.clone(), vec![]),
        (
            TrustedListEntry {
                signature: Err("digest mismatch".to_owned()),
                ..good.clone()
            },
            vec!["tsl.signature"],
        ),
        (
            TrustedListEntry {
                period: Some(ListPeriod {
                    issued: NOW - time::Duration::WEEK,
                    next_update: NOW - time::Duration::DAY,
                }),
                ..good.clone()
            },
            vec!["tsl.freshness"],
        ),
        (
            TrustedListEntry {
                status: Some(ServiceStatus::Deprecated),
                ..good.clone()
            },
            vec!["tsl.status"],
        ),
        (
            TrustedListEntry {
                status: None,
                ..good
            },
            vec!["tsl.status"],
        ),
    ];
    for (entry, expected) in cases {
        let bench = Bench::start_with(|config, _| {
            config.trusted_list = Some(Arc::new(Listed(entry)));
        });
        bench.issue(&bench.certifier, years(2024, 2030));
        let status = if expected.is_empty() { 200 } else { 403 };
        assert_eq!(bench.login("").0, status);
        let judgement = bench.journal_of(1)[0].judgement.clone().unwrap();
        assert_eq!(judgement.failed_checks(), expected);
    }
}

#[test]
fn a_verdict_in_every_form_and_language() {
    let bench = Bench::start();
    let mut params = plain_certificate("RSSMRA85C55F205X/6030000000001009.");
    params.key_usages = vec![KeyUsagePurpose::ContentCommitment];
    bench.write_certificate(&issued_by_rcgen(&bench, &params));
    let mut settings = volatile_values_hidden();
    settings.add_filter(r#"report uuid="[^"]*""#, "report");
    settings.add_filter(
        "(?s)\"offered\": \\{.*?\\n    \\}",
        "\"offered\": [offered]",
    );
    settings.add_filter(
        r#"(?s)<td class="data">[^<]*(?:ecdsa|rsa)_[^<]*</td>"#,
        "<td>[schemes]</td>",
    );
    for (name, path) in [
        ("verdict_de_json", "/api/verdict?lang=de"),
        ("verdict_it_junit", "/api/verdict?format=junit"),
        ("verdict_en_html", "/?lang=en"),
        ("verdict_de_html", "/?lang=de"),
    ] {
        let (status, body) = bench.visit(path, CARD);
        assert_eq!(status, 403);
        settings.bind(|| insta::assert_snapshot!(name, body));
    }
}

#[test]
fn the_browser_chooses_the_language_and_the_query_overrules_it() {
    let bench = Bench::start();
    let title = |path: &str, options: &str| {
        let html = succeed(bench.curl(path, options));
        let (_, rest) = html.split_once("<h1>").unwrap();
        rest.split_once("</h1>").unwrap().0.to_owned()
    };
    assert_eq!(title("/", ""), "Nessun certificato");
    assert_eq!(
        title("/", "--header Accept-Language:de-IT,it;q=0.5"),
        "Kein Zertifikat"
    );
    assert_eq!(
        title("/?lang=en", "--header Accept-Language:de"),
        "No certificate"
    );
    // What a program compares is Italian unless it says otherwise.
    let json = succeed(bench.curl("/api/login", "--header Accept-Language:de"));
    assert!(json.contains("Controllare che la carta"), "{json}");
    let json = succeed(bench.curl("/api/login?lang=de", ""));
    assert!(json.contains("Prüfen, ob die Karte"), "{json}");
}
