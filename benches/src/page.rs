//! A run as a page for people: tables and plots in one file, which needs nothing else.

mod plots;

use askama::Template;

use crate::BenchError;
use crate::ladder::{Ladder, Rung};
use crate::machine::Machine;

/// The page of a run, HTML.
pub fn of(ladder: &Ladder, machine: &Machine) -> Result<String, BenchError> {
    let failed = |error: &dyn std::fmt::Display| BenchError::Page(error.to_string());
    Page {
        ladder,
        machine,
        rows: ladder.rungs.iter().map(Row::of).collect(),
        rates: plots::rates(ladder).map_err(|error| failed(&error))?,
        latencies: plots::latencies(ladder).map_err(|error| failed(&error))?,
        version: env!("CARGO_PKG_VERSION"),
    }
    .render()
    .map_err(|error| failed(&error))
}

#[derive(Template)]
#[template(path = "ladder.html")]
struct Page<'a> {
    ladder: &'a Ladder,
    machine: &'a Machine,
    rows: Vec<Row>,
    /// SVG.
    rates: String,
    latencies: String,
    /// Of this program.
    version: &'static str,
}

/// A rung in words.
struct Row {
    operation: String,
    words: String,
    target: String,
    rate: String,
    /// p50, p90, p95, p99 and the longest.
    times: [String; 5],
    card: String,
    to_below: String,
    to_floor: String,
    workers: usize,
}

impl Row {
    fn of(rung: &Rung) -> Self {
        let s = &rung.summary;
        let ratio = |ratio: Option<f64>| ratio.map_or(String::new(), |r| format!("{r:.3}"));
        Self {
            operation: rung.step.operation.to_string(),
            words: rung.step.words(),
            target: rung.step.target.to_string(),
            rate: grouped(s.rate),
            times: [s.p50_us, s.p90_us, s.p95_us, s.p99_us, s.max_us].map(time),
            card: s
                .card_share
                .map_or(String::new(), |share| format!("{:.0} %", 100.0 * share)),
            to_below: ratio(rung.to_below),
            to_floor: ratio(rung.to_floor),
            workers: s.workers,
        }
    }
}

/// A time in the unit that leaves it few digits.
fn time(microseconds: f64) -> String {
    match microseconds {
        ..1.0 => format!("{:.0} ns", 1_000.0 * microseconds),
        ..10.0 => format!("{microseconds:.2} µs"),
        ..1_000.0 => format!("{microseconds:.0} µs"),
        _ => format!("{:.2} ms", microseconds / 1_000.0),
    }
}

/// A number with its thousands apart: `33 000 000`.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if 0 < place && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202F}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short() {
        assert_eq!(grouped(33_000_000.4), "33\u{202F}000\u{202F}000");
        assert_eq!([grouped(0.0), grouped(999.0)], ["0", "999"]);
        let times = [0.03, 1.5, 42.4, 271.0, 44_000.0].map(time);
        assert_eq!(times, ["30 ns", "1.50 µs", "42 µs", "271 µs", "44.00 ms"]);
    }
}
