//! What is done again and again.

use std::fmt;
use std::str::FromStr;

use cns_apdu::{Command, Le};
use cns_fixtures::{Citizen, KeyPurpose, Profile};

use crate::BenchError;

/// What is done again and again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Operation {
    /// SELECT of the master file, without FCI: the shortest answer.
    Select,
    /// GET CHALLENGE, 8 bytes.
    Challenge,
    /// A signature as OpenSC has it made: MSE RESTORE, MSE SET, PSO DECIPHER.
    Sign,
}

/// Something that answers commands.
pub trait Line: Send {
    /// Sends a command APDU, and puts the response APDU in the place of what `response` held.
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), BenchError>;
}

/// An operation, as the commands that it takes on a certain card.
#[derive(Clone, Debug)]
pub struct Script {
    /// What must be said once, before.
    before: Vec<Vec<u8>>,
    /// What is said each time.
    each: Vec<Vec<u8>>,
    /// How many bytes the last answer has.
    answer_length: usize,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Select, Self::Challenge, Self::Sign];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Challenge => "challenge",
            Self::Sign => "sign",
        }
    }

    /// The commands that it takes on a card of this make and holder. `extended` signs with one
    /// extended command in the place of a chain.
    pub fn script(
        self,
        profile: &Profile,
        citizen: &Citizen,
        extended: bool,
    ) -> Result<Script, BenchError> {
        let one = |command: Command<'_>, answer_length| Script {
            before: Vec::new(),
            each: vec![command.to_bytes()],
            answer_length,
        };
        match self {
            Self::Select => {
                let header = [0x00, 0xA4, 0x00, 0x0C];
                Ok(one(Command::new(header, &[0x3F, 0x00], Le::Absent), 2))
            }
            Self::Challenge => {
                let header = [0x00, 0x84, 0x00, 0x00];
                Ok(one(Command::new(header, &[], Le::exact(8)), 10))
            }
            Self::Sign => signature(profile, citizen, extended),
        }
    }
}

fn signature(profile: &Profile, citizen: &Citizen, extended: bool) -> Result<Script, BenchError> {
    let key = profile.key_for(KeyPurpose::Authentication);
    let key = key.ok_or_else(|| BenchError::operation("this card has no authentication key"))?;
    let mut before = Vec::new();
    if !key.folder.is_empty() {
        let path: Vec<u8> = key.folder.iter().flat_map(|id| id.to_be_bytes()).collect();
        let select = Command::new([0x00, 0xA4, 0x08, 0x0C], &path, Le::Absent);
        before.push(select.to_bytes());
    }
    if let Some(pin) = key.usage {
        let value = padded(citizen.pin.as_str());
        before.push(Command::new([0x00, 0x20, 0x00, pin], &value, Le::Absent).to_bytes());
    }
    let set = [0x83, 0x01, key.id];
    let mut each = vec![
        Command::new([0x00, 0x22, 0xF3, 0x03], &[], Le::Absent).to_bytes(),
        Command::new([0x00, 0x22, 0xF1, 0xB8], &set, Le::Absent).to_bytes(),
    ];
    let length = usize::from(key.size.bits() / 8);
    let data = [&[0x00][..], &block(length)].concat();
    let pso = [0x00, 0x2A, 0x80, 0x86];
    match data.split_at_checked(Command::SHORT_DATA_MAX) {
        Some((first, rest)) if !extended && !rest.is_empty() => {
            let chained = [0x10, 0x2A, 0x80, 0x86];
            each.push(Command::new(chained, first, Le::Absent).to_bytes());
            each.push(Command::new(pso, rest, Le::Maximum).to_bytes());
        }
        _ => each.push(Command::new(pso, &data, Le::Maximum).to_bytes()),
    }
    Ok(Script {
        before,
        each,
        answer_length: length + 2,
    })
}

/// A block as hosts pad it for RSASSA-PKCS1-v1_5 (RFC 8017 §9.2); the hash is of nothing.
pub(crate) fn block(length: usize) -> Vec<u8> {
    const TAIL: usize = 51;
    let filling = length.saturating_sub(TAIL + 3);
    [
        &[0x00, 0x01][..],
        &vec![0xFF; filling],
        &[0x00],
        &[0xA5; TAIL],
    ]
    .concat()
}

fn padded(digits: &str) -> [u8; 8] {
    let mut value = [0xFF; 8];
    for (place, digit) in value.iter_mut().zip(digits.bytes()) {
        *place = digit;
    }
    value
}

impl Script {
    /// Says what must be said once.
    pub fn prepare(&self, line: &mut dyn Line) -> Result<(), BenchError> {
        let mut response = Vec::new();
        for command in &self.before {
            line.transmit(command, &mut response)?;
            expect(&response, 2)?;
        }
        Ok(())
    }

    /// Does it once.
    pub fn run(&self, line: &mut dyn Line, response: &mut Vec<u8>) -> Result<(), BenchError> {
        for command in &self.each {
            line.transmit(command, response)?;
        }
        expect(response, self.answer_length)
    }
}

fn expect(response: &[u8], length: usize) -> Result<(), BenchError> {
    match response.ends_with(&[0x90, 0x00]) && response.len() == length {
        true => Ok(()),
        false => Err(BenchError::operation(format!(
            "the card answered {} bytes that end in {}",
            response.len(),
            cns_apdu::hex::encode(response.last_chunk::<2>().map_or(&[], |sw| sw)),
        ))),
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Operation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|operation| operation.name() == text)
            .ok_or_else(|| format!("`{text}` is no operation: select, challenge, sign"))
    }
}
