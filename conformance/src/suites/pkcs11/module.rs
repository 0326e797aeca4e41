//! The module itself: C_Initialize, C_Finalize, C_GetInfo.

use cryptoki::error::RvError;

use super::pkcs11;
use crate::case::{Case, Effect, Level, Stop};
use crate::evidence::{Document, read};
use crate::state::State;
use crate::token::Token;

pub(super) const CASES: &[Case<Token>] = &[
    Case {
        id: "pkcs11.module.tells-its-version",
        requirement: "C_GetInfo tells a version of the interface from 2.20 on.",
        sources: &[pkcs11("C_GetInfo, CK_INFO")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let version = token.info()?.ok()?;
            match (version.major, version.minor) {
                (2, 20..) | (3, _) => Ok(()),
                (major, minor) => Err(Stop::fail("2.20 to 3.x", format!("{major}.{minor}"))),
            }
        },
    },
    Case {
        id: "pkcs11.module.initialises-once",
        requirement: "A second C_Initialize without a C_Finalize before it is refused with \
                      CKR_CRYPTOKI_ALREADY_INITIALIZED.",
        sources: &[read(Document::Pkcs11, "return values")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let again = token.initialise()?;
            again.refused_with(&[RvError::CryptokiAlreadyInitialized])
        },
    },
    Case {
        id: "pkcs11.module.knows-that-it-has-ended",
        requirement: "After C_Finalize, functions are refused with CKR_CRYPTOKI_NOT_INITIALIZED, \
                      and C_Initialize begins anew.",
        sources: &[
            read(Document::Pkcs11, "return values"),
            pkcs11("C_Finalize"),
        ],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            token.finalise()?.ok()?;
            token
                .info()?
                .refused_with(&[RvError::CryptokiNotInitialized])?;
            token
                .finalise()?
                .refused_with(&[RvError::CryptokiNotInitialized])?;
            token.initialise()?.ok()
        },
    },
];
