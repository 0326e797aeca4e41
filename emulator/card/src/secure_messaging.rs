//! Secure messaging: commands and responses enciphered and signed with keys of the card.
//!
//! **This format is a reconstruction.** What is known for certain: each object says, byte by byte,
//! which key secures its use (tag 8B, 16 bytes; tag CB of a file, 24 bytes; FF is none); a secured
//! command has class XC; a command's MAC covers a block of the card's challenge and the header, and
//! then the data; a response's MAC uses the host's number from GIVE RANDOM; a response is enciphered as
//! `87 L 01 cryptogram`; status words travel in clear. The tag of the MAC, the padding of the header
//! block and the order of a file's 24 bytes are guesses, so no shipped profile switches this on, and
//! everything that is a guess stands in this file.
//!
//! ```text
//! command   [87 L 01 cryptogram | data] [8E 08 MAC]     MAC over: challenge (8) CLA INS P1 P2 80 00 00 00
//! response  [87 L 01 cryptogram | data] [8E 08 MAC]     then the part before 8E; the host's number in
//!                                                       the place of the challenge
//! ```
//! Triple DES in CBC mode from zeros, padded by ISO/IEC 9797-1 method 2; retail MAC.

use cns_apdu::tlv::{self, Tag, Tlv};
use cns_apdu::{Command, Le, Sw};

use crate::command::Execution;
use crate::crypto::{BLOCK, TripleDesKey};
use crate::file::path::Path;
use crate::image::{CardImage, ObjectAt};
use crate::key::KeyMaterial;

/// The messaging conditions of a PIN, PUK or key (tag 8B): identifiers of keys, FF for none.
///
/// ```text
/// 1, 2 enciphered, signed: use   3, 4 change   5, 6 unblock   7..14 FF   15, 16 use, the response
/// ```
/// Source: CIE functional specification 2.0 p. 35.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ObjectMessaging(pub [u8; 16]);

/// The messaging conditions of a file (tag CB). Inferred: pairs of enciphered and signed in the order
/// of the access bytes, READ's for the response and the others' for the command; the rest FF.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FileMessaging(pub [u8; 24]);

/// What a command is done to, as far as messaging conditions go.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Guarded {
    /// Something without messaging conditions.
    Nothing,
    /// Reading the current file.
    Read,
    /// Writing the current file.
    Update,
    /// Adding to the current file.
    Append,
    /// Proving the PIN, PUK or key that P2 names.
    Proof,
    /// Changing it.
    Change,
    /// Changing the key that P1 and P2 name (CHANGE KEY DATA).
    KeyChange,
    /// Unblocking it.
    Unblock,
    /// Using the key that deciphers.
    DecipherKey,
    /// Using the key that signs.
    SignatureKey,
}

/// The keys that secure one command and its response.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys {
    enciphers_command: Option<TripleDesKey>,
    signs_command: Option<TripleDesKey>,
    enciphers_response: Option<TripleDesKey>,
    signs_response: Option<TripleDesKey>,
}

const CRYPTOGRAM: Tag = Tag(0x87);
const MAC: Tag = Tag(0x8E);

/// The first byte of a cryptogram's value: padded by method 2.
const PADDED: u8 = 0x01;

/// The length of the MAC's data object, in bytes.
const MAC_LENGTH: usize = 2 + BLOCK;

impl ObjectMessaging {
    /// No messaging conditions.
    pub const NONE: Self = Self([0xFF; 16]);
}

impl FileMessaging {
    /// No messaging conditions.
    pub const NONE: Self = Self([0xFF; 24]);
}

impl Keys {
    /// The keys that a command needs, by what it is done to; 6987 when a key is not on the card.
    pub(crate) fn for_command(
        guarded: Guarded,
        execution: &Execution<'_>,
        command: &Command<'_>,
    ) -> Result<Self, Sw> {
        let image = execution.image();
        let session = &execution.session;
        let file = |place: usize| {
            let path = session.file?;
            let bytes = image.elementary_file(path)?.messaging().0;
            let pair = bytes.as_chunks::<2>().0.get(place).copied()?;
            Some((path.parent().unwrap_or(Path::MASTER_FILE), pair))
        };
        let reference = |place: usize| {
            let object = execution.referenced(command.p2).ok()?;
            let bytes = image.reference_data(object).ok()?.messaging().0;
            Some((object.folder, bytes, place))
        };
        let key = |id: Option<u8>| {
            let object: ObjectAt = image.find_key(session.folder, id?)?;
            Some((object.folder, image.key(object).ok()?.messaging.0, 0))
        };
        let object = match guarded {
            Guarded::Nothing => None,
            Guarded::Read => {
                let Some((folder, pair)) = file(0) else {
                    return Ok(Self::default());
                };
                return Self::look_up(image, folder, [0xFF; 2], pair);
            }
            Guarded::Update | Guarded::Append => {
                let place = if guarded == Guarded::Update { 1 } else { 2 };
                let Some((folder, pair)) = file(place) else {
                    return Ok(Self::default());
                };
                return Self::look_up(image, folder, pair, [0xFF; 2]);
            }
            Guarded::Proof => reference(0),
            Guarded::Change => reference(1),
            // Class 00 is a key that proves, any other one that works.
            Guarded::KeyChange if command.p1 == 0x00 => reference(1),
            Guarded::KeyChange => execution
                .referenced_key(command.p2)
                .ok()
                .and_then(|object| Some((object.folder, image.key(object).ok()?.messaging.0, 1))),
            Guarded::Unblock => reference(2),
            Guarded::DecipherKey => key(session.environment.decipher_key),
            Guarded::SignatureKey => key(session.environment.signature_key),
        };
        let Some((folder, bytes, place)) = object else {
            return Ok(Self::default());
        };
        let pairs = bytes.as_chunks::<2>().0;
        let pair = |place: usize| pairs.get(place).copied().unwrap_or([0xFF; 2]);
        let response = if place == 0 { pair(7) } else { [0xFF; 2] };
        Self::look_up(image, folder, pair(place), response)
    }

