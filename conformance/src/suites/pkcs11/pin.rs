//! C_SetPIN: the holder's own change of the PIN.

use cryptoki::error::RvError;

use super::{opensc, pkcs11};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level};
use crate::evidence::{Document, read};
use crate::state::State;
use crate::token::{Access, Token};

pub(super) const CASES: &[Case<Token>] = &[
    Case {
        id: "pkcs11.pin.changes",
        requirement: "C_SetPIN changes the PIN: the new one logs in, the old one does not, and it \
                      can be changed back.",
        sources: &[pkcs11("C_SetPIN"), opensc("pkcs11-tool --change-pin")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Writes,
        run: |token| {
            let (old, new) = (token.pin()?, other_pin(token)?);
            let mut session = token.open(Access::ReadWrite)?;
            session.set_pin(&old, &new)?.ok()?;
            let with_old = session.log_in(&old)?;
            let with_new = session.log_in(&new)?;
            // Back, before anything is judged: on a foreign card nobody else would do it.
            session.set_pin(&new, &old)?.ok()?;
            with_old.refused()?;
            with_new.ok()
        },
    },
    Case {
        id: "pkcs11.pin.wants-the-old-one",
        requirement: "C_SetPIN with a wrong old PIN is refused with CKR_PIN_INCORRECT and changes \
                      nothing.",
        sources: &[
            pkcs11("C_SetPIN"),
            read(Document::Pkcs11, "return values"),
            opensc("6300 is a failed command to it: CKR_GENERAL_ERROR"),
        ],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::SpendsTries,
        run: |token| {
            let new = other_pin(token)?;
            let mut session = token.open(Access::ReadWrite)?;
            let refused = session.set_pin(&token.wrong_pin()?, &new)?;
            session.log_in(&token.pin()?)?.ok()?;
            refused.refused_with(&[RvError::PinIncorrect])
        },
    },
    Case {
        id: "pkcs11.pin.is-read-only-in-a-read-only-session",
        requirement: "C_SetPIN in a read-only session is refused with CKR_SESSION_READ_ONLY.",
        sources: &[pkcs11("C_SetPIN")],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Writes,
        run: |token| {
            let new = other_pin(token)?;
            let mut session = token.open(Access::ReadOnly)?;
            let refused = session.set_pin(&token.pin()?, &new)?;
            refused.refused_with(&[RvError::SessionReadOnly])
        },
    },
];

/// A PIN of the same length that is neither right nor the suite's wrong one.
fn other_pin(token: &Token) -> Result<String, crate::case::Stop> {
    let next = |digit: char| match digit {
        '0'..='7' => char::from(digit as u8 + 2),
        _ => '1',
    };
    Ok(token.usable_pin()?.chars().map(next).collect())
}
