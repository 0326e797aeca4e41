//! What the desk must refuse: the code, what was done, and how it is tried in a world where Maria has a
//! PIN.

mod asking;
mod keeping;

use crate::support::*;
use cns_services::Refusal;
use cns_services::desk::{
    Approval, CardState, Cause, Chip, CredentialState, Declaration, Enrolment, Form, FormKind,
    Papers, Policy, Revocation,
};
use time::macros::date;
use time::{Duration, OffsetDateTime};

pub use asking::ASKING;
pub use keeping::KEEPING;

/// Something that breaks a rule.
pub type Attempt = fn(&mut World) -> Result<(), Refusal>;

pub fn world() -> World {
    let mut world = World::new();
    world.maria_has_a_pin();
    world
}

pub fn delegation(world: &mut World, change: fn(&mut Form)) -> Result<(), Refusal> {
    let mut form = by_delegation();
    change(&mut form);
    world.ask(&luca(), form).map(drop)
}

pub fn online(number: u32) -> Form {
    Form {
        kind: FormKind::Online,
        papers: Papers::default(),
        ..own_card(number)
    }
}

pub fn own_card_of(number: u32) -> Form {
    Form {
        card: card(number),
        ..own_card(0)
    }
}

pub fn code_for_luca(world: &mut World) -> String {
    world.send_code(&luca(), &phone_of(&luca())).unwrap();
    world.now += Duration::seconds(10);
    let message = world.phone(&luca()).pop().unwrap();
    message.strip_prefix("One-time code: ").unwrap().to_owned()
}

pub fn enrol(world: &mut World, number: u32, state: CardState, chip: Chip) -> Result<(), Refusal> {
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

pub fn another_card(world: &mut World, state: CardState, chip: Chip) -> Result<(), Refusal> {
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

pub fn suspended(world: &mut World) -> Result<(), Refusal> {
    let at_desk = world.identify(&maria())?;
    world
        .desk
        .suspend(&at_desk, card(0), Cause::Loss, world.now)
        .map(drop)
}

pub fn revocation(cause: Cause, declaration: Option<Declaration>) -> Revocation {
    Revocation {
        card: card(0),
        cause,
        declaration,
    }
}

/// Where two must agree, of whom one has seen Maria.
pub fn four_eyes(
    revoke: fn(&mut World, &Revocation) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let policy = Policy {
        approval: Approval::TwoOperators,
        ..Policy::default()
    };
    let theft = revocation(Cause::Theft, Some(Declaration::SelfCertification));
    revoke(&mut World::seeded(7, policy), &theft)
}
