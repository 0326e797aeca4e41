//! What may happen to a card: commands, mostly sensible ones, and the power.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::model::Model;
use crate::spoken::{Part, Spoken};

/// One thing that happens.
#[derive(Clone, Debug)]
pub enum Action {
    Send(Spoken),
    /// Bytes that are no command.
    Malformed(Vec<u8>),
    Reset,
    PowerOff,
    /// The card is stored, loaded again and inserted.
    Reload,
}

/// Values that PINs are given and guessed by; the last is too short for most.
const VALUES: [&[u8; 8]; 4] = [
    b"12345678",
    b"00000000",
    b"55555\xFF\xFF\xFF",
    b"99\xFF\xFF\xFF\xFF\xFF\xFF",
];

/// References with and without the bit that starts the search in the current folder.
const REFERENCES: [u8; 14] = [
    0x10, 0x90, 0x10, 0x90, 0x11, 0x91, 0x12, 0x92, 0x13, 0x94, 0x95, 0x96, 0x1F, 0x50,
];

pub fn actions(model: &Model) -> BoxedStrategy<Action> {
    let command = prop_oneof![
        24 => selection(model),
        12 => reading(),
        10 => updating(),
        18 => records(),
        28 => proving(),
        14 => ciphering(model),
        6 => le().prop_map(|le| spoken([0x00, 0xC0, 0x00, 0x00], vec![], le)),
        5 => strange(),
    ];
    let command = (command, proptest::bool::weighted(0.1)).prop_map(|(mut command, extended)| {
        command.extended |= extended;
        Action::Send(command)
    });
    prop_oneof![
        88 => command,
        1 => malformed().prop_map(Action::Malformed),
        2 => Just(Action::Reset),
        1 => Just(Action::PowerOff),
        1 => Just(Action::Reload),
    ]
    .boxed()
}

fn selection(model: &Model) -> BoxedStrategy<Spoken> {
    let mut paths: Vec<Vec<u16>> = model.paths();
    // The most can happen in files of records.
    paths.extend([model.record_files(), model.record_files()].concat());
    paths.extend([
        vec![],
        vec![0x3F00],
        vec![0x3F00, 0x1000],
        vec![0xABCD],
        vec![1; 7],
    ]);
    let mut names = model.names();
    names.push(vec![0xA0, 0x00]);
    let path = select(paths);
    let bytes = |ids: &[u16]| {
        ids.iter()
            .flat_map(|id| id.to_be_bytes())
            .collect::<Vec<u8>>()
    };
    let target = prop_oneof![
        6 => path.clone().prop_map(move |path| (0x00, bytes(path.last().map_or(&[][..], std::slice::from_ref)))),
        2 => path.clone().prop_map(move |path| (0x02, bytes(path.last().map_or(&[][..], std::slice::from_ref)))),
        1 => vec(any::<u8>(), 0..2).prop_map(|data| (0x03, data)),
        2 => select(names).prop_map(|name| (0x04, name)),
        6 => path.clone().prop_map(move |path| (0x08, bytes(&path))),
        3 => (path, 0_usize..3).prop_map(move |(path, from)| (0x09, bytes(path.get(from..).unwrap_or(&[])))),
        1 => (select(vec![0x00, 0x01, 0x05, 0x08, 0x09]), vec(any::<u8>(), 0..4)),
    ];
    let p2 = prop_oneof![10 => Just(0x00), 10 => Just(0x0C), 1 => any::<u8>()];
    (target, p2, le())
        .prop_map(|((p1, data), p2, le)| spoken([0x00, 0xA4, p1, p2], bytes_part(data), le))
        .boxed()
}

fn reading() -> BoxedStrategy<Spoken> {
    (offset(), le())
        .prop_map(|([high, low], le)| spoken([0x00, 0xB0, high, low], vec![], le))
        .boxed()
}

