//! How an operation is repeated.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use crate::BenchError;
use crate::measurement::{Measurement, Summary};

/// How an operation is repeated.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// How long it is measured.
    pub duration: Duration,
    /// How long it runs before that.
    pub warm_up: Duration,
    /// How fast.
    pub pace: Pace,
}

/// How fast an operation is repeated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// The next begins when the last has ended (a closed loop).
    Closed,
    /// So many begin each second, whether the others have ended or not (an open loop); each is timed
    /// from when it should have begun, so that a stall is not hidden by the waiting behind it.
    Open {
        /// In all, by all who take part.
        per_second: f64,
    },
}

/// Somebody who does it: a thread's card, connection or session.
pub trait Worker: Send {
    /// Does it once.
    fn once(&mut self) -> Result<(), BenchError>;

    /// How many times it is done between two looks at the clock: more than 1 for what takes less than
    /// the look.
    fn batch(&self) -> u32 {
        1
    }

    /// How long the card has worked since this was asked last, of what is more than the card's work.
    fn take_card_time(&mut self) -> Option<Duration> {
        None
    }
}

/// Lets all workers work at once, each on a thread of its own.
pub fn measure(
    mut workers: Vec<Box<dyn Worker>>,
    load: Load,
) -> Result<(Measurement, usize), BenchError> {
    let count = workers.len();
    let barrier = Barrier::new(count);
    let results: Vec<Result<Measurement, BenchError>> = thread::scope(|scope| {
        let threads: Vec<_> = workers
            .iter_mut()
            .enumerate()
            .map(|(place, worker)| {
                let barrier = &barrier;
                let each = load.for_one_of(count, place);
                scope.spawn(move || {
                    let warmed = warm_up(worker.as_mut(), load.warm_up);
                    barrier.wait();
                    warmed?;
                    run(worker.as_mut(), each)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err(BenchError::operation("a worker panicked")))
            })
            .collect()
    });
    let mut all = Measurement::empty()?;
    for result in results {
        all.add(&result?)?;
    }
    Ok((all, count))
}

/// The same, in numbers.
pub(crate) fn measured(workers: Vec<Box<dyn Worker>>, load: Load) -> Result<Summary, BenchError> {
    let (measurement, count) = measure(workers, load)?;
    Ok(measurement.summary(count))
}

/// What one of several does: its share of the pace, beginning at its own moment.
struct Share {
    duration: Duration,
    interval: Option<Duration>,
    offset: Duration,
}

impl Load {
    fn for_one_of(self, count: usize, place: usize) -> Share {
        let interval = match self.pace {
            Pace::Closed => None,
            Pace::Open { per_second } => Some(Duration::from_secs_f64(
                count as f64 / per_second.max(0.001),
            )),
        };
        let offset = interval.map_or(Duration::ZERO, |interval| {
            interval.mul_f64(place as f64 / count as f64)
        });
        Share {
            duration: self.duration,
            interval,
            offset,
        }
    }
}

fn warm_up(worker: &mut dyn Worker, limit: Duration) -> Result<(), BenchError> {
    let start = Instant::now();
    loop {
        worker.once()?;
        if limit <= start.elapsed() {
            return Ok(());
        }
    }
}

fn run(worker: &mut dyn Worker, share: Share) -> Result<Measurement, BenchError> {
    let mut measured = Measurement::empty()?;
    let batch = match share.interval {
        Some(_) => 1,
        None => worker.batch(),
    };
    // What the card did before the clock started is nobody's.
    worker.take_card_time();
    let mut busy = Duration::ZERO;
    let start = Instant::now();
    let mut due = start + share.offset;
    loop {
        if let Some(interval) = share.interval {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            due += interval;
        }
        let started = Instant::now();
        let begun = share
            .interval
            .map_or(started, |interval| due.checked_sub(interval).unwrap_or(due));
        for _ in 0..batch {
            worker.once()?;
        }
        let ended = Instant::now();
        measured.record(ended.saturating_duration_since(begun), batch)?;
        busy += ended.saturating_duration_since(started);
        let elapsed = ended.saturating_duration_since(start);
        if share.duration <= elapsed {
            measured.elapsed = elapsed;
            if let Some(card) = worker.take_card_time() {
                measured.record_card(busy, card);
            }
            return Ok(measured);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    /// Takes so long, and counts.
    struct Sleeper(Duration);

    impl Worker for Sleeper {
        fn once(&mut self) -> Result<(), BenchError> {
            thread::sleep(self.0);
            Ok(())
        }
    }

    fn load(pace: Pace) -> Load {
        Load {
            duration: Duration::from_millis(200),
            warm_up: Duration::ZERO,
            pace,
        }
    }

    #[test]
    fn a_closed_loop_of_two_counts_both() {
        let workers: Vec<Box<dyn Worker>> = (0..2)
            .map(|_| Box::new(Sleeper(Duration::from_millis(5))) as Box<dyn Worker>)
            .collect();
        let (measured, count) = measure(workers, load(Pace::Closed)).unwrap();
        let summary = measured.summary(count);
        assert_eq!(summary.workers, 2);
        assert!((2..=82).contains(&summary.count), "{summary:?}");
        assert!(5_000.0 <= summary.p50_us, "{summary:?}");
    }

    #[test]
    fn an_open_loop_tells_the_waiting_behind_a_slow_worker() {
        let worker: Box<dyn Worker> = Box::new(Sleeper(Duration::from_millis(20)));
        let pace = Pace::Open { per_second: 200.0 };
        let (measured, count) = measure(vec![worker], load(pace)).unwrap();
        let summary = measured.summary(count);
        assert!(40_000.0 < summary.max_us, "a queue grows: {summary:?}");
    }

    #[test]
    fn an_error_ends_it() {
        struct Broken;
        impl Worker for Broken {
            fn once(&mut self) -> Result<(), BenchError> {
                Err(BenchError::operation("no card"))
            }
        }
        let error = measure(vec![Box::new(Broken)], load(Pace::Closed)).unwrap_err();
        assert_eq!(error.to_string(), "the operation failed: no card");
    }
}
