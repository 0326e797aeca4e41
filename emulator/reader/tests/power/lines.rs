//! The commands that write: a new one of the card is a new line here.

use crate::rsa::{CHANGE_MODULUS, CHANGE_PRIVATE_EXPONENT, PUT_MODULUS, PUT_PRIVATE_EXPONENT};

/// A command, and what it may do to the card.
#[derive(Clone, Copy)]
pub(crate) struct Line {
    pub(crate) name: &'static str,
    /// What is said before, with power.
    pub(crate) before: &'static [&'static str],
    pub(crate) command: &'static str,
    pub(crate) answer: &'static str,
    /// The answer when it is repeated after it could not be stored.
    pub(crate) answer_again: &'static str,
    /// The PIN, PUK or key that is presented: its try is the first thing that is written.
    pub(crate) presents: Option<u8>,
    /// Those whose tries may rise, because the right secret was presented.
    pub(crate) raises: &'static [u8],
}

const PIN: u8 = 0x10;
const PUK: u8 = 0x11;
const RIGHT_PIN: &str = "00200010 08 3132333435363738";
const WRONG_PIN: &str = "00200010 08 3030303030303030";
const RIGHT_PUK: &str = "00200011 08 3837363534333231";
const BLOCKED_PIN: &[&str] = &[WRONG_PIN, WRONG_PIN, WRONG_PIN];

const SELECT_ADDITIONAL_DATA: &str = "00A4080C 04 12001201";
const CREATE_LINEAR_FIXED: &str =
    "00E00000 1A 6F18 8002000C 8203020004 8302AA01 8609000000000000000000";
const CREATE_CYCLIC: &str = "00E00000 1A 6F18 80020004 8203060002 8302AA02 8609000000000000000000";

/// An authentication key, 05, which is changed with itself.
const KEY: u8 = 0x05;
const PUT_KEY: &str = "00DA016E 25 83020005 8508020303 00FF000000 86030005FF \
    8F10000102030405060708090A0B0C0D0E0F";
const GET_CHALLENGE: &str = "0084000008";
/// With the first challenge of the test's entropy.
const RIGHT_CRYPTOGRAM: &str = "00820005 08 DF0B6C9C31CD0CE4";
const WRONG_CRYPTOGRAM: &str = "00820005 08 0000000000000000";
/// A key for enciphering, 06.
const PUT_CIPHER_KEY: &str = "00DA016E 25 83021006 8508020303 00FF000000 86031000FF \
    8F10000102030405060708090A0B0C0D0E0F";

