//! What a TLS client puts around a message before the card signs it: PKCS #1 with the hashes of TLS.
//!
//! ```text
//! 00 01 | FF ... FF | 00 | DigestInfo          EMSA-PKCS1-v1_5 (RFC 8017 §9.2)
//! masked (00 ... 00 | 01 | salt) | hash | BC   EMSA-PSS (RFC 8017 §9.1.1)
//! ```

use ring::digest::{Algorithm, SHA256, SHA384, SHA512, digest};
use rustls::SignatureScheme;

/// The block that the card signs, `length` bytes as its modulus has. None if the scheme is not RSA's, or
/// too long for the modulus. `salt` has 64 random bytes, of which RSA-PSS takes as many as its hash has.
#[must_use]
pub fn block(
    scheme: SignatureScheme,
    message: &[u8],
    salt: &[u8],
    length: usize,
) -> Option<Vec<u8>> {
    match scheme {
        SignatureScheme::RSA_PKCS1_SHA256 => pkcs1(&SHA256, 0x01, message, length),
        SignatureScheme::RSA_PKCS1_SHA384 => pkcs1(&SHA384, 0x02, message, length),
        SignatureScheme::RSA_PKCS1_SHA512 => pkcs1(&SHA512, 0x03, message, length),
        SignatureScheme::RSA_PSS_SHA256 => pss(&SHA256, message, salt, length),
        SignatureScheme::RSA_PSS_SHA384 => pss(&SHA384, message, salt, length),
        SignatureScheme::RSA_PSS_SHA512 => pss(&SHA512, message, salt, length),
        _ => None,
    }
}

/// `kind` is the last number of the hash's object identifier, 2.16.840.1.101.3.4.2.`kind`.
fn pkcs1(hash: &'static Algorithm, kind: u8, message: &[u8], length: usize) -> Option<Vec<u8>> {
    let value = digest(hash, message);
    let size = u8::try_from(value.as_ref().len()).ok()?;
    let head = [
        0x30,
        17 + size,
        0x30,
        13,
        0x06,
        9,
        0x60,
        0x86,
        0x48,
        0x01,
        0x65,
        0x03,
        0x04,
        0x02,
        kind,
        0x05,
        0x00,
        0x04,
        size,
    ];
    let content = [&head, value.as_ref()].concat();
    let filler = vec![0xFF; length.checked_sub(content.len() + 3)?];
    Some([&[0x00, 0x01], filler.as_slice(), &[0x00], &content].concat())
}

/// With a salt as long as the hash, as TLS wants (RFC 8446 §4.2.3). The modulus' length in bits is a
/// multiple of eight, so that the block has one bit less and its first bit is clear.
fn pss(hash: &'static Algorithm, message: &[u8], salt: &[u8], length: usize) -> Option<Vec<u8>> {
    let salt = salt.get(..hash.output_len())?;
    let primed = [&[0; 8], digest(hash, message).as_ref(), salt].concat();
    let value = digest(hash, &primed);
    let zeros = length.checked_sub(2 * hash.output_len() + 2)?;
    let mut data = [vec![0; zeros].as_slice(), &[0x01], salt].concat();
    for (byte, mask) in data.iter_mut().zip(mask(hash, value.as_ref())) {
        *byte ^= mask;
    }
    if let Some(first) = data.first_mut() {
        *first &= 0x7F;
    }
    Some([data.as_slice(), value.as_ref(), &[0xBC]].concat())
}

/// MGF1 (RFC 8017 §B.2.1), without an end.
fn mask(hash: &'static Algorithm, seed: &[u8]) -> impl Iterator<Item = u8> {
    let seed = seed.to_vec();
    (0u32..).flat_map(move |counter| {
        let block = [seed.as_slice(), &counter.to_be_bytes()].concat();
        digest(hash, &block).as_ref().to_vec()
    })
}
