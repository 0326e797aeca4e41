//! Which exchanges a seam is about.

/// A command, and what it was answered.
#[derive(Clone, Copy, Debug)]
pub struct When {
    /// The command in hexadecimal: `?` is any digit, a `*` at the end any bytes. Spaces mean nothing.
    pub command: &'static str,
    /// The status word, in the same notation.
    pub answered: &'static str,
}

impl When {
    /// Whenever this is said, whatever the card answers.
    pub const fn said(command: &'static str) -> Self {
        Self {
            command,
            answered: "*",
        }
    }

    /// Whenever this is said and answered so.
    pub const fn answered(command: &'static str, answered: &'static str) -> Self {
        Self { command, answered }
    }

    pub(super) fn hears(self, command: &[u8]) -> bool {
        matches(self.command, command)
    }

    pub(super) fn sees(self, command: &[u8], response: &[u8]) -> bool {
        let sw = response.last_chunk::<2>().map_or(&[][..], |sw| sw);
        self.hears(command) && matches(self.answered, sw)
    }
}

fn matches(pattern: &str, bytes: &[u8]) -> bool {
    let mut nibbles = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0x0F]);
    for character in pattern.chars().filter(|c| !c.is_whitespace()) {
        if character == '*' {
            return true;
        }
        match (character, nibbles.next()) {
            (_, None) => return false,
            ('?', Some(_)) => {}
            (digit, Some(nibble)) if digit.to_digit(16) == Some(u32::from(nibble)) => {}
            (_, Some(_)) => return false,
        }
    }
    nibbles.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_have_wildcards_for_a_digit_and_for_the_rest() {
        assert!(matches("00 20 00 10", &[0x00, 0x20, 0x00, 0x10]));
        assert!(matches("00 20 00 ?0 *", &[0x00, 0x20, 0x00, 0x90, 0x08]));
        assert!(matches("63C?", &[0x63, 0xC2]));
        assert!(!matches("63C?", &[0x63, 0x00]));
        assert!(!matches("00 20", &[0x00, 0x20, 0x00]));
        assert!(!matches("00 20 00", &[0x00, 0x20]));
        assert!(matches("*", &[]));
    }
}
