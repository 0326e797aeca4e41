//! Every rule of the desk, broken once: the code of the refusal, and nothing else changed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;

use cns_authority::RevocationReason;
use cns_language::Language;
use cns_services::desk::{
    Approval, CardEvent, CardState, Cause, CertificateState, CertificateStep, Chip, Contact,
    CredentialState, Declaration, Enrolment, Form, FormKind, Kinship, OfficeCause, OrderId, Papers,
    Policy, RULES, RequestId, Revocation, SpidLevel,
};
use cns_services::outbox::MessageFilter;
use cns_services::actor::Actor;
use cns_services::{EntropyFault, Refusal};
use support::*;
use time::macros::date;
use time::{Duration, OffsetDateTime};

type Attempt = fn(&mut World) -> Result<(), Refusal>;

/// The code, what was done, and how it is tried in a world where Maria has a PIN.
const ATTEMPTS: &[(&str, &str, Attempt)] = &[
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
    ("DESK-107", "the number is of a landline", |_| {
        Contact::mobile("0371 000001").map(drop)
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
    ("DESK-110", "the old card was not handed in", |world| {
        let at_desk = world.identify(&maria())?;
        world
            .desk
            .order_new_card(&at_desk, card(0), Some(card(1)), world.now)
            .map(drop)
    }),
    ("DESK-111", "a request is open", |world| {
        world.ask(&luca(), own_card(3))?;
        world.ask(&luca(), own_card(3)).map(drop)
    }),
    ("DESK-111", "a second part is on its way", |world| {
        let request = world.ask(&luca(), own_card(3))?;
        world.hand_over(request)?;
        world.ask(&luca(), own_card(3)).map(drop)
    }),
    ("DESK-112", "the CIP is guessed", |world| {
        world
            .desk
            .identify_by_cip(card(0), "00000000", world.now)
            .map(drop)
    }),
    ("DESK-112", "there is no CIP", |world| {
        world
            .desk
            .identify_by_cip(card(1), "00000000", world.now)
            .map(drop)
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
    (
        "DESK-114",
        "the card was suspended five weeks ago",
        |world| {
            suspended(world)?;
            world.pass(Duration::weeks(5));
            let at_desk = world.identify(&maria())?;
            world
                .desk
                .reactivate(&at_desk, card(0), world.now)
                .map(drop)
        },
    ),
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
    ("DESK-116", "nobody else agrees", |_| {
        four_eyes(|world, revocation| {
            let at_desk = world.identify(&maria())?;
            world
                .desk
                .revoke(&at_desk, revocation, None, world.now)
                .map(drop)
        })
    }),
    ("DESK-116", "the operator agrees with herself", |_| {
        four_eyes(|world, revocation| {
            let at_desk = world.identify(&maria())?;
            world
                .desk
                .revoke(&at_desk, revocation, Some(&olga()), world.now)
                .map(drop)
        })
    }),
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
            .register_contact(phone_of(&maria()), luca().codice_fiscale)
    }),
    ("DESK-119", "nothing is declared about a theft", |world| {
        let at_desk = world.identify(&maria())?;
        let theft = revocation(Cause::Theft, None);
        world
            .desk
            .revoke(&at_desk, &theft, None, world.now)
            .map(drop)
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
    ("DESK-124", "an operator reads the post", |world| {
        let reader = Actor::Operator(olga().codice_fiscale);
        world
            .outbox
            .mailbox(reader, &phone_of(&maria()), world.now)
            .map(drop)
    }),
    ("DESK-124", "an operator reads the log", |world| {
        world
            .desk
            .audit(Actor::Operator(olga().codice_fiscale))
            .map(drop)
    }),
    ("DESK-125", "there is no such card", |world| {
        world.ask(&luca(), own_card_of(99)).map(drop)
    }),
    ("DESK-125", "a citizen looks at another's card", |world| {
        world
            .desk
            .view(Actor::Citizen(luca().codice_fiscale), card(0))
            .map(drop)
    }),
    ("DESK-126", "a minor comes alone", |world| {
        world.ask(&sofia(), own_card(1)).map(drop)
    }),
    ("DESK-126", "the delegate is a minor", |world| {
        world.ask(&sofia(), by_delegation()).map(drop)
    }),
    ("DESK-127", "nothing is blocked", |world| {
        let at_desk = world.identify(&maria())?;
        world
            .desk
            .help_with_blocked_pin(&at_desk, card(0), world.now)
            .map(drop)
    }),
    (
        "DESK-128",
        "a card that is not suspended is reactivated",
        |world| {
            let at_desk = world.identify(&maria())?;
            world
                .desk
                .reactivate(&at_desk, card(0), world.now)
                .map(drop)
        },
    ),
    (
        "DESK-128",
        "the card was suspended before its PIN is handed over",
        |world| {
            let request = world.ask(&maria(), own_card(0))?;
            suspended(world)?;
            world.hand_over(request)
        },
    ),
    ("DESK-129", "a good certificate is released", |_| {
        CertificateState::Good
            .after(CertificateStep::Release)
            .map(drop)
    }),
    ("DESK-129", "a revoked certificate is revoked", |_| {
        let reason = RevocationReason::Superseded;
        CertificateState::Revoked(reason)
            .after(CertificateStep::Revoke(reason))
            .map(drop)
    }),
    ("DESK-130", "a PIN is proven before there is one", |world| {
        world
            .desk
            .card_event(card(3), CardEvent::PinProven, world.now)
    }),
    ("DESK-131", "a stranger has the card suspended", |world| {
        let at_desk = world.identify(&luca())?;
        world
            .desk
            .suspend(&at_desk, card(0), Cause::Loss, world.now)
            .map(drop)
    }),
    ("DESK-131", "a stranger comes for a minor", |world| {
        world.ask(&luca(), for_sofia()).map(drop)
    }),
    ("DESK-132", "the card is at home", |world| {
        let mut form = own_card(3);
        form.papers.card = None;
        world.ask(&luca(), form).map(drop)
    }),
    (
        "DESK-133",
        "the PUK is blocked and codes are asked for",
        |world| {
            world
                .desk
                .card_event(card(0), CardEvent::PukBlocked, world.now)?;
            world.ask(&maria(), own_card(0)).map(drop)
        },
    ),
    (
        "DESK-133",
        "the PUK is blocked and help is asked for",
        |world| {
            world
                .desk
                .card_event(card(0), CardEvent::PukBlocked, world.now)?;
            let at_desk = world.identify(&maria())?;
            world
                .desk
                .help_with_blocked_pin(&at_desk, card(0), world.now)
                .map(drop)
        },
    ),
    ("DESK-134", "a card is revoked online", |world| {
        let by_spid = world
            .desk
            .identify_by_spid(&maria(), SpidLevel::Two, world.now)?;
        let theft = revocation(Cause::Theft, Some(Declaration::SelfCertification));
        world
            .desk
            .revoke(&by_spid, &theft, None, world.now)
            .map(drop)
    }),
    ("DESK-134", "a password alone", |world| {
        world
            .desk
            .identify_by_spid(&maria(), SpidLevel::One, world.now)
            .map(drop)
    }),
    ("DESK-134", "the form of the desk online", |world| {
        let by_spid = world
            .desk
            .identify_by_spid(&luca(), SpidLevel::Two, world.now)?;
        world
            .desk
            .take_form(by_spid, own_card(3), world.now)
            .map(drop)
    }),
    ("DESK-135", "a request that was never made", |world| {
        world.hand_over(RequestId(99))
    }),
    ("DESK-135", "the same slip twice", |world| {
        let request = world.ask(&luca(), own_card(3))?;
        world.hand_over(request)?;
        world.hand_over(request)
    }),
    ("DESK-135", "a request that was given up", |world| {
        let request = world.ask(&luca(), own_card(3))?;
        let at_desk = world.identify(&luca())?;
        world.desk.withdraw(request, &at_desk, world.now)?;
        world.hand_over(request)
    }),
    ("DESK-135", "a card that nobody ordered", |world| {
        world
            .desk
            .card_produced(OrderId(0), card(100), date!(2032 - 12 - 31), world.now)
    }),
    ("DESK-136", "the form for minors, for an adult", |world| {
        let mut form = for_rosa();
        form.kind = FormKind::Minor;
        world.ask(&luca(), form).map(drop)
    }),
    ("DESK-137", "a card is enrolled twice", |world| {
        enrol(world, 0, CardState::Active, Chip::Present)
    }),
    ("DESK-138", "the document is somebody else's", |world| {
        let document = document_of(&maria(), date!(2030 - 06 - 30));
        let now = world.now;
        world
            .desk
            .identify_at_counter(&olga(), office(), &luca(), &document, now)
            .map(drop)
    }),
    ("DESK-139", "there is no randomness", |world| {
        let request = world.ask(&luca(), own_card(3))?;
        let mut dry = |_: &mut [u8]| Err(EntropyFault);
        world
            .desk
            .hand_over(request, None, &mut dry, world.now)
            .map(drop)
    }),
    ("DESK-140", "no second part was ever sent", |world| {
        let at_desk = world.identify(&luca())?;
        world
            .desk
            .send_again(&at_desk, card(3), None, world.now)
            .map(drop)
    }),
    ("DESK-140", "the PIN is in use", |world| {
        world
            .desk
            .card_event(card(0), CardEvent::PinProven, world.now)?;
        let at_desk = world.identify(&maria())?;
        world
            .desk
            .send_again(&at_desk, card(0), None, world.now)
            .map(drop)
    }),
];

#[test]
fn each_is_refused_with_its_code() {
    for (code, what, attempt) in ATTEMPTS {
        let refusal = attempt(&mut world()).expect_err(what);
        assert_eq!(refusal.code, *code, "{what}: {refusal}");
        for language in Language::ALL {
            let sentence = refusal.reason.in_language(language);
            assert!(!sentence.contains(['{', '}']), "{what}: {sentence}");
        }
    }
}

#[test]
fn each_rule_can_be_broken() {
    let broken: BTreeSet<&str> = ATTEMPTS.iter().map(|(code, ..)| *code).collect();
    let rules: BTreeSet<&str> = RULES.iter().map(|rule| rule.code).collect();
    assert_eq!(broken, rules);
}

#[test]
fn a_refusal_changes_nothing_but_the_log() {
    let seen = |world: &World| {
        let post = world.outbox.list(&MessageFilter::default(), world.now);
        (
            world.desk.views(Actor::Tester),
            post,
            world.chips.clone(),
        )
    };
    let mut world = world();
    let before = seen(&world);
    let refused: [Attempt; 4] = [
        |world| world.ask(&luca(), own_card(0)).map(drop),
        |world| delegation(world, |form| form.contact = phone_of(&luca())),
        |world| {
            let at_desk = world.identify(&maria())?;
            let theft = revocation(Cause::Theft, None);
            world
                .desk
                .revoke(&at_desk, &theft, None, world.now)
                .map(drop)
        },
        |world| {
            world
                .desk
                .card_event(card(3), CardEvent::PukBlocked, world.now)
        },
    ];
    for attempt in refused {
        let entries = world.audit().entries().len();
        let refusal = attempt(&mut world).unwrap_err();
        assert_eq!(seen(&world), before, "{refusal}");
        assert!(entries < world.audit().entries().len());
        assert_eq!(
            world.audit().entries().last().unwrap().outcome,
            refusal.code
        );
    }
}

#[test]
fn with_another_operator_it_is_done() {
    four_eyes(|world, revocation| {
        let at_desk = world.identify(&maria())?;
        world
            .desk
            .revoke(&at_desk, revocation, Some(&otto()), world.now)
            .map(drop)
    })
    .unwrap();
}

#[test]
fn a_request_that_nobody_came_back_for_is_in_nobodys_way() {
    let mut world = world();
    world.ask(&luca(), own_card(3)).unwrap();
    world.now += Duration::HOUR;
    let request = world.ask(&luca(), own_card(3)).unwrap();
    world.hand_over(request).unwrap();
}

fn world() -> World {
    let mut world = World::new();
    world.maria_has_a_pin();
    world
}

fn delegation(world: &mut World, change: fn(&mut Form)) -> Result<(), Refusal> {
    let mut form = by_delegation();
    change(&mut form);
    world.ask(&luca(), form).map(drop)
}

fn online(number: u32) -> Form {
    Form {
        kind: FormKind::Online,
        papers: Papers::default(),
        ..own_card(number)
    }
}

fn own_card_of(number: u32) -> Form {
    Form {
        card: card(number),
        ..own_card(0)
    }
}

fn code_for_luca(world: &mut World) -> String {
    world.send_code(&luca(), &phone_of(&luca())).unwrap();
    world.now += Duration::seconds(10);
    let message = world.phone(&luca()).pop().unwrap();
    message.strip_prefix("One-time code: ").unwrap().to_owned()
}

fn enrol(world: &mut World, number: u32, state: CardState, chip: Chip) -> Result<(), Refusal> {
    let now: OffsetDateTime = world.now;
    let enrolment = Enrolment {
        card: card(number),
        holder: luca(),
        chip,
        expires: date!(2031 - 12 - 31),
        state,
        credential: CredentialState::None,
    };
    world.desk.enrol(enrolment, now)
}

fn another_card(world: &mut World, state: CardState, chip: Chip) -> Result<(), Refusal> {
    enrol(world, 50, state, chip)?;
    let form = Form {
        card: card(50),
        papers: Papers {
            card: Some(card(50)),
            ..Papers::default()
        },
        ..own_card(3)
    };
    world.ask(&luca(), form).map(drop)
}

fn suspended(world: &mut World) -> Result<(), Refusal> {
    let at_desk = world.identify(&maria())?;
    world
        .desk
        .suspend(&at_desk, card(0), Cause::Loss, world.now)
        .map(drop)
}

fn revocation(cause: Cause, declaration: Option<Declaration>) -> Revocation {
    Revocation {
        card: card(0),
        cause,
        declaration,
    }
}

/// Where two must agree, of whom one has seen Maria.
fn four_eyes(revoke: fn(&mut World, &Revocation) -> Result<(), Refusal>) -> Result<(), Refusal> {
    let policy = Policy {
        approval: Approval::TwoOperators,
        ..Policy::default()
    };
    let theft = revocation(Cause::Theft, Some(Declaration::SelfCertification));
    revoke(&mut World::seeded(7, policy), &theft)
}
