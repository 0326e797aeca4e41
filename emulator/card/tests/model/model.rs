//! What the card must be, told once more: what it stores, what it forgets, and how it answers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use cns_card::Dialect;
use openssl::symm::Mode;

use crate::action::Action;
use crate::files::{File, Folder, Path};
use crate::secrets::{At, Secret, Value, triple_des};
use crate::spoken::{Part, Spoken};

pub const WRONG_LENGTH: u16 = 0x6700;
pub const NOT_ALLOWED: u16 = 0x6982;
pub const NO_OBJECT: u16 = 0x6A88;

/// Response data with their status word, or a refusal's status word.
pub type Answer = Result<(Vec<u8>, u16), u16>;

pub fn refused(sw: u16) -> Answer {
    Err(sw)
}

#[derive(Clone)]
pub struct Model {
    pub folders: BTreeMap<Path, Folder>,
    pub files: BTreeMap<Path, File>,
    pub secrets: BTreeMap<At, Secret>,
    /// Triple-DES keys with the condition of their use.
    pub keys: BTreeMap<At, ([u8; 24], u8)>,
    pub dialect: Dialect,
    pub tells_tries: bool,
    pub session: Session,
    /// How many commands there were; the card's random bytes depend on it.
    pub step: u8,
    /// The last command and the response that it must get.
    pub sent: Vec<u8>,
    pub expected: Vec<u8>,
}

/// What reset wipes.
#[derive(Clone, Default)]
pub struct Session {
    pub folder: Path,
    pub file: Option<Path>,
    pub record: Option<usize>,
    pub proven: BTreeSet<At>,
    pub challenge: Option<[u8; 8]>,
    cipher_key: Option<u8>,
    /// Header and data of a chain whose last command has not come.
    chain: Option<([u8; 4], Vec<u8>)>,
    waiting: Vec<u8>,
}

/// A failure shows the sequence from the start, and the start is always the same.
impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the card as it was made")
    }
}

/// The card's random bytes at a step.
pub fn random(step: u8, length: usize) -> Vec<u8> {
    (0..length)
        .map(|place| step.wrapping_mul(59).wrapping_add(place as u8))
        .collect()
}

impl Model {
    pub fn experience(&mut self, action: &Action) {
        self.step = self.step.wrapping_add(1);
        match action {
            Action::Reset | Action::PowerOff | Action::Reload => {
                self.session = Session::default();
            }
            Action::Malformed(bytes) => {
                self.sent.clone_from(bytes);
                self.expected = WRONG_LENGTH.to_be_bytes().to_vec();
            }
            Action::Send(command) => {
                let data = self.spell(command);
                self.sent = command.encode(&data);
                let (mut response, sw) = self
                    .transmit(command, &data)
                    .unwrap_or_else(|sw| (vec![], sw));
                response.extend(sw.to_be_bytes());
                self.expected = response;
            }
        }
    }

    fn transmit(&mut self, command: &Spoken, data: &[u8]) -> Answer {
        let is_extended = command.is_extended(data);
        if is_extended && !self.dialect.extended_length {
            return refused(WRONG_LENGTH);
        }
        let waiting = std::mem::take(&mut self.session.waiting);
        let chain = self.session.chain.take();
        let [class, instruction, p1, p2] = command.header;
        let header = [class & !0x10, instruction, p1, p2];
        let is_chainable = exists(header)?;
        let goes_on = class & 0x10 != 0;
        if goes_on && !(is_chainable && self.dialect.command_chaining) {
            return refused(0x6884);
        }
        let mut data = data.to_vec();
        match chain {
            Some((started, _)) if started != header => return refused(0x6883),
            Some((_, stored)) => data = [stored, data].concat(),
            None => {}
        }
        if data.len() > usize::from(self.dialect.command_data_max) {
            return refused(WRONG_LENGTH);
        }
        if goes_on {
            self.session.chain = Some((header, data));
            return Ok((vec![], 0x9000));
        }
        let wanted = command.le.map(|le| match (le, is_extended) {
            (0, true) => 65_536,
            (0, false) => 256,
            (exact, _) => usize::from(exact),
        });
        let (mut response, sw) = self.perform(header, &data, wanted, waiting)?;
        if response.len() <= wanted.unwrap_or(0) {
            return Ok((response, sw));
        }
        self.session.waiting = response.split_off(wanted.unwrap_or(0));
        let count = self.session.waiting.len();
        Ok((
            response,
            0x6100 + if count < 256 { count as u16 } else { 0 },
        ))
    }

