//! BER-TLV data objects (ISO 7816-4 §5.2.2).
//!
//! ```text
//! tag     1 to 3 bytes; the low five bits of the first all set: more follow
//! length  00..7F | 81 xx | 82 xx xx | 83 xx xx xx
//! value
//! ```

use core::fmt;

/// A tag as its bytes read as one number: 0x6F, 0x5F2D.
#[derive(Clone, Copy, Eq, Hash, PartialEq)]
pub struct Tag(pub u32);

/// One data object.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Tlv<'a> {
    /// What it is.
    pub tag: Tag,
    /// Its value; for a constructed tag, more data objects.
    pub value: &'a [u8],
}

/// Why bytes are no data object.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TlvError {
    /// The bytes end within a tag or a length.
    CutOff,
    /// The tag is longer than three bytes, or its length has an unknown form.
    Unsupported,
    /// The value is shorter than its length says.
    ValueMissing {
        /// What the length says.
        announced: usize,
        /// How many bytes follow.
        present: usize,
    },
}

impl Tag {
    /// Whether the value consists of data objects (bit 6 of the first byte).
    pub fn is_constructed(self) -> bool {
        let [.., a, b, c] = self.0.to_be_bytes();
        let first = [a, b, c].into_iter().find(|byte| *byte != 0).unwrap_or(0);
        first & 0x20 != 0
    }
}

impl<'a> Tlv<'a> {
    /// Reads the first data object of `bytes` and returns it with what follows it.
    pub fn read(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), TlvError> {
        let (tag, rest) = read_tag(bytes)?;
        let (length, rest) = read_length(rest)?;
        let (value, rest) = rest
            .split_at_checked(length)
            .ok_or(TlvError::ValueMissing {
                announced: length,
                present: rest.len(),
            })?;
        Ok((Self { tag, value }, rest))
    }
}

/// The data objects of `bytes`, one after the other. Ends after the first that cannot be read.
pub fn objects(bytes: &[u8]) -> impl Iterator<Item = Result<Tlv<'_>, TlvError>> {
    let mut rest = bytes;
    core::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        match Tlv::read(rest) {
            Ok((object, tail)) => {
                rest = tail;
                Some(Ok(object))
            }
            Err(error) => {
                rest = &[];
                Some(Err(error))
            }
        }
    })
}

/// The value of the first object with this tag, at the top level of `bytes`.
pub fn find(bytes: &[u8], tag: Tag) -> Option<&[u8]> {
    objects(bytes)
        .map_while(Result::ok)
        .find(|object| object.tag == tag)
        .map(|object| object.value)
}

/// Appends a data object.
pub fn write(out: &mut Vec<u8>, tag: Tag, value: &[u8]) {
    write_tag(out, tag);
    write_length(out, value.len());
    out.extend_from_slice(value);
}

/// Appends a constructed data object whose value is what `fill` appends.
pub fn write_nested(out: &mut Vec<u8>, tag: Tag, fill: impl FnOnce(&mut Vec<u8>)) {
    write_tag(out, tag);
    let start = out.len();
    fill(out);
    let end = out.len();
    // The length is known only now: it is written behind the value and rotated to its front.
    write_length(out, end - start);
    let length_bytes = out.len() - end;
    out.get_mut(start..)
        .unwrap_or_default()
        .rotate_right(length_bytes);
}

fn read_tag(bytes: &[u8]) -> Result<(Tag, &[u8]), TlvError> {
    let (&first, mut rest) = bytes.split_first().ok_or(TlvError::CutOff)?;
    let mut tag = u32::from(first);
    if first & 0x1F != 0x1F {
        return Ok((Tag(tag), rest));
    }
    for _ in 0..2 {
        let (&next, tail) = rest.split_first().ok_or(TlvError::CutOff)?;
        tag = tag << 8 | u32::from(next);
        rest = tail;
        if next & 0x80 == 0 {
            return Ok((Tag(tag), rest));
        }
    }
    Err(TlvError::Unsupported)
}

fn read_length(bytes: &[u8]) -> Result<(usize, &[u8]), TlvError> {
    let (&first, rest) = bytes.split_first().ok_or(TlvError::CutOff)?;
    let count = match first {
        0x00..=0x7F => return Ok((usize::from(first), rest)),
        0x81..=0x83 => usize::from(first & 0x0F),
        _ => return Err(TlvError::Unsupported),
    };
    let (digits, rest) = rest.split_at_checked(count).ok_or(TlvError::CutOff)?;
    Ok((
        digits
            .iter()
            .fold(0, |length, byte| length << 8 | usize::from(*byte)),
        rest,
    ))
}

fn write_tag(out: &mut Vec<u8>, tag: Tag) {
    let bytes = tag.0.to_be_bytes();
    let leading = bytes.iter().take(3).take_while(|byte| **byte == 0).count();
    out.extend(bytes.iter().skip(leading));
}

fn write_length(out: &mut Vec<u8>, length: usize) {
    let bytes = (length as u32).to_be_bytes();
    let digits = bytes.into_iter().skip_while(|byte| *byte == 0);
    match length {
        0x00..=0x7F => out.push(length as u8),
        _ => {
            out.push(0x80 | digits.clone().count() as u8);
            out.extend(digits);
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02X}", self.0)
    }
}

impl fmt::Debug for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tag({self})")
    }
}

impl fmt::Display for TlvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CutOff => write!(f, "the bytes end within a tag or a length"),
            Self::Unsupported => write!(f, "a tag or a length has a form that cards do not use"),
            Self::ValueMissing { announced, present } => {
                write!(
                    f,
                    "a value of {announced} bytes is announced, {present} follow"
                )
            }
        }
    }
}

impl core::error::Error for TlvError {}
