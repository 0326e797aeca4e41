//! A town whose keeper does its work, or cannot.

use std::sync::atomic::{AtomicBool, Ordering};

use cns_fixtures::town::desk as town_desk;
use cns_fixtures::{citizen, population};
use cns_language::Language;
use cns_services::desk::{Cause, Contact, Desk, Form, FormKind, Papers, Policy, SpidLevel};
use cns_services::outbox::{Fault, Outbox, OutboxFault};
use cns_services::{Role, World};
use time::macros::datetime;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-11-24 9:00 UTC);

/// A disk that may be full, and what is on it.
#[derive(Clone, Debug, Default)]
struct Disk {
    is_full: Arc<AtomicBool>,
    content: Arc<Mutex<String>>,
}

impl Keeper for Disk {
    fn keep(&mut self, town: &Town) -> Result<(), NotKept> {
        if self.is_full.load(Ordering::Relaxed) {
            return Err(NotKept("no space left on device".to_owned()));
        }
        *self.content.lock().unwrap() = town.export().unwrap();
        Ok(())
    }
}

impl Disk {
    fn set_full(&self, is_full: bool) {
        self.is_full.store(is_full, Ordering::Relaxed);
    }

    /// Whether the disk has the town as it is.
    fn has(&self, hall: &TownHall) -> bool {
        *self.content.lock().unwrap() == hall.snapshot().export().unwrap()
    }
}

fn town() -> Town {
    Town {
        world: World::default(),
        desk: Desk::new(Policy::default()),
        outbox: Outbox::default(),
    }
}

fn hall(disk: &Disk) -> Result<TownHall, NotKept> {
    let staff = Staff::new([]).unwrap();
    let keeper = Box::new(disk.clone());
    TownHall::open_kept(town(), staff, Arc::new(NoWorkshop), Arc::new(NOW), keeper)
}

fn arm(hall: &TownHall) -> Result<(), Refusal> {
    hall.change(|town, _| {
        town.outbox.arm(OutboxFault::next(Fault::Lost));
        Ok(())
    })
}

#[test]
fn what_was_changed_is_kept_before_the_answer() {
    let disk = Disk::default();
    let hall = hall(&disk).unwrap();
    assert!(disk.has(&hall), "from the start");
    arm(&hall).unwrap();
    assert!(disk.has(&hall));
    let refused = hall.change(|town, now| {
        let contact = Contact::mobile("3200000001").unwrap();
        let owner = "RSSMRA85C55M901I".parse().unwrap();
        town.desk.register_contact(contact.clone(), owner, now)?;
        let other = "CNTTMS63T02M908U".parse().unwrap();
        town.desk.register_contact(contact, other, now)
    });
    assert_eq!(refused.unwrap_err().code, "DESK-118");
    assert!(disk.has(&hall), "and what was refused, which is in the log");
}

/// The visitor hears of it, looking goes on, and the next change brings everything to the disk.
#[test]
fn what_cannot_be_kept_is_told_and_kept_later() {
    let disk = Disk::default();
    let hall = hall(&disk).unwrap();
    disk.set_full(true);
    let before = disk.content.lock().unwrap().clone();
    let told = arm(&hall).unwrap_err();
    assert_eq!(
        told.to_string(),
        "TOWN-102: What was asked for was not stored, and would be lost with the portal: no space left on device."
    );
    assert_eq!(hall.with(|town, _| town.outbox.armed().count()), 1);
    hall.change(|_, _| Ok(())).unwrap();
    assert_eq!(*disk.content.lock().unwrap(), before, "whole as it was");
    disk.set_full(false);
    arm(&hall).unwrap();
    assert!(disk.has(&hall));
    assert_eq!(hall.with(|town, _| town.outbox.armed().count()), 2);
}

#[test]
fn a_town_that_cannot_be_kept_is_not_opened() {
    let disk = Disk::default();
    disk.set_full(true);
    assert!(hall(&disk).is_err());
}

/// A snapshot may have changed as often as the town that it takes the place of.
#[test]
fn another_town_in_its_place_is_kept() {
    let disk = Disk::default();
    let hall = hall(&disk).unwrap();
    let beginning = hall.snapshot();
    arm(&hall).unwrap();
    let armed = hall.snapshot();
    hall.replace(beginning).unwrap();
    assert!(disk.has(&hall));
    disk.set_full(true);
    let disarmed = hall.change(|town, _| {
        town.outbox.disarm();
        Ok(())
    });
    assert!(disarmed.is_err());
    assert!(hall.replace(armed.clone()).is_err());
    disk.set_full(false);
    assert_eq!(hall.with(|town, _| town.outbox.armed().count()), 1);
    assert!(
        disk.has(&hall),
        "though it changed as often as what is kept"
    );
}

/// A card lies in somebody's reader, say: then its holder asks again, when it does no more.
#[test]
fn what_cannot_be_carried_out_was_not_decided() {
    let now = datetime!(2026-11-24 10:30 +1);
    let maria = citizen("maria-rossi").unwrap();
    let town = Town {
        world: population::world(1, 0, now.date()),
        desk: town_desk(Policy::default(), now),
        ..town()
    };
    let workshop = Arc::new(NoWorkshop);
    let hall = TownHall::open(town, Staff::new([]).unwrap(), workshop, Arc::new(now));
    let known = |hall: &TownHall| hall.with(|town, now| town.desk.views(Role::Tester, now));
    let before = known(&hall);
    for _ in 0..2 {
        let refused = hall.decide(|town, now| {
            let person = town.applicant(maria.codice_fiscale).unwrap();
            let asked_by = town.desk.identify_by_spid(&person, SpidLevel::Two, now)?;
            let form = Form {
                card: maria.card_number,
                kind: FormKind::Online,
                papers: Papers::default(),
                contact: Contact::mobile("3200000001")?,
                language: Language::Italian,
            };
            let request = town.desk.take_form(asked_by, form, now)?;
            let mut entropy = SystemEntropy::new();
            let effects = town.desk.hand_over(request, None, &mut entropy, now)?;
            Ok(((), effects))
        });
        assert_eq!(refused.unwrap_err().code, "TOWN-101");
        assert_eq!(known(&hall), before);
    }
    let refused = hall.decide(|town, now| {
        let person = town.applicant(maria.codice_fiscale).unwrap();
        let who = town.desk.identify_by_spid(&person, SpidLevel::Two, now)?;
        let effects = town
            .desk
            .suspend(&who, maria.card_number, Cause::Theft, now)?;
        Ok(((), effects))
    });
    assert_eq!(refused.unwrap_err().code, "TOWN-101");
    assert_eq!(known(&hall), before, "what the certifier has not heard of");
    let last = hall.with(|town, _| {
        let log = town.desk.audit(Role::Tester).unwrap();
        log.entries().last().cloned().unwrap()
    });
    assert_eq!((&*last.what, &*last.outcome), ("take-back", "TOWN-101"));
}
