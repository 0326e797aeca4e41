//! PINs, PUKs and authentication keys: the secret, the counter, and the order in which they may be
//! touched.
//!
//! A try is *charged* before it is compared: [`charge`] takes it off the counter, makes that durable
//! and returns a [`Charged`]; only a [`Charged`] can compare, once. A card that compares first and
//! counts after gives free guesses to whoever pulls the power in between; here that order does not
//! compile.

use cns_apdu::Sw;
use zeroize::Zeroize;

use crate::access::Condition;
use crate::crypto::{self, TripleDesKey};
use crate::entropy::{Entropy, EntropyFault};
use crate::image::{CardImage, ObjectAt};
use crate::memory::{Change, NonVolatile};
use crate::secure_messaging::ObjectMessaging;

/// The length of every PIN and PUK on the wire and in the card, in bytes: shorter ones are padded
/// with FF.
const STORED_LENGTH: usize = 8;

/// A PIN, a PUK or an authentication key, as an object of a folder: something that a host proves to
/// know, and that access conditions name.
#[derive(Clone, Debug)]
pub struct ReferenceData {
    /// The identifier: 10 the PIN, 11 the PUK.
    pub id: u8,
    /// What may be done with it.
    pub rules: ReferenceRules,
    tries_left: u8,
    secret: Secret,
    messaging: ObjectMessaging,
}

/// How far a reference datum can be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ReferenceState {
    /// A PIN without a value: its holder has not been given one.
    Unset,
    /// A PIN that must be changed before it opens anything.
    Transport,
    /// A PIN or PUK.
    Ready,
    /// A key for EXTERNAL AUTHENTICATE.
    Key,
}

/// What a reference datum keeps.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Secret {
    /// No value yet: the citizen has not been given one.
    Unset,
    /// The value of a PIN or PUK that must be changed before it opens anything.
    Transport(Verifier),
    /// The value of a PIN or PUK.
    Value(Verifier),
    /// The key that a host proves to have with EXTERNAL AUTHENTICATE.
    Key(TripleDesKey),
}

/// The rules of a PIN, PUK or authentication key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ReferenceRules {
    /// What must be proven before it gets a new value. An object that names itself here is changed
    /// with its old value.
    pub change: Condition,
    /// Whose proof resets its counter.
    pub unblock: Condition,
    /// Wrong values in a row before it blocks.
    pub tries_max: u8,
    /// The shortest value, in digits.
    pub length_min: u8,
}

/// A PIN or PUK as it travels: eight bytes, padded with FF. It has no `Debug`, and it leaves no
/// trace in memory.
#[derive(Clone)]
pub struct ReferenceValue([u8; STORED_LENGTH]);

/// Why digits are no PIN or PUK.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ReferenceValueError {
    /// Too few or too many digits.
    #[error("it has {0} digits; the card takes up to 8")]
    Length(usize),
    /// Something else than a digit.
    #[error("it has something else than digits in it")]
    NotADigit,
}

/// What the card keeps of a value: enough to recognise it, not the value itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Verifier {
    pub(crate) salt: [u8; 16],
    pub(crate) digest: [u8; 32],
}

/// The proof that a try was taken off the counter, durably. It can compare once.
#[derive(Debug)]
pub(crate) struct Charged {
    object: ObjectAt,
    left: u8,
}

/// The proof that the right value was presented.
#[derive(Debug)]
pub(crate) struct Proven {
    object: ObjectAt,
}

/// The value was wrong; so many tries are left.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) left: u8,
}

/// Takes one try off the counter and makes that durable. 6983 when none is left.
pub(crate) fn charge(memory: &mut NonVolatile, object: ObjectAt) -> Result<Charged, Sw> {
    let datum = memory.image().reference_data(object)?;
    let left = datum
        .tries_left
        .checked_sub(1)
        .ok_or(Sw::AUTHENTICATION_BLOCKED)?;
    memory.commit([Change::tries_left(object, left)])?;
    Ok(Charged { object, left })
}

impl Charged {
    /// Compares the candidate with the stored value of a PIN or PUK, in constant time.
    pub(crate) fn compare(
        self,
        image: &CardImage,
        candidate: &ReferenceValue,
    ) -> Result<Result<Proven, Wrong>, Sw> {
        match &image.reference_data(self.object)?.secret {
            Secret::Value(verifier) | Secret::Transport(verifier) => {
                let digest = crypto::stretch(&candidate.0, &verifier.salt);
                Ok(self.outcome(crypto::equal(&digest, &verifier.digest)))
            }
            Secret::Unset | Secret::Key(_) => Err(Sw::REFERENCE_NOT_FOUND),
        }
    }

    /// Compares the cryptogram with what the stored key makes of the challenge, in constant time.
    pub(crate) fn compare_cryptogram(
        self,
        image: &CardImage,
        challenge: &[u8; 8],
        cryptogram: &[u8],
    ) -> Result<Result<Proven, Wrong>, Sw> {
        match &image.reference_data(self.object)?.secret {
            Secret::Key(key) => {
                let expected = key.encipher(challenge).unwrap_or_default();
                Ok(self.outcome(crypto::equal(&expected, cryptogram)))
            }
            Secret::Unset | Secret::Transport(_) | Secret::Value(_) => Err(Sw::REFERENCE_NOT_FOUND),
        }
    }

