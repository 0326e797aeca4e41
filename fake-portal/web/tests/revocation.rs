//! Revocation lists, and sources that do not answer.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use cns_authority::CertificationAuthority;
use cns_portal::revocation::{RevocationListError, RevocationReason, RevocationStatus};
use cns_portal::{RevocationList, RevocationQuery, RevocationSource, RevocationSources};
use rcgen::{
    CertificateRevocationListParams, Issuer, KeyIdMethod, KeyPair, RevocationReason as Reason,
    RevokedCertParams,
};
use support::{Bench, NOW, certifier, years};
use time::{Duration, OffsetDateTime};

/// The serial number that the bench's certificates have.
const SERIAL: u64 = 0x1234;

/// A list of this certifier's, of yesterday.
fn list(
    issuer: &CertificationAuthority,
    revoked: Option<Reason>,
    next_update: OffsetDateTime,
) -> Vec<u8> {
    let pair = issuer.to_pem_pair();
    let key = KeyPair::from_pem(&pair.private_key).unwrap();
    let signer = Issuer::from_ca_cert_pem(&pair.certificate, key).unwrap();
    let entry = |reason| RevokedCertParams {
        serial_number: SERIAL.into(),
        revocation_time: NOW - Duration::DAY,
        reason_code: Some(reason),
        invalidity_date: None,
    };
    let params = CertificateRevocationListParams {
        this_update: NOW - Duration::DAY,
        next_update,
        crl_number: 1_u64.into(),
        issuing_distribution_point: None,
        revoked_certs: revoked.map(entry).into_iter().collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    params.signed_by(&signer).unwrap().der().to_vec()
}

/// The status and the finding of a login, with what `source` makes of the bench's folder.
fn login_with(source: impl FnOnce(&Path) -> Arc<dyn RevocationSource>) -> (u16, String, String) {
    let bench = Bench::start_with(|config, folder| {
        config.revocation = RevocationSources {
            crl: Some(source(folder)),
            ocsp: None,
        };
    });
    bench.issue(&bench.certifier, years(2024, 2030));
    let (status, _) = bench.login("");
    let judgement = bench.journal_of(1).remove(0).judgement.unwrap();
    let result = judgement
        .results
        .iter()
        .find(|it| it.check.id == "rev.crl")
        .unwrap();
    (
        status,
        result.finding.status.word().to_owned(),
        result
            .finding
            .seen
            .in_language(cns_portal::Language::English),
    )
}

fn with_list(revoked: Option<Reason>, next_update: OffsetDateTime) -> (u16, String, String) {
    login_with(|folder| {
        let read = |name| fs::read_to_string(folder.join(name)).unwrap();
        let issuer = CertificationAuthority::from_pem_pair(
            &read("ca.pem"),
            &read("ca.key"),
            OffsetDateTime::now_utc(),
        )
        .unwrap();
        let certifiers = [issuer.certificate_der().to_vec()];
        let list = list(&issuer, revoked, next_update);
        Arc::new(RevocationList::from_der(&list, &certifiers).unwrap())
    })
}

#[test]
fn lists_decide() {
    let tomorrow = NOW + Duration::DAY;
    let yesterday = NOW - Duration::HOUR;
    let mut told = String::new();
    for (revoked, next_update) in [
        (None, tomorrow),
        (Some(Reason::KeyCompromise), tomorrow),
        (Some(Reason::CertificateHold), tomorrow),
        (Some(Reason::RemoveFromCrl), tomorrow),
        (None, yesterday),
        (Some(Reason::KeyCompromise), yesterday),
    ] {
        let (http, status, seen) = with_list(revoked, next_update);
        told += &format!("{http} {status}: {seen}\n");
    }
    insta::assert_snapshot!(told, @r"
    200 pass: it is not revoked
    403 fail: revoked since 31 December 2025 00:00:00 UTC: keyCompromise
    403 fail: suspended since 31 December 2025 00:00:00 UTC (certificateHold)
    200 pass: it is not revoked
    200 could_not_tell: the source is old: it should have been renewed on 31 December 2025 23:00:00 UTC
    403 fail: revoked since 31 December 2025 00:00:00 UTC: keyCompromise
    ");
}

/// A source of which nothing is known.
#[derive(Debug)]
struct Silent(RevocationStatus);

impl RevocationSource for Silent {
    fn status(&self, query: &RevocationQuery<'_>) -> RevocationStatus {
        assert_eq!(query.serial, [0x12, 0x34]);
        assert!(query.issuer_certificate_der.is_some());
        self.0.clone()
    }
}

#[test]
fn a_source_that_does_not_know_keeps_nobody_out() {
    let why = "timed out".to_owned();
    for status in [
        RevocationStatus::Unknown,
        RevocationStatus::Unreachable { why },
    ] {
        let (http, found, _) = login_with(|_| Arc::new(Silent(status)));
        assert_eq!((http, found.as_str()), (200, "could_not_tell"));
    }
}

#[test]
fn a_list_that_nobody_signed_is_no_list() {
    let (ours, theirs) = (certifier("Regione Collaudo"), certifier("Regione Altra"));
    let namesake = certifier("Regione Collaudo");
    let certifiers = [ours.certificate_der().to_vec()];
    for stranger in [&theirs, &namesake] {
        let list = list(stranger, None, NOW);
        let error = RevocationList::from_der(&list, &certifiers).unwrap_err();
        assert!(
            matches!(error, RevocationListError::Signature { .. }),
            "{error}"
        );
    }
    for damaged in [&b"nothing"[..], &[], &[0x30, 0x80]] {
        let error = RevocationList::from_bytes(damaged, &certifiers).unwrap_err();
        assert!(
            matches!(error, RevocationListError::Syntax { .. }),
            "{error}"
        );
    }
    let mut long = list(&ours, None, NOW);
    long.push(0);
    assert!(RevocationList::from_der(&long, &certifiers).is_err());
}

#[test]
fn several_lists_are_one_source() {
    let (one, two) = (certifier("Regione Uno"), certifier("Regione Due"));
    let certifiers = [
        one.certificate_der().to_vec(),
        two.certificate_der().to_vec(),
    ];
    let read = |issuer, revoked| {
        RevocationList::from_der(&list(issuer, revoked, NOW + Duration::DAY), &certifiers).unwrap()
    };
    let lists = vec![read(&one, None), read(&two, Some(Reason::Superseded))];
    let name = cns_portal::chain::Certifier::from_der(two.certificate_der())
        .unwrap()
        .subject_der;
    let query = |name| RevocationQuery {
        serial: &[0x12, 0x34],
        issuer_name_der: name,
        issuer_certificate_der: None,
        list_urls: &[],
        responder_urls: &[],
        at: NOW,
    };
    let revoked = RevocationStatus::Revoked {
        reason: RevocationReason::Superseded,
        since: NOW - Duration::DAY,
    };
    assert_eq!(lists.status(&query(&name)), revoked);
    assert_eq!(lists.status(&query(&[0x30, 0])), RevocationStatus::Unknown);
}

#[test]
fn a_namesakes_list_says_nothing() {
    let (old, renewed) = (certifier("Regione Uno"), certifier("Regione Uno"));
    let certifiers = [
        old.certificate_der().to_vec(),
        renewed.certificate_der().to_vec(),
    ];
    let read = |issuer, revoked| {
        RevocationList::from_der(&list(issuer, revoked, NOW + Duration::DAY), &certifiers).unwrap()
    };
    let lists = vec![read(&renewed, None), read(&old, Some(Reason::Superseded))];
    let name = cns_portal::chain::Certifier::from_der(old.certificate_der())
        .unwrap()
        .subject_der;
    let status_of_a_card_of = |issuer: &CertificationAuthority| {
        lists.status(&RevocationQuery {
            serial: &[0x12, 0x34],
            issuer_name_der: &name,
            issuer_certificate_der: Some(issuer.certificate_der()),
            list_urls: &[],
            responder_urls: &[],
            at: NOW,
        })
    };
    assert!(matches!(
        status_of_a_card_of(&old),
        RevocationStatus::Revoked { .. }
    ));
    assert_eq!(status_of_a_card_of(&renewed), RevocationStatus::Good);
}
