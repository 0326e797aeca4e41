//! A card with one of everything: files of every structure, secrets of every kind, folders in
//! folders, and identifiers that mean different things in different places.

use cns_card::{
    AccessConditions, CardImage, Condition, Content, DedicatedFile, Dialect, ElementaryFile, File,
    FileId, Key, KeyAlgorithm, KeyMaterial, KeyRules, RecordStructure, ReferenceData,
    ReferenceRules, ReferenceValue, TripleDesKey, WrongReference,
};

use crate::common;
use crate::secrets::Value;

/// The key for PSO, identifier 01 in the master file.
pub const CIPHER_KEY: [u8; 24] = *b"a key of three parts: 24";

/// Keys for EXTERNAL AUTHENTICATE; of the second, the third part is the first again.
const MASTER_KEY: [u8; 24] = *b"the maker's own test key";
const FOLDER_KEY: [u8; 24] = *b"one of 2 parts..one of 2";

const PIN: &str = "12345678";
const PUK: &str = "87654321";
const FOLDER_PIN: &str = "55555";
const SERVICE_PIN: &str = "0000";
const TRANSPORT_PIN: &str = "11111";

pub fn image() -> CardImage {
    let usual = common::image();
    let key = Key {
        id: 0x01,
        rules: KeyRules {
            usage: Condition::Proven(0x10),
            change: Condition::Never,
            generate: Condition::Never,
        },
        algorithm: KeyAlgorithm::TripleDes,
        material: KeyMaterial::TripleDes(TripleDesKey::new(&CIPHER_KEY).unwrap()),
        ..usual.master_file.keys[0].clone()
    };
    CardImage {
        dialect: Dialect {
            wrong_reference: WrongReference::Classic,
            extended_length: false,
            challenge_max: 32,
            command_data_max: 300,
            ..usual.dialect.clone()
        },
        master_file: DedicatedFile {
            keys: vec![key],
            ..master_file()
        },
        ..usual
    }
}

pub fn values() -> Vec<(Vec<u16>, u8, Value)> {
    let digits = |digits: &str| {
        let mut value = [0xFF; 8];
        value[..digits.len()].copy_from_slice(digits.as_bytes());
        value
    };
    vec![
        (vec![], 0x10, Value::Digits(digits(PIN))),
        (vec![], 0x11, Value::Digits(digits(PUK))),
        (vec![], 0x12, Value::Key(MASTER_KEY)),
        (vec![], 0x13, Value::Digits(digits(SERVICE_PIN))),
        (vec![0x1000], 0x10, Value::Digits(digits(FOLDER_PIN))),
        (vec![0x1000, 0x1100], 0x14, Value::Key(FOLDER_KEY)),
        (vec![0x2000], 0x16, Value::Transport(digits(TRANSPORT_PIN))),
    ]
}

fn master_file() -> DedicatedFile {
    let fixed = RecordStructure::LinearFixed { record_length: 4 };
    let cyclic = RecordStructure::Cyclic { record_length: 3 };
    DedicatedFile {
        reference_data: vec![
            ReferenceData::new(0x10, rules(0x10, 0x11, 3, 4), &value(PIN), [1; 16]),
            ReferenceData::new(0x11, rules(0xFF, 0xFF, 4, 8), &value(PUK), [2; 16]),
            ReferenceData::key(0x12, rules(0x11, 0x11, 5, 0), key(&MASTER_KEY)),
            ReferenceData::new(0x13, rules(0x00, 0x10, 2, 0), &value(SERVICE_PIN), [3; 16]),
        ],
        files: vec![
            bytes(0x2F01, b"free", [0x00, 0xFF, 0xFF]),
            bytes(
                0x0101,
                b"read by all, written with the PIN......",
                [0x00, 0x10, 0xFF],
            ),
            bytes(0x0102, &[0x5A; 300], [0x10, 0x12, 0xFF]),
            bytes(0x0103, b"write only", [0x66, 0x00, 0x00]),
            records(
                0x0201,
                fixed,
                16,
                &[b"\x01one", b"\x02two"],
                [0x00, 0x00, 0x10],
            ),
            records(
                0x0202,
                RecordStructure::LinearVariable,
                24,
                &[b"\x01", b"\x02\x01\x03"],
                [0x00, 0x10, 0x00],
            ),
            records(0x0203, cyclic, 10, &[], [0x10, 0x00, 0x00]),
            File::Dedicated(first_folder()),
            File::Dedicated(second_folder()),
        ],
        ..folder(0x3F00, None)
    }
}

