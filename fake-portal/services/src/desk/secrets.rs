//! PIN and PUK, which no one place ever has whole.
//!
//! ```text
//!            2        3
//! PIN     ┌─────┬────────┐
//!         │ 1 2 │ 3 4 5  │         CardSecrets ──► the card, once
//! PUK     ├─────┼────────┴───────┐
//!         │ 1 2 │ 3 4 5 6 7 8    │ FirstPart   ──► the slip that is handed over
//!         └─────┴────────────────┘ SecondPart  ──► phone or mailbox
//!            2          6
//! ```
//!
//! The three are different types that cannot be made of each other, are moved and never copied, show no
//! digit when they are printed for debugging, and are wiped when they end. Nothing serialises them. What would
//! spread them does not compile:
//!
//! ```compile_fail,E0599
//! fn keep(secrets: cns_services::desk::CardSecrets) -> cns_services::desk::CardSecrets {
//!     secrets.clone()
//! }
//! ```
//! ```compile_fail,E0277
//! fn show(part: &cns_services::desk::SecondPart) {
//!     serde_json::to_string(part);
//! }
//! ```
//! ```compile_fail,E0382
//! fn use_twice(secrets: cns_services::desk::CardSecrets) {
//!     drop(secrets.into_pin_and_puk());
//!     drop(secrets.into_pin_and_puk());
//! }
//! ```
//! ```compile_fail,E0308
//! use cns_services::{desk::FirstPart, outbox::Content};
//! fn post(part: FirstPart, cip: cns_services::desk::Cip) -> Content {
//!     Content::SecondPart { part, cip }
//! }
//! ```

use std::fmt;

use cns_language::{Language, text};
use zeroize::Zeroizing;

use crate::entropy::{Entropy, EntropyFault};

/// The digits of a PIN, as a card takes them: ASCII.
pub const PIN_LENGTH: usize = 5;
/// The digits of a PUK, likewise.
pub const PUK_LENGTH: usize = 8;

/// What goes onto the card when it is personalised, and nowhere else.
pub struct CardSecrets {
    pin: Digits<PIN_LENGTH>,
    puk: Digits<PUK_LENGTH>,
}

/// What is handed over: the first two digits of PIN and PUK.
pub struct FirstPart {
    pin: Digits<2>,
    puk: Digits<2>,
}

/// What is sent: the last three digits of the PIN and the last six of the PUK.
pub struct SecondPart {
    pin: Digits<3>,
    puk: Digits<6>,
}

/// The code by which a holder who has lost the card is known on the phone (codice identificativo
/// personale). It is sent with the second part; the desk keeps a verifier.
pub struct Cip(Digits<8>);

/// What proves that somebody has a phone or mailbox in hand. The desk keeps a verifier.
pub struct OneTimeCode(Digits<6>);

/// Fresh digits for one card, in the three forms that go three ways.
pub(super) fn draw(
    entropy: &mut dyn Entropy,
) -> Result<(CardSecrets, FirstPart, SecondPart), EntropyFault> {
    let first = FirstPart {
        pin: Digits::draw(entropy)?,
        puk: Digits::draw(entropy)?,
    };
    let second = SecondPart {
        pin: Digits::draw(entropy)?,
        puk: Digits::draw(entropy)?,
    };
    let whole = CardSecrets {
        pin: Digits::joined(&first.pin, &second.pin),
        puk: Digits::joined(&first.puk, &second.puk),
    };
    Ok((whole, first, second))
}

impl CardSecrets {
    /// The PIN and the PUK, for the card. What was asked is used up.
    pub fn into_pin_and_puk(self) -> (Zeroizing<[u8; PIN_LENGTH]>, Zeroizing<[u8; PUK_LENGTH]>) {
        (self.pin.0, self.puk.0)
    }
}

impl FirstPart {
    /// The lines of a slip. It is printed once: what was asked is used up.
    pub fn into_slip(self, language: Language) -> Zeroizing<String> {
        let sentence = text(
            "Prima parte. PIN: {pin} _ _ _ PUK: {puk} _ _ _ _ _ _",
            "First part. PIN: {pin} _ _ _ PUK: {puk} _ _ _ _ _ _",
            "Erster Teil. PIN: {pin} _ _ _ PUK: {puk} _ _ _ _ _ _",
        );
        filled(
            sentence.in_language(language),
            &[("{pin}", &self.pin), ("{puk}", &self.puk)],
        )
    }
}

impl SecondPart {
    /// The words of a message.
    pub(crate) fn words(&self, cip: &Cip, language: Language) -> Zeroizing<String> {
        let sentence = text(
            "Seconda parte. PIN: _ _ {pin} PUK: _ _ {puk} CIP: {cip}",
            "Second part. PIN: _ _ {pin} PUK: _ _ {puk} CIP: {cip}",
            "Zweiter Teil. PIN: _ _ {pin} PUK: _ _ {puk} CIP: {cip}",
        );
        let values: [(&str, &dyn Shown); 3] = [
            ("{pin}", &self.pin),
            ("{puk}", &self.puk),
            ("{cip}", &cip.0),
        ];
        filled(sentence.in_language(language), &values)
    }
}

