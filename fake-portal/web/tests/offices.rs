//! What certifiers publish, before openssl and curl, and what it means for logins.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::fs;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cns_authority::{OfficeTerms, Publication, RevocationReason, SerialNumber, Standing};
use cns_portal::{Clock as _, Document, DocumentRequest, Documents};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use support::country::{Country, HOME};
use support::{maria_rossi, openssl, succeed, years};
use time::Duration;

const AT_ONCE: fn() -> OfficeTerms = OfficeTerms::default;

impl Country {
    /// What `openssl ocsp` says of the card, asking as these options say.
    fn ocsp(&self, certifier: &str, options: &str) -> String {
        let ask = format!("ocsp -issuer {certifier} -CAfile {certifier} -cert card.pem {options}");
        let output = openssl(self.bench.folder.path(), &ask);
        // It says on stderr whether the response is to be believed.
        let talk = String::from_utf8_lossy(&output.stderr).into_owned();
        talk + &String::from_utf8_lossy(&output.stdout)
    }

    fn fetch(&self, path: &str, file: &str) -> String {
        let options = ["--fail", "--output", file, "--dump-header", "-"];
        succeed(self.bench.curl_url(&self.url(path), &options))
    }

    /// The certificate of this certifier as it is published now, which is `ca-now.pem` after that.
    fn certifier_of(&self, id: &str) -> String {
        self.fetch(&format!("/ca/{id}.cer"), "ca-now.cer");
        let convert = "x509 -inform DER -in ca-now.cer -out ca-now.pem";
        let folder = self.bench.folder.path();
        succeed(openssl(folder, convert));
        fs::read_to_string(folder.join("ca-now.pem")).unwrap()
    }

    /// What `openssl verify` says of the card, with the list that the certificate names.
    fn verify(&self) -> String {
        let verify = "verify -crl_download -crl_check -CAfile ca.pem card.pem";
        let output = openssl(self.bench.folder.path(), verify);
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    }
}

#[test]
fn openssl_believes_what_it_is_told_by_post() {
    let country = Country::with(AT_ONCE());
    let post = format!("-url {}", country.url("/ocsp/collaudo"));
    let told = country.ocsp("ca.pem", &post);
    assert!(
        told.starts_with("Response verify OK\ncard.pem: good"),
        "{told}"
    );
    country.at_home(|office, serial, now| office.hold(serial, now).unwrap());
    let told = country.ocsp("ca.pem", &post);
    assert!(
        told.contains("card.pem: revoked") && told.contains("Reason: certificateHold"),
        "{told}"
    );
    let stranger = country.ocsp("ca.pem", &format!("{post} -serial 4711"));
    assert!(stranger.contains("4711: unknown"), "{stranger}");
}

#[test]
fn openssl_believes_what_it_is_told_by_get() {
    let country = Country::with(AT_ONCE());
    let folder = country.bench.folder.path();
    for (nonce, may_be_kept) in [("-no_nonce", true), ("-nonce", false)] {
        let request = format!("ocsp -issuer ca.pem -cert card.pem {nonce} -reqout request.der");
        succeed(openssl(folder, &request));
        let text = STANDARD.encode(fs::read(folder.join("request.der")).unwrap());
        let escaped = utf8_percent_encode(&text, NON_ALPHANUMERIC).to_string();
        for path in [&text, &escaped] {
            let head = country.fetch(&format!("/ocsp/collaudo/{path}"), "response.der");
            assert!(
                head.contains("content-type: application/ocsp-response"),
                "{head}"
            );
            let keep = "cache-control: max-age=3600, public, no-transform, must-revalidate";
            assert_eq!(head.contains(keep), may_be_kept, "{head}");
            assert_eq!(
                head.contains("cache-control: no-store"),
                !may_be_kept,
                "{head}"
            );
            let judge = "ocsp -CAfile ca.pem -verify_other ca.pem -reqin request.der -respin response.der -resp_text";
            let output = openssl(folder, judge);
            let told =
                String::from_utf8_lossy(&[output.stderr, output.stdout].concat()).into_owned();
            assert!(told.contains("Response verify OK"), "{told}");
            assert!(told.contains("Cert Status: good"), "{told}");
            assert_eq!(told.contains("OCSP Nonce"), !may_be_kept, "{told}");
            assert!(
                !told.contains("WARNING") && !told.contains("Nonce Verify error"),
                "{told}"
            );
        }
    }
    let head = country.fetch("/ocsp/collaudo/AAAA", "response.der");
    assert!(head.contains("200 OK"), "{head}");
    assert_eq!(
        fs::read(folder.join("response.der")).unwrap(),
        [0x30, 3, 0x0A, 1, 1]
    );
}

