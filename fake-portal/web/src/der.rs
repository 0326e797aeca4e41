//! As much of DER (ITU-T X.690) as the portal reads by itself: the path to a public key, through
//! certificates that no careful reader accepts, and the names that it invents for clients.

/// One element: its tag and its content.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element<'a> {
    pub(crate) tag: u8,
    pub(crate) content: &'a [u8],
}

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(crate) const UTF8_STRING: u8 = 0x0C;
pub(crate) const SEQUENCE: u8 = 0x30;
pub(crate) const SET: u8 = 0x31;

/// The first element of `bytes`, and what comes after it.
pub(crate) fn read(bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, mut rest) = rest.split_first()?;
    let length = match first {
        0..=0x7F => usize::from(first),
        0x81..=0x83 => {
            let (digits, after) = rest.split_at_checked(usize::from(first & 0x0F))?;
            rest = after;
            digits
                .iter()
                .fold(0, |length, digit| length << 8 | usize::from(*digit))
        }
        // No length that the portal has to do with takes more than three bytes.
        _ => return None,
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((Element { tag, content }, after))
}

/// The first element of `bytes`, if it has this tag, and what comes after it.
pub(crate) fn expect(tag: u8, bytes: &[u8]) -> Option<(Element<'_>, &[u8])> {
    read(bytes).filter(|(element, _)| element.tag == tag)
}

/// An element of at most 65,535 bytes of content.
pub(crate) fn write(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    match length {
        0..=0x7F => bytes.push(length as u8),
        0x80..=0xFF => bytes.extend([0x81, length as u8]),
        _ => bytes.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    bytes.extend_from_slice(content);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_every_size() {
        for length in [0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF] {
            let content = vec![0xAB; length];
            let bytes = write(SEQUENCE, &content);
            let (element, rest) = expect(SEQUENCE, &bytes).unwrap();
            assert_eq!(element.content, content);
            assert!(rest.is_empty());
            assert!(read(&bytes[..bytes.len() - 1]).is_none() || length == 0);
        }
        assert!(read(&[0x30, 0x80]).is_none());
        assert!(read(&[0x30, 0x84, 0, 0, 0, 0]).is_none());
        assert!(expect(SET, &[0x30, 0]).is_none());
    }
}