pub(crate) const LINES: &[Line] = &[
    line("VERIFY, right", &[WRONG_PIN], RIGHT_PIN, "9000")
        .presents(PIN)
        .raises(&[PIN]),
    line("VERIFY, wrong", &[], WRONG_PIN, "63C2").presents(PIN),
    line(
        "VERIFY, wrong for the last time",
        &[WRONG_PIN, WRONG_PIN],
        WRONG_PIN,
        "63C0",
    )
    .presents(PIN),
    line(
        "CHANGE REFERENCE DATA, right old value",
        &[WRONG_PIN],
        "00240010 10 3132333435363738 3939393939FFFFFF",
        "9000",
    )
    .presents(PIN)
    .raises(&[PIN]),
    line(
        "CHANGE REFERENCE DATA, wrong old value",
        &[],
        "00240010 10 3030303030303030 3939393939FFFFFF",
        "63C2",
    )
    .presents(PIN),
    line(
        "CHANGE REFERENCE DATA, PIN proven before",
        &[RIGHT_PIN],
        "00240110 08 3939393939FFFFFF",
        "9000",
    ),
    line(
        "RESET RETRY COUNTER, right PUK and new value",
        BLOCKED_PIN,
        "002C0010 10 3837363534333231 3939393939FFFFFF",
        "9000",
    )
    .presents(PUK)
    .raises(&[PIN, PUK]),
    line(
        "RESET RETRY COUNTER, wrong PUK and new value",
        BLOCKED_PIN,
        "002C0010 10 3030303030303030 3939393939FFFFFF",
        "63C2",
    )
    .presents(PUK),
    line(
        "RESET RETRY COUNTER, right PUK",
        BLOCKED_PIN,
        "002C0110 08 3837363534333231",
        "9000",
    )
    .presents(PUK)
    .raises(&[PIN, PUK]),
    line(
        "RESET RETRY COUNTER, wrong PUK",
        &[WRONG_PIN],
        "002C0110 08 3030303030303030",
        "63C2",
    )
    .presents(PUK),
    line(
        "RESET RETRY COUNTER, PUK proven before",
        &[WRONG_PIN, RIGHT_PUK],
        "002C0310",
        "9000",
    )
    .raises(&[PIN]),
    line(
        "EXTERNAL AUTHENTICATE, right",
        &[PUT_KEY, GET_CHALLENGE],
        RIGHT_CRYPTOGRAM,
        "9000",
    )
    .answer_again("6985")
    .presents(KEY),
    line(
        "EXTERNAL AUTHENTICATE, wrong",
        &[PUT_KEY, GET_CHALLENGE],
        WRONG_CRYPTOGRAM,
        "63C2",
    )
    .answer_again("6985")
    .presents(KEY),
    line(
        "CHANGE KEY DATA, authentication key",
        &[PUT_KEY, GET_CHALLENGE, RIGHT_CRYPTOGRAM],
        "90240005 10 F0E0D0C0B0A090807060504030201000",
        "9000",
    ),
    line(
        "CHANGE KEY DATA, cipher key",
        &[PUT_CIPHER_KEY],
        "90241006 10 F0E0D0C0B0A090807060504030201000",
        "9000",
    ),
    line(
        "CHANGE KEY DATA, modulus of a whole RSA key",
        &[PUT_MODULUS, PUT_PRIVATE_EXPONENT, RIGHT_PIN],
        CHANGE_MODULUS,
        "9000",
    ),
    line(
        "CHANGE KEY DATA, private exponent of half an RSA key",
        &[PUT_MODULUS, RIGHT_PIN],
        CHANGE_PRIVATE_EXPONENT,
        "9000",
    ),
    line(
        "GENERATE KEY PAIR",
        &[RIGHT_PIN],
        "00460001 08 2001 3F01 00100020",
        "9000",
    ),
    line(
        "UPDATE BINARY",
        &[RIGHT_PIN, SELECT_ADDITIONAL_DATA],
        "00D60003 05 4142434445",
        "9000",
    ),
    line(
        "APPEND RECORD, linear",
        &[CREATE_LINEAR_FIXED, "00E20000 04 01020304"],
        "00E20000 04 11121314",
        "9000",
    ),
    line(
        "APPEND RECORD, cyclic and full",
        &[CREATE_CYCLIC, "00E20000 02 0101", "00E20000 02 0202"],
        "00E20000 02 0303",
        "9000",
    ),
    line(
        "UPDATE RECORD",
        &[CREATE_LINEAR_FIXED, "00E20000 04 01020304"],
        "00DC0104 04 A1A2A3A4",
        "9000",
    ),
    line("CREATE FILE, elementary", &[], CREATE_CYCLIC, "9000"),
    line(
        "CREATE FILE, dedicated",
        &[],
        "00E00000 17 6215 81020100 820138 8302DD01 86080000000000000000",
        "9000",
    ),
    line("PUT DATA, new key", &[], PUT_KEY, "9000"),
    line(
        "PUT DATA, key in the place of another",
        &[PUT_KEY],
        PUT_KEY_AGAIN,
        "9000",
    ),
    line(
        "PUT DATA, first number of an RSA key",
        &[],
        PUT_MODULUS,
        "9000",
    ),
    line(
        "PUT DATA, second number of an RSA key",
        &[PUT_MODULUS],
        PUT_PRIVATE_EXPONENT,
        "9000",
    ),
    line(
        "PUT DATA, number in the place of a whole RSA key",
        &[PUT_MODULUS, PUT_PRIVATE_EXPONENT],
        PUT_PRIVATE_EXPONENT,
        "9000",
    ),
    line(
        "PUT DATA, security environment",
        &[],
        "00DA016D 0B 830107 8F06010203040506",
        "9000",
    ),
    line(
        "PUT DATA, access conditions",
        &["00A4080C 04 12001203"],
        "00DA016F 0B 860910FFFFFFFFFFFFFFFF",
        "9000",
    ),
];

const PUT_KEY_AGAIN: &str = "00DA016E 25 83020005 8508020303 00FF000000 86030005FF \
    8F10F0E0D0C0B0A090807060504030201000";

const fn line(
    name: &'static str,
    before: &'static [&'static str],
    command: &'static str,
    answer: &'static str,
) -> Line {
    Line {
        name,
        before,
        command,
        answer,
        answer_again: answer,
        presents: None,
        raises: &[],
    }
}

impl Line {
    const fn answer_again(self, answer_again: &'static str) -> Self {
        Self {
            answer_again,
            ..self
        }
    }

    const fn presents(self, id: u8) -> Self {
        Self {
            presents: Some(id),
            ..self
        }
    }

    const fn raises(self, raises: &'static [u8]) -> Self {
        Self { raises, ..self }
    }
}
