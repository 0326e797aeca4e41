//! What is done again and again.

use std::fmt;
use std::str::FromStr;

use cns_apdu::{Command, Le};
use cns_conformance::TlsVersion;
use cns_fixtures::{KeyPurpose, KeySize, Profile};
use serde::{Deserialize, Serialize};

use crate::BenchError;

/// What is done again and again.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum Operation {
    /// SELECT of the master file, without FCI: the shortest answer.
    Select,
    /// GET CHALLENGE, 8 bytes.
    Challenge,
    /// A signature as OpenSC has it made: MSE RESTORE, MSE SET, PSO DECIPHER.
    Sign,
    /// A login at a portal: a TLS handshake in which the card signs, a request, its answer.
    Login(TlsVersion),
}

/// Something that answers commands.
pub trait Line: Send {
    /// Sends a command APDU, and puts the response APDU in the place of what `response` held.
    fn transmit(&mut self, command: &[u8], response: &mut Vec<u8>) -> Result<(), BenchError>;
}

/// An operation, as the commands that it takes on a certain card.
#[derive(Clone, Debug)]
pub struct Script {
    /// What is said each time.
    each: Vec<Vec<u8>>,
    /// How many bytes the last answer has.
    answer_length: usize,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Select,
        Self::Challenge,
        Self::Sign,
        Self::Login(TlsVersion::Tls12),
        Self::Login(TlsVersion::Tls13),
    ];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Challenge => "challenge",
            Self::Sign => "sign",
            Self::Login(TlsVersion::Tls12) => "login-1.2",
            Self::Login(TlsVersion::Tls13) => "login-1.3",
        }
    }

    /// Whether the card's key is used, so that its PIN is needed.
    #[must_use]
    pub const fn signs(self) -> bool {
        matches!(self, Self::Sign | Self::Login(_))
    }
}

impl Script {
    /// SELECT of the master file.
    #[must_use]
    pub fn select() -> Self {
        Self::one(select(&[]), 2)
    }

    /// GET CHALLENGE of 8 bytes.
    #[must_use]
    pub fn challenge() -> Self {
        let command = Command::new([0x00, 0x84, 0x00, 0x00], &[], Le::exact(8));
        Self::one(command.to_bytes(), 10)
    }

    fn one(command: Vec<u8>, answer_length: usize) -> Self {
        Self {
            each: vec![command],
            answer_length,
        }
    }
}

/// The authentication key of a card, as commands reach it.
#[derive(Clone, Debug)]
pub struct CardKey {
    /// SELECT of its folder.
    select: Vec<u8>,
    /// The PIN that must be proven.
    pin: Option<u8>,
    id: u8,
    size: KeySize,
    /// Whether one extended command signs in the place of a chain.
    extended: bool,
}

impl CardKey {
    /// The one of cards of this make. `extended` signs with one extended command in the place of a
    /// chain.
    pub fn of(profile: &Profile, extended: bool) -> Result<Self, BenchError> {
        let key = profile.key_for(KeyPurpose::Authentication);
        let key =
            key.ok_or_else(|| BenchError::operation("this card has no authentication key"))?;
        Ok(Self {
            select: select(&key.folder),
            pin: key.usage,
            id: key.id,
            size: key.size,
            extended,
        })
    }

    /// The length of its modulus, in bytes.
    #[must_use]
    pub fn length(&self) -> usize {
        usize::from(self.size.bits() / 8)
    }

    /// What asks how many tries of the PIN are left, in the folder that `select` leads to.
    pub(crate) fn tries_left(&self) -> Option<Vec<u8>> {
        let pin = self.pin?;
        Some(Command::new([0x00, 0x20, 0x00, pin], &[], Le::Absent).to_bytes())
    }

    /// What leads to the key's folder.
    pub(crate) fn select(&self) -> &[u8] {
        &self.select
    }

    /// Proves the PIN of a card of our own.
    pub fn unlock(&self, line: &mut dyn Line, pin: &str) -> Result<(), BenchError> {
        let mut response = Vec::new();
        for command in [Some(self.select.clone()), self.verify(pin)]
            .iter()
            .flatten()
        {
            line.transmit(command, &mut response)?;
            expect(&response, 2)?;
        }
        Ok(())
    }

    /// VERIFY, if a PIN must be proven.
    pub(crate) fn verify(&self, pin: &str) -> Option<Vec<u8>> {
        let reference = self.pin?;
        let value = padded(pin);
        Some(Command::new([0x00, 0x20, 0x00, reference], &value, Le::Absent).to_bytes())
    }

    /// A signature as OpenSC has it made: MSE RESTORE, MSE SET, PSO DECIPHER of a block behind its
    /// padding indicator 00.
    #[must_use]
    pub fn signature(&self, block: &[u8]) -> Script {
        const PSO: [u8; 4] = [0x00, 0x2A, 0x80, 0x86];
        let set = [0x83, 0x01, self.id];
        let mut each = vec![
            Command::new([0x00, 0x22, 0xF3, 0x03], &[], Le::Absent).to_bytes(),
            Command::new([0x00, 0x22, 0xF1, 0xB8], &set, Le::Absent).to_bytes(),
        ];
        let data = [&[0x00][..], block].concat();
        match data.split_at_checked(Command::SHORT_DATA_MAX) {
            Some((first, rest)) if !self.extended && !rest.is_empty() => {
                let chained = [0x10, 0x2A, 0x80, 0x86];
                each.push(Command::new(chained, first, Le::Absent).to_bytes());
                each.push(Command::new(PSO, rest, Le::Maximum).to_bytes());
            }
            _ => each.push(Command::new(PSO, &data, Le::Maximum).to_bytes()),
        }
        Script {
            each,
            answer_length: self.length() + 2,
        }
    }
}

/// SELECT of the file with these identifiers below the master file, without FCI.
pub(crate) fn select(identifiers: &[u16]) -> Vec<u8> {
    let path: Vec<u8> = identifiers.iter().flat_map(|id| id.to_be_bytes()).collect();
    match path.is_empty() {
        true => Command::new([0x00, 0xA4, 0x00, 0x0C], &[0x3F, 0x00], Le::Absent),
        false => Command::new([0x00, 0xA4, 0x08, 0x0C], &path, Le::Absent),
    }
    .to_bytes()
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
            .ok_or_else(|| {
                let names = Self::ALL.map(Self::name).join(", ");
                format!("`{text}` is no operation\nhint: {names}")
            })
    }
}

impl TryFrom<String> for Operation {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Operation> for String {
    fn from(operation: Operation) -> Self {
        operation.name().to_owned()
    }
}
