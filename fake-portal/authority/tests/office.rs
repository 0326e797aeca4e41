//! A certifier's office over time: what it tells by OCSP and by its list, and when.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use cns_authority::{
    CertificateStatus, Office, OfficeError, OfficeTerms, Offices, Publication, RSA_CERTIFIERS,
    RUN_MAX, RevocationReason, SerialNumber, SignatureAlgorithm, Standing, StatusError, Succession,
    trusted_list,
};
use support::{NOW, certifier, publisher, registry};
use time::{Duration, OffsetDateTime};
use x509_parser::prelude::{CertificateRevocationList, FromDer};

const HOURLY: OfficeTerms = OfficeTerms {
    publication: Publication::Every(Duration::HOUR),
    list_lifetime: Duration::hours(2),
    answer_lifetime: Duration::MINUTE,
};

fn office(terms: OfficeTerms) -> (Office, SerialNumber) {
    let serial = SerialNumber::from(0x1234);
    let mut office = Office::new("collaudo", Standing::Recognised, certifier(), terms);
    office.enter(serial).unwrap();
    (office, serial)
}

/// Number, age in minutes at NOW and length of the list in force.
fn list(office: &mut Office, at: OffsetDateTime) -> (u64, i64, usize) {
    let list = office.revocation_list(at).unwrap();
    let (_, parsed) = CertificateRevocationList::from_der(&list.der).unwrap();
    assert_eq!(parsed.crl_number().unwrap(), &list.number.into());
    let age = (list.this_update - NOW).whole_minutes();
    (list.number, age, parsed.iter_revoked_certificates().count())
}

fn minutes(count: i64) -> OffsetDateTime {
    NOW + Duration::minutes(count)
}

#[test]
fn a_hold_waits_for_the_next_list_and_no_longer() {
    let (mut office, serial) = office(HOURLY);
    assert_eq!(list(&mut office, NOW), (1, 0, 0));
    office.hold(serial, minutes(30)).unwrap();
    assert_eq!(
        office.status(serial),
        Some(CertificateStatus::OnHold { since: minutes(30) })
    );
    assert_eq!(list(&mut office, minutes(59)), (1, 0, 0));
    assert_eq!(list(&mut office, minutes(60)), (2, 60, 1));
    office.release(serial, minutes(90)).unwrap();
    assert_eq!(list(&mut office, minutes(119)), (2, 60, 1));
    assert_eq!(list(&mut office, minutes(120)), (3, 120, 0));
}

/// Nobody asked for the list of 60 minutes before the hold: it is made all the same, without the hold.
#[test]
fn a_list_that_was_due_before_a_change_does_not_have_it() {
    let (mut office, serial) = office(HOURLY);
    list(&mut office, NOW);
    office.hold(serial, minutes(70)).unwrap();
    assert_eq!(list(&mut office, minutes(119)), (2, 60, 0));
    assert_eq!(list(&mut office, minutes(300)), (3, 300, 1));
    // A clock that is set back finds a list of tomorrow, and that is what it is.
    assert_eq!(list(&mut office, minutes(-60)), (3, 300, 1));
}

#[test]
fn at_once_is_at_once_and_a_list_never_grows_stale() {
    let (mut office, serial) = office(OfficeTerms::default());
    assert_eq!(list(&mut office, NOW), (1, 0, 0));
    assert_eq!(list(&mut office, minutes(11 * 60)), (1, 0, 0));
    let reason = RevocationReason::KeyCompromise;
    office.revoke(serial, reason, minutes(700)).unwrap();
    assert_eq!(list(&mut office, minutes(700)), (2, 700, 1));
    assert_eq!(list(&mut office, minutes(700 + 719)), (2, 700, 1));
    assert_eq!(list(&mut office, minutes(700 + 720)), (3, 1_420, 1));
}

#[test]
fn what_cannot_be_changed_is_told_and_publishes_nothing() {
    let (mut office, serial) = office(OfficeTerms::default());
    list(&mut office, NOW);
    let error = office.release(serial, minutes(1)).unwrap_err();
    assert!(matches!(
        error,
        OfficeError::Status(StatusError::NotOnHold { .. })
    ));
    assert_eq!(list(&mut office, minutes(2)), (1, 0, 0));
}

