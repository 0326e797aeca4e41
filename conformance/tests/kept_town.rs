//! A town that is read from its file by another portal: what the desk decided is so with the certifier and
//! with the cards as well.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where it meets the unexpected"
)]

use std::path::Path;
use std::sync::Arc;

use cns_authority::{
    CardNumber, CertificateStatus, CertificationAuthority, Office as CertifiersOffice, OfficeTerms,
    Standing,
};
use cns_conformance::card_workshop::{CardFolder, CardWorkshop};
use cns_conformance::town::{FoundedTown, Founding, StateFault, StateFile};
use cns_fixtures::{
    Citizen, DEFAULT_PROFILE, citizen, citizens, collaudo_authority, offices, profile, town,
};
use cns_portal::{PublicOffices, Town};
use cns_reader::place::PlaceFault;
use cns_services::Refusal;
use cns_services::Role;
use cns_services::desk::{
    Cause, Document, DocumentKind, Effect, Identified, Office, Operator, SignIn,
};
use time::OffsetDateTime;
use time::macros::{date, datetime};

/// A Monday, ten o'clock in Italy.
const NOW: OffsetDateTime = datetime!(2026-11-23 9:00 UTC);

const HOME: &str = "collaudo";

/// A town in this folder, with its certifiers.
struct Place {
    town: FoundedTown,
    offices: PublicOffices,
}

impl Place {
    fn open(folder: &Path, certifier: &CertificationAuthority) -> Self {
        let terms = OfficeTerms::default();
        let mut all = offices(NOW, terms).unwrap();
        let home = CertifiersOffice::new(HOME, Standing::Recognised, certifier.clone(), terms);
        all.add(home);
        let offices = PublicOffices::open(all, Arc::new(NOW));
        let names = citizens().into_iter();
        let names = names.map(|citizen| (citizen.card_number, citizen.id));
        let cards = CardFolder::open(folder.join("cards"), names).unwrap();
        let profile = profile(DEFAULT_PROFILE).unwrap();
        let workshop = CardWorkshop::new(offices.clone(), HOME, profile, cards);
        let founding = Founding {
            generated: 0,
            ..Founding::default()
        };
        let state = StateFile::open(&folder.join("town.state")).unwrap();
        let town = FoundedTown::kept(&founding, workshop, Arc::new(NOW), state).unwrap();
        town.make_cards().unwrap();
        Self { town, offices }
    }

    /// Something is done at the counter for who was identified there.
    fn at_counter<T>(
        &self,
        who: &Citizen,
        work: impl FnOnce(&mut Town, &Identified) -> Result<(T, Vec<Effect>), Refusal>,
    ) -> T {
        let person = town::applicant(who, NOW);
        let document = Document {
            kind: DocumentKind::IdentityCard,
            number: "CA00000AA".to_owned(),
            issuer: "Comune di Collaudo".to_owned(),
            holder: who.codice_fiscale,
            expires: date!(2030 - 06 - 30),
        };
        let operator = Operator {
            codice_fiscale: citizen("mario-bianchi").unwrap().codice_fiscale,
            sign_in: SignIn::Password,
        };
        let office = Office::of_id("social-services").unwrap();
        let done = self.town.hall.decide(|town, now| {
            let desk = &mut town.desk;
            let who = desk.identify_at_counter(&operator, office, &person, &document, now)?;
            work(town, &who)
        });
        done.unwrap().0
    }

    fn suspend(&self, who: &Citizen) {
        self.at_counter(who, |town, identified| {
            let desk = &mut town.desk;
            let effects = desk.suspend(identified, who.card_number, Cause::Theft, NOW)?;
            Ok(((), effects))
        });
    }

    /// Orders a card in the place of this one, and gives its number.
    fn replace(&self, who: &Citizen, card: CardNumber) -> CardNumber {
        let before = self.cards();
        self.at_counter(who, |town, identified| {
            town.desk.order_new_card(identified, card, Some(card), NOW)
        });
        let new = self.cards().into_iter().find(|card| !before.contains(card));
        new.unwrap()
    }

    fn cards(&self) -> Vec<CardNumber> {
        let hall = &self.town.hall;
        hall.with(|town, _| town.desk.certificates().map(|(card, ..)| card).collect())
    }

    /// How many certificates are on hold and revoked, as their certifier knows it.
    fn on_hold_and_revoked(&self) -> (usize, usize) {
        self.offices.with(|offices| {
            let office = offices.office(HOME).unwrap();
            let count = |is: &dyn Fn(CertificateStatus) -> bool| {
                office.statuses().filter(|(_, status)| is(*status)).count()
            };
            (
                count(&|status| matches!(status, CertificateStatus::OnHold { .. })),
                count(&|status| matches!(status, CertificateStatus::Revoked { .. })),
            )
        })
    }

    fn state(&self, card: CardNumber) -> (&'static str, &'static str) {
        let view = |town: &Town, now| town.desk.view(Role::Tester, card, now);
        let view = self.town.hall.with(view).unwrap();
        (view.state, view.certificate)
    }
}

#[test]
fn cards_and_certificates_are_as_the_desk_remembers_them() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = collaudo_authority(NOW.date()).unwrap();
    let (maria, giulia) = (
        citizen("maria-rossi").unwrap(),
        citizen("giulia-ferri").unwrap(),
    );
    let place = Place::open(folder.path(), &certifier);
    let (on_hold, revoked) = place.on_hold_and_revoked();
    place.suspend(&maria);
    let second = place.replace(&giulia, giulia.card_number);
    let before = place.on_hold_and_revoked();
    assert_eq!(before, (on_hold + 1, revoked + 1));
    drop(place);

    let place = Place::open(folder.path(), &certifier);
    assert_eq!(place.on_hold_and_revoked(), before);
    assert_eq!(place.state(maria.card_number), ("suspended", "on-hold"));
    assert_eq!(place.state(giulia.card_number), ("superseded", "revoked"));
    assert_eq!(place.state(second), ("delivered", "good"));
    let third = place.replace(&giulia, second);
    assert!(third != second && third != giulia.card_number);
    assert_eq!(place.on_hold_and_revoked(), (on_hold + 1, revoked + 2));
    let names = [
        "giulia-ferri.cns",
        "giulia-ferri-2.cns",
        "giulia-ferri-3.cns",
    ];
    for name in names {
        assert!(folder.path().join("cards").join(name).exists(), "{name}");
    }
}

#[test]
fn one_town_at_a_time_holds_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let certifier = collaudo_authority(NOW.date()).unwrap();
    let file = folder.path().join("town.state");
    let place = Place::open(folder.path(), &certifier);
    let error = StateFile::open(&file).unwrap_err();
    assert!(
        matches!(error.fault, StateFault::Place(PlaceFault::InUse)),
        "{error}"
    );
    drop(place);
    let state = StateFile::open(&file).unwrap();
    assert!(state.town(NOW).unwrap().is_some());
    let nowhere = StateFile::open(&folder.path().join("no/town.state")).unwrap_err();
    assert!(
        nowhere
            .to_string()
            .contains("no/town.state cannot be written"),
        "{nowhere}"
    );
}
