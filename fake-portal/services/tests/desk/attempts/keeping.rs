//! Handing over, and what becomes of a card afterwards.

use crate::support::*;
use cns_authority::RevocationReason;
use cns_services::EntropyFault;
use cns_services::Role;
use cns_services::desk::{
    CardEvent, CardState, Cause, CertificateState, CertificateStep, Chip, Contact, Declaration,
    OrderId, RequestId, SpidLevel,
};
use time::Duration;
use time::macros::date;

use super::*;

pub const KEEPING: &[(&str, &str, Attempt)] = &[
    ("DESK-107", "the number is of a landline", |_| {
        Contact::mobile("0371 000001").map(drop)
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
    ("DESK-119", "nothing is declared about a theft", |world| {
        let at_desk = world.identify(&maria())?;
        let theft = revocation(Cause::Theft, None);
        world
            .desk
            .revoke(&at_desk, &theft, None, world.now)
            .map(drop)
    }),
    ("DESK-124", "an operator reads the post", |world| {
        let reader = Role::Operator(olga().codice_fiscale);
        world
            .outbox
            .mailbox(reader, &phone_of(&maria()), world.now)
            .map(drop)
    }),
    ("DESK-124", "an operator reads the log", |world| {
        world
            .desk
            .audit(Role::Operator(olga().codice_fiscale))
            .map(drop)
    }),
    ("DESK-125", "there is no such card", |world| {
        world.ask(&luca(), own_card_of(99)).map(drop)
    }),
    ("DESK-125", "a citizen looks at another's card", |world| {
        world
            .desk
            .view(Role::Citizen(luca().codice_fiscale), card(0), world.now)
            .map(drop)
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
    ("DESK-137", "a card is enrolled twice", |world| {
        enrol(world, 0, CardState::Active, Chip::Present)
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
    (
        "DESK-141",
        "the card was suspended, found and lost again",
        |world| {
            let seen = world.desk.view(Role::Tester, card(0), world.now)?.version;
            suspended(world)?;
            let at_desk = world.identify(&maria())?;
            world.desk.reactivate(&at_desk, card(0), world.now)?;
            world
                .desk
                .is_still((card(0), seen), Role::Tester, world.now)
        },
    ),
];
