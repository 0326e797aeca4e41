//! What the clients of PC/SC cases say to a card: as little as shows whether it has forgotten.
//!
//! What a reset forgets is told without a PIN by the current file, and with one by the right that it
//! gives.

use cns_apdu::{Command, Le, Response, Sw, hex};
use cns_fixtures::{Secret, Source};

use super::{Client, TestReader};
use crate::case::{Stop, Verdict};
use crate::test_card::{padded, tries_told_by};

/// SELECT of the master file, without FCI.
pub(crate) const SELECT_MASTER_FILE: [u8; 7] = [0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00];

/// READ BINARY of one byte of the current file.
const READ_BYTE: [u8; 5] = [0x00, 0xB0, 0x00, 0x00, 0x01];

impl TestReader {
    /// Selects a file that anybody may read.
    pub(crate) fn select_file(&self, client: &Client) -> Verdict {
        self.select(client, Source::PersonalData)
    }

    /// Selects the file with this in it.
    pub(crate) fn select(&self, client: &Client, source: Source) -> Verdict {
        let path = self.subject.profile.path_of(source);
        let path = path
            .ok_or_else(|| Stop::skip(format!("the card has no file with {}", source.words())))?;
        let bytes: Vec<u8> = path.iter().flat_map(|id| id.to_be_bytes()).collect();
        let select = Command::new([0x00, 0xA4, 0x08, 0x0C], &bytes, Le::Absent);
        say(client, &select.to_bytes())?.is(&[Sw::OK])
    }

    /// The file is still selected.
    pub(crate) fn has_kept_file(&self, client: &Client) -> Verdict {
        say(client, &READ_BYTE)?.is(&[Sw::OK])
    }

    /// No file is selected any more.
    pub(crate) fn has_forgotten_file(&self, client: &Client) -> Verdict {
        say(client, &READ_BYTE)?.is(&[Sw::NO_CURRENT_FILE])
    }

    /// Presents the right PIN.
    pub(crate) fn present_pin(&self, client: &Client) -> Verdict {
        let pin = self.subject.pin.as_ref();
        let pin = pin.ok_or_else(|| Stop::skip("the PIN of this card is not known"))?;
        let p2 = self.p2_of_pin(client)?;
        let value = padded(pin.as_str());
        let verify = Command::new([0x00, 0x20, 0x00, p2], &value, Le::Absent);
        say(client, &verify.to_bytes())?.is(&[Sw::OK])
    }

    /// The right that the PIN gives is still there.
    pub(crate) fn has_kept_right(&self, client: &Client) -> Verdict {
        self.ask_pin(client)?.is(&[Sw::OK])
    }

    /// The right that the PIN gives is gone: the card asks for it again, with the tries left.
    pub(crate) fn has_lost_right(&self, client: &Client) -> Verdict {
        let answer = self.ask_pin(client)?;
        match answer.sw {
            Sw(0x6300 | 0x63C1..=0x63CF) => Ok(()),
            sw => Err(Stop::fail(
                "63Cx: the PIN is asked for",
                format!("{:04X}", sw.0),
            )),
        }
    }

    /// How many wrong PINs the card would still take, if it tells.
    pub(super) fn tries_left_for(&self, client: &Client) -> Result<Option<u8>, Stop> {
        Ok(tries_told_by(self.ask_pin(client)?.sw))
    }

    fn ask_pin(&self, client: &Client) -> Result<Heard, Stop> {
        let p2 = self.p2_of_pin(client)?;
        let ask = Command::new([0x00, 0x20, 0x00, p2], &[], Le::Absent);
        say(client, &ask.to_bytes())
    }

    /// P2 of VERIFY. The folder that the PIN belongs to is selected, if it is not the master file's.
    fn p2_of_pin(&self, client: &Client) -> Result<u8, Stop> {
        let place = self.subject.profile.place_of(Secret::Pin);
        let place = place.ok_or_else(|| Stop::skip("no PIN"))?;
        if place.folder.is_empty() {
            return Ok(place.id);
        }
        let bytes: Vec<u8> = place
            .folder
            .iter()
            .flat_map(|id| id.to_be_bytes())
            .collect();
        let select = Command::new([0x00, 0xA4, 0x08, 0x0C], &bytes, Le::Absent);
        say(client, &select.to_bytes())?.is(&[Sw::OK])?;
        Ok(place.id | 0x80)
    }
}

/// A response to a client.
pub(crate) struct Heard {
    pub(crate) data: Vec<u8>,
    pub(crate) sw: Sw,
}

/// Sends a command that reaches the card, and takes its response apart.
pub(crate) fn say(client: &Client, command: &[u8]) -> Result<Heard, Stop> {
    let response = client.transmit(command)?.ok()?;
    match Response::parse(&response) {
        Some(Response { data, sw }) => Ok(Heard {
            data: data.to_vec(),
            sw,
        }),
        None => Err(Stop::fail(
            "a response with a status word",
            hex::encode(&response),
        )),
    }
}

impl Heard {
    pub(crate) fn is(self, expected: &[Sw]) -> Verdict {
        match expected.contains(&self.sw) {
            true => Ok(()),
            false => {
                let words: Vec<String> =
                    expected.iter().map(|sw| format!("{:04X}", sw.0)).collect();
                let seen = format!("{:04X}", self.sw.0);
                Err(Stop::fail(words.join(" or "), seen))
            }
        }
    }
}
