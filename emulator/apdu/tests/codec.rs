//! The codec's promise: nothing that parses is lost, and nothing that arrives makes it panic.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use cns_apdu::command::{Case, Form, Le, Malformed};
use cns_apdu::{BrokenChain, Chain, Command, Link, Response, Sw, hex, tlv};
use proptest::prelude::*;

fn parse(text: &str) -> (Case, Form, Le, usize) {
    let bytes = hex::decode(text).unwrap();
    let command = Command::parse(&bytes).unwrap();
    assert_eq!(
        command.to_bytes(),
        bytes,
        "{text} encodes to the same bytes"
    );
    (command.case(), command.form, command.le, command.data.len())
}

#[test]
fn every_case_of_iso_7816_3() {
    let (short, extended) = (Form::Short, Form::Extended);
    let data_300 = "AB".repeat(300);
    assert_eq!(parse("00A40000"), (Case::One, short, Le::Absent, 0));
    assert_eq!(parse("00B0000010"), (Case::Two, short, Le::exact(16), 0));
    assert_eq!(parse("00B0000000"), (Case::Two, short, Le::Maximum, 0));
    assert_eq!(parse("00A4000C023F00"), (Case::Three, short, Le::Absent, 2));
    assert_eq!(
        parse("00A40000023F0000"),
        (Case::Four, short, Le::Maximum, 2)
    );
    assert_eq!(
        parse("00B00000000200"),
        (Case::Two, extended, Le::exact(512), 0)
    );
    assert_eq!(
        parse("00B00000000000"),
        (Case::Two, extended, Le::Maximum, 0)
    );
    assert_eq!(
        parse("00A4000C0000023F00"),
        (Case::Three, extended, Le::Absent, 2)
    );
    assert_eq!(
        parse(&format!("002A8086 00012C {data_300}")),
        (Case::Three, extended, Le::Absent, 300)
    );
    assert_eq!(
        parse(&format!("002A8086 00012C {data_300} 0100")),
        (Case::Four, extended, Le::exact(256), 300)
    );
    assert_eq!(
        parse("00B000000000"),
        (Case::Two, Form::EmptyLc, Le::Maximum, 0)
    );
}

#[test]
fn what_is_no_command_says_why() {
    let error = |text: &str| Command::parse(&hex::decode(text).unwrap()).unwrap_err();
    assert_eq!(error(""), Malformed::NoHeader { length: 0 });
    assert_eq!(error("00A400"), Malformed::NoHeader { length: 3 });
    assert_eq!(
        error("00A40000023F"),
        Malformed::DataMissing {
            announced: 2,
            present: 1
        }
    );
    assert_eq!(
        error("00A40000013F0000"),
        Malformed::TrailingBytes { count: 2 }
    );
    assert_eq!(error("00A40000000000FF"), Malformed::ExtendedLength);
    assert_eq!(
        error("00A400000000023F"),
        Malformed::DataMissing {
            announced: 2,
            present: 1
        }
    );
    assert_eq!(
        error("00A4000000000100FF"),
        Malformed::TrailingBytes { count: 1 }
    );
}

#[test]
fn a_long_read_or_long_data_takes_the_extended_form() {
    let read = |le| Command::new([0, 0xB0, 0, 0], &[], le).to_bytes();
    assert_eq!(read(Le::exact(256)), [0, 0xB0, 0, 0, 0]);
    assert_eq!(read(Le::exact(257)), [0, 0xB0, 0, 0, 0, 1, 1]);
    assert_eq!(
        Command::new([0, 0x2A, 0x80, 0x86], &[0; 257], Le::Maximum).to_bytes()[4..7],
        [0, 1, 1]
    );
}

#[test]
fn a_chain_of_two_becomes_one_command() {
    let mut chain = Chain::default();
    let first = Command::new([0x10, 0x2A, 0x80, 0x86], &[1; 255], Le::Absent);
    let last = Command::new([0x00, 0x2A, 0x80, 0x86], &[2; 2], Le::Maximum);
    assert_eq!(chain.feed(first, 300), Ok(Link::Stored));
    let Ok(Link::Whole(whole)) = chain.feed(last, 300) else {
        panic!("the chain is complete")
    };
    assert_eq!(
        (whole.data.len(), whole.le, whole.class.0),
        (257, Le::Maximum, 0)
    );
    assert!(!chain.is_open());
}

