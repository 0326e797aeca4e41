//! What is said about an exchange, line by line, and what is not said.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use cns_apdu::transcript::{Line, Said};
use cns_apdu::words::{Conversation, Secrets, command_line};
use cns_apdu::{Sw, hex};
use proptest::prelude::*;

/// The words of a conversation that is written as `> HEX` and `< HEX`, without the bytes.
fn words(secrets: Secrets, exchange: &str) -> Vec<String> {
    lines(secrets, exchange)
        .iter()
        .map(|line| line.split_once("  ").unwrap().1.to_owned())
        .collect()
}

fn lines(secrets: Secrets, exchange: &str) -> Vec<String> {
    let mut conversation = Conversation::new(secrets);
    let said = exchange.lines().map(str::trim).filter(|l| !l.is_empty());
    said.map(|line| match Line::parse(line).unwrap().said {
        Said::Command(command) => conversation.command(&command.bytes),
        Said::Response(response) => conversation.response(&response.bytes),
        Said::Outcome { length, sw } => conversation.recorded_response(length, sw),
    })
    .collect()
}

#[test]
fn a_read_says_which_file_it_reads() {
    let said = words(
        Secrets::Shown,
        "> 00A4080C0410001003
         < 9000
         > 00B0000010
         < 36303330303030303030303031303039 9000
         > 00A40000021102
         < 6A82
         > 00B0000000
         < 36303330303030303030303031303039 6282
         > 00A40000023F00
         < 9000
         > 00A4000C021100
         < 9000
         > 00A4000C021101
         < 9000
         > 00B0010000
         < 30 82 9000
         > 00A4000C021000
         < 9000
         > 00A4000C021003
         < 9000",
    );
    assert_eq!(
        said,
        [
            "SELECT 3F00/1000/1003 EF.ID_Carta",
            "done",
            "READ BINARY EF.ID_Carta at offset 0, 16 bytes expected",
            "16 bytes of EF.ID_Carta: \"6030000000001009\"",
            "SELECT 3F00/1000/1102",
            "no such file",
            "READ BINARY EF.ID_Carta at offset 0, all bytes expected",
            "end of file after 16 bytes: \"6030000000001009\"",
            "SELECT 3F00 MF",
            "done",
            "SELECT 3F00/1100 DF1, personal data",
            "done",
            "SELECT 3F00/1100/1101 EF.C_Carta",
            "done",
            "READ BINARY EF.C_Carta at offset 256, all bytes expected",
            "2 bytes of EF.C_Carta",
            "SELECT 3F00/1000 DF0, system data",
            "done",
            "SELECT 3F00/1000/1003 EF.ID_Carta",
            "done",
        ]
    );
}

#[test]
fn file_control_information_in_words_also_through_get_response() {
    let file = "6F38 80020190 8203010000 83021102 850101 8609 00FFFFFFFFFFFFFFFF 8A0105 \
                CB18FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF";
    let folder = "6F1E 8102702C 8203380000 83029001 850101 8609 FF1010FFFFFFFF10FF 8A0105";
    let application =
        "6F21 8102702C 8203380000 840CA000000530000B104001021A 83023F00 850101 86011F";
    let said = words(
        Secrets::Masked,
        &format!(
            "> 00A40800041100110200
             < {file} 9000
             > 00A408000290 01 00
             < 6120
             > 00C0000020
             < {folder} 9000
             > 00A40000022002
             < 9000
             > 00B0000001
             < 31 | 9000
             > 00A404000CA000000530000B104001021A00
             < {application} 9000
             > 00A4090004 11001101
             < 9000"
        ),
    );
    assert_eq!(
        said,
        [
            "SELECT 3F00/1100/1102 EF.Dati_Personali, all bytes expected",
            "transparent file of 400 bytes; read free, else never",
            "SELECT 3F00/9001, all bytes expected",
            "done, 32 bytes wait for GET RESPONSE",
            "GET RESPONSE, 32 bytes expected",
            "folder of 28716 bytes; update and append and create PIN 10, else never",
            "SELECT 3F00/9001/2002",
            "done",
            "READ BINARY 3F00/9001/2002 at offset 0, 1 byte expected",
            "1 byte of 3F00/9001/2002",
            "SELECT application A000000530000B104001021A (CNS), all bytes expected",
            "folder of 28716 bytes, application A000000530000B104001021A; object 1F",
            "SELECT 3F00/1100/1101 EF.C_Carta",
            "done",
        ]
    );
}

