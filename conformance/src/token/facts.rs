//! What a module tells of itself, of slots, tokens and mechanisms: as much of it as cases judge.

use std::ops::RangeInclusive;

use cryptoki::context::Info;
use cryptoki::mechanism::MechanismInfo;
use cryptoki::slot::{SlotInfo, TokenInfo};

/// The version of the interface (CK_INFO).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InterfaceVersion {
    /// 2 or 3.
    pub major: u8,
    /// In hundredths: 20 for 2.20.
    pub minor: u8,
}

/// A slot (CK_SLOT_INFO).
#[derive(Clone, Copy, Debug)]
pub struct SlotFacts {
    /// CKF_TOKEN_PRESENT.
    pub has_token: bool,
    /// CKF_REMOVABLE_DEVICE.
    pub is_removable: bool,
    /// CKF_HW_SLOT.
    pub is_hardware: bool,
}

/// A token (CK_TOKEN_INFO).
#[derive(Clone, Debug)]
pub struct TokenFacts {
    /// The label, without what fills it up.
    pub label: String,
    /// The serial number, likewise.
    pub serial_number: String,
    /// CKF_TOKEN_INITIALIZED.
    pub is_initialised: bool,
    /// CKF_LOGIN_REQUIRED.
    pub wants_login: bool,
    /// CKF_USER_PIN_INITIALIZED.
    pub has_pin: bool,
    /// CKF_USER_PIN_LOCKED.
    pub is_pin_locked: bool,
    /// CKF_USER_PIN_FINAL_TRY.
    pub is_final_try: bool,
    /// CKF_RNG.
    pub has_random: bool,
    /// From ulMinPinLen to ulMaxPinLen.
    pub pin_length: RangeInclusive<usize>,
}

/// A mechanism (CK_MECHANISM_INFO).
#[derive(Clone, Debug)]
pub struct MechanismFacts {
    /// CKF_SIGN.
    pub signs: bool,
    /// From ulMinKeySize to ulMaxKeySize, for RSA in bits.
    pub key_bits: RangeInclusive<usize>,
}

impl From<Info> for InterfaceVersion {
    fn from(info: Info) -> Self {
        let version = info.cryptoki_version();
        Self {
            major: version.major(),
            minor: version.minor(),
        }
    }
}

impl From<SlotInfo> for SlotFacts {
    fn from(info: SlotInfo) -> Self {
        Self {
            has_token: info.token_present(),
            is_removable: info.removable_device(),
            is_hardware: info.hardware_slot(),
        }
    }
}

impl From<TokenInfo> for TokenFacts {
    fn from(info: TokenInfo) -> Self {
        Self {
            label: info.label().to_owned(),
            serial_number: info.serial_number().to_owned(),
            is_initialised: info.token_initialized(),
            wants_login: info.login_required(),
            has_pin: info.user_pin_initialized(),
            is_pin_locked: info.user_pin_locked(),
            is_final_try: info.user_pin_final_try(),
            has_random: info.rng(),
            pin_length: info.min_pin_length()..=info.max_pin_length(),
        }
    }
}

impl From<MechanismInfo> for MechanismFacts {
    fn from(info: MechanismInfo) -> Self {
        Self {
            signs: info.sign(),
            key_bits: info.min_key_size()..=info.max_key_size(),
        }
    }
}
