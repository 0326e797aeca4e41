//! What a run comes to: a table or JSON, files, and whether it is as fast as it was.

use std::path::Path;

use cns_benches::{Ladder, Rung};

use super::options::Options;
use crate::{Verdict, files, output};

/// Tells, writes and compares.
pub(super) fn tell(ladder: &Ladder, options: &Options) -> anyhow::Result<Verdict> {
    let before = options.before()?;
    match options.json {
        true => output::json(ladder)?,
        false => output::text(&table(ladder, before.as_ref()))?,
    }
    if let Some(path) = &options.save {
        let text = serde_json::to_string_pretty(ladder)?;
        files::write(&[(path, &text)], files::PUBLIC)?;
    }
    if let Some(path) = &options.csv {
        files::write(&[(path, &ladder.to_csv())], files::PUBLIC)?;
    }
    let (Some(before), Some(gate)) = (before, options.fail_below) else {
        return Ok(Verdict::Fine);
    };
    let fallen = ladder.falls_below(&before, gate);
    for (step, then, now) in &fallen {
        output::say(&format!(
            "{}, {}: {now:.3} of its floor; it was {then:.3}, and {:.3} would do",
            step.target,
            step.operation,
            gate * then
        ));
    }
    Ok(match fallen.is_empty() {
        true => Verdict::Fine,
        false => Verdict::Not,
    })
}

/// Writes the page.
pub(super) fn page(ladder: &Ladder, path: &Path) -> anyhow::Result<()> {
    let machine = cns_benches::machine::Machine::of_this();
    let page = cns_benches::page::of(ladder, &machine)?;
    files::write(&[(path, &page)], files::PUBLIC)
}

fn table(ladder: &Ladder, before: Option<&Ladder>) -> String {
    let head = [
        "", "target", "", "a second", "p50 us", "p90 us", "p95 us", "p99 us", "max us", "card",
        "to below", "to floor", "it was",
    ];
    let rows = ladder.rungs.iter().map(|rung| row(rung, before));
    let latency = match &ladder.latency {
        Some(name) => format!(", as slow as {name}"),
        None => String::new(),
    };
    format!("{}{latency}\n{}", ladder.profile, output::table(head, rows))
}

fn row(rung: &Rung, before: Option<&Ladder>) -> [String; 13] {
    let ratio = |ratio: Option<f64>| ratio.map_or(String::new(), |r| format!("{r:.3}"));
    let s = &rung.summary;
    let before = before.and_then(|before| before.rung(&rung.step)?.to_floor);
    [
        rung.step.operation.to_string(),
        rung.step.target.to_string(),
        rung.step.target.words(),
        format!("{:.0}", s.rate),
        format!("{:.2}", s.p50_us),
        format!("{:.2}", s.p90_us),
        format!("{:.2}", s.p95_us),
        format!("{:.2}", s.p99_us),
        format!("{:.2}", s.max_us),
        s.card_share
            .map_or(String::new(), |share| format!("{:.0} %", 100.0 * share)),
        ratio(rung.to_below),
        ratio(rung.to_floor),
        ratio(before),
    ]
}
