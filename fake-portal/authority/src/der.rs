//! A writer for the little DER that rcgen has no builder for (ITU-T X.690).

/// A SEQUENCE of elements that are already encoded.
pub(crate) fn sequence(elements: &[Vec<u8>]) -> Vec<u8> {
    element(0x30, &elements.concat())
}

/// An OBJECT IDENTIFIER. `arcs` has two arcs or more, the first is 0 to 2.
pub(crate) fn object_identifier(arcs: &[u64]) -> Vec<u8> {
    let (head, tail) = arcs.split_at(arcs.len().min(2));
    let first = head.iter().fold(0, |value, arc| value * 40 + arc);
    let body: Vec<u8> = std::iter::once(first)
        .chain(tail.iter().copied())
        .flat_map(base_128)
        .collect();
    element(0x06, &body)
}

/// A UTF8String.
pub(crate) fn utf8_string(text: &str) -> Vec<u8> {
    element(0x0C, text.as_bytes())
}

/// An IA5String; the caller has made sure that `text` is ASCII.
pub(crate) fn ia5_string(text: &str) -> Vec<u8> {
    element(0x16, text.as_bytes())
}

/// An OCTET STRING.
pub(crate) fn octet_string(bytes: &[u8]) -> Vec<u8> {
    element(0x04, bytes)
}

/// A GeneralName of the kind uniformResourceIdentifier, `[6] IMPLICIT IA5String`.
pub(crate) fn uniform_resource_identifier(uri: &str) -> Vec<u8> {
    element(0x86, uri.as_bytes())
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
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
}
