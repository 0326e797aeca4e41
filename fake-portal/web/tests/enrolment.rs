//! The hash of the personal data, compared with what the portal's operator has written down.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

mod support;

use cns_portal::Enrolment;
use cns_portal::checks::Status;
use support::{Bench, certifier, maria_rossi, years};

#[test]
fn the_hash_is_that_of_the_record_or_it_is_no_login() {
    let name = maria_rossi().common_name;
    let mut right = Enrolment::default();
    right.enter(name.card_number, name.personal_data_hash);
    let mut wrong = Enrolment::default();
    wrong.enter(name.card_number, [0; 20]);
    for (enrolment, status, failed) in [
        (None, Status::CouldNotTell, &[][..]),
        (Some(Enrolment::default()), Status::CouldNotTell, &[]),
        (Some(right), Status::Pass, &[]),
        (Some(wrong), Status::Fail, &["hash.dati_personali"]),
    ] {
        let bench = Bench::start_with(|config, _| config.enrolment = enrolment);
        bench.issue(&bench.certifier, years(2024, 2030));
        bench.login("");
        let judgement = bench.journal.entries()[0].judgement.clone().unwrap();
        let mut results = judgement.results.iter();
        let result = results
            .find(|it| it.check.id == "hash.dati_personali")
            .unwrap();
        assert_eq!(result.finding.status, status);
        assert_eq!(judgement.failed_checks(), failed);
    }
}

/// Of a certificate that nobody trusts the hash is compared all the same: every check is asked.
#[test]
fn it_is_compared_whoever_has_signed_the_certificate() {
    let name = maria_rossi().common_name;
    let mut wrong = Enrolment::default();
    wrong.enter(name.card_number, [0; 20]);
    let bench = Bench::start_with(|config, _| config.enrolment = Some(wrong));
    bench.issue(&certifier("Regione Ignota"), years(2024, 2030));
    bench.login("");
    let judgement = bench.journal.entries()[0].judgement.clone().unwrap();
    assert_eq!(
        judgement.failed_checks(),
        [
            "chain.issuer_listed",
            "chain.trusted",
            "hash.dati_personali"
        ]
    );
}