fn updating() -> BoxedStrategy<Spoken> {
    let data = prop_oneof![
        10 => vec(any::<u8>(), 0..12),
        1 => (any::<u8>(), 200_usize..420).prop_map(|(byte, length)| vec![byte; length]),
        1 => (any::<u8>(), 1_020_usize..1_030).prop_map(|(byte, length)| vec![byte; length]),
    ];
    (offset(), data)
        .prop_map(|([high, low], data)| spoken([0x00, 0xD6, high, low], bytes_part(data), None))
        .boxed()
}

fn offset() -> BoxedStrategy<[u8; 2]> {
    prop_oneof![
        4 => Just(0_u16),
        8 => 0_u16..48,
        1 => 0_u16..2_100,
        1 => any::<u16>(),
    ]
    .prop_map(u16::to_be_bytes)
    .boxed()
}

fn records() -> BoxedStrategy<Spoken> {
    let record = || {
        prop_oneof![
            4 => vec(1_u8..5, 4),
            4 => vec(1_u8..5, 3),
            3 => vec(1_u8..5, 0..9),
        ]
    };
    let place = || {
        prop_oneof![
            6 => (0_u8..6, Just(0x04)),
            6 => (0_u8..5, 0x00_u8..0x04),
            1 => (any::<u8>(), any::<u8>()),
        ]
    };
    prop_oneof![
        8 => (place(), le())
            .prop_map(|((p1, p2), le)| spoken([0x00, 0xB2, p1, p2], vec![], le)),
        4 => (place(), record())
            .prop_map(|((p1, p2), data)| spoken([0x00, 0xDC, p1, p2], bytes_part(data), None)),
        6 => record()
            .prop_map(|data| spoken([0x00, 0xE2, 0x00, 0x00], bytes_part(data), None)),
    ]
    .boxed()
}

fn proving() -> BoxedStrategy<Spoken> {
    let reference = || select(&REFERENCES[..]);
    let guess = |id: u8| {
        prop_oneof![
            3 => Just(Part::ValueOf(id)),
            2 => select(&VALUES[..]).prop_map(|value| Part::Bytes(value.to_vec())),
        ]
    };
    let new = || select(&VALUES[..]).prop_map(|value| Part::Bytes(value.to_vec()));
    let verify = reference().prop_flat_map(move |p2| {
        let data = prop_oneof![
            8 => guess(p2 & 0x1F).prop_map(|guess| vec![guess]),
            3 => Just(vec![]),
            1 => vec(any::<u8>(), 1..10).prop_map(bytes_part),
        ];
        data.prop_map(move |data| spoken([0x00, 0x20, 0x00, p2], data, None))
    });
    let change = reference().prop_flat_map(move |p2| {
        prop_oneof![
            3 => (guess(p2 & 0x1F), new())
                .prop_map(move |(old, new)| spoken([0x00, 0x24, 0x00, p2], vec![old, new], None)),
            2 => new().prop_map(move |new| spoken([0x00, 0x24, 0x01, p2], vec![new], None)),
            1 => (0_u8..4, vec(any::<u8>(), 0..20))
                .prop_map(move |(p1, data)| spoken([0x00, 0x24, p1, p2], bytes_part(data), None)),
        ]
    });
    let reset = (reference(), guess(0x11), new()).prop_flat_map(|(p2, puk, new)| {
        select(vec![
            spoken([0x00, 0x2C, 0x00, p2], vec![puk.clone(), new.clone()], None),
            spoken([0x00, 0x2C, 0x00, p2], vec![puk.clone(), new.clone()], None),
            spoken([0x00, 0x2C, 0x01, p2], vec![puk], None),
            spoken([0x00, 0x2C, 0x03, p2], vec![], None),
            spoken([0x00, 0x2C, 0x03, p2], vec![new.clone()], None),
            spoken([0x00, 0x2C, 0x02, p2], vec![new], None),
        ])
    });
    let authenticate = select(vec![0x12_u8, 0x92, 0x94, 0x10]).prop_flat_map(|p2| {
        let data = prop_oneof![
            4 => Just(vec![Part::CryptogramOf(p2 & 0x1F)]),
            1 => vec(any::<u8>(), 7..10).prop_map(bytes_part),
        ];
        data.prop_map(move |data| spoken([0x00, 0x82, 0x00, p2], data, None))
    });
    let length = select(vec![
        Some(8_u16),
        Some(8),
        Some(12),
        Some(4),
        Some(32),
        Some(0),
        None,
    ]);
    let challenge = length.prop_map(|le| spoken([0x00, 0x84, 0x00, 0x00], vec![], le));
    prop_oneof![10 => verify, 5 => change, 5 => reset, 4 => authenticate, 5 => challenge].boxed()
}

