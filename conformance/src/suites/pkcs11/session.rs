//! Sessions: what state they are in, what they share, and what ends them.
//!
//! ```text
//!                 C_Login                          one application, one token:
//! R/O public  ───────────► R/O user                all its sessions are logged in,
//! R/W public  ───────────► R/W user                or none of them is
//!              ◄─────────── C_Logout, or the last session is closed
//! ```

use cryptoki::error::RvError;
use cryptoki::object::{Attribute, ObjectClass};
use cryptoki::session::SessionState;

use super::pkcs11;
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Source, read};
use crate::state::State;
use crate::token::{Access, Token, TokenSession};

const STATES: Source = pkcs11("session states");
const SHARED: Source = read(
    Document::Pkcs11,
    "session events: one login state for all sessions",
);

pub(super) const CASES: &[Case<Token>] = &[
    Case {
        id: "pkcs11.session.begins-public",
        requirement: "A session begins public, read-only or read-write as it was asked for.",
        sources: &[STATES],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            if !token.token_info()?.wants_login {
                return Err(Stop::skip("the token asks for no login"));
            }
            let mut read_only = token.open(Access::ReadOnly)?;
            is(&mut read_only, SessionState::RoPublic)?;
            let mut read_write = token.open(Access::ReadWrite)?;
            is(&mut read_write, SessionState::RwPublic)
        },
    },
    Case {
        id: "pkcs11.session.becomes-the-users",
        requirement: "C_Login makes a session the user's, and C_Logout makes it public again.",
        sources: &[STATES, read(Document::Pkcs11, "C_Login")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let mut session = token.logged_in()?;
            is(&mut session, SessionState::RoUser)?;
            session.log_out()?.ok()?;
            is(&mut session, SessionState::RoPublic)
        },
    },
    Case {
        id: "pkcs11.session.login-is-shared",
        requirement: "A login in one session is a login in all, those that are opened later too.",
        sources: &[SHARED],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let mut before = token.open(Access::ReadWrite)?;
            let mut session = token.logged_in()?;
            let mut after = token.open(Access::ReadOnly)?;
            is(&mut before, SessionState::RwUser)?;
            is(&mut after, SessionState::RoUser)?;
            before.log_out()?.ok()?;
            is(&mut session, SessionState::RoPublic)
        },
    },
    Case {
        id: "pkcs11.session.logout-ends-access",
        requirement: "After C_Logout the private key is found no more.",
        sources: &[pkcs11("C_Logout"), pkcs11("CKA_PRIVATE")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let mut session = token.logged_in()?;
            session.some(ObjectClass::PRIVATE_KEY)?;
            session.log_out()?.ok()?;
            let keys = session.find(vec![Attribute::Class(ObjectClass::PRIVATE_KEY)])?;
            match keys.len() {
                0 => Ok(()),
                count => Err(Stop::fail("no private key", format!("{count}"))),
            }
        },
    },
    Case {
        id: "pkcs11.session.last-one-logs-out",
        requirement: "Closing the last session logs the user out.",
        sources: &[pkcs11("C_CloseSession")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |token| {
            let session = token.logged_in()?;
            session.close()?.ok()?;
            let mut next = token.open(Access::ReadOnly)?;
            is(&mut next, SessionState::RoPublic)
        },
    },
    Case {
        id: "pkcs11.session.ends-with-the-application",
        requirement: "A session from before C_Finalize is refused with CKR_SESSION_HANDLE_INVALID \
                      after it.",
        sources: &[
            read(Document::Pkcs11, "return values"),
            pkcs11("C_Finalize"),
        ],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let mut session = token.open(Access::ReadOnly)?;
            token.finalise()?.ok()?;
            token.initialise()?.ok()?;
            session
                .random(1)?
                .refused_with(&[RvError::SessionHandleInvalid, RvError::SessionClosed])
        },
    },
    Case {
        id: "pkcs11.session.random-bytes-differ",
        requirement: "C_GenerateRandom gives as many bytes as it is asked for, never the same.",
        sources: &[pkcs11("C_GenerateRandom")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let mut session = token.open(Access::ReadOnly)?;
            let one = session.random(32)?.ok()?;
            let other = session.random(32)?.ok()?;
            match one.len() == 32 && other.len() == 32 && one != other {
                true => Ok(()),
                false => Err(Stop::fail(
                    "32 bytes, and 32 others",
                    format!("{} bytes and {} bytes", one.len(), other.len()),
                )),
            }
        },
    },
    Case {
        id: "pkcs11.session.random-bytes-are-the-cards",
        requirement: "C_GenerateRandom asks the card: GET CHALLENGE.",
        sources: &[super::opensc("get_challenge of the driver")],
        level: Level::May,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            const GET_CHALLENGE: u8 = 0x84;
            let mut session = token.open(Access::ReadOnly)?;
            let before = token.commands_sent(GET_CHALLENGE)?;
            session.random(16)?.ok()?;
            match token.commands_sent(GET_CHALLENGE)? - before {
                0 => Err(Stop::fail("GET CHALLENGE", "the card was not asked")),
                _ => Ok(()),
            }
        },
    },
];

fn is(session: &mut TokenSession, expected: SessionState) -> Verdict {
    let seen = session.state()?;
    match seen == expected {
        true => Ok(()),
        false => Err(Stop::fail(format!("{expected:?}"), format!("{seen:?}"))),
    }
}
