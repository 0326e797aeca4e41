//! Bytes as people write them: `00 A4 04 00`, with or without spaces and colons.

/// Upper-case hexadecimal, a space between bytes.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3);
    for (position, byte) in bytes.iter().enumerate() {
        if position > 0 {
            text.push(' ');
        }
        for nibble in [byte >> 4, byte & 0x0F] {
            text.extend(char::from_digit(u32::from(nibble), 16).map(|c| c.to_ascii_uppercase()));
        }
    }
    text
}

/// Reads hexadecimal in either case; spaces and colons may stand between bytes. None when a
/// character is no digit or a byte is cut in half.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let mut digits = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ':')
        .map(|c| c.to_digit(16));
    let mut bytes = Vec::with_capacity(text.len() / 2);
    while let Some(high) = digits.next() {
        bytes.push((high? << 4 | digits.next()??) as u8);
    }
    Some(bytes)
}