#[test]
fn openssl_believes_a_delegate_and_the_login_does() {
    let mut country = Country::with(AT_ONCE());
    country.issue("toscana");
    country.fetch("/ca/toscana.cer", "toscana.der");
    let convert = "x509 -inform DER -in toscana.der -out toscana.pem";
    succeed(openssl(country.bench.folder.path(), convert));
    let post = format!("-url {} -resp_text", country.url("/ocsp/toscana"));
    let told = country.ocsp("toscana.pem", &post);
    assert!(
        told.contains("Response verify OK") && told.contains("OCSP Signing"),
        "{told}"
    );
    assert!(told.contains("card.pem: good"), "{told}");
    assert_eq!(
        country.login(&["rev"]),
        "200\nrev.crl pass: it is not revoked\nrev.ocsp pass: it is not revoked\n"
    );
}

#[test]
fn openssl_verifies_with_the_list_that_the_certificate_names() {
    let country = Country::with(AT_ONCE());
    assert_eq!(country.verify(), "card.pem: OK\n");
    let reason = RevocationReason::KeyCompromise;
    country.at_home(|office, serial, now| office.revoke(serial, reason, now).unwrap());
    let told = country.verify();
    assert!(
        told.contains("error 23 at 0 depth lookup: certificate revoked"),
        "{told}"
    );
    let head = country.fetch("/crl/collaudo.crl", "list.der");
    assert!(
        head.contains("content-type: application/pkix-crl"),
        "{head}"
    );
    assert!(head.contains("cache-control: max-age=86400"), "{head}");
    assert!(
        head.contains("last-modified: ") && head.contains(" GMT"),
        "{head}"
    );
    for nowhere in [
        "/crl/atlantide.crl",
        "/crl/collaudo",
        "/ocsp/collaudo",
        "/ocsp/",
    ] {
        let output = country.bench.curl_url(&country.url(nowhere), &["--fail"]);
        assert!(!output.status.success(), "{nowhere}");
    }
}

/// The life of a card, as its holder sees it.
#[test]
fn a_hold_keeps_out_a_release_lets_in_and_a_revocation_is_for_ever() {
    let country = Country::with(AT_ONCE());
    let out = |country: &Country, word: &str| {
        let told = country.login(&["rev"]);
        assert!(
            told.starts_with("403") && told.matches(word).count() == 2,
            "{told}"
        );
    };
    let good = "200\nrev.crl pass: it is not revoked\nrev.ocsp pass: it is not revoked\n";
    assert_eq!(country.login(&["rev"]), good);
    country.at_home(|office, serial, now| office.hold(serial, now).unwrap());
    out(&country, "(certificateHold)");
    country.at_home(|office, serial, now| office.release(serial, now).unwrap());
    assert_eq!(country.login(&["rev"]), good);
    let reason = RevocationReason::CessationOfOperation;
    country.at_home(|office, serial, now| office.revoke(serial, reason, now).unwrap());
    out(&country, "cessationOfOperation");
    let ever_after = country.at_home(|office, serial, now| office.release(serial, now));
    assert!(
        ever_after
            .unwrap_err()
            .to_string()
            .ends_with("is revoked for ever")
    );
    country.clock.advance(Duration::days(365));
    out(&country, "cessationOfOperation");
}