#[test]
fn a_class_of_the_makers_own_is_never_chained() {
    let mut chain = Chain::default();
    let change_key_data = Command::new([0x90, 0x24, 0x00, 0x05], &[1; 16], Le::Absent);
    assert_eq!(
        chain.feed(change_key_data, 300),
        Ok(Link::Whole(change_key_data))
    );
}

#[test]
fn a_broken_chain_is_forgotten() {
    let mut chain = Chain::default();
    let first = Command::new([0x10, 0x2A, 0x80, 0x86], &[1; 255], Le::Absent);
    let select = Command::new([0x00, 0xA4, 0, 0], &[0x3F, 0], Le::Absent);
    chain.feed(first, 300).unwrap();
    assert_eq!(
        chain.feed(select, 300),
        Err(BrokenChain::LastCommandExpected)
    );
    assert_eq!(
        chain.feed(select, 300),
        Ok(Link::Whole(select)),
        "a chain broken once is over"
    );
    chain.feed(first, 300).unwrap();
    assert_eq!(chain.feed(first, 300), Err(BrokenChain::TooLong));
    assert!(!chain.is_open());
}

#[test]
fn status_words_speak() {
    assert_eq!(Sw::tries_left(1).meaning(), "wrong, 1 try left");
    assert_eq!(Sw::tries_left(200), Sw(0x63CF));
    assert_eq!(Sw::more_data(256), Sw(0x6100));
    assert_eq!(Sw::more_data(16), Sw(0x6110));
    assert_eq!(Sw(0x6A82).to_string(), "6A82");
}

fn any_command() -> impl Strategy<Value = (Vec<u8>, [u8; 4], Le)> {
    let le = prop_oneof![
        Just(Le::Absent),
        Just(Le::Maximum),
        (1..=u16::MAX).prop_map(Le::exact)
    ];
    (
        proptest::collection::vec(any::<u8>(), 0..700),
        any::<[u8; 4]>(),
        le,
    )
}

proptest! {
    #[test]
    fn what_is_written_reads_back((data, header, le) in any_command()) {
        let command = Command::new(header, &data, le);
        let bytes = command.to_bytes();
        prop_assert_eq!(Command::parse(&bytes), Ok(command));
    }

    #[test]
    fn what_parses_encodes_to_the_same_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        if let Ok(command) = Command::parse(&bytes) {
            prop_assert_eq!(command.to_bytes(), bytes);
        }
    }

    #[test]
    fn short_input_in_every_shape(tail in proptest::collection::vec(0u8..4, 0..9)) {
        let bytes = [&[0, 0xA4, 0, 0][..], &tail].concat();
        if let Ok(command) = Command::parse(&bytes) {
            prop_assert_eq!(command.to_bytes(), bytes);
        }
    }

    #[test]
    fn no_bytes_make_the_parsers_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        Response::parse(&bytes);
        tlv::objects(&bytes).count();
    }

    #[test]
    fn data_objects_read_back(
        tag in prop_oneof![Just(0x6F), Just(0x80), Just(0x5F2D), Just(0x7F49), Just(0x1F_8101)],
        value in proptest::collection::vec(any::<u8>(), 0..70_000),
    ) {
        let mut bytes = Vec::new();
        tlv::write(&mut bytes, tlv::Tag(tag), &value);
        bytes.push(0xAA);
        let (object, rest) = tlv::Tlv::read(&bytes).unwrap();
        prop_assert_eq!(object, tlv::Tlv { tag: tlv::Tag(tag), value: &value });
        prop_assert_eq!(rest, [0xAA]);
    }

    #[test]
    fn hexadecimal_reads_back(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        prop_assert_eq!(hex::decode(&hex::encode(&bytes)), Some(bytes));
    }
}
