//! Characters that both XML and FHIR have.

/// The text with spaces for all kinds of blanks, and U+FFFD for what neither XML nor FHIR has.
pub(super) fn cleaned(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            character if character.is_whitespace() => ' ',
            // To Unicode it is none any more, but to the schema of FHIR a blank that no text may have.
            '\u{FEFF}' => ' ',
            character if character.is_control() => char::REPLACEMENT_CHARACTER,
            '\u{FFFE}' | '\u{FFFF}' => char::REPLACEMENT_CHARACTER,
            character => character,
        })
        .collect()
}

#[test]
fn controls_and_blanks() {
    assert_eq!(
        cleaned("a\tb\u{a0}c\u{0}d\u{FFFF}e\u{FEFF}f"),
        "a b c\u{FFFD}d\u{FFFD}e f"
    );
    assert_eq!(cleaned("Niccolò 😷"), "Niccolò 😷");
}