    fn look_up(
        image: &CardImage,
        folder: Path,
        [enciphers_command, signs_command]: [u8; 2],
        [enciphers_response, signs_response]: [u8; 2],
    ) -> Result<Self, Sw> {
        let key = |id: u8| match id {
            0xFF => Ok(None),
            id => match image.find_key(folder, id).and_then(|at| image.key(at).ok()) {
                Some(key) => match &key.material {
                    KeyMaterial::TripleDes(key) => Ok(Some(key.clone())),
                    KeyMaterial::Rsa(_) | KeyMaterial::RsaPart(_) | KeyMaterial::Absent { .. } => {
                        Err(Sw::MESSAGING_OBJECT_MISSING)
                    }
                },
                None => Err(Sw::MESSAGING_OBJECT_MISSING),
            },
        };
        Ok(Self {
            enciphers_command: key(enciphers_command)?,
            signs_command: key(signs_command)?,
            enciphers_response: key(enciphers_response)?,
            signs_response: key(signs_response)?,
        })
    }

    /// Whether nothing is secured.
    pub(crate) fn is_empty(&self) -> bool {
        let Self {
            enciphers_command,
            signs_command,
            enciphers_response,
            signs_response,
        } = self;
        [
            enciphers_command,
            signs_command,
            enciphers_response,
            signs_response,
        ]
        .iter()
        .all(|key| key.is_none())
    }

    /// Checks the MAC of a command and deciphers its data.
    pub(crate) fn open(
        &self,
        command: &Command<'_>,
        challenge: &mut Option<[u8; BLOCK]>,
    ) -> Result<Vec<u8>, Sw> {
        let mut body = command.data;
        if let Some(key) = &self.signs_command {
            let challenge = challenge.take().ok_or(Sw::CONDITIONS_NOT_SATISFIED)?;
            let end = body
                .len()
                .checked_sub(MAC_LENGTH)
                .ok_or(Sw::MESSAGING_OBJECT_MISSING)?;
            let (covered, object) = body.split_at(end);
            let mac = tlv::find(object, MAC).ok_or(Sw::MESSAGING_OBJECT_MISSING)?;
            if !key.verifies(&signed(challenge, command, covered), mac) {
                return Err(Sw::MESSAGING_OBJECT_WRONG);
            }
            body = covered;
        }
        match &self.enciphers_command {
            Some(key) if !body.is_empty() => {
                let (object, rest) = Tlv::read(body).map_err(|_| Sw::MESSAGING_OBJECT_MISSING)?;
                let (CRYPTOGRAM, [PADDED, cryptogram @ ..], []) = (object.tag, object.value, rest)
                else {
                    return Err(Sw::MESSAGING_OBJECT_MISSING);
                };
                key.decipher_padded(cryptogram)
                    .ok_or(Sw::MESSAGING_OBJECT_WRONG)
            }
            Some(_) | None => Ok(body.to_vec()),
        }
    }

    /// How much the card may answer, so that the secured response fits the Le of the command.
    pub(crate) fn plain_le(&self, command: &Command<'_>) -> Le {
        let Some(most) = command.expected_max() else {
            return Le::Absent;
        };
        let mac = if self.signs_response.is_some() {
            MAC_LENGTH
        } else {
            0
        };
        let mut plain = most.saturating_sub(mac);
        if self.enciphers_response.is_some() {
            let room = plain;
            plain = (room / BLOCK * BLOCK).saturating_sub(1);
            while plain > 0 && cryptogram_length(plain) > room {
                plain = plain.saturating_sub(BLOCK);
            }
        }
        Le::exact(u16::try_from(plain).unwrap_or(u16::MAX))
    }

    /// Enciphers and signs the data of a response.
    pub(crate) fn seal(
        &self,
        command: &Command<'_>,
        host_random: &mut Option<[u8; BLOCK]>,
        reply: &mut Vec<u8>,
    ) -> Result<(), Sw> {
        if let Some(key) = &self.enciphers_response
            && !reply.is_empty()
        {
            let value = [&[PADDED][..], &key.encipher_padded(reply)].concat();
            reply.clear();
            tlv::write(reply, CRYPTOGRAM, &value);
        }
        if let Some(key) = &self.signs_response {
            let number = host_random.take().ok_or(Sw::CONDITIONS_NOT_SATISFIED)?;
            let mac = key.mac(&signed(number, command, reply));
            tlv::write(reply, MAC, &mac);
        }
        Ok(())
    }
}

/// What a MAC covers: the header block, then the data.
fn signed(number: [u8; BLOCK], command: &Command<'_>, data: &[u8]) -> Vec<u8> {
    [&number[..], &command.header(), &[0x80, 0, 0, 0], data].concat()
}

/// The length of a cryptogram's data object for so many bytes.
fn cryptogram_length(plain: usize) -> usize {
    let value = 1 + (plain / BLOCK + 1) * BLOCK;
    match value {
        0x00..=0x7F => 2 + value,
        0x80..=0xFF => 3 + value,
        _ => 4 + value,
    }
}
