//! The numbers of the card.
//!
//! ```text
//! 1000/1003 EF.ID_Carta   T iii sssssssss vv c      16 ASCII digits: type, issuer, ..., Luhn digit
//! 2F02      EF.GDO        5A 0A | 80380 00 iii ...  20 digits, two in a byte; the last a Luhn digit
//! ```

use cns_fixtures::Source as Holds;

use super::reading::{looks, must};
use crate::applies::Needs;
use crate::case::{Case, Level, Stop};
use crate::evidence::{Document, Grade, Source, source};
use crate::test_card::TestCard;

const NUMBER: &[Needs] = &[Needs::File(Holds::CardNumber)];
const BCD: &[Needs] = &[Needs::File(Holds::CardNumberBcd)];
const GDO: &[Needs] = &[Needs::File(Holds::TeamNumber)];
const BOTH: &[Needs] = &[
    Needs::File(Holds::TeamNumber),
    Needs::File(Holds::CardNumber),
];
const ATR: &[Needs] = &[Needs::File(Holds::Atr)];
const OPENSC: Source = source(Document::OpenSc, "the serial number", Grade::Read);
const CHECKED: Source = source(Document::CnsFileSystem, "EF.ID_Carta", Grade::Verified);
const GDO_SOURCE: Source = source(Document::CnsFileSystem, "EF.GDO", Grade::Inferred);
const GDO_DIGIT: Source = source(Document::CnsFileSystem, "EF.GDO", Grade::Remembered);
const EF_ATR: Source = source(Document::CnsFileSystem, "EF.ATR", Grade::Read);
const RESIDUA: Source = source(
    Document::CnsFileSystem,
    "EF.Memoria_Residua",
    Grade::Remembered,
);

/// The regions and autonomous provinces, by the numbers of the health service.
const REGIONS: [&str; 21] = [
    "010", "020", "030", "041", "042", "050", "060", "070", "080", "090", "100", "110", "120",
    "130", "140", "150", "160", "170", "180", "190", "200",
];

