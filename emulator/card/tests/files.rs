//! The file system of a card as a host finds it: through commands alone.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use cns_apdu::tlv::{self, Tag};
use cns_apdu::{Command, Le, Response, Sw, hex};
use cns_card::Card;
use common::card;

/// A file that SELECT found: its identifiers from below the master file, and its FCI.
struct Found {
    ids: Vec<u16>,
    fci: Vec<u8>,
}

#[test]
fn every_file_and_what_select_tells_of_it() {
    let dump: String = walk(&mut card())
        .iter()
        .map(|file| {
            format!(
                "{}\n  {}\n{}\n",
                file.path(),
                hex::encode(&file.fci),
                file.words()
            )
        })
        .collect();
    insta::assert_snapshot!(dump);
}

#[test]
fn what_every_file_holds() {
    let mut card = card();
    let dump: String = walk(&mut card)
        .iter()
        .filter_map(|file| {
            let content = match file.descriptor() {
                0x01 => bytes_in_words(file, &read_binary(&mut card, file)),
                0x05 => records_in_words(&read_records(&mut card, file)),
                _ => return None,
            };
            Some(format!("{}\n{content}\n", file.path()))
        })
        .collect();
    insta::assert_snapshot!(dump);
}

#[test]
fn select_answers_with_a_few_status_words_only() {
    let targets: [&[u8]; 9] = [
        &[],
        &[0x3F, 0x00],
        &[0x11, 0x00],
        &[0x11, 0x01],
        &[0xAB, 0xCD],
        &[0x11],
        &[0x11, 0x00, 0x11, 0x02],
        &[0x11, 0x00, 0x11],
        &[0xA0, 0x00, 0x00, 0x00, 0x79, 0x01, 0x00],
    ];
    let lengths = [Le::Absent, Le::Maximum, Le::exact(5)];
    let mut card = card();
    for p1 in 0..=0xFF {
        for p2 in [0x00, 0x01, 0x02, 0x04, 0x08, 0x0C, 0x0F, 0x80, 0xFF] {
            for target in targets {
                for le in lengths {
                    let (data, sw) = transmit(&mut card, [0x00, 0xA4, p1, p2], target, le);
                    let is_known = matches!(sw.0, 0x9000 | 0x6A82 | 0x6A86 | 0x6A87 | 0x6700)
                        || sw.0 >> 8 == 0x61;
                    let command = format!("00 A4 {p1:02X} {p2:02X}, {target:02X?}, {le:?}");
                    assert!(is_known, "{command}: {sw}");
                    assert!(
                        sw.is_success() || data.is_empty(),
                        "{command}: {sw} with data"
                    );
                }
            }
        }
    }
}

/// Tries every identifier there is in every folder that it finds: no file is hidden from it.
fn walk(card: &mut Card) -> Vec<Found> {
    let (fci, sw) = transmit(card, [0x00, 0xA4, 0x00, 0x00], &[0x3F, 0x00], Le::Maximum);
    assert_eq!(sw, Sw::OK);
    let mut waiting = vec![Found {
        ids: Vec::new(),
        fci,
    }];
    let mut all = Vec::new();
    while let Some(file) = waiting.pop() {
        if file.descriptor() == 0x38 {
            waiting.extend(files_in(card, &file.ids).into_iter().rev());
        }
        all.push(file);
    }
    all
}

fn files_in(card: &mut Card, folder: &[u16]) -> Vec<Found> {
    let found = (0..=0xFFFF).filter_map(|id| {
        let ids = [folder, &[id]].concat();
        let (fci, sw) = transmit(card, [0x00, 0xA4, 0x08, 0x00], &to_bytes(&ids), Le::Maximum);
        match sw {
            Sw::OK => Some(Found { ids, fci }),
            Sw::FILE_NOT_FOUND => None,
            other => panic!("SELECT {ids:04X?} was answered with {other}"),
        }
    });
    found.collect()
}

/// The file as clients read it: in pieces, until the card says that there is no more.
fn read_binary(card: &mut Card, file: &Found) -> Vec<u8> {
    select(card, file);
    let mut content = Vec::new();
    loop {
        let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
        let (piece, sw) = transmit(card, [0x00, 0xB0, high, low], &[], Le::exact(0xFF));
        content.extend(piece);
        match sw {
            Sw::OK => {}
            Sw::END_OF_FILE => return content,
            other => panic!("{} at {high:02X}{low:02X}: {other}", file.path()),
        }
    }
}

fn read_records(card: &mut Card, file: &Found) -> Vec<Vec<u8>> {
    select(card, file);
    let mut records = Vec::new();
    for number in 1..=0xFF {
        let command = Command::new([0x00, 0xB2, number, 0x04], &[], Le::exact(0x200)).to_bytes();
        let mut response = Vec::new();
        card.transmit(&command, &mut response);
        let response = Response::parse(&response).unwrap();
        match response.sw {
            Sw::OK => records.push(response.data.to_vec()),
            Sw::RECORD_NOT_FOUND => break,
            other => panic!("{} record {number}: {other}", file.path()),
        }
    }
    records
}

