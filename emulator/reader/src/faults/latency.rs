//! How long a card takes: its own work, by kind of command, and the bytes on the line.
//!
//! `time = processing(command) + Line::exchange(command length, response length)`
//!
//! Processing is evenly spread between the least and the most that the first matching row says.
//! The same seed and the same commands give the same times.

use std::time::Duration;

use super::line::{self, Line};
use super::pattern::Pattern;
use super::read::{self, ScriptError};

/// A model of a card's speed.
#[derive(Clone, Debug, PartialEq)]
pub struct Latency {
    /// The reader's clock, in Hz.
    pub clock: u32,
    /// Information bytes that the reader takes in one block; 254 once it has said so, 32 before.
    pub ifsd: u8,
    /// Whether bytes take time on the line at all.
    pub line: bool,
    /// Which commands take how long; the first row that matches counts. None matches: no time.
    pub processing: Vec<Processing>,
    /// Where the spread begins.
    pub seed: u64,
}

/// How long commands of a kind take in the card.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Processing {
    /// Which commands.
    pub command: Pattern,
    /// The least.
    pub min: Duration,
    /// The most.
    pub max: Duration,
}

impl Latency {
    /// The line's time and no processing.
    pub fn line_only() -> Self {
        Self {
            clock: line::CLOCK,
            ifsd: 254,
            line: true,
            processing: Vec::new(),
            seed: 1,
        }
    }

    /// Reads a file that has a `[latency]` table.
    ///
    /// # Errors
    /// The file is at fault; the message has line and column.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, ScriptError> {
        read::latency(name, text)
    }

    /// What the card itself takes for a command, which is the `number`th since the script was
    /// loaded.
    pub fn processing(&self, command: &[u8], number: u64) -> Duration {
        let Some(row) = self
            .processing
            .iter()
            .find(|row| row.command.matches(command))
        else {
            return Duration::ZERO;
        };
        let spread = u64::try_from(row.max.saturating_sub(row.min).as_micros()).unwrap_or(0);
        let seed = self.seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        row.min + Duration::from_micros(fastrand::Rng::with_seed(seed).u64(..=spread))
    }

    /// What an exchange takes with a card whose answer to reset is `atr`.
    pub fn exchange(&self, atr: &[u8], command: &[u8], response: usize, number: u64) -> Duration {
        let on_the_line = match self.line {
            true => Line::of(atr, self.clock, self.ifsd).exchange(command.len(), response),
            false => Duration::ZERO,
        };
        self.processing(command, number) + on_the_line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_model_is_readable_and_signs_in_300_to_600_ms() {
        let text = cns_fixtures::latency_model("real").expect("real.toml").text;
        let real = Latency::from_toml("real.toml", text).expect("real.toml");
        let pso = [0x00, 0x2A, 0x80, 0x86, 0x02, 0x00, 0x00, 0x00];
        let times: Vec<u128> = (0..200)
            .map(|n| real.processing(&pso, n).as_millis())
            .collect();
        assert!(times.iter().all(|ms| (300..=600).contains(ms)), "{times:?}");
        assert!(times.iter().any(|ms| *ms < 400) && times.iter().any(|ms| 500 < *ms));
        assert_eq!(real.processing(&pso, 7), real.processing(&pso, 7));
        let chained = [0x10, 0x2A, 0x80, 0x86, 0x01, 0x00];
        assert!(
            real.processing(&chained, 0).as_millis() < 50,
            "it is only kept"
        );
    }
}
