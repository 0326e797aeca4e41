//! Commands as cases write them.

use cns_apdu::hex;

/// The bytes of `00 A4 00 0C (3F00)`: hexadecimal, and brackets that are preceded by their length.
pub(super) fn parse(notation: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = notation;
    while let Some((before, after)) = rest.split_once('(') {
        let (inside, after) = after.split_once(')')?;
        bytes.extend(hex::decode(before)?);
        let inside = hex::decode(inside)?;
        bytes.push(u8::try_from(inside.len()).ok()?);
        bytes.extend(inside);
        rest = after;
    }
    bytes.extend(hex::decode(rest)?);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn brackets_have_their_length_before_them() {
        let bytes = [0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00, 0x00];
        assert_eq!(parse("00 A4 00 0C (3F00) 00").as_deref(), Some(&bytes[..]));
        assert_eq!(parse("00 A4 0"), None);
        assert_eq!(parse("00 A4 (3F"), None);
    }
}
