//! Tokens that lie, let in whom they should not, or sign wrongly: a wrong card behind OpenSC's module,
//! or a module that returns something else than OpenSC's does.

use std::any::Any;

use cns_fixtures::DEFAULT_PROFILE;
use cryptoki::context::Function;
use cryptoki::error::{Error, RvError};
use cryptoki::object::{Attribute, AttributeInfo, ObjectHandle};
use cryptoki::session::SessionState;
use cryptoki::slot::Slot;

use super::{Mutant, Returned, Seam, TokenSeam, When};
use crate::token::{InterfaceVersion, MechanismFacts, SlotFacts, TokenFacts};
use TokenSeam::{Card, Invents, OpensLoggedIn, Returns, TakesPin};

type MutantToken = Mutant<TokenSeam>;

const FIND: &str = "C_FindObjects";
const ATTRIBUTES: &str = "C_GetAttributeValue";

#[rustfmt::skip]
pub(super) const MUTANTS: &[MutantToken] = &[
    // The module.
    mutant("token.old-interface", "It tells version 2.01 of the interface.", &[Returns("C_GetInfo", |it| edit(it, |version: &mut InterfaceVersion| *version = InterfaceVersion { major: 2, minor: 1 }))]),
    mutant("token.initialises-again", "C_Initialize succeeds as often as it is called.", &[Returns("C_Initialize", done)]),
    mutant("token.never-ends", "C_Finalize does nothing.", &[Invents("C_Finalize", nothing_done)]),
    mutant("token.old-sessions", "A function of an ended session succeeds.", &[Returns("C_GenerateRandom", |it| mend(it, || vec![0_u8]))]),

    // Slot and token.
    mutant("token.empty", "No slot has a token.", &[Returns("C_GetSlotList", |it| edit(it, Vec::<Slot>::clear))]),
    mutant("token.soft", "The slot is no hardware.", &[Returns("C_GetSlotInfo", |it| edit(it, |slot: &mut SlotFacts| slot.is_hardware = false))]),
    mutant("token.asks-no-login", "It says that it wants no login.", &[Returns("C_GetTokenInfo", |it| edit(it, |token: &mut TokenFacts| token.wants_login = false))]),
    mutant("token.another-serial", "Its serial number is not the card's.", &[Returns("C_GetTokenInfo", |it| edit(it, |token: &mut TokenFacts| token.serial_number = "1".to_owned()))]),
    mutant("token.nameless", "Its label is that of any card.", &[Returns("C_GetTokenInfo", |it| edit(it, |token: &mut TokenFacts| token.label = "CNS card".to_owned()))]),
    mutant("token.four-digits", "A PIN has four digits, it says.", &[Returns("C_GetTokenInfo", |it| edit(it, |token: &mut TokenFacts| token.pin_length = 4..=4))]),

    // Mechanisms.
    mutant("token.signs-nothing", "No mechanism signs, it says.", &[Returns("C_GetMechanismInfo", |it| edit(it, |mechanism: &mut MechanismFacts| mechanism.signs = false))]),
    mutant("token.short-keys", "Keys have at most 1024 bits, it says.", &[Returns("C_GetMechanismInfo", |it| edit(it, |mechanism: &mut MechanismFacts| mechanism.key_bits = 512..=1024))]),

    // Login.
    mutant("token.no-login", "The right PIN is refused.", &[Returns("C_Login", pin_incorrect)]),
    mutant("token.logs-in-anyway", "C_Login succeeds with any PIN, and as often as it is called.", &[Returns("C_Login", done)]),
    mutant("token.wrong-pin-opens", "A wrong PIN is refused, and opens the token all the same.", &[
        TakesPin(|_| RIGHT_PIN.to_owned()),
        Returns("C_Login", pin_incorrect),
    ]),
    mutant("token.wrong-pin-is-free", "A wrong PIN costs no try.", &[Card(&[Seam::LosesWrite(When::said("002000?0 08*"), 0)])]),
    mutant("token.cuts-pins", "Of a long PIN the card is given eight digits.", &[TakesPin(|pin| pin.chars().take(8).collect())]),
    mutant("token.never-says-locked", "A blocked PIN is called incorrect.", &[Returns("C_Login", |it| answer(it, |answer: &mut Returned<()>| {
        if let Err(Error::Pkcs11(value @ RvError::PinLocked, _)) = answer { *value = RvError::PinIncorrect; }
    }))]),
    mutant("token.logs-out-nobody", "C_Logout without a login succeeds.", &[Returns("C_Logout", done)]),

    // Sessions.
    mutant("token.opens-logged-in", "A session begins logged in.", &[OpensLoggedIn]),
    mutant("token.login-of-one", "The login of one session is not that of a read-write one.", &[Returns("C_GetSessionInfo", |it| edit(it, |state: &mut SessionState| {
        if *state == SessionState::RwUser { *state = SessionState::RwPublic; }
    }))]),
    mutant("token.always-the-users", "A session is always said to be the user's.", &[Returns("C_GetSessionInfo", |it| edit(it, |state: &mut SessionState| *state = SessionState::RoUser))]),
    mutant("token.stays-logged-in", "C_Logout does nothing.", &[Invents("C_Logout", nothing_done)]),
    mutant("token.same-random", "Random bytes are the same each time.", &[Returns("C_GenerateRandom", |it| edit(it, |bytes: &mut Vec<u8>| bytes.fill(0x07)))]),
    mutant("token.own-random", "Random bytes are the module's, not the card's.", &[Invents("C_GenerateRandom", || Box::new(Returned::Ok(vec![0x07_u8; 16])))]),

    // PIN.
    mutant("token.keeps-pin", "C_SetPIN does nothing.", &[Invents("C_SetPIN", nothing_done)]),
    mutant("token.says-pin-is-set", "C_SetPIN succeeds, whatever the card says.", &[Returns("C_SetPIN", done)]),

    // Objects.
    mutant("token.finds-nothing", "No object is found.", &[Returns(FIND, |it| edit(it, Vec::<ObjectHandle>::clear))]),
    mutant("token.finds-twice", "Each object is found twice.", &[Returns(FIND, |it| edit(it, |found: &mut Vec<ObjectHandle>| found.extend(found.clone())))]),
    mutant("token.padded-certificate", "The certificate ends with what fills its file up.", &[Returns(ATTRIBUTES, |it| attribute(it, |one| {
        if let Attribute::Value(bytes) = one { bytes.push(0x00); }
    }))]),
    mutant("token.another-subject", "The certificate's subject is another.", &[Returns(ATTRIBUTES, |it| attribute(it, |one| {
        if let Attribute::Subject(bytes) = one { bytes.reverse(); }
    }))]),
    mutant("token.another-modulus", "The public key is another.", &[Returns(ATTRIBUTES, |it| attribute(it, |one| {
        if let Attribute::Modulus(bytes) = one { bytes.reverse(); }
    }))]),
    mutant("token.another-id", "No object is found by its CKA_ID.", &[Returns(ATTRIBUTES, |it| attribute(it, |one| {
        if let Attribute::Id(bytes) = one { bytes.push(0x01); }
    }))]),
    mutant("token.session-objects", "Objects last as long as their session, it says.", &[Returns(ATTRIBUTES, |it| attribute(it, |one| {
        if let Attribute::Token(stays) = one { *stays = false; }
    }))]),

    // The private key.
    mutant("token.not-sensitive", "The private key is not sensitive, it says.", &[Returns(ATTRIBUTES, |it| attribute(it, |one| {
        if let Attribute::Sensitive(flag) = one { *flag = false; }
    }))]),
    mutant("token.extractable", "The private key is extractable, it says.", &[Returns(ATTRIBUTES, |it| attribute(it, |one| {
        if let Attribute::Extractable(flag) = one { *flag = true; }
    }))]),
    mutant("token.tells-its-secret", "The private exponent can be had.", &[Returns(ATTRIBUTES, |it| edit(it, |all: &mut Vec<AttributeInfo>| *all = vec![AttributeInfo::Available(256)]))]),
    mutant("token.key-signs-not", "The private key is not for signing, it says.", &[Returns(ATTRIBUTES, |it| attribute(it, |one| {
        if let Attribute::Sign(flag) = one { *flag = false; }
    }))]),
    mutant("token.wrong-bit", "A signature has one wrong bit.", &[Returns("C_Sign", wrong_bit), Returns("C_SignFinal", wrong_bit)]),
    mutant("token.decrypts-wrongly", "What is decrypted has a wrong bit.", &[Returns("C_Decrypt", wrong_bit)]),
];

