//! How much goes through a reader.
//!
//! ```text
//! short       4 + 1 + 255 + 1 bytes    256 + 2 back
//! extended    4 + 3 + 65,535 + 2       65,536 + 2 back
//! ```
//! What does not go through is refused; nothing is ever cut off, and the next command is answered. The
//! longest are tried with the suite's own card only: some readers lose the card.

use cns_apdu::{Command, Le};
use pcsc::{Error, MAX_BUFFER_SIZE_EXTENDED};

use super::{answers, looks, pcsc_lite};
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Source, read};
use crate::reader_stage::{Client, SELECT_MASTER_FILE, TestReader};
use crate::state::State;

const TRANSMIT: Source = pcsc_lite("SCardTransmit");
const EXTENDED: Source = read(Document::Iso7816Part4, "5.2 extended length fields");

/// SCardTransmit of what the reader cannot carry.
const TOO_MUCH: &[Error] = &[
    Error::InsufficientBuffer,
    Error::InvalidParameter,
    Error::NotTransacted,
    Error::CommError,
];

/// An instruction that no card has: its answer is short, whatever the length of the command.
const UNKNOWN: [u8; 4] = [0x00, 0xFE, 0x00, 0x00];

/// More than a short response.
const LONG_RESPONSE: u16 = 600;

pub(super) const CASES: &[Case<TestReader>] = &[
    looks(
        "pcsc.length.short",
        "A command with 255 bytes of data reaches the card, and is answered.",
        &[TRANSMIT],
        |reader| is_carried(&reader.connected()?, 255),
    ),
    Case {
        id: "pcsc.length.extended",
        requirement: "A command with 600 bytes of data reaches the card, and is answered.",
        sources: &[EXTENDED, TRANSMIT],
        level: Level::Should,
        needs: &[Needs::ExtendedLength],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| is_carried(&reader.connected()?, 600),
    },
    Case {
        id: "pcsc.length.extended-response",
        requirement: "A response of 600 bytes comes whole.",
        sources: &[EXTENDED, TRANSMIT],
        level: Level::Should,
        needs: &[
            Needs::ExtendedLength,
            Needs::File(cns_fixtures::Source::Certificate),
        ],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| {
            let client = reader.connected()?;
            reader.select(&client, cns_fixtures::Source::Certificate)?;
            let read = Command::new([0x00, 0xB0, 0x00, 0x00], &[], Le::exact(LONG_RESPONSE));
            let heard = crate::reader_stage::say(&client, &read.to_bytes())?;
            match heard.data.len() == usize::from(LONG_RESPONSE) {
                true => Ok(()),
                false => Err(Stop::fail(
                    format!("{LONG_RESPONSE} bytes"),
                    format!("{} bytes, {:04X}", heard.data.len(), heard.sw.0),
                )),
            }
        },
    },
    Case {
        id: "pcsc.length.nearly-64-kib",
        requirement: "The longest command but for the last bytes, 65,500 of data, reaches the card, or \
                      is refused as too much; the next one is answered.",
        sources: &[EXTENDED, TRANSMIT],
        level: Level::Should,
        needs: &[Needs::ExtendedLength, Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| is_carried_or_refused(reader, 65_500),
    },
    Case {
        id: "pcsc.length.64-kib",
        requirement: "The longest command, 65,535 bytes of data, reaches the card, or is refused as too \
                      much; the next one is answered.",
        sources: &[EXTENDED, TRANSMIT],
        level: Level::Should,
        needs: &[Needs::ExtendedLength, Needs::OwnCard],
        state: State::Issued,
        effect: Effect::Reads,
        run: |reader| is_carried_or_refused(reader, 65_535),
    },
    looks(
        "pcsc.length.longer-than-any",
        "What is longer than any command is refused, and the connection lives on.",
        &[TRANSMIT],
        |reader| {
            let client = reader.connected()?;
            let command = vec![0x00; MAX_BUFFER_SIZE_EXTENDED + 1];
            client.transmit(&command)?.refused_with(TOO_MUCH)?;
            answers(&client)
        },
    ),
    looks(
        "pcsc.length.no-room-for-the-response",
        "A response that does not fit into the client's buffer is refused with \
         SCARD_E_INSUFFICIENT_BUFFER.",
        &[TRANSMIT],
        |reader| {
            let client = reader.connected()?;
            let sent = client.transmit_into(&SELECT_MASTER_FILE, 1)?;
            sent.refused_with(&[Error::InsufficientBuffer])?;
            answers(&client)
        },
    ),
];

/// A command with so many bytes of data, which the card does not know.
fn command(length: usize) -> Vec<u8> {
    Command::new(UNKNOWN, &vec![0x5A; length], Le::Absent).to_bytes()
}

fn is_carried(client: &Client, length: usize) -> Verdict {
    crate::reader_stage::say(client, &command(length)).map(drop)?;
    answers(client)
}

fn is_carried_or_refused(reader: &TestReader, length: usize) -> Verdict {
    let client = reader.connected()?;
    match client.transmit(&command(length))?.result() {
        Ok(response) if response.len() == 2 => {}
        Ok(response) => {
            let seen = format!("{} bytes", response.len());
            return Err(Stop::fail("a status word, or a refusal", seen));
        }
        Err(error) if TOO_MUCH.contains(&error) => {}
        Err(error) => {
            return Err(Stop::fail(
                "a status word, or a refusal as too much",
                error.to_string(),
            ));
        }
    }
    answers(&client)
}
