//! Writing DER. Each function gives one whole element; the caller says what is in it.

use time::{OffsetDateTime, UtcOffset};

use super::tag;

/// A SEQUENCE of elements that are already encoded.
pub fn sequence(elements: &[Vec<u8>]) -> Vec<u8> {
    element(tag::SEQUENCE, &elements.concat())
}

/// A SET OF elements that are already encoded, in the order that DER wants (X.690 §11.6).
pub fn set(elements: &[Vec<u8>]) -> Vec<u8> {
    let mut sorted = elements.to_vec();
    sorted.sort();
    element(tag::SET, &sorted.concat())
}

/// `[number]` EXPLICIT around elements that are already encoded.
pub fn explicit(number: u8, inner: &[u8]) -> Vec<u8> {
    element(tag::constructed(number), inner)
}

/// An OBJECT IDENTIFIER. `arcs` has two arcs or more, the first is 0 to 2.
pub fn object_identifier(arcs: &[u64]) -> Vec<u8> {
    let (head, tail) = arcs.split_at(arcs.len().min(2));
    let first = head.iter().fold(0, |value, arc| value * 40 + arc);
    let body: Vec<u8> = std::iter::once(first)
        .chain(tail.iter().copied())
        .flat_map(base_128)
        .collect();
    element(tag::OBJECT_IDENTIFIER, &body)
}

/// A BOOLEAN.
pub fn boolean(value: bool) -> Vec<u8> {
    element(tag::BOOLEAN, &[if value { 0xFF } else { 0x00 }])
}

/// A NULL.
pub fn null() -> Vec<u8> {
    element(tag::NULL, &[])
}

/// An INTEGER that is not negative, from its bytes, the most significant first.
pub fn unsigned_integer(bytes: &[u8]) -> Vec<u8> {
    let zeroes = bytes.iter().take_while(|&&byte| byte == 0).count();
    let digits = bytes.get(zeroes..).unwrap_or_default();
    // A first bit of 1 would make it negative, and a zero has one byte too.
    let sign: &[u8] = match digits.first() {
        Some(0..=0x7F) => &[],
        _ => &[0],
    };
    element(tag::INTEGER, &[sign, digits].concat())
}

/// An ENUMERATED of one byte.
pub fn enumerated(value: u8) -> Vec<u8> {
    element(tag::ENUMERATED, &[value])
}

/// A UTF8String.
pub fn utf8_string(text: &str) -> Vec<u8> {
    element(tag::UTF8_STRING, text.as_bytes())
}

/// An IA5String; the caller has made sure that `text` is ASCII.
pub fn ia5_string(text: &str) -> Vec<u8> {
    element(tag::IA5_STRING, text.as_bytes())
}

/// An OCTET STRING.
pub fn octet_string(bytes: &[u8]) -> Vec<u8> {
    element(tag::OCTET_STRING, bytes)
}

/// A BIT STRING of whole bytes.
pub fn bit_string(bytes: &[u8]) -> Vec<u8> {
    element(tag::BIT_STRING, &[&[0], bytes].concat())
}

/// A BIT STRING of named bits, bit 0 first, without trailing zeroes (X.690 §11.2.2).
pub fn named_bits(bits: &[u8]) -> Vec<u8> {
    let Some(&last) = bits.iter().max() else {
        return element(tag::BIT_STRING, &[0]);
    };
    let mut bytes = vec![0_u8; usize::from(last / 8) + 1];
    for bit in bits {
        if let Some(byte) = bytes.get_mut(usize::from(bit / 8)) {
            *byte |= 0x80 >> (bit % 8);
        }
    }
    element(
        tag::BIT_STRING,
        &[&[7 - last % 8], bytes.as_slice()].concat(),
    )
}

/// A GeneralizedTime `YYYYMMDDHHMMSSZ` in UTC, without fractions (RFC 5280 §4.1.2.5.2).
pub fn generalized_time(instant: OffsetDateTime) -> Vec<u8> {
    element(tag::GENERALIZED_TIME, digits_of(instant).as_bytes())
}

/// A time as certificates have it (RFC 5280 §4.1.2.5): UTCTime `YYMMDDHHMMSSZ` until 2049,
/// GeneralizedTime from 2050.
pub fn certificate_time(instant: OffsetDateTime) -> Vec<u8> {
    match instant.to_offset(UtcOffset::UTC).year() {
        1950..2050 => {
            let digits = digits_of(instant);
            let without_century = digits.get(2..).unwrap_or_default();
            element(tag::UTC_TIME, without_century.as_bytes())
        }
        _ => generalized_time(instant),
    }
}

