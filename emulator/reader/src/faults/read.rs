//! Scripts from TOML. `docs/faults.md` tells the keys.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use cns_apdu::hex;
use serde::Deserialize;
use toml::Spanned;

use super::latency::{Latency, Processing};
use super::line;
use super::pattern::{Pattern, PatternError};
use super::script::{Action, Event, Moment, Occasion, Removal, Return, Rule, Script};

mod rule;

impl Script {
    /// Reads a script; `name` is what it is called in errors.
    ///
    /// # Errors
    /// The text is at fault; the error has line and column, what stands there, and what would be
    /// right.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, ScriptError> {
        Reader { name, text }.script()
    }
}

/// Reads the `[latency]` table of a file.
pub(super) fn latency(name: &str, text: &str) -> Result<Latency, ScriptError> {
    let reader = Reader { name, text };
    reader.script()?.latency.ok_or_else(|| {
        let what = "there is no [latency] table".to_owned();
        let hint = "it may be empty: then bytes take time on the line, and the card takes none";
        reader.error(0..0, ScriptFault::Combination { what, hint })
    })
}

/// A script that cannot be used: the text is at fault.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{name}:{position}: {fault}")]
pub struct ScriptError {
    /// What the script is called.
    pub name: String,
    /// Where in it.
    pub position: Position,
    /// What is wrong there.
    pub fault: ScriptFault,
}

/// What can be wrong with a script.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub enum ScriptFault {
    /// Not TOML, a key missing, a key that is none, or a value of the wrong type.
    #[error(
        "{0}\nhint: `cns card faults` shows scripts that are right; docs/faults.md has every key"
    )]
    Toml(String),
    /// A pattern with another character.
    #[error("{0}\nhint: such as \"?0 2A *\": ? is any digit, * any number of them")]
    Pattern(#[from] PatternError),
    /// A value that is none.
    #[error("{seen} is not {expected}")]
    Value {
        /// What stands there.
        seen: String,
        /// What would be right.
        expected: &'static str,
    },
    /// Keys that belong together or exclude each other.
    #[error("{what}\nhint: {hint}")]
    Combination {
        /// What is there.
        what: String,
        /// What would be right.
        hint: &'static str,
    },
}

/// A place in a text; both numbers start at 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The character in it.
    pub column: usize,
}

impl Position {
    fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Self {
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }
}

/// `12:9`.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScript {
    #[serde(default)]
    description: String,
    #[serde(default, rename = "rule")]
    rules: Vec<Spanned<rule::RawRule>>,
    latency: Option<RawLatency>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLatency {
    clock_hz: Option<Spanned<u32>>,
    ifsd: Option<Spanned<u8>>,
    #[serde(default = "yes")]
    line: bool,
    #[serde(default)]
    seed: u64,
    #[serde(default)]
    processing: Vec<RawProcessing>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProcessing {
    command: Spanned<String>,
    min_ms: u64,
    max_ms: Spanned<u64>,
}

/// Reads values, and knows where they stand.
#[derive(Clone, Copy)]
struct Reader<'a> {
    name: &'a str,
    text: &'a str,
}

type Read<T> = Result<T, ScriptError>;

impl Reader<'_> {
    fn script(self) -> Read<Script> {
        let raw: RawScript = toml::from_str(self.text).map_err(|error| {
            let fault = ScriptFault::Toml(error.message().to_owned());
            self.error(error.span().unwrap_or_default(), fault)
        })?;
        let rules = raw.rules.iter().enumerate();
        Ok(Script {
            description: raw.description,
            rules: rules
                .map(|(index, rule)| self.rule(index, rule))
                .collect::<Read<_>>()?,
            latency: raw.latency.map(|raw| self.latency(&raw)).transpose()?,
        })
    }

    fn latency(self, raw: &RawLatency) -> Read<Latency> {
        if let Some(clock) = &raw.clock_hz
            && !(1_000_000..=20_000_000).contains(clock.get_ref())
        {
            return Err(self.value(clock, "a clock from 1000000 to 20000000 Hz"));
        }
        if let Some(ifsd) = &raw.ifsd
            && !(1..=254).contains(ifsd.get_ref())
        {
            return Err(self.value(ifsd, "a size from 1 to 254"));
        }
        let processing = raw.processing.iter().map(|row| {
            if *row.max_ms.get_ref() < row.min_ms {
                return Err(self.value(&row.max_ms, "as much as min_ms"));
            }
            Ok(Processing {
                command: self.pattern(&row.command)?,
                min: Duration::from_millis(row.min_ms),
                max: self.time(&row.max_ms)?,
            })
        });
        Ok(Latency {
            clock: raw
                .clock_hz
                .as_ref()
                .map_or(line::CLOCK, |clock| *clock.get_ref()),
            ifsd: raw.ifsd.as_ref().map_or(254, |ifsd| *ifsd.get_ref()),
            line: raw.line,
            processing: processing.collect::<Read<_>>()?,
            seed: raw.seed,
        })
    }

    fn pattern(self, text: &Spanned<String>) -> Read<Pattern> {
        let parsed = text.get_ref().parse::<Pattern>();
        parsed.map_err(|error| self.error(text.span(), error.into()))
    }

    /// Milliseconds, a day at most.
    fn time(self, milliseconds: &Spanned<u64>) -> Read<Duration> {
        match *milliseconds.get_ref() {
            time @ 0..=86_400_000 => Ok(Duration::from_millis(time)),
            _ => Err(self.value(milliseconds, "a time up to 86400000 ms, a day")),
        }
    }

    fn bytes(
        self,
        text: &Spanned<String>,
        sizes: Range<usize>,
        what: &'static str,
    ) -> Read<Vec<u8>> {
        match hex::decode(text.get_ref()) {
            Some(bytes) if sizes.contains(&bytes.len()) => Ok(bytes),
            _ => Err(self.value(text, what)),
        }
    }

    fn error(self, span: Range<usize>, fault: ScriptFault) -> ScriptError {
        ScriptError {
            name: self.name.to_owned(),
            position: Position::of(self.text, span.start),
            fault,
        }
    }

    fn value<T: fmt::Debug>(self, seen: &Spanned<T>, expected: &'static str) -> ScriptError {
        let fault = ScriptFault::Value {
            seen: format!("{:?}", seen.get_ref()),
            expected,
        };
        self.error(seen.span(), fault)
    }

    fn combination(self, span: Range<usize>, what: String, hint: &'static str) -> ScriptError {
        self.error(span, ScriptFault::Combination { what, hint })
    }
}