fn select(card: &mut Card, file: &Found) {
    let ids = to_bytes(&file.ids);
    let (_, sw) = transmit(card, [0x00, 0xA4, 0x08, 0x0C], &ids, Le::Absent);
    assert_eq!(sw, Sw::OK, "{}", file.path());
}

fn transmit(card: &mut Card, header: [u8; 4], data: &[u8], le: Le) -> (Vec<u8>, Sw) {
    let mut response = Vec::new();
    card.transmit(&Command::new(header, data, le).to_bytes(), &mut response);
    let response = Response::parse(&response).unwrap();
    (response.data.to_vec(), response.sw)
}

fn to_bytes(ids: &[u16]) -> Vec<u8> {
    ids.iter().flat_map(|id| id.to_be_bytes()).collect()
}

/// A file gives as many bytes as it announces. The certificate is another one in each run, so of it
/// no more than how it begins.
fn bytes_in_words(file: &Found, content: &[u8]) -> String {
    assert_eq!(content.len(), file.number(0x80), "{}", file.path());
    let padding = content.iter().rev().take_while(|byte| **byte == 0).count();
    let (content, _) = content.split_at(content.len() - padding);
    match (file.ids.as_slice(), padding) {
        ([0x1100, 0x1101], _) => lines(&content[..2]) + "  and so on\n",
        (_, 0) => lines(content),
        _ => format!("{}  {padding} times 00\n", lines(content)),
    }
}

fn records_in_words(records: &[Vec<u8>]) -> String {
    let records = (1..).zip(records);
    records
        .map(|(number, record)| format!("  record {number}\n{}", lines(record)))
        .collect()
}

/// Sixteen bytes a line, and what they are in ASCII.
fn lines(bytes: &[u8]) -> String {
    let line = |chunk: &[u8]| {
        let is_text = chunk.iter().all(|byte| matches!(byte, 0x20..=0x7E));
        let text = if is_text {
            std::str::from_utf8(chunk).unwrap()
        } else {
            ""
        };
        format!(
            "{}\n",
            format!("  {:<47}  {text}", hex::encode(chunk)).trim_end()
        )
    };
    bytes.chunks(16).map(line).collect()
}

impl Found {
    fn path(&self) -> String {
        let ids = self.ids.iter().map(|id| format!("/{id:04X}"));
        format!("3F00{}", ids.collect::<String>())
    }

    /// Object 82, first byte: 38 is a folder.
    fn descriptor(&self) -> u8 {
        self.object(0x82).unwrap()[0]
    }

    fn number(&self, tag: u32) -> usize {
        let bytes = self.object(tag).unwrap();
        bytes
            .iter()
            .fold(0, |number, byte| number << 8 | usize::from(*byte))
    }

    fn object(&self, tag: u32) -> Option<&[u8]> {
        tlv::find(tlv::find(&self.fci, Tag(0x6F))?, Tag(tag))
    }

    /// Every object of the FCI on a line of its own.
    fn words(&self) -> String {
        let template = tlv::find(&self.fci, Tag(0x6F)).unwrap();
        let operations = match self.descriptor() {
            0x38 => ("set life cycle", "update"),
            _ => ("read", "update"),
        };
        tlv::objects(template)
            .map(|object| {
                let object = object.unwrap();
                format!("  {} {}\n", object.tag, words(object, operations))
            })
            .collect()
    }
}

/// What an object of an FCI says, with the names of the first two operations of its access
/// conditions. Written from the tables of ISO 7816-4 §5.3.3, not from the card's code.
fn words(object: tlv::Tlv<'_>, (first, second): (&str, &str)) -> String {
    match (object.tag.0, object.value) {
        (0x80, &[high, low]) => format!("content of {} bytes", u16::from_be_bytes([high, low])),
        (0x81, &[high, low]) => format!("memory of {} bytes", u16::from_be_bytes([high, low])),
        (0x82, [0x01, 0x00, 0x00]) => "transparent file".into(),
        (0x82, [0x05, 0x00, 0x00]) => "linear file, variable records, TLV".into(),
        (0x82, [0x38, 0x00, 0x00]) => "folder".into(),
        (0x83, [high, low]) => format!("identifier {high:02X}{low:02X}"),
        (0x85, [0x01]) => "proprietary, 01".into(),
        (0x86, [to_first, to_second, rest @ ..]) if rest == [0xFF; 7] => format!(
            "{first} {}, {second} {}, else never",
            condition(*to_first),
            condition(*to_second)
        ),
        (0x8A, [0x05]) => "activated".into(),
        (0xCB, value) if value == [0xFF; 24] => "no secure messaging".into(),
        (tag, value) => panic!("object {tag:02X} {value:02X?} is in no table"),
    }
}

fn condition(byte: u8) -> String {
    match byte {
        0x00 => "free".into(),
        0xFF => "never".into(),
        id => format!("with object {id:02X}"),
    }
}
