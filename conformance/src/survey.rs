//! What a card shows to everybody: the walk through its public files.
//!
//! It selects and reads, and nothing else: no command that writes, none with a PIN in it, none that
//! could cost a try. A survey of a real card is safe.

use cns_apdu::tlv::{self, Tag};
use cns_apdu::{Command, Le, Response, Sw, hex, names};

use crate::pcsc::{PcscCard, PcscCardError};

/// What was said to a card, and what it answered.
pub struct Survey {
    /// The answer to reset.
    pub atr: Vec<u8>,
    /// Commands and responses, in order.
    pub exchanges: Vec<(Vec<u8>, Vec<u8>)>,
}

/// The most that one READ BINARY asks for, in bytes: what every reader and card can carry.
const READ_MAX: u16 = 0xFF;

/// The largest file that is read, in bytes: offsets have 15 bits.
const FILE_MAX: u16 = 0x7FFF;

/// The most records that are read of a file.
const RECORDS_MAX: u8 = 0xFE;

impl Survey {
    /// Walks through the files that a CNS is known to have. `progress` is told of each, with its
    /// place and how many there are.
    pub fn of(
        card: &mut PcscCard,
        mut progress: impl FnMut(usize, usize, &str),
    ) -> Result<Self, PcscCardError> {
        let mut survey = Self {
            atr: card.atr().to_vec(),
            exchanges: Vec::new(),
        };
        let files = names::files();
        for (place, file) in files.iter().enumerate() {
            progress(place, files.len(), file.name);
            survey.file(card, file.path)?;
        }
        Ok(survey)
    }

    /// What was said, as a log that `cns_fixtures::import` reads.
    pub fn to_log(&self) -> String {
        let atr: Vec<String> = self.atr.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut log = format!("ATR     : {}\n", atr.join(":"));
        for (command, response) in &self.exchanges {
            log.push_str(&format!(
                "> {}\n< {}\n",
                hex::encode(command),
                hex::encode(response)
            ));
        }
        log
    }

    fn file(&mut self, card: &mut PcscCard, path: &[u16]) -> Result<(), PcscCardError> {
        let path: Vec<u8> = path.iter().flat_map(|id| id.to_be_bytes()).collect();
        let select = match path.is_empty() {
            true => Command::new([0x00, 0xA4, 0x00, 0x00], &[0x3F, 0x00], Le::Maximum),
            false => Command::new([0x00, 0xA4, 0x08, 0x00], &path, Le::Maximum),
        };
        let fci = self.send(card, &select)?;
        let Some(fci) = Response::parse(&fci).filter(|response| response.sw.is_success()) else {
            return Ok(());
        };
        let template = tlv::find(fci.data, Tag(0x6F)).or_else(|| tlv::find(fci.data, Tag(0x62)));
        let template = template.unwrap_or_default();
        let kind = tlv::find(template, Tag(0x82))
            .and_then(<[u8]>::first)
            .copied();
        let size = tlv::find(template, Tag(0x80))
            .and_then(|size| Some(u16::from_be_bytes(size.try_into().ok()?)));
        match (kind, size) {
            (Some(0x01), Some(size)) => self.transparent(card, size.min(FILE_MAX)),
            (Some(0x02 | 0x05 | 0x06), _) => self.records(card),
            _ => Ok(()),
        }
    }

    fn transparent(&mut self, card: &mut PcscCard, size: u16) -> Result<(), PcscCardError> {
        let mut offset = 0;
        while offset < size {
            let [high, low] = u16::to_be_bytes(offset);
            let length = (size - offset).min(READ_MAX);
            let read = Command::new([0x00, 0xB0, high, low], &[], Le::exact(length));
            let answer = self.send(card, &read)?;
            match Response::parse(&answer) {
                Some(Response { data, sw: Sw::OK }) if !data.is_empty() => offset += length,
                _ => return Ok(()),
            }
        }
        Ok(())
    }

    fn records(&mut self, card: &mut PcscCard) -> Result<(), PcscCardError> {
        for number in 1..=RECORDS_MAX {
            let read = Command::new([0x00, 0xB2, number, 0x04], &[], Le::Maximum);
            let answer = self.send(card, &read)?;
            if !Response::parse(&answer).is_some_and(|response| response.sw.is_success()) {
                return Ok(());
            }
        }
        Ok(())
    }

    fn send(
        &mut self,
        card: &mut PcscCard,
        command: &Command<'_>,
    ) -> Result<Vec<u8>, PcscCardError> {
        let command = command.to_bytes();
        let response = card.transmit(&command)?;
        self.exchanges.push((command, response.clone()));
        Ok(response)
    }
}