fn first_folder() -> DedicatedFile {
    DedicatedFile {
        // Its own PIN hides the master file's. Whoever proves the PUK above unblocks it.
        reference_data: vec![ReferenceData::new(
            0x10,
            rules(0x12, 0x11, 3, 5),
            &value(FOLDER_PIN),
            [4; 16],
        )],
        files: vec![
            bytes(0x1001, b"with the folder's PIN", [0x10, 0x10, 0xFF]),
            bytes(0x0101, b"same id as above", [0x11, 0x13, 0xFF]),
            bytes(0x1000, b"named like its folder, too", [0x00, 0x00, 0xFF]),
            File::Dedicated(DedicatedFile {
                reference_data: vec![ReferenceData::key(
                    0x14,
                    rules(0x10, 0x00, 2, 0),
                    key(&FOLDER_KEY[..16]),
                )],
                files: vec![
                    bytes(0x1101, b"with the folder's key", [0x00, 0x14, 0xFF]),
                    bytes(0x1100, b"named like its folder", [0x00, 0x00, 0xFF]),
                    records(
                        0x1102,
                        RecordStructure::LinearVariable,
                        12,
                        &[],
                        [0x00, 0x14, 0x10],
                    ),
                ],
                ..folder(0x1100, Some(&[0xA0, 0x00, 0x00, 0x00, 0x02]))
            }),
        ],
        ..folder(0x1000, Some(&[0xA0, 0x00, 0x00, 0x00, 0x01]))
    }
}

fn second_folder() -> DedicatedFile {
    DedicatedFile {
        reference_data: vec![
            ReferenceData::unset(0x15, rules(0x12, 0x11, 3, 4)),
            ReferenceData::transport(
                0x16,
                rules(0x16, 0x11, 3, 4),
                &value(TRANSPORT_PIN),
                [5; 16],
            ),
        ],
        files: vec![
            bytes(
                0x2001,
                b"with the PIN that has no value",
                [0x15, 0x15, 0xFF],
            ),
            bytes(
                0x2002,
                b"with the PIN that must be changed",
                [0x16, 0x16, 0xFF],
            ),
        ],
        ..folder(0x2000, None)
    }
}

fn folder(id: u16, name: Option<&[u8]>) -> DedicatedFile {
    DedicatedFile {
        id: FileId(id),
        name: name.map(<[u8]>::to_vec),
        size: 512,
        access: AccessConditions([0xFF; 9]),
        reference_data: vec![],
        keys: vec![],
        environments: vec![],
        files: vec![],
    }
}

fn bytes(id: u16, bytes: &[u8], access: [u8; 3]) -> File {
    file(id, access, Content::Transparent(bytes.to_vec()))
}

fn records(
    id: u16,
    structure: RecordStructure,
    size: u16,
    records: &[&[u8]],
    access: [u8; 3],
) -> File {
    let records = records.iter().map(|record| record.to_vec()).collect();
    file(
        id,
        access,
        Content::Records {
            structure,
            size,
            records,
        },
    )
}

/// Access bytes for READ, UPDATE and APPEND.
fn file(id: u16, access: [u8; 3], content: Content) -> File {
    let mut conditions = [0xFF; 9];
    conditions[..3].copy_from_slice(&access);
    File::Elementary(ElementaryFile::new(
        FileId(id),
        AccessConditions(conditions),
        content,
    ))
}

fn rules(change: u8, unblock: u8, tries_max: u8, length_min: u8) -> ReferenceRules {
    ReferenceRules {
        change: change.into(),
        unblock: unblock.into(),
        tries_max,
        length_min,
    }
}

fn value(digits: &str) -> ReferenceValue {
    ReferenceValue::from_digits(digits).unwrap()
}

fn key(bytes: &[u8]) -> TripleDesKey {
    TripleDesKey::new(bytes).unwrap()
}
