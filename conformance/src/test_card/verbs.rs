//! What cases say often: select, read, verify.

use cns_apdu::{Command, Le, Sw};
use cns_card::WrongReference;
use cns_fixtures::{KeyPlace, KeyPurpose, ReferencePlace, Secret, Source};

use super::{Answer, TestCard};
use crate::case::Stop;

/// The length of a PIN or PUK as it travels, in bytes.
const STORED_LENGTH: usize = 8;

impl TestCard {
    /// SELECT by the path from the master file, with FCI.
    pub fn select(&mut self, path: &[u16]) -> Result<Answer, Stop> {
        self.select_with(path, 0x00, Le::Maximum)
    }

    /// SELECT by the path from the master file, without FCI.
    pub fn select_quietly(&mut self, path: &[u16]) -> Result<Answer, Stop> {
        self.select_with(path, 0x0C, Le::Absent)
    }

    fn select_with(&mut self, path: &[u16], p2: u8, le: Le) -> Result<Answer, Stop> {
        let bytes: Vec<u8> = path.iter().flat_map(|id| id.to_be_bytes()).collect();
        let command = match path.is_empty() {
            true => Command::new([0x00, 0xA4, 0x00, p2], &[0x3F, 0x00], le),
            false => Command::new([0x00, 0xA4, 0x08, p2], &bytes, le),
        };
        self.send_command(&command)
    }

    /// The path of the file with this in it, below the master file.
    pub fn path_of(&self, source: Source) -> Result<Vec<u16>, Stop> {
        self.subject
            .profile
            .path_of(source)
            .ok_or_else(|| Stop::skip(format!("the card has no file with {}", source.words())))
    }

    /// Selects the file with this in it and reads all of it, up to 32 KiB.
    pub fn read_file(&mut self, source: Source) -> Result<Vec<u8>, Stop> {
        let path = self.path_of(source)?;
        self.select_quietly(&path)?.is_ok()?;
        self.read_current_file()
    }

    /// Reads all of the current transparent file.
    pub fn read_current_file(&mut self) -> Result<Vec<u8>, Stop> {
        const CHUNK: u16 = 0xF0;
        const END_MAX: u16 = 0x7F00;
        let mut bytes = Vec::new();
        for offset in (0..END_MAX).step_by(usize::from(CHUNK)) {
            let [high, low] = offset.to_be_bytes();
            let read = Command::new([0x00, 0xB0, high, low], &[], Le::exact(CHUNK));
            let answer = self.send_command(&read)?;
            if answer.sw == Sw::WRONG_OFFSET {
                break;
            }
            let answer = answer.is_one_of(&[Sw::OK, Sw::END_OF_FILE])?;
            bytes.extend_from_slice(&answer.data);
            if answer.data.len() < usize::from(CHUNK) {
                break;
            }
        }
        Ok(bytes)
    }

    /// READ BINARY of the current file.
    pub fn read_binary(&mut self, offset: u16, length: u16) -> Result<Answer, Stop> {
        let [high, low] = offset.to_be_bytes();
        self.send_command(&Command::new(
            [0x00, 0xB0, high, low],
            &[],
            Le::exact(length),
        ))
    }

    /// Where the PIN or PUK stands. The folder that it belongs to is selected, if it is not the
    /// master file's.
    pub fn reference(&mut self, secret: Secret) -> Result<ReferencePlace, Stop> {
        let place = self.subject.profile.place_of(secret);
        let place = place.ok_or_else(|| Stop::skip(format!("no {}", secret.words())))?;
        if !place.folder.is_empty() {
            let folder = place.folder.clone();
            self.select_quietly(&folder)?.is_ok()?;
        }
        Ok(place)
    }

    /// P2 of VERIFY and its kin for this PIN or PUK: with bit 8 when it belongs to a folder.
    pub fn p2_of(&mut self, secret: Secret) -> Result<u8, Stop> {
        let place = self.reference(secret)?;
        Ok(match place.folder.is_empty() {
            true => place.id,
            false => place.id | 0x80,
        })
    }

    /// The secret as it travels: eight bytes, padded with FF.
    pub fn secret(&self, secret: Secret) -> Result<[u8; 8], Stop> {
        let citizen = self.subject.issue.as_ref().map(|issue| &issue.citizen);
        let digits = match secret {
            Secret::Pin => self.subject.pin.as_ref().map(|pin| pin.as_str()),
            Secret::Puk => self.subject.puk.as_ref().map(|puk| puk.as_str()),
            Secret::SignaturePin => citizen.map(|citizen| citizen.signature_pin.as_str()),
            Secret::SignaturePuk => citizen.map(|citizen| citizen.signature_puk.as_str()),
        };
        let digits = digits.ok_or_else(|| {
            Stop::skip(format!("the {} of this card is not known", secret.words()))
        })?;
        Ok(padded(digits))
    }

