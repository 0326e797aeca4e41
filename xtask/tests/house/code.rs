//! Rust source without its comments and texts, so that a rule about code does not trip over prose.

/// The source with every comment, string and character literal replaced by spaces. Lines keep
/// their numbers.
pub(crate) fn code_only(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    // What precedes `rest` decides whether an `r` starts a raw string or ends a name.
    let mut after_name = false;
    while let Some(first) = rest.chars().next() {
        let prose = if after_name { 0 } else { prefixed_string(rest) }
            .max(comment(rest))
            .max(string(rest))
            .max(character(rest));
        let (taken, remaining) = rest.split_at(if prose == 0 { first.len_utf8() } else { prose });
        if prose == 0 {
            code.push(first);
        } else {
            code.extend(
                taken
                    .chars()
                    .map(|letter| if letter == '\n' { '\n' } else { ' ' }),
            );
        }
        after_name = prose == 0 && is_name(first);
        rest = remaining;
    }
    code
}

/// The names, keywords and numbers of a code, each with its line, counted from 1.
pub(crate) fn tokens(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.lines().enumerate().flat_map(|(index, line)| {
        line.split(|letter| !is_name(letter))
            .filter(|token| !token.is_empty())
            .map(move |token| (index + 1, token))
    })
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

// Each of the following gives the length in bytes of what `text` starts with, 0 if it is not that.

fn comment(text: &str) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if !text.starts_with("/*") {
        return 0;
    }
    // Rust's block comments nest.
    let mut depth = 0_usize;
    let mut letters = text.char_indices().peekable();
    while let Some((position, letter)) = letters.next() {
        let pair = (letter, letters.peek().map(|(_, next)| *next));
        match pair {
            ('/', Some('*')) => depth += 1,
            ('*', Some('/')) => depth -= 1,
            _ => continue,
        }
        letters.next();
        if depth == 0 {
            return position + 2;
        }
    }
    text.len()
}

/// A string in quotes, in which a backslash takes the quote's meaning away.
fn string(text: &str) -> usize {
    if !text.starts_with('"') {
        return 0;
    }
    let mut letters = text.char_indices().skip(1);
    while let Some((position, letter)) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            '"' => return position + 1,
            _ => {}
        }
    }
    text.len()
}

/// A raw string `r#"…"#`, also of bytes or for C. Others with a prefix are found at their quote.
fn prefixed_string(text: &str) -> usize {
    let Some(after_r) = ["r", "br", "cr"]
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
    else {
        return 0;
    };
    let inside = after_r.trim_start_matches('#');
    let hashes = after_r.len() - inside.len();
    if !inside.starts_with('"') {
        return 0;
    }
    let start = text.len() - inside.len() + 1;
    let end = format!("\"{}", "#".repeat(hashes));
    match text[start..].find(&end) {
        Some(length) => start + length + end.len(),
        None => text.len(),
    }
}

/// A character in quotes; not a lifetime, which has no second quote.
fn character(text: &str) -> usize {
    let mut letters = text.char_indices();
    if letters.next().map(|(_, letter)| letter) != Some('\'') {
        return 0;
    }
    match letters.next() {
        // The escaped letter itself may be a quote; after it comes the closing one.
        Some((_, '\\')) => {
            letters.next();
            letters
                .find(|(_, letter)| *letter == '\'')
                .map_or(0, |(position, _)| position + 1)
        }
        Some(_) => match letters.next() {
            Some((position, '\'')) => position + 1,
            _ => 0,
        },
        None => 0,
    }
}

#[test]
fn prose_becomes_spaces_and_code_stays() {
    let check = |source: &str, code: &str| {
        let words: Vec<String> = code_only(source)
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        assert_eq!(words.join(" "), code, "{source}");
        assert_eq!(
            code_only(source).lines().count(),
            source.lines().count(),
            "{source}"
        );
    };
    check("a // b\nc", "a c");
    check("a /* b /* c */ d */ e", "a e");
    check("a /* b\n\n */ c", "a c");
    check(r#"f("a \" b", c)"#, "f( , c)");
    check("f(\"// no comment\") + g", "f( ) + g");
    check(r##"f(r#"a "b" c"#, d)"##, "f( , d)");
    check("f(br\"a\\\", d)", "f( , d)");
    check("f(b\"a\", d)", "f(b , d)");
    check(
        r"match a { '\'' => b, '\u{7f}' => c, '\n' => d, '/' => e }",
        "match a { => b, => c, => d, => e }",
    );
    check(
        "fn f<'a>(x: &'a str, y: &'static str)",
        "fn f<'a>(x: &'a str, y: &'static str)",
    );
    check("let r = attr\"x\";", "let r = attr ;");
    check("'è' + \"è\" + è", "+ + è");
}
