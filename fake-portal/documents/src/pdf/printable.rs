//! Any text as a page can show it.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::typeface::Weight;

/// What stands where a character cannot be shown.
const REPLACEMENT: char = '\u{FFFD}';

/// One line of text: what breaks lines becomes a space, and what has no glyph a replacement character.
///
/// Controls go as well, above all those that turn the direction of what follows: with them a name could
/// be made to read as another one.
pub(crate) fn printable(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' | '\n' | '\r' => ' ',
            character if can_be_shown(character) => character,
            _ => REPLACEMENT,
        })
        .collect()
}

/// The paragraphs of a text, each one line of text; empty ones are left out.
pub(crate) fn printable_paragraphs(text: &str) -> impl Iterator<Item = String> {
    text.lines()
        .map(printable)
        .filter(|paragraph| !paragraph.trim().is_empty())
}

fn can_be_shown(character: char) -> bool {
    let group = character.general_category_group();
    let is_text = group != GeneralCategoryGroup::Other;
    // A variation selector has a glyph in few fonts and a meaning only with the character before it.
    let selects_a_variant = matches!(character, '\u{FE00}'..='\u{FE0F}');
    let breaks_a_line = matches!(character, '\u{2028}' | '\u{2029}');
    is_text
        && !selects_a_variant
        && !breaks_a_line
        && Weight::ALL
            .iter()
            .all(|weight| weight.typeface().has(character))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_are_called_is_kept() {
        for name in [
            "Niccolò D’Amico",
            "Müller-Größl",
            "Đorđević",
            "Αλέξανδρος",
            "שרה",
            "محمد",
        ] {
            assert_eq!(printable(name), name);
        }
    }

    #[test]
    fn what_cannot_be_shown_is_replaced() {
        let check = |text, expected| assert_eq!(printable(text), expected, "{text:?}");
        check("a\tb\nc", "a b c");
        check("a\u{0}b\u{1b}", "a\u{FFFD}b\u{FFFD}");
        check("Maria\u{202e}issoR", "Maria\u{FFFD}issoR");
        check("🦀", "\u{FFFD}");
        check("\u{E000}", "\u{FFFD}");
    }

    #[test]
    fn paragraphs_are_lines() {
        let paragraphs: Vec<String> = printable_paragraphs("uno\r\n\r\n  \ndue\n").collect();
        assert_eq!(paragraphs, ["uno", "due"]);
    }
}
