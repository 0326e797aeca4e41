//! What differs from one production lot to the next in how a card speaks. Data of the profile:
//! which lot does what is evidence of varying strength, stated where the profile states it.

use cns_apdu::Sw;

/// How a card speaks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Dialect {
    /// What a wrong PIN or PUK is answered with.
    pub wrong_reference: WrongReference,
    /// Which optional objects an FCI carries.
    pub fci: FciLayout,
    /// Whether commands may be chained (CLA bit 5); otherwise 6884.
    pub command_chaining: bool,
    /// Whether extended Lc and Le are understood; otherwise 6700.
    pub extended_length: bool,
    /// The most random bytes that GET CHALLENGE gives at once, in bytes.
    pub challenge_max: u16,
    /// The most data that one command carries, chained or extended, in bytes.
    pub command_data_max: u16,
    /// What VERIFY of a PIN that has no value yet is answered with.
    pub unset_reference: Sw,
    /// What VERIFY of a transport PIN is answered with: it must be changed first.
    pub transport_reference: Sw,
    /// The algorithm byte that stands for triple DES in a key object.
    pub triple_des_algorithm: u8,
    /// Whether objects may ask for secure messaging, in the format of `secure_messaging`.
    pub secure_messaging: bool,
    /// What GET DATA tells, by P1 P2. A card without any does not have the command.
    pub vendor_data: Vec<(u16, Vec<u8>)>,
}

/// The answer to a wrong PIN or PUK while tries remain.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum WrongReference {
    /// 6300: no counter is told (older masks).
    Classic,
    /// 63Cx: x tries are left.
    Modern,
}

/// The optional parts of an FCI, see `file::fci`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FciLayout {
    /// The two bytes behind the file descriptor byte in object 82.
    pub descriptor_filler: [u8; 2],
    /// Whether object 8A, the life-cycle byte, is there.
    pub life_cycle: bool,
    /// Whether object CB, 24 bytes of secure-messaging conditions, is there.
    pub secure_messaging: bool,
}

impl Dialect {
    pub(crate) fn wrong_reference(&self, tries_left: u8) -> Sw {
        match self.wrong_reference {
            WrongReference::Classic => Sw::AUTHENTICATION_FAILED,
            WrongReference::Modern => Sw::tries_left(tries_left),
        }
    }
}
