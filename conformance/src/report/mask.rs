//! What stands in a finding must not tell what the transcript hides.

/// Words and numbers shorter than this say nothing about anybody.
const WORD_LENGTH_MIN: usize = 4;

/// So many bytes in hexadecimal one after the other are data, fewer are a status word or a tag.
const BYTES_MIN: usize = 3;

/// The text without what is also in `hidden`, the data that the transcript does not show: words and
/// numbers in it, and rows of bytes.
pub(super) fn without(text: &str, hidden: &[u8]) -> String {
    if hidden.is_empty() {
        return text.to_owned();
    }
    words_masked(&bytes_masked(text), hidden)
}

fn bytes_masked(text: &str) -> String {
    let is_byte = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
    let parts: Vec<&str> = text.split(' ').collect();
    let mut masked: Vec<&str> = Vec::with_capacity(parts.len());
    for row in parts.chunk_by(|one, other| is_byte(one) && is_byte(other)) {
        let is_data = BYTES_MIN <= row.len();
        masked.extend(row.iter().map(|part| if is_data { "**" } else { part }));
    }
    masked.join(" ")
}

fn words_masked(text: &str, hidden: &[u8]) -> String {
    let hidden: Vec<u8> = hidden.to_ascii_uppercase();
    let is_hidden = |word: &str| {
        let latin: Option<Vec<u8>> = word.chars().map(|c| u8::try_from(c).ok()).collect();
        let spellings = [latin.unwrap_or_default(), word.as_bytes().to_vec()];
        spellings.iter().any(|spelling| {
            let spelling = spelling.to_ascii_uppercase();
            WORD_LENGTH_MIN <= spelling.len()
                && hidden.windows(spelling.len()).any(|part| part == spelling)
        })
    };
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_alphanumeric());
        let (word, after) = rest.split_at(end.unwrap_or(rest.len()));
        masked.push_str(if is_hidden(word) { "**" } else { word });
        let mut others = after.chars();
        masked.extend(others.next());
        rest = others.as_str();
    }
    masked
}

#[test]
fn what_the_transcript_hides_is_not_told_in_words() {
    let hidden = b"..RSSMRA85C55M901I ROSSI<MARIA..";
    let check = |text: &str, expected: &str| assert_eq!(without(text, hidden), expected);
    check(
        "the codice fiscale is RSSMRA85C55M901I, of Maria",
        "the codice fiscale is **, of **",
    );
    check(
        "52 53 53 4D 52 41 ... (16 bytes)",
        "** ** ** ** ** ** ... (16 bytes)",
    );
    check("6A82 (file not found)", "6A82 (file not found)");
    check("tag 85 of 4 bytes", "tag 85 of 4 bytes");
    assert_eq!(without("52 53 53 4D", b""), "52 53 53 4D");
}
