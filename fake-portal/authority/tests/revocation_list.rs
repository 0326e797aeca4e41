//! Revocation lists, judged by openssl.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use std::fs;
use std::path::Path;

use cns_authority::forge::{
    CertificateParts, Extension, ExtensionType, ListChange, RevocationListParts,
};
use cns_authority::{
    CertificationAuthority, CertifierName, IssuingDistributionPoint, RevocationListPlan,
    RevocationListScope, RevocationReason, SerialNumber, SignatureAlgorithm, StatusRegister,
};
use support::{NOW, card, certifier, certifier_term, openssl, rsa_certifier, settings, stdout_of};
use time::Duration;

fn plan(number: u64) -> RevocationListPlan {
    RevocationListPlan {
        number,
        this_update: NOW - Duration::HOUR,
        next_update: NOW + Duration::DAY,
        issuing_distribution_point: None,
    }
}

/// One certificate of each fate: 1 good, 2 on hold, 3 released, 4 and more revoked.
fn register() -> StatusRegister {
    let mut register = StatusRegister::new();
    let yesterday = NOW - Duration::DAY;
    for serial in 1..=10 {
        register.enter(SerialNumber::from(serial)).unwrap();
    }
    for serial in [2, 3] {
        register
            .hold(SerialNumber::from(serial), yesterday)
            .unwrap();
    }
    register.release(SerialNumber::from(3)).unwrap();
    for (serial, reason) in (4..).zip(RevocationReason::ALL) {
        register
            .revoke(SerialNumber::from(serial), reason, yesterday)
            .unwrap();
    }
    register
}

/// What `openssl verify -crl_check` says of the card in `card.der`, given the list in `list.der`.
fn checked(folder: &Path, certifier: &CertificationAuthority) -> Result<(), String> {
    fs::write(folder.join("ca.pem"), certifier.certificate_pem()).unwrap();
    stdout_of(openssl(
        folder,
        "crl -inform DER -in list.der -out list.pem",
    ));
    let judged = openssl(
        folder,
        "verify -CAfile ca.pem -crl_check -CRLfile list.pem -x509_strict -attime 1767225600 card.der",
    );
    match judged.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8(judged.stderr).unwrap()),
    }
}

#[test]
fn openssl_believes_the_list_of_either_kind_of_key() {
    for certifier in [certifier(), rsa_certifier()] {
        let folder = tempfile::tempdir().unwrap();
        let list = certifier
            .issue_revocation_list(&register(), &plan(7))
            .unwrap();
        fs::write(folder.path().join("list.der"), list).unwrap();
        let judge = |serial| {
            let card = card(&certifier, SerialNumber::from(serial), folder.path());
            fs::write(folder.path().join("card.der"), card).unwrap();
            checked(folder.path(), &certifier)
        };
        assert_eq!(judge(1), Ok(()), "good");
        assert_eq!(judge(3), Ok(()), "released");
        for serial in [2, 4, 5] {
            let refusal = judge(serial).unwrap_err();
            assert!(refusal.contains("certificate revoked"), "{refusal}");
        }
    }
}

#[test]
fn a_list_reads_as_the_register_says() {
    let folder = tempfile::tempdir().unwrap();
    let point = IssuingDistributionPoint {
        urls: vec!["http://pki.collaudo.example/crl".to_owned()],
        scope: RevocationListScope::CardsOnly,
    };
    let plan = RevocationListPlan {
        issuing_distribution_point: Some(point),
        ..plan(258)
    };
    let list = certifier()
        .issue_revocation_list(&register(), &plan)
        .unwrap();
    fs::write(folder.path().join("list.der"), list).unwrap();
    let text = stdout_of(openssl(
        folder.path(),
        "crl -inform DER -in list.der -noout -text -nameopt sep_multiline,utf8,show_type,lname",
    ));
    let settings = settings();
    settings.bind(|| insta::assert_snapshot!(text));
}

#[test]
fn a_list_about_other_certificates_is_not_taken_for_one_about_cards() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let card = card(&certifier, SerialNumber::from(1), folder.path());
    fs::write(folder.path().join("card.der"), card).unwrap();
    let judge = |scope| {
        let plan = RevocationListPlan {
            issuing_distribution_point: Some(IssuingDistributionPoint {
                urls: vec!["http://pki.collaudo.example/crl".to_owned()],
                scope,
            }),
            ..plan(1)
        };
        let list = certifier.issue_revocation_list(&register(), &plan).unwrap();
        fs::write(folder.path().join("list.der"), list).unwrap();
        checked(folder.path(), &certifier)
    };
    assert!(
        judge(RevocationListScope::CertifiersOnly).is_err(),
        "openssl looked for a card on a list of certifiers"
    );
}

#[test]
fn an_empty_list_is_a_list() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let list = certifier
        .issue_revocation_list(&StatusRegister::new(), &plan(0))
        .unwrap();
    fs::write(folder.path().join("list.der"), list).unwrap();
    let card = card(&certifier, SerialNumber::from(1), folder.path());
    fs::write(folder.path().join("card.der"), card).unwrap();
    assert_eq!(checked(folder.path(), &certifier), Ok(()));
}

#[test]
fn a_list_that_ends_before_it_begins_is_not_made() {
    let plan = RevocationListPlan {
        next_update: NOW - Duration::DAY,
        ..plan(1)
    };
    let refusal = certifier().issue_revocation_list(&register(), &plan);
    assert!(
        refusal
            .unwrap_err()
            .to_string()
            .starts_with("the revocation list cannot be made")
    );
}

#[test]
fn openssl_says_of_each_wrong_list_what_is_wrong_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier();
    let issued = card(&certifier, SerialNumber::from(1), folder.path());
    fs::write(folder.path().join("card.der"), issued).unwrap();
    let list = certifier
        .issue_revocation_list(&register(), &plan(7))
        .unwrap();
    let parts = RevocationListParts::read(&list).unwrap();
    let other =
        CertificationAuthority::new(&CertifierName::regional("Regione Altra"), certifier_term());
    let unknown = |critical| Extension::new(ExtensionType::Unknown, critical, vec![5, 0]);
    let other = CertificateParts::read(other.unwrap().certificate_der()).unwrap();
    let sha1 = SignatureAlgorithm::EcdsaWithSha1;
    for (change, refusal) in [
        (ListChange::Extension(unknown(false)), None),
        (ListChange::RemoveNextUpdate, None),
        (ListChange::SignedWith(sha1), None),
        (ListChange::DamagedSignature, Some("CRL signature failure")),
        (
            ListChange::Extension(unknown(true)),
            Some("unhandled critical CRL extension"),
        ),
        // Unless it is told `-extended_crl`, openssl takes a list of differences for a whole one.
        (
            ListChange::Extension(Extension::delta_crl_indicator(6)),
            None,
        ),
        (
            ListChange::Issuer(other.subject),
            Some("unable to get certificate CRL"),
        ),
        (
            ListChange::ThisUpdate(NOW + Duration::HOUR),
            Some("CRL is not yet valid"),
        ),
    ] {
        let forged = certifier
            .forge(&parts, std::slice::from_ref(&change))
            .unwrap();
        fs::write(folder.path().join("list.der"), forged).unwrap();
        match (checked(folder.path(), &certifier), refusal) {
            (Ok(()), None) => {}
            (Err(said), Some(wanted)) => assert!(said.contains(wanted), "{change:?}: {said}"),
            (said, wanted) => assert_eq!(said.err().as_deref(), wanted, "{change:?}"),
        }
    }
    let again = certifier.forge(&parts, &[]).unwrap();
    assert_eq!(RevocationListParts::read(&again).unwrap(), parts);
}
