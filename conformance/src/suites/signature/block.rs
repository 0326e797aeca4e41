//! What the host puts around a message before the card signs it (RFC 8017 §9).
//!
//! ```text
//! 00 01 | FF ... FF (at least eight) | 00 | DigestInfo         EMSA-PKCS1-v1_5, block type 1
//! 00 02 | no 00 (at least eight)     | 00 | message            EME-PKCS1-v1_5, block type 2
//! masked (00 ... 00 | 01 | salt) | hash | BC                    EMSA-PSS
//! ```

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, SHA384, SHA512, digest};
use ring::signature::{
    RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA384,
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters,
};

/// A hash function that clients sign with.
#[derive(Clone, Copy)]
pub(super) enum Hash {
    Sha1,
    /// In Wycheproof's vectors only: ring does not have it.
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The hash function with this name: `SHA-256`.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "SHA-1" => Self::Sha1,
            "SHA-224" => Self::Sha224,
            "SHA-256" => Self::Sha256,
            "SHA-384" => Self::Sha384,
            "SHA-512" => Self::Sha512,
            _ => return None,
        })
    }

    fn of(self, message: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha1 => &SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha224 => return openssl::sha::sha224(message).to_vec(),
            Self::Sha256 => &SHA256,
            Self::Sha384 => &SHA384,
            Self::Sha512 => &SHA512,
        };
        digest(algorithm, message).as_ref().to_vec()
    }

    /// The length of its value, in bytes.
    pub(super) fn length(self) -> usize {
        self.of(&[]).len()
    }

    /// What ring judges PKCS #1 signatures with, where it judges keys of this length.
    pub(super) fn pkcs1(self, bits: u64) -> Option<&'static RsaParameters> {
        Some(match self {
            Self::Sha1 => &RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY,
            Self::Sha224 => return None,
            Self::Sha256 => &RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
            Self::Sha384 if bits < 2048 => return None,
            Self::Sha384 => &RSA_PKCS1_2048_8192_SHA384,
            Self::Sha512 => &RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY,
        })
    }

    /// The same for PSS.
    pub(super) fn pss(self, bits: u64) -> Option<&'static RsaParameters> {
        Some(match self {
            _ if bits < 2048 => return None,
            Self::Sha1 | Self::Sha224 => return None,
            Self::Sha256 => &RSA_PSS_2048_8192_SHA256,
            Self::Sha384 => &RSA_PSS_2048_8192_SHA384,
            Self::Sha512 => &RSA_PSS_2048_8192_SHA512,
        })
    }
}

/// DigestInfo, DER (RFC 8017 §9.2, note 1).
pub(super) fn digest_info(hash: Hash, message: &[u8]) -> Vec<u8> {
    let algorithm: &[u8] = match hash {
        Hash::Sha1 => &[0x2B, 0x0E, 0x03, 0x02, 0x1A],
        Hash::Sha224 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04],
        Hash::Sha256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01],
        Hash::Sha384 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02],
        Hash::Sha512 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03],
    };
    let identifier = object(0x30, &[object(0x06, algorithm), object(0x05, &[])].concat());
    let value = object(0x04, &hash.of(message));
    object(0x30, &[identifier, value].concat())
}

/// Block type 1 around a DigestInfo.
pub(super) fn block_type_1(content: &[u8], length: usize) -> Vec<u8> {
    let padding = length.saturating_sub(content.len() + 3);
    [
        &[0x00, 0x01],
        vec![0xFF; padding].as_slice(),
        &[0x00],
        content,
    ]
    .concat()
}

/// Block type 2 around a message, with padding that is not random but has no zero.
pub(super) fn block_type_2(message: &[u8], length: usize) -> Vec<u8> {
    let padding = length.saturating_sub(message.len() + 3);
    let bytes: Vec<u8> = (1..=u8::MAX).cycle().take(padding).collect();
    [&[0x00, 0x02], bytes.as_slice(), &[0x00], message].concat()
}

/// The message in block type 2, as a host finds it; none if the padding is wrong.
pub(super) fn message_of_type_2(block: &[u8]) -> Option<&[u8]> {
    const PADDING_MIN: usize = 8;
    let padded = block.strip_prefix(&[0x00, 0x02])?;
    let end = padded.iter().position(|byte| *byte == 0x00)?;
    match PADDING_MIN <= end {
        true => padded.get(end + 1..),
        false => None,
    }
}

/// EMSA-PSS with MGF1 of the same hash, for a modulus of so many bits (RFC 8017 §9.1.1).
pub(super) fn pss(hash: Hash, message: &[u8], salt: &[u8], bits: u64) -> Vec<u8> {
    let length = (bits as usize).div_ceil(8);
    let value = hash.of(&[&[0; 8], hash.of(message).as_slice(), salt].concat());
    let zeros = length.saturating_sub(value.len() + salt.len() + 2);
    let mut masked = [vec![0x00; zeros].as_slice(), &[0x01], salt].concat();
    let mask = (0_u32..).flat_map(|count| {
        let input = [value.as_slice(), &count.to_be_bytes()].concat();
        hash.of(&input)
    });
    for (byte, mask) in masked.iter_mut().zip(mask) {
        *byte ^= mask;
    }
    // emBits is one less than the modulus has: the block is the smaller number.
    if let Some(first) = masked.first_mut() {
        *first &= 0x7F;
    }
    [masked.as_slice(), &value, &[0xBC]].concat()
}

fn object(tag: u8, value: &[u8]) -> Vec<u8> {
    [&[tag, value.len() as u8], value].concat()
}