#[test]
fn pins_count_down_in_words() {
    let said = words(
        Secrets::Masked,
        "> 00200010
         < 63C3
         > 0020001008 31323334 35FFFFFF
         < 63C2
         > 0020001008 31323334 35FFFFFF
         < 63C0
         > 00200010
         < 6983
         > 0020001008 31323334 35FFFFFF
         < 9000
         > 00200010
         < 9000
         > 0020001008 31323334 35FFFFFF
         < 6300
         > 0024001010 31323334 35FFFFFF 31323334 35FFFFFF
         < 63C1
         > 002C001010 31323334 35FFFFFF 31323334 35FFFFFF
         < 9000
         > 0020001B08 31323334 35FFFFFF
         < 6A88",
    );
    assert_eq!(
        said,
        [
            "VERIFY PIN 10, no data: asks for the tries left",
            "3 tries left",
            "VERIFY PIN 10",
            "wrong, 2 tries left",
            "VERIFY PIN 10",
            "wrong, no tries left: blocked",
            "VERIFY PIN 10, no data: asks for the tries left",
            "blocked: no tries left",
            "VERIFY PIN 10",
            "right",
            "VERIFY PIN 10, no data: asks for the tries left",
            "proven already",
            "VERIFY PIN 10",
            "wrong, the tries left are not told",
            "CHANGE REFERENCE DATA PIN 10",
            "the old value is wrong, 1 try left",
            "RESET RETRY COUNTER PIN 10",
            "unblocked",
            "VERIFY object 1B",
            "no such PIN or PUK",
        ]
    );
}

#[test]
fn a_signature_made_of_a_chain() {
    let said = words(
        Secrets::Masked,
        &format!(
            "> 0022F303
             < 9000
             > 0022F1B603830101
             < 6A88
             > 102A8086 08 00 0001FFFFFFFF FF
             < 9000
             > 002A8086 02 3031 00
             < {} 9000
             > 002A8086 03 00AABB 00
             < 6982
             > 0084000008
             < 0102030405060708 9000",
            "5A".repeat(256)
        ),
    );
    assert_eq!(
        said,
        [
            "MSE RESTORE security environment 03",
            "done",
            "MSE SET to sign with key 01",
            "no such key",
            "PSO DECIPHER, 8 bytes, more to follow (chained)",
            "part accepted",
            "PSO DECIPHER, 2 bytes, all bytes expected",
            "signature of 256 bytes",
            "PSO DECIPHER, 3 bytes, all bytes expected",
            "the key's PIN is not proven",
            "GET CHALLENGE, 8 bytes expected",
            "8 bytes at random",
        ]
    );
}

#[test]
fn an_outcome_without_its_bytes_and_a_reset() {
    let mut conversation = Conversation::new(Secrets::Masked);
    conversation.command(&hex::decode("00A40800041100110200").unwrap());
    assert_eq!(
        conversation.recorded_response(58, Sw::OK),
        "58 9000  58 bytes, done"
    );
    let read = [0x00, 0xB0, 0x00, 0x00, 0x00];
    let said = conversation.command(&read);
    assert!(said.contains("EF.Dati_Personali"), "{said}");
    assert_eq!(
        conversation.recorded_response(256, Sw::END_OF_FILE),
        "256 6282  end of file after 256 bytes"
    );
    conversation.reset();
    let said = conversation.command(&read);
    assert!(!said.contains("EF.Dati_Personali"), "{said}");
}

