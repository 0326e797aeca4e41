//! Commands as cases write them.

use cns_apdu::hex;

/// The bytes of `00 A4 00 0C (3F00)`: hexadecimal, and brackets that are preceded by their length.
/// Brackets may stand in brackets.
pub(super) fn parse(notation: &str) -> Option<Vec<u8>> {
    // The innermost is the last, for what is open at the moment.
    let mut open = vec![Vec::new()];
    for part in notation.split_inclusive(['(', ')']) {
        let digits = part.trim_end_matches(['(', ')']);
        open.last_mut()?.extend(hex::decode(digits)?);
        match part.chars().last() {
            Some('(') => open.push(Vec::new()),
            Some(')') => {
                let inside = open.pop()?;
                let outside = open.last_mut()?;
                outside.push(u8::try_from(inside.len()).ok()?);
                outside.extend(inside);
            }
            _ => {}
        }
    }
    let bytes = open.pop()?;
    open.is_empty().then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn brackets_have_their_length_before_them() {
        let bytes = [0x00, 0xA4, 0x00, 0x0C, 0x02, 0x3F, 0x00, 0x00];
        assert_eq!(parse("00 A4 00 0C (3F00) 00").as_deref(), Some(&bytes[..]));
        let bytes = [0x6F, 0x06, 0x80, 0x01, 0x05, 0x83, 0x01, 0xAA];
        assert_eq!(parse("6F (80 (05) 83 (AA))").as_deref(), Some(&bytes[..]));
        assert_eq!(parse("00 A4 0"), None);
        assert_eq!(parse("3F00)"), None);
        assert_eq!(parse("00 A4 (3F"), None);
    }
}
