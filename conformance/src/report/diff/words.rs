//! A comparison in words, for people at a terminal.

use std::fmt::Write as _;

use super::{Answered, Comparison, Difference, End, ExchangeDifference, Side};
use crate::report::model::Ending;
use crate::report::text::{counted, printable};

/// So many places of a case are shown; the others are counted.
const EXCHANGES_SHOWN: usize = 4;

/// The two runs, every case that differs, and the sum.
///
/// ```text
/// A  in-process, seed 1, cns 0.1.0, 2026-11-24T20:00:00Z
/// B  pcsc:Reader 00 00, seed 1, cns 0.1.0, 2026-11-24T20:05:00Z
///
/// pin.verify.counts-down [cns11-st2021]
///   A  passed
///   B  failed: expected 63C1 (1 try left), saw 63C2 (2 tries left)
///   3  00 20 00 10 08 ** ** ** ** ** ** ** **  VERIFY PIN 10
///      A  63C1, 0 bytes  1 try left
///      B  63C2, 0 bytes  2 tries left
///
/// of the cases: 1 ended otherwise, 531 the same
/// ```
pub fn in_words(comparison: &Comparison) -> String {
    let Comparison { a, b, .. } = comparison;
    let mut text = format!("A  {}\nB  {}\n\n", side(a), side(b));
    for difference in &comparison.differences {
        if let (Some(a), Some(b)) = (&difference.a, &difference.b) {
            let _ = writeln!(text, "{}", in_both(difference, a, b));
        }
    }
    text.push_str(&in_one("A", comparison, |it| it.b.is_none()));
    text.push_str(&in_one("B", comparison, |it| it.a.is_none()));
    let _ = writeln!(text, "{}", sum(comparison));
    printable(&text)
}

fn side(side: &Side) -> String {
    let Side {
        target,
        tool,
        started,
        seed,
    } = side;
    format!("{target}, seed {seed}, {tool}, {started}")
}

fn name(difference: &Difference) -> String {
    let profile = difference.profile.as_ref().map(|id| format!(" [{id}]"));
    let repetition = match difference.repetition {
        1 => String::new(),
        repetition => format!(" (repetition {repetition})"),
    };
    format!(
        "{}{}{repetition}",
        difference.id,
        profile.unwrap_or_default()
    )
}

fn in_both(difference: &Difference, a: &End, b: &End) -> String {
    let (a, b) = (end(a), end(b));
    let ends = match a == b {
        true => format!("  both  {a}\n"),
        false => format!("  A  {a}\n  B  {b}\n"),
    };
    let exchanges = difference.exchanges.iter();
    let places: String = exchanges.take(EXCHANGES_SHOWN).map(place).collect();
    let more = match difference.exchanges.len().saturating_sub(EXCHANGES_SHOWN) {
        0 => String::new(),
        more => format!("  and {more} more, which --json has\n"),
    };
    format!("{}\n{ends}{places}{more}", name(difference))
}

/// The cases that are in one of the runs alone, only by their names.
fn in_one(side: &str, comparison: &Comparison, is: fn(&Difference) -> bool) -> String {
    let only = comparison.differences.iter().filter(|it| is(it));
    let names: String = only.map(|it| format!("  {}\n", name(it))).collect();
    match names.as_str() {
        "" => String::new(),
        names => format!("only in {side}\n{names}\n"),
    }
}

fn end(End { outcome, why }: &End) -> String {
    match why {
        None => outcome.word().to_owned(),
        Some(why) => format!("{}: {why}", outcome.word()),
    }
}

fn place(exchange: &ExchangeDifference) -> String {
    match exchange {
        ExchangeDifference::Answer {
            number,
            command,
            command_words,
            a,
            b,
        } => format!(
            "  {number}  {command}  {command_words}\n     A  {}\n     B  {}\n",
            answered(a),
            answered(b)
        ),
        ExchangeDifference::Parted { number, a, b } => {
            let said = |said: &Option<String>| said.clone().unwrap_or_else(|| "ends".to_owned());
            format!(
                "  {number}  from here on something else is said\n     A  {}\n     B  {}\n",
                said(a),
                said(b)
            )
        }
    }
}

fn answered(answered: &Answered) -> String {
    let Answered { sw, length, words } = answered;
    let bytes = counted(*length, "byte");
    format!("{sw}, {bytes}  {words}")
}

fn sum(comparison: &Comparison) -> String {
    let count = |is: fn(&&Difference) -> bool| comparison.differences.iter().filter(is).count();
    let parts = [
        (
            count(|it| it.ends_alike() == Some(false)),
            "ended otherwise",
        ),
        (
            count(|it| it.ends_alike() == Some(true)),
            "answered otherwise",
        ),
        (count(|it| it.b.is_none()), "only in A"),
        (count(|it| it.a.is_none()), "only in B"),
    ];
    let mut named: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    named.push(format!("{} the same", comparison.same));
    format!("of the cases: {}", named.join(", "))
}

impl Ending {
    const fn word(self) -> &'static str {
        match self {
            Self::Pass => "passed",
            Self::Fail => "failed",
            Self::Skipped => "skipped",
            Self::Broken => "broken",
        }
    }
}
