//! Slots and tokens: CK_SLOT_INFO and CK_TOKEN_INFO.

use super::{opensc, pkcs11};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::state::State;
use crate::token::Token;

pub(super) const CASES: &[Case<Token>] = &[
    Case {
        id: "pkcs11.token.is-there",
        requirement: "A card in a reader is a token in a slot.",
        sources: &[pkcs11("C_GetSlotList")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| match token.slots()?.is_empty() {
            true => Err(Stop::fail("a slot with a token", "no slot has one")),
            false => Ok(()),
        },
    },
    Case {
        id: "pkcs11.token.slot-is-a-reader",
        requirement: "The slot is a hardware slot with a removable token, and it is present.",
        sources: &[pkcs11("CK_SLOT_INFO")],
        level: Level::Should,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let info = token.slot_info()?;
            holds(info.has_token, "CKF_TOKEN_PRESENT")?;
            holds(info.is_removable, "CKF_REMOVABLE_DEVICE")?;
            holds(info.is_hardware, "CKF_HW_SLOT")
        },
    },
    Case {
        id: "pkcs11.token.asks-for-a-login",
        requirement: "The token is initialised, has a PIN, and asks for a login.",
        sources: &[pkcs11("CK_TOKEN_INFO, flags")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let info = token.token_info()?;
            holds(info.is_initialised, "CKF_TOKEN_INITIALIZED")?;
            holds(info.wants_login, "CKF_LOGIN_REQUIRED")?;
            holds(info.has_pin, "CKF_USER_PIN_INITIALIZED")
        },
    },
    Case {
        id: "pkcs11.token.is-not-locked",
        requirement: "A PIN with all its tries left is not said to be locked, nor at its last try.",
        sources: &[pkcs11("CK_TOKEN_INFO, CKF_USER_PIN_LOCKED")],
        level: Level::Must,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let info = token.token_info()?;
            holds(!info.is_pin_locked, "no CKF_USER_PIN_LOCKED")?;
            holds(!info.is_final_try, "no CKF_USER_PIN_FINAL_TRY")
        },
    },
    Case {
        id: "pkcs11.token.serial-is-the-card-number",
        requirement: "The serial number is the card number in EF.ID_Carta, sixteen digits.",
        sources: &[opensc("serialNumber of CK_TOKEN_INFO")],
        level: Level::Should,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let number = token.issue()?.citizen.card_number.to_string();
            same(&token.token_info()?.serial_number, &number)
        },
    },
    Case {
        id: "pkcs11.token.label-names-the-holder",
        requirement: "The label begins with the holder's name from EF.Dati_Personali.",
        sources: &[opensc("label of CK_TOKEN_INFO")],
        level: Level::May,
        needs: &[Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let citizen = &token.issue()?.citizen;
            let name = format!("{} {}", citizen.given_name, citizen.surname).to_uppercase();
            let info = token.token_info()?;
            match info.label.starts_with(&name) {
                true => Ok(()),
                false => Err(Stop::fail(format!("{name} ..."), info.label)),
            }
        },
    },
    Case {
        id: "pkcs11.token.takes-the-length-of-the-pin",
        requirement: "The card's PIN is no shorter and no longer than the token says a PIN is.",
        sources: &[pkcs11("CK_TOKEN_INFO, ulMinPinLen and ulMaxPinLen")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let length = token.pin_digits()?.len();
            let info = token.token_info()?;
            let allowed = info.pin_length;
            match allowed.contains(&length) {
                true => Ok(()),
                false => Err(Stop::fail(
                    format!("{length} digits are allowed"),
                    format!("{allowed:?}"),
                )),
            }
        },
    },
    Case {
        id: "pkcs11.token.has-a-source-of-randomness",
        requirement: "CKF_RNG is set if and only if C_GenerateRandom works.",
        sources: &[pkcs11("CK_TOKEN_INFO, CKF_RNG")],
        level: Level::Must,
        needs: &[],
        state: State::Issued,
        effect: Effect::Reads,
        run: |token| {
            let says = token.token_info()?.has_random;
            let mut session = token.open(crate::token::Access::ReadOnly)?;
            let does = session.random(8)?.error();
            match (says, does) {
                (true, None) | (false, Some(_)) => Ok(()),
                (true, Some(error)) => Err(Stop::fail("random bytes, for CKF_RNG is set", error)),
                (false, None) => Err(Stop::fail("CKF_RNG", "it is clear, and random bytes came")),
            }
        },
    },
];

fn holds(flag: bool, name: &str) -> Verdict {
    match flag {
        true => Ok(()),
        false => Err(Stop::fail(name, "it is not so")),
    }
}

fn same(seen: &str, expected: &str) -> Verdict {
    match seen == expected {
        true => Ok(()),
        false => Err(Stop::fail(expected, seen)),
    }
}
