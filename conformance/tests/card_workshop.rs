//! A workshop that keeps its cards in a folder, from one run to the next.

#![allow(
    clippy::unwrap_used,
    reason = "a test ends where it meets the unexpected"
)]

use std::path::Path;
use std::sync::Arc;

use cns_authority::{CertificationAuthority, Office, OfficeTerms, Offices, Standing};
use cns_conformance::card_workshop::{CardFolder, CardWorkshop};
use cns_fixtures::{DEFAULT_PROFILE, citizen, collaudo_authority, offices, profile};
use cns_portal::town::WorkshopError;
use cns_portal::{PublicOffices, Workshop as _};
use cns_services::desk::CertificateChange;
use time::OffsetDateTime;
use time::macros::datetime;

const HOME: &str = "collaudo";
const NOW: OffsetDateTime = datetime!(2026-11-23 9:00 UTC);

/// A run: a workshop with Maria's cards in this folder, and the office of their certifier.
fn run(
    folder: &Path,
    certifier: &CertificationAuthority,
) -> Result<(CardWorkshop, PublicOffices), WorkshopError> {
    let maria = citizen("maria-rossi").unwrap();
    let terms = OfficeTerms::default();
    let mut all: Offices = offices(NOW, terms).unwrap();
    let home = Office::new(HOME, Standing::Recognised, certifier.clone(), terms);
    all.add(home);
    let offices = PublicOffices::open(all, Arc::new(NOW));
    let names = [(maria.card_number, maria.id.clone())];
    let drawer = CardFolder::open(folder.to_owned(), names).unwrap();
    let profile = profile(DEFAULT_PROFILE).unwrap();
    let workshop = CardWorkshop::new(offices.clone(), HOME, profile, drawer);
    workshop.stock(&[maria], NOW)?;
    Ok((workshop, offices))
}

#[test]
fn cards_that_were_ordered_are_there_in_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = collaudo_authority(NOW.date()).unwrap();
    let maria = citizen("maria-rossi").unwrap();
    let holder = maria.codice_fiscale;
    let (first, _) = run(folder.path(), &certifier).unwrap();
    let second = first.produce(holder, maria.card_number, NOW).unwrap().card;
    let third = first.produce(holder, second, NOW).unwrap().card;
    drop(first);

    let (workshop, _) = run(folder.path(), &certifier).unwrap();
    for card in [maria.card_number, second, third] {
        workshop.read(card).unwrap();
        workshop
            .set_certificate_status(card, CertificateChange::Hold, NOW)
            .unwrap();
    }
    let fourth = workshop.produce(holder, third, NOW).unwrap().card;
    assert!(![maria.card_number, second, third].contains(&fourth));
    assert!(folder.path().join("maria-rossi-4.cns").is_file());
}

#[test]
fn cards_of_another_certifier_are_not_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = || collaudo_authority(NOW.date()).unwrap();
    run(folder.path(), &certifier()).unwrap();
    let Err(refused) = run(folder.path(), &certifier()) else {
        unreachable!("the cards are another certifier's");
    };
    insta::assert_snapshot!(refused, @r"
    card 6030000000001009 is of another certifier than this run's
    hint: name that certifier's folder with --authority, or another folder with --cards
    ");
}