fn ciphering(model: &Model) -> BoxedStrategy<Spoken> {
    // One that exists more often than one that does not.
    let keys = model.cipher_keys().chain(model.cipher_keys()).chain([0x07]);
    let set = select(keys.collect::<Vec<u8>>()).prop_map(|key| {
        spoken(
            [0x00, 0x22, 0xF1, 0xB8],
            bytes_part(vec![0x83, 0x01, key]),
            None,
        )
    });
    let class = prop_oneof![Just(0x00_u8), Just(0x10)];
    let parameters = select(vec![
        [0x86_u8, 0x80],
        [0x86, 0x80],
        [0x80, 0x86],
        [0x9E, 0x9A],
    ]);
    let data = prop_oneof![
        6 => vec(any::<u8>(), 8),
        2 => vec(any::<u8>(), 16).prop_map(|bytes| [vec![0], bytes].concat()),
        2 => vec(any::<u8>(), 0..10),
        2 => (any::<u8>(), 200_usize..256).prop_map(|(byte, length)| vec![byte; length]),
    ];
    let operation = (class, parameters, data, le()).prop_map(|(class, [p1, p2], data, le)| {
        spoken([class, 0x2A, p1, p2], bytes_part(data), le)
    });
    prop_oneof![3 => set, 10 => operation].boxed()
}

/// Commands that no CNS has, and chains of what is never chained.
fn strange() -> BoxedStrategy<Spoken> {
    let header = select(vec![
        [0x00, 0x88, 0x00, 0x00],
        [0xFF, 0x00, 0x00, 0x00],
        [0x44, 0xA4, 0x00, 0x0C],
        [0x80, 0x20, 0x00, 0x10],
        [0x00, 0x20, 0x01, 0x10],
        [0x00, 0x84, 0x01, 0x00],
        [0x10, 0xA4, 0x00, 0x0C],
        [0x10, 0xB0, 0x00, 0x00],
        [0x10, 0x88, 0x00, 0x00],
    ]);
    (header, le())
        .prop_map(|(header, le)| spoken(header, vec![], le))
        .boxed()
}

fn malformed() -> BoxedStrategy<Vec<u8>> {
    select(vec![
        vec![],
        vec![0x00, 0xA4, 0x00],
        vec![0x00, 0xA4, 0x00, 0x0C, 0x03, 0x3F, 0x00],
        vec![0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00, 0x00, 0x00],
        vec![0x00, 0xD6, 0x00, 0x00, 0x00, 0x00, 0x05, 0x01],
    ])
    .boxed()
}

fn le() -> BoxedStrategy<Option<u16>> {
    prop_oneof![3 => Just(None), 6 => Just(Some(0)), 4 => (1_u16..20).prop_map(Some), 1 => (1_u16..256).prop_map(Some)]
        .boxed()
}

fn spoken(header: [u8; 4], data: Vec<Part>, le: Option<u16>) -> Spoken {
    Spoken {
        header,
        data,
        le,
        extended: false,
    }
}

fn bytes_part(bytes: Vec<u8>) -> Vec<Part> {
    vec![Part::Bytes(bytes)]
}