/// OCSP knows at once, the list with the next publication: in between the two disagree.
#[test]
fn the_list_is_late_by_what_the_terms_say() {
    let country = Country::with(OfficeTerms {
        publication: Publication::Every(Duration::HOUR),
        list_lifetime: Duration::hours(2),
        ..AT_ONCE()
    });
    let mut told = String::new();
    let mut step = |what: &str| {
        let findings = country.login(&["rev"]);
        let findings = findings.lines().map(|line| line.split(':').next().unwrap());
        told += &format!("{what}: {}\n", findings.collect::<Vec<_>>().join(", "));
    };
    step("issued");
    country.at_home(|office, serial, now| office.hold(serial, now).unwrap());
    step("on hold");
    country.clock.advance(Duration::hours(1));
    step("an hour later");
    country.at_home(|office, serial, now| office.release(serial, now).unwrap());
    step("released");
    country.clock.advance(Duration::hours(1));
    step("an hour later");
    insta::assert_snapshot!(told, @r"
    issued: 200, rev.crl pass, rev.ocsp pass
    on hold: 403, rev.crl pass, rev.ocsp fail
    an hour later: 403, rev.crl fail, rev.ocsp fail
    released: 403, rev.crl fail, rev.ocsp pass
    an hour later: 200, rev.crl pass, rev.ocsp pass
    ");
}

#[test]
fn a_stale_list_says_nothing() {
    let country = Country::with(OfficeTerms {
        publication: Publication::Every(Duration::DAY),
        list_lifetime: Duration::HOUR,
        ..AT_ONCE()
    });
    country.login(&[]);
    country.clock.advance(Duration::hours(2));
    let told = country.login(&["rev"]);
    assert!(
        told.starts_with("200\nrev.crl could_not_tell: the source is old"),
        "{told}"
    );
}

/// The certifier has lost its memory, or somebody has its key.
#[test]
fn a_certificate_that_the_office_does_not_know_is_refused() {
    let country = Country::with(AT_ONCE());
    let subject = support::maria_rossi();
    let certificate = country.at_home(|office, _, _| {
        let validity = support::years(2024, 2030);
        let serial = SerialNumber::from(4711);
        office
            .certifier()
            .issue_cns(&subject, &country.bench.spki, validity, serial)
            .unwrap()
    });
    country.bench.write_certificate(&certificate);
    let told = country.login(&["rev"]);
    assert!(
        told.starts_with("403")
            && told.contains("rev.ocsp fail: the certifier says that it never issued it"),
        "{told}"
    );
}

#[test]
fn a_certifier_must_be_on_the_trusted_list() {
    let country = Country::with(AT_ONCE());
    let mut told = String::new();
    for standing in [
        Standing::Recognised,
        Standing::Deprecated,
        Standing::Withdrawn,
        Standing::Unlisted,
    ] {
        country
            .offices
            .with(|all| all.set_standing(HOME, standing).unwrap());
        let login = country.login(&["tsl"]);
        let words = login
            .lines()
            .filter(|line| !line.starts_with("tsl.freshness"));
        told += &words.collect::<Vec<_>>().join("; ");
        told.push('\n');
    }
    insta::assert_snapshot!(told, @r"
    200; tsl.signature pass: the list's signature is good; tsl.status pass: the certifier is recognised
    403; tsl.signature pass: the list's signature is good; tsl.status fail: the certifier is no longer recognised
    403; tsl.signature pass: the list's signature is good; tsl.status fail: the certifier was taken off the list
    403; tsl.signature pass: the list's signature is good; tsl.status fail: the list does not have the certifier
    ");
    let head = country.fetch("/tsl/TSL-IT.xml", "list.xml");
    assert!(
        head.contains("content-type: application/vnd.etsi.tsl+xml"),
        "{head}"
    );
}

/// What is on the way breaks things: some documents are missing, one is changed.
#[derive(Debug)]
struct Broken(Arc<dyn Documents>, &'static str);

impl Documents for Broken {
    fn answer(&self, request: &DocumentRequest<'_>) -> Option<Document> {
        let mut document = self.0.answer(request)?;
        if !request.path.starts_with(self.1) {
            return Some(document);
        }
        let middle = document.content.len() / 2;
        let byte = document.content.get_mut(middle)?;
        *byte = if *byte == b'A' { b'B' } else { b'A' };
        Some(document)
    }
}

/// The login reads what the listener serves: what is broken for openssl is broken for it.
#[test]
fn what_is_broken_there_is_broken_for_the_login() {
    let mut told = String::new();
    for path in ["/crl/", "/ocsp/", "/tsl/"] {
        let country = Country::changed(AT_ONCE(), |config| {
            let whole = Arc::clone(&config.documents);
            config.documents = Arc::new(Broken(whole, path));
        });
        let login = country.login(&["rev", "tsl"]);
        // The status, and the first check that does not pass.
        let wrong = login.lines().filter(|line| !line.contains(" pass: "));
        let wrong = wrong.map(|line| line.split(": ").next().unwrap());
        let wrong: Vec<_> = wrong.take(2).collect();
        told += &format!("{path}: {}\n", wrong.join(", "));
    }
    insta::assert_snapshot!(told, @r"
    /crl/: 200, rev.crl could_not_tell
    /ocsp/: 200, rev.ocsp could_not_tell
    /tsl/: 403, tsl.signature fail
    ");
}

/// A certifier's certificate ends within a month, a card's with the card: the office renews the one, and
/// the other goes on to its own end.
#[test]
fn a_card_outlives_the_certificates_of_its_certifier() {
    let mut country = Country::with(AT_ONCE());
    for id in ["collaudo", "toscana"] {
        let five_years = country.clock.now() + Duration::days(5 * 365);
        country.issue_until(id, five_years);
        let mut told = country.login(&["chain", "tsl", "rev", "cert"]);
        assert!(
            told.starts_with("200\n") && !told.contains(" fail"),
            "{told}"
        );
        let older = country.certifier_of(id);
        for _ in 0..3 {
            country.clock.advance(Duration::days(365));
            told = country.login(&["chain", "tsl", "rev", "cert"]);
            assert!(
                told.starts_with("200\n") && !told.contains(" fail"),
                "{told}"
            );
        }
        // What is published now is another certificate, under which all answers hold.
        assert_ne!(country.certifier_of(id), older);
        let attime = country.clock.now().unix_timestamp();
        let url = country.url(&format!("/ocsp/{id}"));
        let answer = country.ocsp("ca-now.pem", &format!("-url {url} -attime {attime}"));
        assert!(answer.contains("Response verify OK"), "{answer}");
        let verify = format!("verify -attime {attime} -CAfile ca-now.pem card.pem");
        succeed(openssl(country.bench.folder.path(), &verify));

        country.clock.advance(Duration::days(3 * 365));
        told = country.login(&["chain", "tsl", "cert"]);
        let failed = told.lines().filter(|line| line.contains(" fail: "));
        let failed: Vec<_> = failed.map(|line| line.split(' ').next().unwrap()).collect();
        assert_eq!(failed, ["cert.time"], "{told}");
        country.clock.advance(Duration::days(-6 * 365));
        told = country.login(&["chain", "tsl", "rev", "cert"]);
        assert!(
            told.starts_with("200\n") && !told.contains(" fail"),
            "{told}"
        );
    }
}

/// A certifier that is not renewed is seen to have ended, whoever lists it.
#[test]
fn nobody_renews_the_one_that_ended() {
    let mut country = Country::with(AT_ONCE());
    let refused = country.offices.with(|all| {
        let veneto = all.office_mut("veneto").unwrap();
        veneto.issue(&maria_rossi(), &country.bench.spki, years(2024, 2030))
    });
    assert!(refused.is_err());
    let yesterday = country.clock.now() - Duration::days(366);
    country.clock.set_to(yesterday - Duration::HOUR);
    country.issue_until("veneto", yesterday);
    let told = country.login(&["chain", "cert", "tsl", "rev"]);
    assert!(told.starts_with("200\n"), "{told}");
    country.clock.advance(Duration::days(366));
    let told = country.login(&["chain"]);
    assert!(told.contains("chain.issuer_time fail"), "{told}");
}