#[test]
fn what_stands_in_a_personal_file_is_masked() {
    let personal = "526F737369";
    let exchange = |path: &str| {
        format!(
            "> 00A4080C04{path}
             < 9000
             > 00B0000005
             < {personal} 9000
             > 00D6000005 {personal}
             < 6982"
        )
    };
    for path in ["11001102", "10001003", "14009010"] {
        let said = lines(Secrets::Masked, &exchange(path)).join("\n");
        assert!(!said.contains("52 6F"), "{said}");
        assert!(said.contains("** ** ** ** ** 90 00  5 bytes"), "{said}");
        assert!(
            said.contains("00 D6 00 00 05 ** ** ** ** **  UPDATE"),
            "{said}"
        );
        let shown = lines(Secrets::Shown, &exchange(path)).join("\n");
        assert!(shown.contains("52 6F 73 73 69 90 00"), "{shown}");
    }
    let technical = lines(Secrets::Masked, &exchange("12004142")).join("\n");
    assert!(technical.contains("52 6F 73 73 69 90 00"), "{technical}");
    // A read of nobody knows what, and what a key has deciphered.
    let unknown = lines(
        Secrets::Masked,
        &format!(
            "> 00B0000005\n< {personal} 9000\n> 002A8086 02 0001 00\n< {personal} 9000\n\
                  > 00CB3FFF00\n< {personal} 9000"
        ),
    )
    .join("\n");
    assert!(!unknown.contains("52 6F"), "{unknown}");
    // Nothing is personal about nothing.
    let blank = lines(Secrets::Masked, "> 00B0000002\n< 0000 9000");
    assert_eq!(blank[1], "00 00 90 00  2 bytes, all 00");
}

#[test]
fn secrets_do_not_reach_the_words() {
    let verify = hex::decode("002000900831323334 35FFFFFF").unwrap();
    assert_eq!(
        command_line(&verify, Secrets::Masked),
        "00 20 00 90 08 ** ** ** ** ** ** ** **  VERIFY PIN 10 (from the current folder up)"
    );
    let cut_off = command_line(&verify[..10], Secrets::Masked);
    assert!(!cut_off.contains("31 32"), "{cut_off}");
    assert!(command_line(&verify, Secrets::Shown).contains("31 32"));
}

#[test]
fn lines_are_read_in_every_form_that_recorders_write() {
    let said = |line| Line::parse(line).map(|line| line.said);
    let command = |text| match said(text) {
        Some(Said::Command(command)) => (hex::encode(&command.bytes), command.is_masked),
        other => panic!("{text}: {other:?}"),
    };
    let select = ("00 A4 00 00 02 3F 00".to_owned(), false);
    assert_eq!(command("> 00A40000023F00"), select);
    assert_eq!(
        command("   12.345 ms > 00 A4 00 00 02 3F 00  SELECT 3F00 MF"),
        select
    );
    assert_eq!(command("> 00 A4 00 00  02 3F 00 (SELECT)"), select);
    assert_eq!(
        command("> 00 20 00 10 02 ** **  VERIFY PIN 10"),
        ("00 20 00 10 02 00 00".to_owned(), true)
    );
    assert_eq!(
        said("< 16 9000"),
        Some(Said::Outcome {
            length: 16,
            sw: Sw::OK
        })
    );
    for (text, bytes) in [("< 16 90 00", "16 90 00"), ("< 6F10 | 9000", "6F 10 90 00")] {
        match said(text) {
            Some(Said::Response(response)) => assert_eq!(hex::encode(&response.bytes), bytes),
            other => panic!("{text}: {other:?}"),
        }
    }
    for nothing in ["", "# client: x", "card inserted", "a -> b", "> ", "< 9"] {
        assert_eq!(Line::parse(nothing), None, "{nothing}");
    }
}

proptest! {
    #[test]
    fn nothing_that_is_said_makes_the_words_panic(
        said in proptest::collection::vec(
            (any::<bool>(), proptest::collection::vec(any::<u8>(), 0..40)),
            0..20,
        ),
        instruction in prop_oneof![Just(0xA4), Just(0xB0), Just(0xC0), Just(0x20), Just(0x2A)],
    ) {
        let mut conversation = Conversation::new(Secrets::Masked);
        for (is_command, mut bytes) in said {
            if let Some(second) = bytes.get_mut(1).filter(|_| is_command) {
                *second = instruction;
            }
            match is_command {
                true => conversation.command(&bytes),
                false => conversation.response(&bytes),
            };
        }
    }

    #[test]
    fn no_line_makes_the_reader_panic(line in "[ <>*0-9A-Fa-f(|)è]{0,40}") {
        Line::parse(&line);
    }
}
