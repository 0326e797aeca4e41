//! Files of records that a case creates on a card that still takes new files.

use crate::case::Stop;
use crate::test_card::{Answer, TestCard};

/// Creates and selects the file AA01 in the master file. `descriptor` is object 82: 02 00 and a length
/// for linear fixed, 05 00 00 linear variable, 06 00 and a length cyclic.
pub(super) fn create(card: &mut TestCard, size: u16, descriptor: &str) -> Result<(), Stop> {
    create_with(card, size, descriptor, "000000000000000000")
}

/// The same with these access bytes.
pub(super) fn create_with(
    card: &mut TestCard,
    size: u16,
    descriptor: &str,
    access: &str,
) -> Result<(), Stop> {
    let command =
        format!("00 E0 00 00 (62 (80 ({size:04X}) 82 ({descriptor}) 83 (AA01) 86 ({access})))");
    card.prepare_with(&command).map(drop)
}

/// APPEND RECORD.
pub(super) fn append(card: &mut TestCard, record: &str) -> Result<Answer, Stop> {
    card.send(&format!("00 E2 00 00 ({record})"))
}

/// UPDATE RECORD of the record with this number.
pub(super) fn update(card: &mut TestCard, number: u8, record: &str) -> Result<Answer, Stop> {
    card.send(&format!("00 DC {number:02X} 04 ({record})"))
}

/// READ RECORD of the record with this number.
pub(super) fn record(card: &mut TestCard, number: u8) -> Result<Answer, Stop> {
    card.send(&format!("00 B2 {number:02X} 04 00"))
}

/// The records of the file are these, and no more.
pub(super) fn holds(card: &mut TestCard, records: &[&str]) -> Result<(), Stop> {
    for (number, expected) in (1_u8..).zip(records) {
        let expected = cns_apdu::hex::decode(expected).unwrap_or_default();
        record(card, number)?.is_ok()?.has_data(&expected)?;
    }
    let behind = u8::try_from(records.len() + 1).unwrap_or(u8::MAX);
    record(card, behind)?
        .is(cns_apdu::Sw::RECORD_NOT_FOUND)?
        .is_bare()?;
    Ok(())
}
