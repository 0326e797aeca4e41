//! C_Login and C_Logout: the PIN, right, wrong and blocked.

use cryptoki::error::RvError;
use cryptoki::object::{Attribute, ObjectClass};

use super::{opensc, pkcs11};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Source, read};
use crate::state::State;
use crate::token::{Access, Token};

const LOGIN: Source = read(Document::Pkcs11, "C_Login");
const VALUES: Source = read(Document::Pkcs11, "return values");

pub(super) const CASES: &[Case<Token>] = &[
    Case {
        id: "pkcs11.login.right-pin",
        requirement: "The right PIN logs the holder in.",
        sources: &[LOGIN],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| token.logged_in().map(drop),
    },
    Case {
        id: "pkcs11.login.twice",
        requirement: "A second login is refused with CKR_USER_ALREADY_LOGGED_IN.",
        sources: &[LOGIN, VALUES],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let mut session = token.logged_in()?;
            let again = session.log_in(&token.pin()?)?;
            again.refused_with(&[RvError::UserAlreadyLoggedIn])
        },
    },
    Case {
        id: "pkcs11.login.wrong-pin",
        requirement: "A wrong PIN is refused with CKR_PIN_INCORRECT, and the right one then logs \
                      in.",
        sources: &[
            LOGIN,
            VALUES,
            opensc("6300 is a failed command to it: CKR_GENERAL_ERROR"),
        ],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |token| {
            let mut session = token.open(Access::ReadOnly)?;
            let wrong = session.log_in(&token.wrong_pin()?)?;
            wrong.refused_with(&[RvError::PinIncorrect])?;
            session.log_in(&token.pin()?)?.ok()
        },
    },
    Case {
        id: "pkcs11.login.wrong-pin-opens-nothing",
        requirement: "After a wrong PIN the private key is not found.",
        sources: &[pkcs11("CKA_PRIVATE")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |token| {
            let mut session = token.open(Access::ReadOnly)?;
            session.log_in(&token.wrong_pin()?)?.refused()?;
            let keys = session.find(vec![Attribute::Class(ObjectClass::PRIVATE_KEY)])?;
            session.log_in(&token.pin()?)?.ok()?;
            match keys.len() {
                0 => Ok(()),
                count => Err(Stop::fail("no private key", format!("{count}"))),
            }
        },
    },
    Case {
        id: "pkcs11.login.wrong-pin-costs-one-try",
        requirement: "A wrong PIN costs one try, and the right one wins it back.",
        sources: &[opensc("C_Login is one VERIFY")],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |token| {
            let full = tries_left(token)?;
            let mut session = token.open(Access::ReadOnly)?;
            session.log_in(&token.wrong_pin()?)?.refused()?;
            tries_are(token, full - 1)?;
            session.log_in(&token.pin()?)?.ok()?;
            tries_are(token, full)
        },
    },
    Case {
        id: "pkcs11.login.long-pin-costs-nothing",
        requirement: "A PIN that no card could have, of 64 digits, is refused before it costs a \
                      try.",
        sources: &[pkcs11("CKR_PIN_LEN_RANGE")],
        level: Level::Should,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |token| {
            token.usable_pin()?;
            let full = tries_left(token)?;
            let mut session = token.open(Access::ReadOnly)?;
            let long = session.log_in(&"1".repeat(64))?;
            long.refused_with(&[RvError::PinLenRange, RvError::PinIncorrect])?;
            tries_are(token, full)
        },
    },
    Case {
        id: "pkcs11.login.blocks",
        requirement: "When all tries are spent, the right PIN too is refused, with CKR_PIN_LOCKED.",
        sources: &[VALUES, opensc("6983 is a blocked method to it")],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |token| {
            let mut session = token.open(Access::ReadOnly)?;
            for _ in 0..tries_left(token)? {
                session.log_in(&token.wrong_pin()?)?.refused()?;
            }
            tries_are(token, 0)?;
            let right = session.log_in(&token.pin()?)?;
            right.refused_with(&[RvError::PinLocked])
        },
    },
    Case {
        id: "pkcs11.login.stays-blocked",
        requirement: "A blocked PIN is blocked in the next application too.",
        sources: &[pkcs11("CKR_PIN_LOCKED")],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::BlocksPin,
        run: |token| {
            let mut session = token.open(Access::ReadOnly)?;
            for _ in 0..tries_left(token)? {
                session.log_in(&token.wrong_pin()?)?.refused()?;
            }
            drop(session);
            token.finalise()?.ok()?;
            token.initialise()?.ok()?;
            let mut next = token.open(Access::ReadOnly)?;
            let right = next.log_in(&token.pin()?)?;
            right.refused_with(&[RvError::PinLocked])
        },
    },
    Case {
        id: "pkcs11.login.out-without-in",
        requirement: "C_Logout without a login is refused with CKR_USER_NOT_LOGGED_IN.",
        sources: &[VALUES, pkcs11("C_Logout")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let mut session = token.open(Access::ReadOnly)?;
            let out = session.log_out()?;
            out.refused_with(&[RvError::UserNotLoggedIn])
        },
    },
];

/// How many tries the PIN of the suite's own card has left.
pub(super) fn tries_left(token: &Token) -> Result<u8, Stop> {
    let place = token.subject().profile.place_of(cns_fixtures::Secret::Pin);
    let place = place.ok_or_else(|| Stop::skip("the card has no PIN"))?;
    let image = token.image()?;
    let references = &image.master_file.reference_data;
    let pin = references.iter().find(|it| it.id == place.id);
    let pin = pin.ok_or_else(|| Stop::skip("the PIN is not in the master file"))?;
    Ok(pin.tries_left())
}

fn tries_are(token: &Token, expected: u8) -> Verdict {
    match tries_left(token)? {
        left if left == expected => Ok(()),
        left => Err(Stop::fail(
            format!("{expected} tries left"),
            format!("{left}"),
        )),
    }
}
