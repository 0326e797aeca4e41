//! The key of the suite's own card, as a TLS client uses it.
//!
//! ```text
//! rustls ── Signer ── block ── VERIFY, MSE RESTORE, MSE SET, PSO ── the card, in this process
//! ```

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cns_apdu::{Command, Le, Response, Sw};
use cns_fixtures::{KeyPurpose, Profile, Secret};
use cns_reader::Contacts;
use rustls::sign::{Signer, SigningKey};
use rustls::{SignatureAlgorithm, SignatureScheme};

use super::block::block;
use crate::runner::Exchange;
use crate::target::OwnCard;

/// The card in the client's hands. Clones are the same card.
#[derive(Clone)]
pub(super) struct CardKey(Arc<Mutex<Hands>>);

struct Hands {
    card: OwnCard,
    profile: Profile,
    pin: String,
    said: Vec<Exchange>,
    salt: fastrand::Rng,
    signs: SignatureScheme,
    forgery: Forgery,
    is_gone: bool,
}

/// What is wrong with the proof of possession.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Forgery {
    /// Nothing.
    None,
    /// One bit of the signature.
    OneBit,
    /// The signature is of another message.
    OtherMessage,
    /// The signature is nothing but zeros.
    Zeros,
    /// It is made in another scheme than the one that is named.
    OtherScheme(SignatureScheme),
}

impl CardKey {
    pub(super) fn new(card: OwnCard, profile: Profile, pin: String) -> Self {
        Self(Arc::new(Mutex::new(Hands {
            card,
            profile,
            pin,
            said: Vec::new(),
            salt: fastrand::Rng::with_seed(0),
            signs: SignatureScheme::RSA_PSS_SHA256,
            forgery: Forgery::None,
            is_gone: false,
        })))
    }

    /// A new card, and salts that are the same for the same seed.
    pub(super) fn begin(&self, image: cns_card::CardImage, seed: u64) {
        let mut hands = self.hands();
        hands.card.replace(image, seed, &[]);
        hands.card.power_on();
        hands.salt = fastrand::Rng::with_seed(seed);
        hands.said.clear();
        hands.is_gone = false;
    }

    /// How the next signature is made.
    pub(super) fn sign_so(&self, scheme: SignatureScheme, forgery: Forgery) {
        let mut hands = self.hands();
        hands.signs = scheme;
        hands.forgery = forgery;
    }

    /// The holder takes the card out of the reader.
    pub(super) fn take_away(&self) {
        let mut hands = self.hands();
        hands.card.power_off();
        hands.is_gone = true;
    }

    /// The holder puts it in again.
    pub(super) fn put_back(&self) {
        let mut hands = self.hands();
        hands.card.power_on();
        hands.is_gone = false;
    }

    /// What was said to the card since the last time.
    pub(super) fn take_said(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.hands().said)
    }

    /// How often the card has signed since then.
    pub(super) fn signatures(&self) -> usize {
        let hands = self.hands();
        let is_last_block = |it: &&Exchange| it.command.starts_with(&[0x00, 0x2A]);
        hands.said.iter().filter(is_last_block).count()
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SigningKey for CardKey {
    /// What the case wants, whether the portal offers it or not.
    fn choose_scheme(&self, _: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        Some(Box::new(self.clone()))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RSA
    }
}

impl Signer for CardKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rustls::Error> {
        self.hands()
            .sign(message)
            .map_err(|reason| rustls::Error::General(format!("{CARD_FAULT}{reason}")))
    }

    fn scheme(&self) -> SignatureScheme {
        self.hands().signs
    }
}

impl fmt::Debug for CardKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardKey")
    }
}

/// How an error begins that is the card's and not the portal's.
pub const CARD_FAULT: &str = "the card did not sign: ";

impl Hands {
    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, String> {
        let place = self.profile.key_for(KeyPurpose::Authentication);
        let place = place.ok_or("it has no authentication key")?;
        let length = usize::from(place.size.bits() / 8);
        let (scheme, message) = match self.forgery {
            Forgery::OtherMessage => (self.signs, [message, b"."].concat()),
            Forgery::OtherScheme(scheme) => (scheme, message.to_vec()),
            _ => (self.signs, message.to_vec()),
        };
        let mut salt = [0; 64];
        self.salt.fill(&mut salt);
        let block = block(scheme, &message, &salt, length);
        let block = block.ok_or("its modulus is too short for this scheme")?;

        self.select(&place.folder)?;
        self.verify_pin()?;
        self.send(&Command::new([0x00, 0x22, 0xF3, 0x03], &[], Le::Absent))?;
        let template = [0x83, 0x01, place.id];
        self.send(&Command::new(
            [0x00, 0x22, 0xF1, 0xB8],
            &template,
            Le::Absent,
        ))?;
        let mut signature = self.decipher(&block)?;
        match self.forgery {
            Forgery::OneBit => {
                if let Some(last) = signature.last_mut() {
                    *last ^= 0x01;
                }
            }
            Forgery::Zeros => signature.fill(0),
            Forgery::None | Forgery::OtherMessage | Forgery::OtherScheme(_) => {}
        }
        Ok(signature)
    }

    fn verify_pin(&mut self) -> Result<(), String> {
        let place = self.profile.place_of(Secret::Pin).ok_or("it has no PIN")?;
        self.select(&place.folder)?;
        let p2 = match place.folder.is_empty() {
            true => place.id,
            false => place.id | 0x80,
        };
        let mut value = [0xFF; 8];
        for (byte, digit) in value.iter_mut().zip(self.pin.bytes()) {
            *byte = digit;
        }
        self.send(&Command::new([0x00, 0x20, 0x00, p2], &value, Le::Absent))?;
        Ok(())
    }

    /// PSO DECIPHER: the raw operation, over a block behind its padding indicator 00.
    fn decipher(&mut self, block: &[u8]) -> Result<Vec<u8>, String> {
        const DECIPHER: [u8; 4] = [0x00, 0x2A, 0x80, 0x86];
        const SHORT_MAX: usize = 0xFF;
        let data = [&[0x00], block].concat();
        if data.len() <= SHORT_MAX || !self.profile.dialect.command_chaining {
            return self.send(&Command::new(DECIPHER, &data, Le::Maximum));
        }
        let (first, last) = data.split_at(SHORT_MAX);
        self.send(&Command::new([0x10, 0x2A, 0x80, 0x86], first, Le::Absent))?;
        self.send(&Command::new(DECIPHER, last, Le::Maximum))
    }

    fn select(&mut self, folder: &[u16]) -> Result<(), String> {
        if folder.is_empty() {
            return Ok(());
        }
        let path: Vec<u8> = folder.iter().flat_map(|id| id.to_be_bytes()).collect();
        self.send(&Command::new([0x00, 0xA4, 0x08, 0x0C], &path, Le::Absent))?;
        Ok(())
    }

    fn send(&mut self, command: &Command<'_>) -> Result<Vec<u8>, String> {
        if self.is_gone {
            return Err("it is not in its reader".to_owned());
        }
        let (command, mut response) = (command.to_bytes(), Vec::new());
        self.card.transmit(&command, &mut response);
        self.said.push(Exchange {
            command,
            response: response.clone(),
        });
        match Response::parse(&response) {
            Some(Response { data, sw: Sw::OK }) => Ok(data.to_vec()),
            Some(Response { sw, .. }) => Err(format!("it answered {:04X}", sw.0)),
            None => Err("it said nothing".to_owned()),
        }
    }
}
