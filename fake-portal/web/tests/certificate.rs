//! What the portal reads of certificates and answers that somebody made to upset it.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use cns_authority::SerialNumber;
use cns_authority::SignatureAlgorithm;
use cns_authority::forge::{CertificateParts, Change, StringType};
use cns_authority::trusted_list::{TrustedList, verify};
use cns_portal::certificate::CertificateFacts;
use cns_portal::revocation::OcspQuestion;
use proptest::prelude::*;
use support::{NOW, certifier, maria_rossi, rsa_key, years};

#[test]
fn what_is_odd_about_a_certificate_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = certifier("Regione Collaudo");
    let key = rsa_key(folder.path(), "card", 2048);
    let good = certifier
        .issue_cns(
            &maria_rossi(),
            &key,
            years(2024, 2030),
            SerialNumber::from(7),
        )
        .unwrap();
    let parts = CertificateParts::read(&good).unwrap();
    let facts = |changes: &[Change]| {
        let forged = certifier.forge(&parts, changes).unwrap();
        CertificateFacts::from_der(&forged).unwrap()
    };
    let plain = facts(&[]);
    assert_eq!((plain.trailing_bytes, plain.is_of_one_algorithm), (0, true));
    assert_eq!(facts(&[Change::TrailingByte]).trailing_bytes, 1);
    let another = Change::SaysSignedWith(SignatureAlgorithm::RsaWithSha256);
    assert!(!facts(&[another]).is_of_one_algorithm);
    for strings in [StringType::Bmp, StringType::Teletex, StringType::Universal] {
        let written = facts(&[Change::SubjectStrings(strings)]);
        assert_eq!(written.subject, plain.subject);
        assert_eq!(written.common_names, plain.common_names);
    }
}

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let issuer = certifier("Regione Collaudo");
        let question = OcspQuestion::about(issuer.certificate_der(), &[7], &[1]).unwrap();
        prop_assert!(question.judge(&bytes, NOW).is_err());
        prop_assert!(verify(&bytes, issuer.certificate_der()).is_err());
        prop_assert!(TrustedList::read(&bytes).is_err());
    }
}
