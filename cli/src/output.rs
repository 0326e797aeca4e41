//! How the command speaks: data to stdout, talk to stderr, `--json` for machines.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use anyhow::Context as _;
use comfy_table::{Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

/// Green, for what went well.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// Red, for what did not.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// For headings.
pub(crate) const HEADING: Style = Style::new().bold();
/// For what can be skipped.
pub(crate) const DIM: Style = Style::new().dimmed();

/// Data for a person: one text with its own line ends.
pub(crate) fn text(text: &str) -> anyhow::Result<()> {
    anstream::stdout()
        .write_all(text.as_bytes())
        .context("stdout cannot be written")
}

/// Data for a machine: one JSON value on lines of its own.
pub(crate) fn json(value: &impl Serialize) -> anyhow::Result<()> {
    text(&format!("{}\n", serde_json::to_string_pretty(value)?))
}

/// Environment variables as a shell takes them.
pub(crate) fn exports<N: AsRef<str>>(environment: &[(N, String)]) -> String {
    let export =
        |(name, value): &(N, String)| format!("export {}={}\n", name.as_ref(), quoted(value));
    environment.iter().map(export).collect()
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=./:,@+%".contains(letter);
    match !word.is_empty() && word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', r"'\''")),
    }
}

/// One JSON value on one line: the line by which a long-running command says that it is ready.
pub(crate) fn json_line(value: &impl Serialize) -> anyhow::Result<()> {
    text(&format!("{}\n", serde_json::to_string(value)?))?;
    io::stdout().flush().context("stdout cannot be written")
}

/// Talk.
pub(crate) fn say(line: &str) {
    anstream::eprintln!("{line}");
}

/// Why the command could not run, with its hint.
pub(crate) fn error(error: &anyhow::Error) {
    // The outermost message says what was meant to happen; errors here carry their cause in their
    // own words, so that a chain is shown only where it says something new.
    let mut message = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !message.contains(&cause) {
            message = format!("{message}: {cause}");
        }
    }
    let (cause, hints) = message.split_once("\nhint:").unwrap_or((&message, ""));
    say(&format!("{BAD}error:{BAD:#} {cause}"));
    if !hints.is_empty() {
        say(&format!("hint:{hints}"));
    }
}

/// Whether the error is that nobody reads stdout any more.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
}

/// A bar on stderr if that is a terminal, nothing otherwise.
pub(crate) fn progress(count: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}")
        .expect("the template is well formed");
    ProgressBar::new(count).with_style(style)
}

/// Columns under headings, as wide as their content.
pub(crate) fn table<const COLUMNS: usize>(
    headings: [&str; COLUMNS],
    rows: impl IntoIterator<Item = [String; COLUMNS]>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(headings);
    for row in rows {
        table.add_row(row);
    }
    if let Some(first) = table.column_mut(0) {
        first.set_padding((0, 1));
    }
    format!("{}\n", table.trim_fmt())
}
