//! Cases that no wrong card can be made for, each with the reason: `data/cases-without-mutant.txt`.

use std::sync::LazyLock;

use serde::Serialize;

/// Why cases may catch no mutant.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
pub struct Excuse {
    /// The cases: an identifier, in which one `*` is any text.
    pub pattern: &'static str,
    /// Why no wrong card shows that they can fail.
    pub reason: &'static str,
}

/// The committed excuses: a pattern and a reason in a line; `#` begins a comment.
pub(super) static EXCUSES: LazyLock<Vec<Excuse>> =
    LazyLock::new(|| parse(include_str!("../../data/cases-without-mutant.txt")));

fn parse(text: &'static str) -> Vec<Excuse> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (pattern, reason) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            Excuse {
                pattern,
                reason: reason.trim(),
            }
        })
        .collect()
}

impl Excuse {
    /// Whether it is about the case.
    pub fn is_for(&self, id: &str) -> bool {
        match self.pattern.split_once('*') {
            None => self.pattern == id,
            Some((start, end)) => id
                .strip_prefix(start)
                .is_some_and(|rest| rest.ends_with(end)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Excuse, parse};

    #[test]
    fn a_line_is_a_pattern_and_a_reason() {
        let excuses = parse("# comment\n\npin.*.asks   It only asks.\n");
        let [excuse] = excuses.as_slice() else {
            unreachable!("one line is one excuse");
        };
        assert_eq!(excuse.reason, "It only asks.");
        assert!(excuse.is_for("pin.verify.asks"));
        assert!(!excuse.is_for("pin.verify.counts-down"));
        assert!(!excuse.is_for("puk.verify.asks"));
    }

    #[test]
    fn every_committed_excuse_has_a_reason() {
        let lacks_reason = |excuse: &&Excuse| excuse.reason.is_empty();
        assert_eq!(super::EXCUSES.iter().find(lacks_reason), None);
    }
}