/// The PIN of the citizen whose card is made wrong.
const RIGHT_PIN: &str = "12345678";

/// Changes what a function returned. What is of another type is of another function by that name.
fn answer<T: 'static>(it: &mut dyn Any, edit: impl FnOnce(&mut Returned<T>)) {
    if let Some(answer) = it.downcast_mut() {
        edit(answer);
    }
}

/// Changes a value that came with CKR_OK.
fn edit<T: 'static>(it: &mut dyn Any, edit: impl FnOnce(&mut T)) {
    answer(it, |answer: &mut Returned<T>| {
        if let Ok(value) = answer {
            edit(value);
        }
    });
}

/// Makes CKR_OK of any return value.
fn mend<T: 'static>(it: &mut dyn Any, value: impl FnOnce() -> T) {
    answer(it, |answer: &mut Returned<T>| {
        if answer.is_err() {
            *answer = Ok(value());
        }
    });
}

fn done(it: &mut dyn Any) {
    mend(it, || ());
}

fn nothing_done() -> Box<dyn Any> {
    Box::new(Returned::Ok(()))
}

fn pin_incorrect(it: &mut dyn Any) {
    answer(it, |answer: &mut Returned<()>| {
        *answer = Err(Error::Pkcs11(RvError::PinIncorrect, Function::Login));
    });
}

fn attribute(it: &mut dyn Any, change: impl FnOnce(&mut Attribute)) {
    edit(it, |all: &mut Vec<Attribute>| {
        if let Some(first) = all.first_mut() {
            change(first);
        }
    });
}

fn wrong_bit(it: &mut dyn Any) {
    edit(it, |bytes: &mut Vec<u8>| {
        if let Some(last) = bytes.last_mut() {
            *last ^= 0x01;
        }
    });
}

const fn mutant(id: &'static str, wrong: &'static str, seams: &'static [TokenSeam]) -> MutantToken {
    Mutant {
        id,
        wrong,
        profile: DEFAULT_PROFILE,
        seams,
    }
}
