//! PINs, PUKs and keys as the model sees them: plain values with a counter.

use openssl::symm::{Cipher, Crypter, Mode};

use crate::files::Path;
use crate::model::{Answer, Model, NO_OBJECT, NOT_ALLOWED, WRONG_LENGTH, refused};

const BLOCKED: u16 = 0x6983;
const CONDITIONS_NOT_SATISFIED: u16 = 0x6985;
const WRONG_DATA: u16 = 0x6A80;
const WRONG_P1_P2: u16 = 0x6A86;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Unset,
    /// To be changed before use.
    Transport([u8; 8]),
    Digits([u8; 8]),
    Key([u8; 24]),
}

#[derive(Clone, Debug)]
pub struct Secret {
    pub value: Value,
    pub change: u8,
    pub unblock: u8,
    pub tries_max: u8,
    pub tries_left: u8,
    pub length_min: u8,
}

/// Where a secret stands.
pub type At = (Path, u8);

impl Model {
    pub fn verify(&mut self, p2: u8, data: &[u8]) -> Answer {
        let at = self.referenced(p2)?;
        match self.secrets[&at].value {
            Value::Key(_) => return refused(NO_OBJECT),
            Value::Unset => return refused(self.dialect.unset_reference.0),
            Value::Transport(_) => return refused(self.dialect.transport_reference.0),
            Value::Digits(_) => {}
        }
        if data.is_empty() {
            return match (
                self.session.proven.contains(&at),
                self.secrets[&at].tries_left,
            ) {
                (true, _) => Ok((vec![], 0x9000)),
                (false, 0) => refused(BLOCKED),
                (false, left) => refused(0x63C0 + u16::from(left)),
            };
        }
        let candidate: [u8; 8] = data.try_into().or(Err(WRONG_LENGTH))?;
        self.present(&at, &candidate)?;
        self.session.proven.insert(at);
        Ok((vec![], 0x9000))
    }

    pub fn change(&mut self, p1: u8, p2: u8, data: &[u8]) -> Answer {
        let at = self.referenced(p2)?;
        let secret = self.secrets[&at].clone();
        let (old, new) = match (p1, data.len()) {
            (0x00, 16) => data.split_at(8),
            (0x01, 8) => (&[][..], data),
            (0x00 | 0x01, _) => return refused(WRONG_LENGTH),
            _ => return refused(WRONG_P1_P2),
        };
        if p1 == 0x01 && matches!(secret.value, Value::Key(_)) {
            return refused(NO_OBJECT);
        }
        if digits(new) < usize::from(secret.length_min) {
            return refused(WRONG_DATA);
        }
        // With the old value, an object that names itself is changed by whoever knows it.
        let names_itself = p1 == 0x00 && secret.change == at.1;
        if !names_itself && !self.is_allowed(secret.change, &at.0) {
            return refused(NOT_ALLOWED);
        }
        if p1 == 0x00 {
            self.present(&at, old.try_into().unwrap())?;
            self.session.proven.insert(at.clone());
        }
        self.give(&at, new);
        Ok((vec![], 0x9000))
    }

    pub fn reset_counter(&mut self, p1: u8, p2: u8, data: &[u8]) -> Answer {
        let at = self.referenced(p2)?;
        let secret = self.secrets[&at].clone();
        let length = match p1 {
            0x00 => 16,
            0x01 => 8,
            0x03 => 0,
            _ => return refused(WRONG_P1_P2),
        };
        if data.len() != length {
            return refused(WRONG_LENGTH);
        }
        if p1 == 0x03 {
            if !self.is_allowed(secret.unblock, &at.0) {
                return refused(NOT_ALLOWED);
            }
        } else {
            // The form with a new value is for PINs and PUKs only.
            if p1 == 0x00 && matches!(secret.value, Value::Key(_)) {
                return refused(NO_OBJECT);
            }
            if p1 == 0x00 && digits(&data[8..]) < usize::from(secret.length_min) {
                return refused(WRONG_DATA);
            }
            if secret.unblock == 0x00 || secret.unblock == 0x66 || secret.unblock >= 0x80 {
                return refused(NOT_ALLOWED);
            }
            let puk = self.find(&at.0, secret.unblock).ok_or(NO_OBJECT)?;
            self.present(&puk, data[..8].try_into().unwrap())?;
            if p1 == 0x00 {
                self.give(&at, &data[8..]);
            }
        }
        self.refill(&at);
        self.session.proven.remove(&at);
        Ok((vec![], 0x9000))
    }

