//! Record files of the three structures, built on a card that is still in creation.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use cns_card::LifeCycle;
use common::{card_in, converse, send};

#[test]
fn a_linear_fixed_file_fills_up() {
    converse(
        &mut card_in(LifeCycle::Creation),
        &[
            // Twelve bytes for records of four: three of them.
            (
                "00E00000(6F(80(000C) 82(020004) 83(AA01) 86(000000000000000000)))",
                "9000",
            ),
            ("00E2000004 01020304", "9000"),
            ("00E2000003 010203", "6700"),
            ("00E2000004 11121314", "9000"),
            ("00E2000004 21222324", "9000"),
            ("00E2000004 31323334", "6A84"),
            ("00B2020400", "11121314 9000"),
            ("00DC020404 A1A2A3A4", "9000"),
            ("00DC020403 A1A2A3", "6700"),
            ("00DC040404 A1A2A3A4", "6A83"),
            ("00B2020400", "A1A2A3A4 9000"),
            ("00B2030400", "21222324 9000"),
            ("00B2040400", "6A83"),
        ],
    );
}

#[test]
fn a_cyclic_file_forgets_the_oldest() {
    converse(
        &mut card_in(LifeCycle::Creation),
        &[
            (
                "00E00000(6F(80(0004) 82(060002) 83(AA02) 86(000000000000000000)))",
                "9000",
            ),
            ("00B2010400", "6A83"),
            ("00E2000002 0101", "9000"),
            ("00E2000002 0202", "9000"),
            ("00B2010400", "0202 9000"),
            ("00B2020400", "0101 9000"),
            ("00E2000002 0303", "9000"),
            ("00B2010400", "0303 9000"),
            ("00B2020400", "0202 9000"),
            ("00B2030400", "6A83"),
        ],
    );
}

#[test]
fn a_linear_variable_file_is_as_large_as_it_says() {
    converse(
        &mut card_in(LifeCycle::Creation),
        &[
            (
                "00E00000(6F(80(0008) 82(050000) 83(AA03) 86(000000000000000000)))",
                "9000",
            ),
            ("00E2000003 100155", "9000"),
            ("00E2000004 11026677", "9000"),
            ("00E2000002 1200", "6A84"),
            ("00B2110000", "11026677 9000"),
            ("00DC010405 1003556677", "6A84"),
            ("00DC010404 10025566", "9000"),
            ("00B2010400", "10025566 9000"),
            ("00D6000001 00", "6981"),
            ("00B0000001", "6981"),
        ],
    );
}

#[test]
fn the_fci_tells_structure_and_record_length() {
    let mut card = card_in(LifeCycle::Creation);
    send(&mut card, "00E00000(6F(80(000C) 82(020004) 83(AA01)))");
    let fci = send(&mut card, "00A4080002AA0100");
    assert!(fci.starts_with("6F388002000C82030200048302AA01"), "{fci}");
}

#[test]
fn records_obey_their_access_conditions() {
    converse(
        &mut card_in(LifeCycle::Creation),
        &[
            // Read free, update with the PIN, append never.
            (
                "00E00000(6F(80(000C) 82(020004) 83(AA01) 86(0010FFFFFFFFFFFFFF)))",
                "9000",
            ),
            ("00E2000004 01020304", "6982"),
            ("00DC010404 01020304", "6982"),
            ("00200010083132333435363738", "9000"),
            ("00DC010404 01020304", "6A83"),
        ],
    );
}