pub(super) const CASES: &[Case<TestCard>] = &[
    looks(
        "data.card-number.digits",
        "EF.ID_Carta is sixteen ASCII digits and nothing else.",
        &[OPENSC],
        Level::Must,
        NUMBER,
        |card| {
            let file = card.read_file(Holds::CardNumber)?;
            let are_digits = file.len() == 16 && file.iter().all(u8::is_ascii_digit);
            must(are_digits, "sixteen digits", "something else")
        },
    ),
    looks(
        "data.card-number.type",
        "The first digit is a type of card, 5 to 9.",
        &[CHECKED],
        Level::Must,
        NUMBER,
        |card| {
            let file = card.read_file(Holds::CardNumber)?;
            must(
                matches!(file.first(), Some(b'5'..=b'9')),
                "a digit from 5 to 9",
                "another one",
            )
        },
    ),
    looks(
        "data.card-number.check-digit",
        "The last digit is the Luhn digit of the others.",
        &[CHECKED],
        Level::Must,
        NUMBER,
        |card| {
            let file = card.read_file(Holds::CardNumber)?;
            let digits = file
                .iter()
                .map(|byte| byte.wrapping_sub(b'0'))
                .collect::<Vec<_>>();
            must(passes_luhn(&digits), "the Luhn digit", "another one")
        },
    ),
    looks(
        "data.card-number.region",
        "On the card of a region, digits 2 to 4 are a region's.",
        &[source(
            Document::Clients,
            "regions by number",
            Grade::Client,
        )],
        Level::Should,
        NUMBER,
        |card| {
            let file = card.read_file(Holds::CardNumber)?;
            if !matches!(file.first(), Some(b'6' | b'9')) {
                return Err(Stop::skip("the card is not of a region"));
            }
            let region = file.get(1..4).unwrap_or_default();
            let is_known = REGIONS.iter().any(|known| known.as_bytes() == region);
            must(is_known, "the number of a region", "another one")
        },
    ),
    looks(
        "data.card-number.bcd",
        "Behind two bytes come sixteen digits, two in a byte, the last a \
        Luhn digit.",
        &[source(Document::OpenSc, "issue 3804", Grade::Read)],
        Level::Must,
        BCD,
        |card| {
            let file = card.read_file(Holds::CardNumberBcd)?;
            let digits = nibbles(file.get(2..10).unwrap_or_default());
            let is_number = digits.len() == 16 && digits.iter().all(|digit| *digit < 10);
            must(
                is_number && passes_luhn(&digits),
                "a card number in BCD",
                "something else",
            )
        },
    ),
    looks(
        "data.gdo.object",
        "EF.GDO is object 5A of ten bytes: twenty digits.",
        &[GDO_SOURCE],
        Level::Must,
        GDO,
        |card| {
            let digits = team_digits(card)?;
            let are_digits = digits.len() == 20 && digits.iter().all(|digit| *digit < 10);
            must(are_digits, "5A 0A and twenty digits", "something else")
        },
    ),
    looks(
        "data.gdo.check-digit",
        "The last digit of EF.GDO is the Luhn digit of the others.",
        &[GDO_DIGIT],
        Level::Should,
        GDO,
        |card| {
            must(
                passes_luhn(&team_digits(card)?),
                "the Luhn digit",
                "another one",
            )
        },
    ),
    looks(
        "data.gdo.issuer",
        "EF.GDO begins with 80 for health and 380 for Italy.",
        &[source(Document::Clients, "TEAM number", Grade::Client)],
        Level::Should,
        GDO,
        |card| {
            let digits = team_digits(card)?;
            must(
                digits.starts_with(&[8, 0, 3, 8, 0]),
                "80380",
                "something else",
            )
        },
    ),
    looks(
        "data.gdo.of-this-card",
        "The individual digits of EF.GDO are those of EF.ID_Carta.",
        &[GDO_SOURCE],
        Level::Should,
        BOTH,
        |card| {
            let team = team_digits(card)?;
            let number = card.read_file(Holds::CardNumber)?;
            let mut digits = number
                .iter()
                .map(|byte| byte.wrapping_sub(b'0'))
                .skip(1)
                .take(12);
            let agree = team
                .get(7..19)
                .is_some_and(|t| t.iter().all(|d| digits.next() == Some(*d)));
            must(agree, "the digits of the card number", "others")
        },
    ),
    looks(
        "data.ef-atr",
        "EF.ATR begins with the length of the answer to reset and the answer.",
        &[EF_ATR],
        Level::Should,
        ATR,
        |card| {
            let file = card.read_file(Holds::Atr)?;
            let atr = card.atr();
            let is_it = file.split_first().is_some_and(|(length, rest)| {
                usize::from(*length) == atr.len() && rest.starts_with(atr)
            });
            must(is_it, "the answer to reset", "something else")
        },
    ),
    looks(
        "data.memoria-residua",
        "EF.Memoria_Residua is two bytes.",
        &[RESIDUA],
        Level::Should,
        &[Needs::ClassicTree],
        |card| {
            const PATH: [u16; 2] = [0x1200, 0x1202];
            if !card.subject().profile.has_file(&PATH) {
                return Err(Stop::skip("the card has no EF.Memoria_Residua"));
            }
            card.select_quietly(&PATH)?.is_ok()?;
            let length = card.read_current_file()?.len();
            must(length == 2, "2 bytes", &format!("{length} bytes"))
        },
    ),
];

fn team_digits(card: &mut TestCard) -> Result<Vec<u8>, Stop> {
    match card.read_file(Holds::TeamNumber)?.as_slice() {
        [0x5A, 0x0A, digits @ ..] => Ok(nibbles(digits.get(..10).unwrap_or(digits))),
        _ => Err(Stop::fail("5A 0A and twenty digits", "another beginning")),
    }
}

fn nibbles(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0F])
        .collect()
}

/// Luhn: every second digit from the right counts twice, and the sum of all digits ends in 0.
fn passes_luhn(digits: &[u8]) -> bool {
    let from_right = digits.iter().rev().zip([1_u32, 2].into_iter().cycle());
    let sum: u32 = from_right
        .map(|(digit, times)| u32::from(*digit) * times)
        .map(|product| product / 10 + product % 10)
        .sum();
    !digits.is_empty() && sum.is_multiple_of(10)
}
