//! Identifying somebody, and asking for PIN and PUK.

use crate::support::*;
use cns_services::desk::{CardState, Chip, FormKind, Kinship, OfficeCause, SpidLevel};
use time::Duration;
use time::macros::date;

use super::*;

pub const ASKING: &[(&str, &str, Attempt)] = &[
    (
        "DESK-101",
        "the document of who stands there expired",
        |world| {
            let document = document_of(&luca(), date!(2026 - 11 - 22));
            let operator = olga();
            let now = world.now;
            let identified =
                world
                    .desk
                    .identify_at_counter(&operator, office(), &luca(), &document, now);
            identified.map(drop)
        },
    ),
    (
        "DESK-101",
        "the document of which there is a photocopy expired",
        |world| {
            delegation(world, |form| {
                form.papers.holder_document = Some(document_of(&maria(), date!(2026 - 11 - 22)));
            })
        },
    ),
    ("DESK-102", "a minor asks online", |world| {
        let by_spid = world
            .desk
            .identify_by_spid(&paolo(), SpidLevel::Three, world.now)?;
        let form = online(1);
        world.desk.take_form(by_spid, form, world.now).map(drop)
    }),
    ("DESK-103", "somebody else comes with her card", |world| {
        world.ask(&luca(), own_card(0)).map(drop)
    }),
    ("DESK-103", "the form names another delegate", |world| {
        delegation(world, |form| {
            let form = form.papers.form.as_mut().unwrap();
            form.delegate = Some(paolo().codice_fiscale);
        })
    }),
    ("DESK-104", "the delegate is a cousin", |world| {
        delegation(world, |form| {
            form.kind = FormKind::Delegate(Kinship::Relative { degree: 4 })
        })
    }),
    ("DESK-104", "the delegate is a friend", |world| {
        delegation(world, |form| form.kind = FormKind::Delegate(Kinship::None))
    }),
    ("DESK-105", "the photocopy is missing", |world| {
        delegation(world, |form| form.papers.holder_document = None)
    }),
    ("DESK-106", "the delegation is not signed", |world| {
        delegation(world, |form| form.papers.form = None)
    }),
    ("DESK-106", "the delegate signed the delegation", |world| {
        delegation(world, |form| {
            form.papers.form.as_mut().unwrap().signed_by = luca().codice_fiscale;
        })
    }),
    ("DESK-106", "the minor's form is not signed", |world| {
        let mut form = for_sofia();
        form.papers.form = None;
        world.ask(&paolo(), form).map(drop)
    }),
    ("DESK-108", "no one-time code was sent", |world| {
        world
            .desk
            .identify_by_one_time_code(&luca(), "000000", world.now)
            .map(drop)
    }),
    ("DESK-108", "the one-time code expired", |world| {
        let code = code_for_luca(world);
        let late = world.now + Duration::minutes(5);
        world
            .desk
            .identify_by_one_time_code(&luca(), &code, late)
            .map(drop)
    }),
    ("DESK-108", "the one-time code was used before", |world| {
        let code = code_for_luca(world);
        world
            .desk
            .identify_by_one_time_code(&luca(), &code, world.now)?;
        world
            .desk
            .identify_by_one_time_code(&luca(), &code, world.now)
            .map(drop)
    }),
    ("DESK-109", "the card has no chip", |world| {
        another_card(world, CardState::Active, Chip::Absent)
    }),
    ("DESK-109", "the card is in the post", |world| {
        another_card(world, CardState::Shipped, Chip::Present)
    }),
    ("DESK-109", "the card is suspended", |world| {
        another_card(world, CardState::Suspended, Chip::Present)
    }),
    ("DESK-113", "the operator identifies herself", |world| {
        world.identify(&operator_as_citizen()).map(drop)
    }),
    ("DESK-113", "the operator's card, by delegation", |world| {
        let mut form = by_delegation();
        form.card = card(5);
        form.papers.card = Some(card(5));
        world.ask(&luca(), form).map(drop)
    }),
    ("DESK-113", "the operator revokes her own card", |world| {
        let (cause, now) = (OfficeCause::WrongData, world.now);
        world
            .desk
            .revoke_by_office((&olga(), office()), card(5), cause, None, now)
            .map(drop)
    }),
    ("DESK-115", "it is Tuesday", |world| {
        world.now += Duration::DAY;
        world.identify(&luca()).map(drop)
    }),
    (
        "DESK-115",
        "it is half past twelve when something is handed over",
        |world| {
            world.now = MONDAY + Duration::hours(2) + Duration::minutes(29);
            let request = world.ask(&luca(), own_card(3))?;
            world.now += Duration::MINUTE;
            world.hand_over(request)
        },
    ),
    (
        "DESK-117",
        "the one-time code is to go to another's phone",
        |world| world.send_code(&luca(), &phone_of(&maria())),
    ),
    (
        "DESK-118",
        "the second part is to go to the delegate",
        |world| delegation(world, |form| form.contact = phone_of(&luca())),
    ),
    (
        "DESK-118",
        "the second part is to go to the operator",
        |world| {
            delegation(world, |form| {
                form.contact = phone_of(&operator_as_citizen())
            })
        },
    ),
    ("DESK-118", "a phone is registered twice", |world| {
        world
            .desk
            .register_contact(phone_of(&maria()), luca().codice_fiscale, world.now)
    }),
    ("DESK-120", "the court's paper is missing", |world| {
        let mut form = for_rosa();
        form.papers.court_paper = None;
        world.ask(&luca(), form).map(drop)
    }),
    ("DESK-120", "the court appointed somebody else", |world| {
        let mut form = for_rosa();
        form.papers.court_paper.as_mut().unwrap().guardian = paolo().codice_fiscale;
        world.ask(&luca(), form).map(drop)
    }),
    ("DESK-121", "the holder is well again", |world| {
        delegation(world, |form| {
            form.papers.impediment.as_mut().unwrap().until = date!(2026 - 11 - 22);
        })
    }),
    ("DESK-121", "the holder has no time", |world| {
        delegation(world, |form| form.papers.impediment = None)
    }),
    ("DESK-122", "the one-time code is wrong", |world| {
        let code = code_for_luca(world);
        let wrong = if code == "000000" { "000001" } else { "000000" };
        world
            .desk
            .identify_by_one_time_code(&luca(), wrong, world.now)
            .map(drop)
    }),
    (
        "DESK-122",
        "the one-time code was wrong three times",
        |world| {
            let code = code_for_luca(world);
            for _ in 0..3 {
                let wrong = world.desk.identify_by_one_time_code(&luca(), "", world.now);
                assert_eq!(wrong.unwrap_err().code, "DESK-122");
            }
            world
                .desk
                .identify_by_one_time_code(&luca(), &code, world.now)
                .map(drop)
        },
    ),
    ("DESK-123", "somebody was identified an hour ago", |world| {
        let identified = world.identify(&luca())?;
        let later = world.now + Duration::HOUR;
        world
            .desk
            .take_form(identified, own_card(3), later)
            .map(drop)
    }),
    (
        "DESK-123",
        "somebody comes back for the slip an hour later",
        |world| {
            let request = world.ask(&luca(), own_card(3))?;
            world.now += Duration::HOUR;
            world.hand_over(request)
        },
    ),
    ("DESK-126", "a minor comes alone", |world| {
        world.ask(&sofia(), own_card(1)).map(drop)
    }),
    ("DESK-126", "the delegate is a minor", |world| {
        world.ask(&sofia(), by_delegation()).map(drop)
    }),
    ("DESK-132", "the card is at home", |world| {
        let mut form = own_card(3);
        form.papers.card = None;
        world.ask(&luca(), form).map(drop)
    }),
    ("DESK-136", "the form for minors, for an adult", |world| {
        let mut form = for_rosa();
        form.kind = FormKind::Minor;
        world.ask(&luca(), form).map(drop)
    }),
    ("DESK-138", "the document is somebody else's", |world| {
        let document = document_of(&maria(), date!(2030 - 06 - 30));
        let now = world.now;
        world
            .desk
            .identify_at_counter(&olga(), office(), &luca(), &document, now)
            .map(drop)
    }),
];