/// A GeneralName of the kind uniformResourceIdentifier, `[6] IMPLICIT IA5String`.
pub fn uniform_resource_identifier(uri: &str) -> Vec<u8> {
    element(tag::primitive(6), uri.as_bytes())
}

/// Any content behind any tag.
pub fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut encoded = vec![tag];
    match u8::try_from(content.len()) {
        Ok(length @ 0..=0x7F) => encoded.push(length),
        _ => {
            let length = content.len().to_be_bytes();
            let zeroes = length.iter().take_while(|&&byte| byte == 0).count();
            encoded.push(0x80 | (length.len() - zeroes) as u8);
            encoded.extend(length.into_iter().skip(zeroes));
        }
    }
    encoded.extend_from_slice(content);
    encoded
}

fn digits_of(instant: OffsetDateTime) -> String {
    let utc = instant.to_offset(UtcOffset::UTC);
    let (hour, minute, second) = utc.to_hms();
    format!(
        "{:04}{:02}{:02}{hour:02}{minute:02}{second:02}Z",
        utc.year(),
        u8::from(utc.month()),
        utc.day()
    )
}

/// Seven bits a byte, most significant first, the top bit set on all bytes but the last.
fn base_128(value: u64) -> Vec<u8> {
    let septets = (64 - value.leading_zeros()).div_ceil(7).max(1);
    (0..septets)
        .rev()
        .map(|septet| {
            let more = if septet == 0 { 0 } else { 0x80 };
            (value >> (7 * septet)) as u8 & 0x7F | more
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_object_identifiers() {
        // CPS pointer, id-qt-cps, as RFC 5280 appendix C.2 prints it.
        let cps = object_identifier(&[1, 3, 6, 1, 5, 5, 7, 2, 1]);
        assert_eq!(
            cps,
            [0x06, 0x08, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x07, 0x02, 0x01]
        );
        assert_eq!(
            object_identifier(&[1, 3, 76, 16, 2, 1])[..3],
            [0x06, 0x05, 0x2B]
        );
        assert_eq!(
            object_identifier(&[2, 999, 0]),
            [0x06, 0x03, 0x88, 0x37, 0x00]
        );
    }

    #[test]
    fn encodes_short_and_long_lengths() {
        assert_eq!(octet_string(&[7; 127])[..2], [0x04, 0x7F]);
        assert_eq!(octet_string(&[7; 128])[..3], [0x04, 0x81, 0x80]);
        assert_eq!(octet_string(&[7; 256])[..4], [0x04, 0x82, 0x01, 0x00]);
    }

    #[test]
    fn encodes_integers_with_their_sign() {
        let content = |bytes: &[u8]| unsigned_integer(bytes)[2..].to_vec();
        assert_eq!(content(&[]), [0]);
        assert_eq!(content(&[0, 0, 0x7F]), [0x7F]);
        assert_eq!(content(&[0x80]), [0x00, 0x80]);
    }

    #[test]
    fn encodes_named_bits_without_trailing_zeroes() {
        assert_eq!(named_bits(&[]), [0x03, 0x01, 0x00]);
        // keyUsage: digitalSignature; then keyCertSign and cRLSign; then decipherOnly.
        assert_eq!(named_bits(&[0]), [0x03, 0x02, 0x07, 0x80]);
        assert_eq!(named_bits(&[5, 6]), [0x03, 0x02, 0x01, 0x06]);
        assert_eq!(named_bits(&[8]), [0x03, 0x03, 0x07, 0x00, 0x80]);
    }

    #[test]
    fn encodes_times_in_the_form_of_their_year() {
        use time::macros::datetime;
        let text = |der: Vec<u8>| (der[0], String::from_utf8(der[2..].to_vec()).unwrap());
        assert_eq!(
            text(certificate_time(datetime!(2049-12-31 23:30 -1))),
            (tag::GENERALIZED_TIME, "20500101003000Z".to_owned())
        );
        assert_eq!(
            text(certificate_time(datetime!(2026-11-24 8:05:09.5 UTC))),
            (tag::UTC_TIME, "261124080509Z".to_owned())
        );
    }
}
