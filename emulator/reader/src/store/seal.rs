//! The seal of an image: see [`super`] for its layout.
//!
//! The tag does not cover rounds, salt and nonce, and need not: with others it does not open. A
//! random nonce of 12 bytes is safe for 2^32 writings with one key (NIST SP 800-38D §8.3), which is
//! more than a card is written in its life.

use std::fs::File;
use std::io::{self, Read};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::pbkdf2::{PBKDF2_HMAC_SHA256, derive};
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::fault::Fault;

/// How much work a new seal asks of whoever guesses passphrases, and of us once for each opening.
const ROUNDS: u32 = 600_000;

/// Fewer rounds were never written; the bound keeps a foreign file from asking for next to none.
pub(super) const ROUNDS_MIN: u32 = 100_000;

/// The bound keeps a foreign file from asking for hours.
pub(super) const ROUNDS_MAX: u32 = 10_000_000;

/// How much longer a seal is than what is in it.
pub(super) const SEAL_EXTRA: usize = 4 + SALT_LEN + NONCE_LEN + 16;

const SALT_LEN: usize = 16;

/// The longest passphrase, in bytes. A larger file is taken for a mistake.
const PASSPHRASE_MAX: u64 = 4096;

/// What an image is sealed with. It has no `Debug`, and it leaves no trace in memory.
pub struct Passphrase(Zeroizing<Vec<u8>>);

/// Why a file holds no passphrase.
#[derive(Debug, thiserror::Error)]
pub enum PassphraseError {
    /// It cannot be read.
    #[error("{} cannot be read: {source}\nhint: --passphrase-file names a file with the passphrase and nothing else", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is nothing in it, or too much.
    #[error(
        "{} has {length} bytes in it: a passphrase has 1 to {PASSPHRASE_MAX}\nhint: --passphrase-file names a file with the passphrase and nothing else, such as `openssl rand -hex 32` writes",
        path.display()
    )]
    Length {
        /// The file.
        path: PathBuf,
        /// How many bytes there are, as far as they were read.
        length: usize,
    },
}

/// The key of a seal, and all that its next writing needs.
#[derive(Debug)]
pub(super) struct SealingKey {
    rounds: NonZeroU32,
    salt: [u8; SALT_LEN],
    key: LessSafeKey,
    random: SystemRandom,
}

impl Passphrase {
    /// The passphrase in a file: all of its bytes, without the line end behind them.
    pub fn from_file(path: &Path) -> Result<Self, PassphraseError> {
        // As large as it may get, so that it does not grow and leave a copy behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(2 * PASSPHRASE_MAX as usize));
        File::open(path)
            .and_then(|file| file.take(PASSPHRASE_MAX + 1).read_to_end(&mut bytes))
            .map_err(|source| PassphraseError::Read {
                path: path.to_owned(),
                source,
            })?;
        let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.is_empty() || PASSPHRASE_MAX < bytes.len() as u64 {
            return Err(PassphraseError::Length {
                path: path.to_owned(),
                length: text.len(),
            });
        }
        Ok(Self(Zeroizing::new(text.to_vec())))
    }
}

impl SealingKey {
    /// A key for a new file.
    pub(super) fn new(passphrase: &Passphrase) -> Result<Self, Fault> {
        let mut salt = [0; SALT_LEN];
        SystemRandom::new()
            .fill(&mut salt)
            .map_err(|_| Fault::NoRandomness)?;
        Self::made_of(passphrase, ROUNDS, salt)
    }

    /// The seal of `content`, which stands behind `before` in its file.
    pub(super) fn seal(&self, before: &[u8], mut content: Vec<u8>) -> Result<Vec<u8>, Fault> {
        let mut nonce = [0; NONCE_LEN];
        self.random
            .fill(&mut nonce)
            .map_err(|_| Fault::NoRandomness)?;
        self.key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(before),
                &mut content,
            )
            .expect("an image is far shorter than the 64 GiB that one nonce seals");
        let rounds = self.rounds.get().to_be_bytes();
        Ok([&rounds[..], &self.salt, &nonce, &content].concat())
    }

    /// Opens a seal that stands behind `before` in its file.
    pub(super) fn open(
        passphrase: &Passphrase,
        before: &[u8],
        seal: &[u8],
    ) -> Result<(Vec<u8>, Self), Fault> {
        let broken = || Fault::Seal {
            end: before.len() + seal.len(),
        };
        let (rounds, rest) = seal.split_first_chunk().ok_or_else(broken)?;
        let (salt, rest) = rest.split_first_chunk().ok_or_else(broken)?;
        let (nonce, sealed) = rest.split_first_chunk().ok_or_else(broken)?;
        let key = Self::made_of(passphrase, u32::from_be_bytes(*rounds), *salt)?;
        let mut content = sealed.to_vec();
        let length = key
            .key
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::from(before),
                &mut content,
            )
            .map_err(|_| broken())?
            .len();
        content.truncate(length);
        Ok((content, key))
    }

    fn made_of(passphrase: &Passphrase, rounds: u32, salt: [u8; SALT_LEN]) -> Result<Self, Fault> {
        let rounds = NonZeroU32::new(rounds)
            .filter(|rounds| (ROUNDS_MIN..=ROUNDS_MAX).contains(&rounds.get()))
            .ok_or(Fault::Rounds(rounds))?;
        let mut key = Zeroizing::new([0; 32]);
        derive(PBKDF2_HMAC_SHA256, rounds, &salt, &passphrase.0, &mut *key);
        let key = UnboundKey::new(&AES_256_GCM, &*key).expect("the key has 256 bits");
        Ok(Self {
            rounds,
            salt,
            key: LessSafeKey::new(key),
            random: SystemRandom::new(),
        })
    }
}
