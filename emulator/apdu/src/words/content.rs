//! What stands in a file, as text where it is text.

/// Fewer printable bytes than these are text by chance.
const TEXT_LENGTH_MIN: usize = 6;

/// How many characters are shown.
const TEXT_LENGTH_MAX: usize = 120;

/// Whether nothing is written there: all 00, or all FF.
pub(super) fn is_blank(data: &[u8]) -> bool {
    [0x00, 0xFF]
        .iter()
        .any(|blank| data.iter().all(|byte| byte == blank))
}

/// `: "the text"` without its padding, `, all 00`, or nothing for other bytes.
pub(super) fn remark(data: &[u8]) -> String {
    let (Some(first), true) = (data.first(), is_blank(data)) else {
        return text(data).map_or_else(String::new, |text| format!(": \"{text}\""));
    };
    format!(", all {first:02X}")
}

/// ASCII with the Latin-1 letters of Italian names.
fn text(data: &[u8]) -> Option<String> {
    let padding = data.iter().rev().take_while(|byte| **byte == 0).count();
    let (text, _) = data.split_at_checked(data.len().saturating_sub(padding))?;
    let is_text = TEXT_LENGTH_MIN <= text.len()
        && text
            .iter()
            .all(|byte| matches!(byte, 0x20..=0x7E | 0xC0..=0xFF));
    let shown = text.iter().take(TEXT_LENGTH_MAX).copied().map(char::from);
    let ellipsis = (TEXT_LENGTH_MAX < text.len()).then_some('…');
    is_text.then(|| shown.chain(ellipsis).collect())
}
