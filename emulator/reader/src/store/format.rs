//! The content of an image file, without a file: see [`super`] for its layout.
//!
//! The length tells a file that was cut off from one that was changed. The digest decides whether it
//! was changed; the sums say where, if it was one byte: by how much the first sum is off is the
//! difference of the byte, and how many times that the second is off is its offset.

use ring::digest::{SHA256, SHA256_OUTPUT_LEN, digest};

use super::fault::Fault;
use super::seal::{Passphrase, SEAL_EXTRA, SealingKey};

/// The version that this program writes, and the only one so far.
pub(super) const VERSION: u8 = 1;

const MAGIC: &[u8; 7] = b"CNSCARD";
const HEADER_LEN: usize = 13;

/// The longest data object of `cns_apdu::tlv`, in bytes, and so the longest image that can be read.
const IMAGE_MAX: usize = 0xFF_FFFF;

const PLAIN: u8 = 0x00;
const SEALED: u8 = 0x01;

/// How an image is protected in its file.
#[derive(Debug)]
pub(super) enum Protection {
    /// Whoever reads the file reads the card.
    Plain,
    /// With the passphrase only.
    Sealed(Box<SealingKey>),
}

/// An image as the content of a file.
pub(super) fn write(image: Vec<u8>, protection: &Protection) -> Result<Vec<u8>, Fault> {
    if IMAGE_MAX < image.len() {
        return Err(Fault::TooLarge(image.len()));
    }
    let (form, length) = match protection {
        Protection::Plain => (PLAIN, image.len()),
        Protection::Sealed(_) => (SEALED, image.len() + SEAL_EXTRA),
    };
    let length = u32::try_from(length).expect("an image and its seal are below 4 GiB");
    let mut bytes = [&MAGIC[..], &[VERSION, form], &length.to_be_bytes()].concat();
    match protection {
        Protection::Plain => bytes.extend_from_slice(&image),
        Protection::Sealed(key) => {
            let seal = key.seal(&bytes, image)?;
            bytes.extend_from_slice(&seal);
        }
    }
    let checksum = Checksum::of(&bytes);
    bytes.extend_from_slice(&checksum.to_bytes());
    Ok(bytes)
}

/// The image in the content of a file, and how it was protected.
pub(super) fn read(
    bytes: &[u8],
    passphrase: Option<&Passphrase>,
) -> Result<(Vec<u8>, Protection), Fault> {
    let (form, content) = check(bytes)?;
    match (form, passphrase) {
        (PLAIN, None) => Ok((content.to_vec(), Protection::Plain)),
        (PLAIN, Some(_)) => Err(Fault::NotSealed),
        (SEALED, None) => Err(Fault::Sealed),
        (SEALED, Some(passphrase)) => {
            let header = bytes.get(..HEADER_LEN).unwrap_or_default();
            let (image, key) = SealingKey::open(passphrase, header, content)?;
            Ok((image, Protection::Sealed(Box::new(key))))
        }
        _ => Err(Fault::Form(form)),
    }
}

/// The form and the content of a file that is whole.
fn check(bytes: &[u8]) -> Result<(u8, &[u8]), Fault> {
    let present = bytes.len();
    let Some(rest) = bytes.strip_prefix(MAGIC) else {
        return Err(match MAGIC.starts_with(bytes) {
            true => Fault::NoHeader { present },
            false => Fault::NotAnImage,
        });
    };
    let (&version, rest) = rest.split_first().ok_or(Fault::NoHeader { present })?;
    if version != VERSION {
        return Err(Fault::Version(version));
    }
    let (&[form, ref length @ ..], rest) = rest
        .split_first_chunk::<5>()
        .ok_or(Fault::NoHeader { present })?;
    let announced = HEADER_LEN + u32::from_be_bytes(*length) as usize + CHECKSUM_LEN;

    // An edited byte may be one of the length, so that it is looked for before the length is used.
    let (content, stored) =
        Checksum::split_off(rest).ok_or(Fault::Truncated { present, announced })?;
    let covered = bytes.get(..HEADER_LEN + content.len()).unwrap_or_default();
    let found = Checksum::of(covered);
    if let Some(edit) = found.edit_since(&stored, covered) {
        return Err(edit);
    }
    if present < announced {
        return Err(Fault::Truncated { present, announced });
    }
    if announced < present {
        return Err(Fault::Extended { present, announced });
    }
    match found == stored {
        true => Ok((form, content)),
        false => Err(Fault::Checksum {
            checked: covered.len(),
            end: present,
        }),
    }
}

const CHECKSUM_LEN: usize = 8 + 8 + SHA256_OUTPUT_LEN;

/// The last bytes of a file.
#[derive(Eq, PartialEq)]
struct Checksum {
    sum: u64,
    /// The sum of the bytes, each times its offset.
    moment: u64,
    digest: [u8; SHA256_OUTPUT_LEN],
}

impl Checksum {
    fn of(bytes: &[u8]) -> Self {
        let mut sum = 0_u64;
        let mut moment = 0_u64;
        // Nothing that a card holds gets near the end of 64 bits; a file of gigabytes may.
        for (offset, byte) in (0..).zip(bytes) {
            sum = sum.wrapping_add(u64::from(*byte));
            moment = moment.wrapping_add(u64::from(*byte).wrapping_mul(offset));
        }
        Self {
            sum,
            moment,
            digest: sha_256(bytes),
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let sums = [self.sum.to_be_bytes(), self.moment.to_be_bytes()];
        [sums.as_flattened(), &self.digest].concat()
    }

    /// What stands before a checksum, and the checksum.
    fn split_off(bytes: &[u8]) -> Option<(&[u8], Self)> {
        let (bytes, digest) = bytes.split_last_chunk()?;
        let (bytes, moment) = bytes.split_last_chunk()?;
        let (bytes, sum) = bytes.split_last_chunk()?;
        let checksum = Self {
            sum: u64::from_be_bytes(*sum),
            moment: u64::from_be_bytes(*moment),
            digest: *digest,
        };
        Some((bytes, checksum))
    }

    /// The one byte of `bytes` that was changed since their checksum was `before`, if it was one.
    fn edit_since(&self, before: &Self, bytes: &[u8]) -> Option<Fault> {
        let change = i128::from(before.sum) - i128::from(self.sum);
        let moment_change = i128::from(before.moment) - i128::from(self.moment);
        let offset = usize::try_from(moment_change.checked_div(change)?).ok()?;
        let mut mended = bytes.to_vec();
        let place = mended.get_mut(offset)?;
        let is = *place;
        let was = u8::try_from(i128::from(is) + change).ok()?;
        *place = was;
        (sha_256(&mended) == before.digest).then_some(Fault::Edited { offset, was, is })
    }
}

fn sha_256(bytes: &[u8]) -> [u8; SHA256_OUTPUT_LEN] {
    digest(&SHA256, bytes)
        .as_ref()
        .try_into()
        .expect("SHA-256 has 32 bytes")
}