    fn outcome(self, is_right: bool) -> Result<Proven, Wrong> {
        match is_right {
            true => Ok(Proven {
                object: self.object,
            }),
            false => Err(Wrong { left: self.left }),
        }
    }
}

impl Proven {
    /// The change that fills the counter again.
    pub(crate) fn restores(&self, image: &CardImage) -> Result<Change, Sw> {
        let tries_max = image.reference_data(self.object)?.rules.tries_max;
        Ok(Change::tries_left(self.object, tries_max))
    }

    pub(crate) fn object(&self) -> ObjectAt {
        self.object
    }
}

impl Verifier {
    pub(crate) fn of(value: &ReferenceValue, salt: [u8; 16]) -> Self {
        Self {
            salt,
            digest: crypto::stretch(&value.0, &salt),
        }
    }

    pub(crate) fn salted(
        value: &ReferenceValue,
        entropy: &mut dyn Entropy,
    ) -> Result<Self, EntropyFault> {
        let mut salt = [0; 16];
        entropy.fill(&mut salt)?;
        Ok(Self::of(value, salt))
    }
}

impl ReferenceData {
    /// A PIN or PUK with this value and a full counter.
    pub fn new(id: u8, rules: ReferenceRules, value: &ReferenceValue, salt: [u8; 16]) -> Self {
        Self::stored(
            id,
            rules,
            rules.tries_max,
            Secret::Value(Verifier::of(value, salt)),
        )
    }

    /// A PIN with a value that its holder must change before it opens anything.
    pub fn transport(
        id: u8,
        rules: ReferenceRules,
        value: &ReferenceValue,
        salt: [u8; 16],
    ) -> Self {
        Self::stored(
            id,
            rules,
            rules.tries_max,
            Secret::Transport(Verifier::of(value, salt)),
        )
    }

    /// A PIN that has no value yet.
    pub fn unset(id: u8, rules: ReferenceRules) -> Self {
        Self::stored(id, rules, rules.tries_max, Secret::Unset)
    }

    /// A key that a host proves to have with EXTERNAL AUTHENTICATE.
    pub fn key(id: u8, rules: ReferenceRules, key: TripleDesKey) -> Self {
        Self::stored(id, rules, rules.tries_max, Secret::Key(key))
    }

    /// The same with another value and a full counter, as a machine for personalisation leaves it.
    pub fn with_value(self, value: &ReferenceValue, salt: [u8; 16]) -> Self {
        Self {
            tries_left: self.rules.tries_max,
            secret: Secret::Value(Verifier::of(value, salt)),
            ..self
        }
    }

    /// The same with so many tries left: a card that somebody has used already.
    pub fn with_tries_left(self, left: u8) -> Self {
        Self {
            tries_left: left.min(self.rules.tries_max),
            ..self
        }
    }

    /// The tries that are left; 0 is blocked.
    pub fn tries_left(&self) -> u8 {
        self.tries_left
    }

    pub(crate) fn stored(id: u8, rules: ReferenceRules, tries_left: u8, secret: Secret) -> Self {
        Self {
            id,
            rules,
            tries_left,
            secret,
            messaging: ObjectMessaging::NONE,
        }
    }

    /// The same, secured by keys of the card.
    pub fn with_messaging(self, messaging: ObjectMessaging) -> Self {
        Self { messaging, ..self }
    }

    pub(crate) fn messaging(&self) -> ObjectMessaging {
        self.messaging
    }

    /// How far it can be used.
    pub fn state(&self) -> ReferenceState {
        match self.secret {
            Secret::Unset => ReferenceState::Unset,
            Secret::Transport(_) => ReferenceState::Transport,
            Secret::Value(_) => ReferenceState::Ready,
            Secret::Key(_) => ReferenceState::Key,
        }
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }

    pub(crate) fn set_tries_left(&mut self, left: u8) {
        self.tries_left = left;
    }

    pub(crate) fn set_secret(&mut self, secret: Secret) {
        self.secret = secret;
        self.tries_left = self.rules.tries_max;
    }
}

impl ReferenceValue {
    /// A value of up to eight digits, padded with FF.
    pub fn from_digits(digits: &str) -> Result<Self, ReferenceValueError> {
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ReferenceValueError::NotADigit);
        }
        let mut value = [0xFF; STORED_LENGTH];
        value
            .get_mut(..digits.len())
            .filter(|place| !place.is_empty())
            .ok_or(ReferenceValueError::Length(digits.len()))?
            .copy_from_slice(digits.as_bytes());
        Ok(Self(value))
    }

    /// The value in a command's data field; 6700 unless it has eight bytes.
    pub(crate) fn from_wire(bytes: &[u8]) -> Result<Self, Sw> {
        bytes.try_into().map(Self).map_err(|_| Sw::WRONG_LENGTH)
    }

    /// Two values in a row.
    pub(crate) fn pair_from_wire(bytes: &[u8]) -> Result<(Self, Self), Sw> {
        let (first, second) = bytes
            .split_at_checked(STORED_LENGTH)
            .ok_or(Sw::WRONG_LENGTH)?;
        Ok((Self::from_wire(first)?, Self::from_wire(second)?))
    }

    /// The length without the padding, in bytes.
    pub(crate) fn length(&self) -> usize {
        self.0
            .iter()
            .rposition(|byte| *byte != 0xFF)
            .map_or(0, |last| last + 1)
    }
}

impl Drop for ReferenceValue {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