#[test]
fn a_clone_is_a_snapshot() {
    let (mut office, serial) = office(OfficeTerms::default());
    let before = office.clone();
    office.hold(serial, NOW).unwrap();
    assert_eq!(before.status(serial), Some(CertificateStatus::Good));
    assert_eq!(list(&mut before.clone(), NOW).2, 0);
    assert_eq!(list(&mut office, NOW).2, 1);
}

#[test]
fn every_certifier_has_an_office_and_those_with_rsa_keys_delegate() {
    let registry = registry();
    let mut offices =
        Offices::of(&registry, support::publisher(), OfficeTerms::default(), NOW).unwrap();
    let of_registry: Vec<_> = registry.certifiers().iter().map(|it| it.id).collect();
    let ids: Vec<_> = offices.iter().map(Office::id).collect();
    assert_eq!(ids, of_registry);
    let rsa = offices
        .iter()
        .filter(|it| it.certifier().algorithm().unwrap() == SignatureAlgorithm::RsaWithSha256);
    assert_eq!(rsa.count(), RSA_CERTIFIERS);

    offices.publish_at("http://pki.test:80/");
    let folder = tempfile::tempdir().unwrap();
    let key = support::rsa_public_key(folder.path(), 1024);
    let office = offices.office_mut("toscana").unwrap();
    let serial = office
        .issue(&support::subject(), &key, support::validity())
        .unwrap();
    let certificate = office.certificate(serial).unwrap();
    let text = String::from_utf8_lossy(certificate);
    for url in [
        "http://pki.test:80/crl/toscana.crl",
        "http://pki.test:80/ocsp/toscana",
        "http://pki.test:80/ca/toscana.cer",
    ] {
        assert!(text.contains(url), "{url}");
    }
    assert_eq!(offices.issuer_of(serial).unwrap().id(), "toscana");
    let error = offices.office("atlantide").err().unwrap().to_string();
    assert!(error.contains("hint: there are lombardia,"), "{error}");
}

/// Whatever is signed is signed under a certificate of that time, with the keys of the beginning.
#[test]
fn certifiers_are_renewed_wherever_the_clock_goes_but_for_the_one_that_ended() {
    let mut offices = Offices::of(&registry(), publisher(), OfficeTerms::default(), NOW).unwrap();
    let beginning = offices.clone();
    let years = |count: i64| NOW + Duration::days(365 * count);
    for now in [NOW, years(5), years(-1), years(50), NOW] {
        offices.keep_current(now).unwrap();
        for office in offices.iter() {
            let (certifier, validity) = (office.certifier(), office.certifier().validity());
            let id = office.id();
            let at_first = beginning.office(id).unwrap().certifier();
            assert!(at_first.is_owner_of(certifier.certificate_der()), "{id}");
            if id == "veneto" {
                assert_eq!(certifier.certificate_der(), at_first.certificate_der());
                continue;
            }
            assert!(validity.not_before() <= now && now <= validity.not_after());
            assert!(validity.not_after() <= now + RUN_MAX, "{id} at {now}");
        }
        let xml = offices.trusted_list(now).unwrap();
        let known = beginning.publisher_der();
        assert_eq!(trusted_list::verify(&xml, known).unwrap().at(now), Ok(()));
        let list = trusted_list::TrustedList::read(&xml).unwrap();
        let listed = |der: &[u8]| list.services().any(|it| it.certificate_der == der);
        for office in offices
            .iter()
            .filter(|it| it.standing() != Standing::Unlisted)
        {
            assert!(listed(office.certifier().certificate_der()), "{now}");
        }
    }
}

#[test]
fn only_a_certifier_that_is_renewed_issues_for_longer_than_itself() {
    let folder = tempfile::tempdir().unwrap();
    let key = support::rsa_public_key(folder.path(), 2048);
    let mut office = Office::new(
        "collaudo",
        Standing::Recognised,
        certifier(),
        OfficeTerms::default(),
    );
    let mut issue = |succession| {
        office = office.clone().with_succession(succession);
        office.issue(&support::subject(), &key, support::validity())
    };
    assert!(issue(Succession::Renewed).is_ok());
    assert!(matches!(
        issue(Succession::Ended),
        Err(OfficeError::OutlivesCertifier { .. })
    ));
}