    pub fn authenticate(&mut self, p2: u8, data: &[u8]) -> Answer {
        let at = self.referenced(p2)?;
        let Value::Key(key) = self.secrets[&at].value else {
            return refused(NO_OBJECT);
        };
        if data.len() != 8 {
            return refused(WRONG_LENGTH);
        }
        // A challenge is good for one try, whatever comes of it.
        let challenge = self
            .session
            .challenge
            .take()
            .ok_or(CONDITIONS_NOT_SATISFIED)?;
        self.attempt(&at, triple_des(Mode::Encrypt, &key, &challenge) == data)?;
        self.session.proven.insert(at);
        Ok((vec![], 0x9000))
    }

    /// The value of a PIN or PUK is presented. It is not granted by that.
    fn present(&mut self, at: &At, candidate: &[u8; 8]) -> Result<(), u16> {
        match self.secrets[at].value {
            Value::Unset => Err(self.dialect.unset_reference.0),
            Value::Key(_) => Err(NO_OBJECT),
            Value::Transport(value) | Value::Digits(value) => self.attempt(at, value == *candidate),
        }
    }

    fn attempt(&mut self, at: &At, is_right: bool) -> Result<(), u16> {
        self.session.proven.remove(at);
        let secret = self.secrets.get_mut(at).unwrap();
        if secret.tries_left == 0 {
            return Err(BLOCKED);
        }
        if is_right {
            secret.tries_left = secret.tries_max;
            return Ok(());
        }
        secret.tries_left -= 1;
        Err(match self.tells_tries {
            true => 0x63C0 + u16::from(secret.tries_left),
            false => 0x6300,
        })
    }

    fn give(&mut self, at: &At, value: &[u8]) {
        self.secrets.get_mut(at).unwrap().value = Value::Digits(value.try_into().unwrap());
        self.refill(at);
    }

    fn refill(&mut self, at: &At) {
        let secret = self.secrets.get_mut(at).unwrap();
        secret.tries_left = secret.tries_max;
    }

    /// The secret that P2 means: in the master file, or from the current folder upwards.
    fn referenced(&self, p2: u8) -> Result<At, u16> {
        let start = match p2 >> 5 {
            0b000 => &[][..],
            0b100 => &self.session.folder,
            _ => return Err(WRONG_P1_P2),
        };
        self.find(start, p2 & 0x1F).ok_or(NO_OBJECT)
    }

    /// The nearest secret with this identifier, in this folder or above.
    pub fn find(&self, folder: &[u16], id: u8) -> Option<At> {
        (0..=folder.len())
            .rev()
            .map(|depth| (folder[..depth].to_vec(), id))
            .find(|at| self.secrets.contains_key(at))
    }

    /// Whether a condition byte that is looked at from this folder holds.
    pub fn is_allowed(&self, condition: u8, folder: &[u16]) -> bool {
        match condition {
            0x00 => true,
            0x66 | 0x80.. => false,
            id => self
                .find(folder, id)
                .is_some_and(|at| self.session.proven.contains(&at)),
        }
    }
}

/// Digits of a value without its padding.
fn digits(value: &[u8]) -> usize {
    value.len() - value.iter().rev().take_while(|byte| **byte == 0xFF).count()
}

/// Triple DES in CBC mode from zeros, on whole blocks.
pub fn triple_des(mode: Mode, key: &[u8; 24], blocks: &[u8]) -> Vec<u8> {
    let mut crypter = Crypter::new(Cipher::des_ede3_cbc(), mode, key, Some(&[0; 8])).unwrap();
    crypter.pad(false);
    let mut out = vec![0; blocks.len() + 8];
    let written = crypter.update(blocks, &mut out).unwrap();
    out.truncate(written);
    out
}
