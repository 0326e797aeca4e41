//! Reading DER that somebody else wrote.

use thiserror::Error;

use super::tag;

/// Why bytes are not the DER that was asked for.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub enum DerError {
    /// An element says that it is longer than what is there.
    #[error("the element ends after the last byte")]
    Truncated,
    /// A tag of two bytes and more, which nothing in X.509 or OCSP has.
    #[error("the element has a tag of more than one byte")]
    LongTag,
    /// A length that is indefinite, or written with more bytes than it needs (X.690 §10.1).
    #[error("the length of the element is not in DER")]
    Length,
    /// Another element than the grammar has here.
    #[error("tag {seen:02X} stands where {expected:02X} belongs")]
    Tag {
        /// The tag that belongs here.
        expected: u8,
        /// The tag that stands here.
        seen: u8,
    },
    /// More than the grammar has.
    #[error("bytes follow the last element")]
    Trailing,
}

/// One element: identifier, length, content.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Element<'a> {
    /// The identifier octet.
    pub tag: u8,
    /// What is in it.
    pub content: &'a [u8],
    /// The element as it was, all three parts.
    pub der: &'a [u8],
}

impl<'a> Element<'a> {
    /// The elements in this one.
    pub fn reader(&self) -> Reader<'a> {
        Reader::new(self.content)
    }
}

/// Elements that follow one another.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// From the first of these bytes.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether all was read.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The tag of the next element, if there is one.
    pub fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, whatever it is.
    pub fn element(&mut self) -> Result<Element<'a>, DerError> {
        let (&tag, after_tag) = self.rest.split_first().ok_or(DerError::Truncated)?;
        if tag & 0x1F == 0x1F {
            return Err(DerError::LongTag);
        }
        let (length, after_length) = length(after_tag)?;
        let content = after_length.get(..length).ok_or(DerError::Truncated)?;
        let rest = after_length.get(length..).ok_or(DerError::Truncated)?;
        let der = self
            .rest
            .get(..self.rest.len() - rest.len())
            .ok_or(DerError::Truncated)?;
        self.rest = rest;
        Ok(Element { tag, content, der })
    }

    /// The next element, which must have this tag.
    pub fn expect(&mut self, tag: u8) -> Result<Element<'a>, DerError> {
        match self.peek() {
            Some(seen) if seen != tag => Err(DerError::Tag {
                expected: tag,
                seen,
            }),
            _ => self.element(),
        }
    }

    /// The next element, if it has this tag.
    pub fn optional(&mut self, tag: u8) -> Result<Option<Element<'a>>, DerError> {
        match self.peek() {
            Some(seen) if seen == tag => self.element().map(Some),
            _ => Ok(None),
        }
    }

    /// The one element inside the next, `[number] EXPLICIT`, if that is the next.
    pub fn explicit(&mut self, number: u8) -> Result<Option<Element<'a>>, DerError> {
        let Some(outer) = self.optional(tag::constructed(number))? else {
            return Ok(None);
        };
        only(outer.content).map(Some)
    }

    /// That nothing is left.
    pub fn end(&self) -> Result<(), DerError> {
        if self.is_empty() {
            return Ok(());
        }
        Err(DerError::Trailing)
    }
}

/// The one element that these bytes are.
pub fn only(bytes: &[u8]) -> Result<Element<'_>, DerError> {
    let mut reader = Reader::new(bytes);
    let element = reader.element()?;
    reader.end()?;
    Ok(element)
}

/// The length that the bytes begin with, and what follows it (X.690 §8.1.3).
fn length(bytes: &[u8]) -> Result<(usize, &[u8]), DerError> {
    let (&first, rest) = bytes.split_first().ok_or(DerError::Truncated)?;
    if first < 0x80 {
        return Ok((first.into(), rest));
    }
    // Four bytes are four gigabytes, more than anybody sends.
    let count = usize::from(first & 0x7F);
    if count == 0 || 4 < count {
        return Err(DerError::Length);
    }
    let digits = rest.get(..count).ok_or(DerError::Truncated)?;
    let rest = rest.get(count..).ok_or(DerError::Truncated)?;
    let value = digits
        .iter()
        .fold(0_usize, |value, &digit| value << 8 | usize::from(digit));
    let shortest = 0x7F < value && digits.first() != Some(&0);
    match shortest {
        true => Ok((value, rest)),
        false => Err(DerError::Length),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::der::write;
    use proptest::prelude::*;

    #[test]
    fn elements_are_read_one_after_the_other() {
        let bytes = [write::null(), write::octet_string(&[1, 2])].concat();
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.optional(tag::INTEGER), Ok(None));
        assert_eq!(reader.expect(tag::NULL).unwrap().content, []);
        let octets = reader.element().unwrap();
        assert_eq!((octets.content, octets.der), (&[1, 2][..], &bytes[2..]));
        assert_eq!(reader.end(), Ok(()));
        assert_eq!(reader.element(), Err(DerError::Truncated));
    }

    #[test]
    fn what_is_no_der_is_refused() {
        let check = |bytes: &[u8], expected| assert_eq!(only(bytes), Err(expected), "{bytes:02X?}");
        check(&[], DerError::Truncated);
        check(&[0x30], DerError::Truncated);
        check(&[0x04, 0x02, 0x00], DerError::Truncated);
        check(&[0x1F, 0x81, 0x00, 0x00], DerError::LongTag);
        check(&[0x30, 0x80, 0x00, 0x00], DerError::Length);
        check(&[0x04, 0x81, 0x01, 0x00], DerError::Length);
        check(&[0x04, 0x85, 0, 0, 0, 0, 1, 0], DerError::Length);
        check(&[0x04, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], DerError::Truncated);
        check(&[0x05, 0x00, 0x00], DerError::Trailing);
        assert_eq!(
            Reader::new(&[0x05, 0x00]).expect(tag::SEQUENCE),
            Err(DerError::Tag {
                expected: 0x30,
                seen: 0x05
            })
        );
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(content in proptest::collection::vec(any::<u8>(), 0..70_000)) {
            let der = write::octet_string(&content);
            prop_assert_eq!(only(&der).unwrap().content, content);
        }

        #[test]
        fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            if let Ok(element) = only(&bytes) {
                prop_assert_eq!(write::element(element.tag, element.content), bytes);
            }
        }
    }
}