    /// A PIN of the same length that is not the card's.
    pub fn wrong_secret(&self, secret: Secret) -> Result<[u8; 8], Stop> {
        let mut value = self.secret(secret)?;
        for byte in value.iter_mut().filter(|byte| **byte != 0xFF) {
            // '0' to '9' in turn.
            *byte = b'0' + (*byte - b'0' + 1) % 10;
        }
        Ok(value)
    }

    /// VERIFY of this PIN or PUK with this value.
    pub fn verify(&mut self, secret: Secret, value: &[u8]) -> Result<Answer, Stop> {
        let p2 = self.p2_of(secret)?;
        self.send_command(&Command::new([0x00, 0x20, 0x00, p2], value, Le::Absent))
    }

    /// VERIFY of this PIN or PUK without a value: how many tries are left.
    pub fn ask(&mut self, secret: Secret) -> Result<Answer, Stop> {
        let p2 = self.p2_of(secret)?;
        self.send_command(&Command::new([0x00, 0x20, 0x00, p2], &[], Le::Absent))
    }

    /// VERIFY of the PIN with the right value; anything but 9000 is a failure.
    pub fn verify_pin(&mut self) -> Result<Answer, Stop> {
        let value = self.secret(Secret::Pin)?;
        self.verify(Secret::Pin, &value)?.is_ok()
    }

    /// VERIFY of the PIN with a wrong value.
    pub fn verify_wrong_pin(&mut self) -> Result<Answer, Stop> {
        let value = self.wrong_secret(Secret::Pin)?;
        self.verify(Secret::Pin, &value)
    }

    /// What this card says to a wrong PIN when so many tries are left after it.
    pub fn wrong_answer(&self, tries_left: u8) -> Sw {
        match self.subject.profile.dialect.wrong_reference {
            WrongReference::Classic => Sw::AUTHENTICATION_FAILED,
            WrongReference::Modern => Sw::tries_left(tries_left),
        }
    }

    /// RESET RETRY COUNTER of the PIN with the PUK and a new PIN.
    pub fn unblock_pin(&mut self, puk: &[u8; 8], pin: &[u8; 8]) -> Result<Answer, Stop> {
        let p2 = self.p2_of(Secret::Pin)?;
        let data = [puk.as_slice(), pin.as_slice()].concat();
        self.send_command(&Command::new([0x00, 0x2C, 0x00, p2], &data, Le::Absent))
    }

    /// CHANGE REFERENCE DATA of the PIN.
    pub fn change_pin(&mut self, old: &[u8; 8], new: &[u8; 8]) -> Result<Answer, Stop> {
        let p2 = self.p2_of(Secret::Pin)?;
        let data = [old.as_slice(), new.as_slice()].concat();
        self.send_command(&Command::new([0x00, 0x24, 0x00, p2], &data, Le::Absent))
    }

    /// Wrong PINs until none is left. Returns how many it took.
    pub fn block_pin(&mut self) -> Result<u8, Stop> {
        for count in 1..=15 {
            let answer = self.verify_wrong_pin()?;
            if answer.sw == Sw::AUTHENTICATION_BLOCKED {
                return Ok(count - 1);
            }
        }
        Err(Stop::fail(
            "the PIN blocks",
            "fifteen wrong ones did not block it",
        ))
    }

    /// Where the key for this purpose stands; the folder that it belongs to is selected, if it is
    /// not the master file's.
    pub fn key(&mut self, purpose: KeyPurpose) -> Result<KeyPlace, Stop> {
        let place = self.subject.profile.key_for(purpose);
        let place = place.ok_or_else(|| Stop::skip("the card has no such key"))?;
        if !place.folder.is_empty() {
            let folder = place.folder.clone();
            self.select_quietly(&folder)?.is_ok()?;
        }
        Ok(place)
    }
}

/// Digits as they travel: eight bytes, padded with FF.
pub(crate) fn padded(digits: &str) -> [u8; STORED_LENGTH] {
    let mut value = [0xFF; STORED_LENGTH];
    for (place, digit) in value.iter_mut().zip(digits.bytes()) {
        *place = digit;
    }
    value
}
