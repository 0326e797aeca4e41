//! What was measured, and what is told of it.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::BenchError;

/// What was measured: a histogram in nanoseconds, so that a run of hours takes no more memory than
/// one of a second.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(into = "Told", try_from = "Told")]
pub struct Measurement {
    times: Histogram<u64>,
    count: u64,
    pub(crate) elapsed: Duration,
    /// What all times come to, and how much of that the card took.
    busy: Duration,
    card: Option<Duration>,
}

/// A measurement as a client tells it: what is in the histogram, value by value.
#[derive(Deserialize, Serialize)]
struct Told {
    /// Nanoseconds, and how many took so long.
    times: Vec<(u64, u64)>,
    count: u64,
    elapsed: Duration,
    busy: Duration,
    card: Option<Duration>,
}

/// A measurement in numbers, for tables and files.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Summary {
    /// How many at once.
    pub workers: usize,
    /// How often it was done.
    pub count: u64,
    /// In how many seconds.
    pub seconds: f64,
    /// How often in a second.
    pub rate: f64,
    /// Half took no longer, in microseconds.
    pub p50_us: f64,
    /// The same for 90 of 100.
    pub p90_us: f64,
    /// The same for 95 of 100.
    pub p95_us: f64,
    /// The same for 99 of 100.
    pub p99_us: f64,
    /// The longest.
    pub max_us: f64,
    /// Of what is more than the card, a login for one: the card's share of the time, from 0 to 1.
    pub card_share: Option<f64>,
}

impl Summary {
    /// How many times as fast as another, by the half that took no longer.
    #[must_use]
    pub fn speed_beside(&self, other: &Self) -> f64 {
        other.p50_us / self.p50_us.max(f64::MIN_POSITIVE)
    }
}

/// Three digits: a quantile is right to a thousandth.
const DIGITS: u8 = 3;

impl Measurement {
    pub(crate) fn empty() -> Result<Self, BenchError> {
        Ok(Self {
            times: Histogram::new(DIGITS).map_err(BenchError::operation)?,
            count: 0,
            elapsed: Duration::ZERO,
            busy: Duration::ZERO,
            card: None,
        })
    }

    /// It was done `batch` times in this time.
    pub(crate) fn record(&mut self, took: Duration, batch: u32) -> Result<(), BenchError> {
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX) / u64::from(batch);
        self.count += u64::from(batch);
        self.times
            .record_n(nanoseconds.max(1), u64::from(batch))
            .map_err(BenchError::operation)
    }

    /// Of what was recorded, somebody was busy so long, and the card with it so long.
    pub(crate) fn record_card(&mut self, busy: Duration, card: Duration) {
        self.busy += busy;
        self.card = Some(self.card.unwrap_or_default() + card);
    }

    pub(crate) fn add(&mut self, other: &Self) -> Result<(), BenchError> {
        self.count += other.count;
        self.elapsed = self.elapsed.max(other.elapsed);
        self.busy += other.busy;
        self.card = match (self.card, other.card) {
            (Some(one), Some(other)) => Some(one + other),
            (one, other) => one.or(other),
        };
        self.times.add(&other.times).map_err(BenchError::operation)
    }

    /// In numbers.
    pub fn summary(&self, workers: usize) -> Summary {
        let microseconds = |nanoseconds: u64| nanoseconds as f64 / 1_000.0;
        let at = |quantile| microseconds(self.times.value_at_quantile(quantile));
        let seconds = self.elapsed.as_secs_f64();
        let busy = self.busy.as_secs_f64().max(f64::MIN_POSITIVE);
        Summary {
            workers,
            count: self.count,
            seconds,
            rate: self.count as f64 / seconds.max(f64::MIN_POSITIVE),
            p50_us: at(0.50),
            p90_us: at(0.90),
            p95_us: at(0.95),
            p99_us: at(0.99),
            max_us: microseconds(self.times.max()),
            card_share: self.card.map(|card| card.as_secs_f64() / busy),
        }
    }
}

impl From<Measurement> for Told {
    fn from(measured: Measurement) -> Self {
        let times = measured.times.iter_recorded();
        Self {
            times: times
                .map(|step| (step.value_iterated_to(), step.count_at_value()))
                .collect(),
            count: measured.count,
            elapsed: measured.elapsed,
            busy: measured.busy,
            card: measured.card,
        }
    }
}

impl TryFrom<Told> for Measurement {
    type Error = BenchError;

    fn try_from(told: Told) -> Result<Self, BenchError> {
        let mut measured = Self::empty()?;
        for (nanoseconds, count) in told.times {
            let recorded = measured.times.record_n(nanoseconds, count);
            recorded.map_err(BenchError::operation)?;
        }
        Ok(Self {
            count: told.count,
            elapsed: told.elapsed,
            busy: told.busy,
            card: told.card,
            ..measured
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn quantiles_and_shares_are_those_of_all_workers() {
        let mut all = Measurement::empty().unwrap();
        for (milliseconds, card) in [(1, 1), (3, 1)] {
            let mut one = Measurement::empty().unwrap();
            let took = Duration::from_millis(milliseconds);
            one.record(took, 1).unwrap();
            one.record_card(took, Duration::from_millis(card));
            one.elapsed = Duration::from_millis(4);
            all.add(&one).unwrap();
        }
        let summary = all.summary(2);
        assert_eq!((summary.count, summary.rate), (2, 500.0));
        assert_eq!(summary.card_share, Some(0.5));
        assert!((999.0..1_002.0).contains(&summary.p50_us), "{summary:?}");
        assert!((2_999.0..3_004.0).contains(&summary.max_us), "{summary:?}");
    }

    #[test]
    fn what_a_client_tells_is_what_it_has_measured() {
        let mut one = Measurement::empty().unwrap();
        for microseconds in [3, 400, 400, 90_000] {
            one.record(Duration::from_micros(microseconds), 2).unwrap();
        }
        one.elapsed = Duration::from_millis(91);
        let told = serde_json::to_string(&one).unwrap();
        let heard: Measurement = serde_json::from_str(&told).unwrap();
        assert_eq!(heard.summary(1), one.summary(1));
    }

    #[test]
    fn a_batch_counts_each_of_its_members() {
        let mut one = Measurement::empty().unwrap();
        one.record(Duration::from_micros(640), 64).unwrap();
        let summary = one.summary(1);
        assert_eq!((summary.count, summary.card_share), (64, None));
        assert!((9.9..10.1).contains(&summary.p50_us), "{summary:?}");
    }
}