    fn perform(
        &mut self,
        header: [u8; 4],
        data: &[u8],
        wanted: Option<usize>,
        waiting: Vec<u8>,
    ) -> Answer {
        let [_, instruction, p1, p2] = header;
        let only_answers = matches!(instruction, 0x84 | 0xB0 | 0xB2 | 0xC0);
        let only_takes = matches!(instruction, 0x22 | 0x24 | 0x2A | 0x82 | 0xD6 | 0xDC | 0xE2);
        if (only_answers && (!data.is_empty() || wanted.is_none()))
            || (only_takes && data.is_empty())
        {
            return refused(WRONG_LENGTH);
        }
        match instruction {
            0x20 => self.verify(p2, data),
            0x22 => {
                let [0x83, 0x01, key] = *data else {
                    unreachable!("no other templates are sent");
                };
                self.session.cipher_key = Some(key);
                Ok((vec![], 0x9000))
            }
            0x24 => self.change(p1, p2, data),
            0x2A => self.cipher([p1, p2], data),
            0x2C => self.reset_counter(p1, p2, data),
            0x82 => self.authenticate(p2, data),
            0x84 => self.challenge(wanted.unwrap_or(0)),
            0xA4 => self.select(p1, p2, data, wanted.is_some()),
            0xB0 => self.read_binary([p1, p2], wanted.unwrap_or(0)),
            0xB2 => self.read_record(p1, p2),
            0xC0 if waiting.is_empty() => refused(0x6985),
            0xC0 => Ok((waiting, 0x9000)),
            0xD6 => self.update_binary([p1, p2], data),
            0xDC => self.update_record(p1, p2, data),
            0xE2 => self.append_record(data),
            _ => unreachable!("the command exists"),
        }
    }

    fn challenge(&mut self, length: usize) -> Answer {
        if length > usize::from(self.dialect.challenge_max) {
            return refused(WRONG_LENGTH);
        }
        let bytes = random(self.step, length);
        self.session.challenge = bytes.last_chunk().copied();
        Ok((bytes, 0x9000))
    }

    fn cipher(&self, operation: [u8; 2], data: &[u8]) -> Answer {
        // No key is ever set for signatures.
        let id = match operation {
            [0x9E, 0x9A] => None,
            _ => self.session.cipher_key,
        };
        let id = id.ok_or(0x6985_u16)?;
        let folder = &self.session.folder;
        let at = (0..=folder.len())
            .rev()
            .map(|depth| (folder[..depth].to_vec(), id))
            .find(|at| self.keys.contains_key(at));
        let at = at.ok_or(NO_OBJECT)?;
        let (key, condition) = self.keys[&at];
        if !self.is_allowed(condition, &at.0) {
            return refused(NOT_ALLOWED);
        }
        let (mode, blocks) = match (operation, data) {
            ([0x86, 0x80], _) => (Mode::Encrypt, data),
            (_, [0x00 | 0x02 | 0x81, blocks @ ..]) => (Mode::Decrypt, blocks),
            _ => return refused(0x6A80),
        };
        if blocks.is_empty() || blocks.len() % 8 != 0 {
            return refused(WRONG_LENGTH);
        }
        let result = triple_des(mode, &key, blocks);
        match mode {
            Mode::Encrypt => Ok(([vec![0x00], result].concat(), 0x9000)),
            Mode::Decrypt => Ok((result, 0x9000)),
        }
    }

    /// The command's data, with the values that secrets have now.
    fn spell(&self, command: &Spoken) -> Vec<u8> {
        let start = match command.header[3] & 0x80 {
            0 => &[][..],
            _ => &self.session.folder,
        };
        let value = |id: u8| {
            self.find(start, id)
                .map(|at| self.secrets[&at].value.clone())
        };
        command.data.iter().fold(vec![], |mut data, part| {
            match part {
                Part::Bytes(bytes) => data.extend(bytes),
                Part::ValueOf(id) => match value(*id) {
                    Some(Value::Digits(digits) | Value::Transport(digits)) => data.extend(digits),
                    _ => data.extend(b"77777777"),
                },
                Part::CryptogramOf(id) => match (value(*id), self.session.challenge) {
                    (Some(Value::Key(key)), Some(challenge)) => {
                        data.extend(triple_des(Mode::Encrypt, &key, &challenge));
                    }
                    _ => data.extend([0xEE; 8]),
                },
            }
            data
        })
    }
}

/// Whether the command may be chained; a status word when there is no such command.
fn exists([class, instruction, p1, p2]: [u8; 4]) -> Result<bool, u16> {
    if !matches!(class, 0x00 | 0x80) {
        return Err(0x6E00);
    }
    let has_right_parameters = match instruction {
        0x20 | 0x82 => p1 == 0,
        0x22 => p1 == 0xF1,
        0x2A => matches!([p1, p2], [0x80, 0x86] | [0x86, 0x80] | [0x9E, 0x9A]),
        0x84 | 0xC0 | 0xE2 => [p1, p2] == [0, 0],
        0x24 | 0x2C | 0xA4 | 0xB0 | 0xB2 | 0xD6 | 0xDC => true,
        _ => return Err(0x6D00),
    };
    match (class, has_right_parameters) {
        (0x00, true) => Ok(instruction == 0x2A),
        (0x00, false) => Err(0x6A86),
        _ => Err(0x6E00),
    }
}