impl Cip {
    pub(super) fn draw(entropy: &mut dyn Entropy) -> Result<Self, EntropyFault> {
        Digits::draw(entropy).map(Self)
    }

    pub(super) fn digits(&self) -> &[u8] {
        self.0.0.as_slice()
    }
}

impl OneTimeCode {
    pub(super) fn draw(entropy: &mut dyn Entropy) -> Result<Self, EntropyFault> {
        Digits::draw(entropy).map(Self)
    }

    pub(super) fn digits(&self) -> &[u8] {
        self.0.0.as_slice()
    }

    /// The words of a message.
    pub(crate) fn words(&self, language: Language) -> Zeroizing<String> {
        let sentence = text(
            "Codice usa e getta: {code}",
            "One-time code: {code}",
            "Einmalcode: {code}",
        );
        filled(sentence.in_language(language), &[("{code}", &self.0)])
    }
}

/// ASCII digits that are wiped at their end.
struct Digits<const N: usize>(Zeroizing<[u8; N]>);

impl<const N: usize> Digits<N> {
    /// Digits that are equally likely: a byte from 250 on is thrown away.
    fn draw(entropy: &mut dyn Entropy) -> Result<Self, EntropyFault> {
        let mut digits = Self(Zeroizing::new([0; N]));
        for place in digits.0.iter_mut() {
            *place = digit(entropy)?;
        }
        Ok(digits)
    }

    fn joined<const A: usize, const B: usize>(head: &Digits<A>, tail: &Digits<B>) -> Self {
        const { assert!(A + B == N, "the parts are the whole") };
        let mut whole = Self(Zeroizing::new([0; N]));
        for (place, digit) in whole.0.iter_mut().zip(head.0.iter().chain(tail.0.iter())) {
            *place = *digit;
        }
        whole
    }
}

fn digit(entropy: &mut dyn Entropy) -> Result<u8, EntropyFault> {
    loop {
        let mut byte = Zeroizing::new([0_u8]);
        entropy.fill(byte.as_mut_slice())?;
        let [value] = *byte;
        if value < 250 {
            return Ok(b'0' + value % 10);
        }
    }
}

/// Digits of any length, where they are written out.
trait Shown {
    fn push_to(&self, words: &mut String);
}

impl<const N: usize> Shown for Digits<N> {
    fn push_to(&self, words: &mut String) {
        words.extend(self.0.iter().map(|digit| char::from(*digit)));
    }
}

/// The sentence with its places filled, built in one buffer that never grows: what a growing one
/// leaves behind is not wiped.
fn filled(sentence: &str, values: &[(&str, &dyn Shown)]) -> Zeroizing<String> {
    const DIGITS_MAX: usize = 32;
    let mut words = Zeroizing::new(String::with_capacity(sentence.len() + DIGITS_MAX));
    let mut rest = sentence;
    for (place, value) in values {
        if let Some((before, after)) = rest.split_once(place) {
            words.push_str(before);
            value.push_to(&mut words);
            rest = after;
        }
    }
    words.push_str(rest);
    words
}

macro_rules! shows_no_digit {
    ($($name:ident)*) => {
        $(impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(concat!(stringify!($name), "(***)"))
            }
        })*
    };
}

shows_no_digit! { CardSecrets FirstPart SecondPart Cip OneTimeCode }

#[cfg(test)]
mod tests {
    use super::*;

    /// 255 is no digit and is thrown away; after it 0, 1, 2 ...
    fn counting() -> impl Entropy {
        let mut next = 255_u8;
        move |bytes: &mut [u8]| {
            for byte in bytes {
                *byte = next;
                next = next.wrapping_add(1);
            }
            Ok(())
        }
    }

    #[test]
    fn the_parts_make_the_whole() {
        let (whole, first, second) = draw(&mut counting()).unwrap();
        let slip = first.into_slip(Language::English);
        assert_eq!(*slip, "First part. PIN: 01 _ _ _ PUK: 23 _ _ _ _ _ _");
        let cip = Cip::draw(&mut counting()).unwrap();
        assert_eq!(
            *second.words(&cip, Language::German),
            "Zweiter Teil. PIN: _ _ 456 PUK: _ _ 789012 CIP: 01234567"
        );
        let (pin, puk) = whole.into_pin_and_puk();
        assert_eq!((&*pin, &*puk), (b"01456", b"23789012"));
    }

    #[test]
    fn debugging_shows_no_digit() {
        let drawn = draw(&mut counting()).unwrap();
        assert_eq!(
            format!("{drawn:?}"),
            "(CardSecrets(***), FirstPart(***), SecondPart(***))"
        );
        let code = OneTimeCode::draw(&mut counting()).unwrap();
        assert_eq!(format!("{code:?}"), "OneTimeCode(***)");
        assert_eq!(*code.words(Language::Italian), "Codice usa e getta: 012345");
    }

    #[test]
    fn a_source_without_bytes_is_an_error() {
        let mut dry = |_: &mut [u8]| Err(EntropyFault);
        assert_eq!(draw(&mut dry).unwrap_err(), EntropyFault);
    }
}
