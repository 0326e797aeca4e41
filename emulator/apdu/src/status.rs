//! Status words (ISO 7816-4 §5.6): what a card answers at the end of every response.

use core::fmt;

/// A status word, SW1 SW2. A refusal is an answer like any other, not an error of the program.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Sw(pub u16);

impl Sw {
    /// 9000: done.
    pub const OK: Self = Self(0x9000);
    /// 6282: the end of the file came before Ne bytes were read.
    pub const END_OF_FILE: Self = Self(0x6282);
    /// 6300: authentication failed, no counter told (the older CNS masks).
    pub const AUTHENTICATION_FAILED: Self = Self(0x6300);
    /// 6581: the card's memory could not be written.
    pub const MEMORY_FAILURE: Self = Self(0x6581);
    /// 6700: a length is wrong.
    pub const WRONG_LENGTH: Self = Self(0x6700);
    /// 6883: another command came where the rest of a chain was due.
    pub const LAST_COMMAND_OF_CHAIN_EXPECTED: Self = Self(0x6883);
    /// 6884: this command cannot be chained.
    pub const CHAINING_NOT_SUPPORTED: Self = Self(0x6884);
    /// 6981: the command does not go with this kind of file.
    pub const WRONG_FILE_STRUCTURE: Self = Self(0x6981);
    /// 6982: an access condition is not satisfied.
    pub const SECURITY_STATUS_NOT_SATISFIED: Self = Self(0x6982);
    /// 6983: the PIN, PUK or key is blocked.
    pub const AUTHENTICATION_BLOCKED: Self = Self(0x6983);
    /// 6984: the referenced data cannot be used.
    pub const REFERENCE_DATA_NOT_USABLE: Self = Self(0x6984);
    /// 6985: something that must come first has not.
    pub const CONDITIONS_NOT_SATISFIED: Self = Self(0x6985);
    /// 6986: no elementary file is selected.
    pub const NO_CURRENT_FILE: Self = Self(0x6986);
    /// 6987: a secure-messaging object, or its key, is missing.
    pub const MESSAGING_OBJECT_MISSING: Self = Self(0x6987);
    /// 6988: a secure-messaging object is wrong.
    pub const MESSAGING_OBJECT_WRONG: Self = Self(0x6988);
    /// 6882: the command is secured and its object is not.
    pub const MESSAGING_NOT_SUPPORTED: Self = Self(0x6882);
    /// 6A80: the data field is wrong.
    pub const WRONG_DATA: Self = Self(0x6A80);
    /// 6A82: no such file or application.
    pub const FILE_NOT_FOUND: Self = Self(0x6A82);
    /// 6A83: no such record.
    pub const RECORD_NOT_FOUND: Self = Self(0x6A83);
    /// 6A84: the file has no room for that.
    pub const NOT_ENOUGH_MEMORY: Self = Self(0x6A84);
    /// 6A86: P1 or P2 is wrong.
    pub const WRONG_P1_P2: Self = Self(0x6A86);
    /// 6A87: Lc does not go with P1 and P2.
    pub const LC_INCONSISTENT: Self = Self(0x6A87);
    /// 6A88: no such PIN, key or security environment.
    pub const REFERENCE_NOT_FOUND: Self = Self(0x6A88);
    /// 6A89: there is one with that identifier already.
    pub const ALREADY_EXISTS: Self = Self(0x6A89);
    /// 6B00: the offset lies outside the file.
    pub const WRONG_OFFSET: Self = Self(0x6B00);
    /// 6D00: no such instruction.
    pub const INSTRUCTION_NOT_SUPPORTED: Self = Self(0x6D00);
    /// 6E00: no such class.
    pub const CLASS_NOT_SUPPORTED: Self = Self(0x6E00);

    /// 63Cx: wrong, and `left` tries remain (15 stands for 15 and more).
    pub fn tries_left(left: u8) -> Self {
        Self(0x63C0 | u16::from(left.min(0x0F)))
    }

    /// 61xx: done, and `count` more bytes wait for GET RESPONSE (00 stands for 256 and more).
    pub fn more_data(count: usize) -> Self {
        Self(0x6100 | u16::try_from(count).ok().filter(|n| *n < 256).unwrap_or(0))
    }

    /// The two bytes, SW1 first.
    pub const fn to_bytes(self) -> [u8; 2] {
        self.0.to_be_bytes()
    }

    /// Whether the command was done: 9000, or 61xx with more to fetch.
    pub const fn is_success(self) -> bool {
        self.0 == 0x9000 || self.0 >> 8 == 0x61
    }

    /// What the status word says, in words (ISO 7816-4 tables 5 to 7).
    pub fn meaning(self) -> String {
        let [sw1, sw2] = self.to_bytes();
        if self.0 & 0xFFF0 == 0x63C0 {
            return match sw2 & 0x0F {
                1 => "wrong, 1 try left".into(),
                left => format!("wrong, {left} tries left"),
            };
        }
        match (sw1, sw2) {
            (0x61, 0) => return "done, 256 bytes or more wait for GET RESPONSE".into(),
            (0x61, count) => return format!("done, {count} bytes wait for GET RESPONSE"),
            (0x6C, le) => return format!("wrong Le, {le} bytes are there"),
            _ => {}
        }
        let text = match self.0 {
            0x9000 => "done",
            0x6281 => "part of the data may be corrupted",
            0x6282 => "end of file reached before Le bytes",
            0x6283 => "the file is deactivated",
            0x6300 => "authentication failed",
            0x6581 => "the card's memory could not be written",
            0x6700 => "wrong length",
            0x6881 => "logical channels are not supported",
            0x6882 => "secure messaging is not supported",
            0x6883 => "the last command of a chain was expected",
            0x6884 => "command chaining is not supported here",
            0x6981 => "the command does not go with this kind of file",
            0x6982 => "access condition not satisfied",
            0x6983 => "blocked: no tries left",
            0x6984 => "the referenced data cannot be used",
            0x6985 => "conditions of use not satisfied",
            0x6986 => "no elementary file is selected",
            0x6987 => "secure messaging data objects are missing",
            0x6988 => "secure messaging data objects are wrong",
            0x6A80 => "the data field is wrong",
            0x6A81 => "function not supported",
            0x6A82 => "no such file or application",
            0x6A83 => "no such record",
            0x6A84 => "not enough memory in the file",
            0x6A86 => "P1 or P2 is wrong",
            0x6A87 => "Lc does not go with P1 and P2",
            0x6A88 => "no such PIN, key or security environment",
            0x6A89 => "it exists already",
            0x6B00 => "the offset lies outside the file",
            0x6D00 => "no such instruction",
            0x6E00 => "no such class",
            0x6F00 => "no precise diagnosis",
            _ => match sw1 {
                0x62 => "warning, memory unchanged",
                0x63 => "warning, memory changed",
                0x64 => "execution error, memory unchanged",
                0x65 => "execution error, memory changed",
                0x68 => "a function of the class is not supported",
                0x69 => "command not allowed",
                0x6A => "wrong parameters",
                _ => "not in ISO 7816-4",
            },
        };
        text.into()
    }
}

impl fmt::Display for Sw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04X}", self.0)
    }
}

impl fmt::Debug for Sw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sw({self})")
    }
}
