//! How far a run is. What is measured, often by another process, tells nothing until it ends; so the bar
//! goes by the clock, and waits at the end of a step for whatever takes longer than was asked for.

use std::sync::Mutex;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// How often the bar moves.
const TICK: Duration = Duration::from_millis(100);

/// A bar on stderr if that is a terminal. It goes when this is dropped.
pub(super) struct Progress {
    bar: ProgressBar,
    step: Duration,
    steps: usize,
    begun: Mutex<Option<Sender<u64>>>,
    clock: Option<JoinHandle<()>>,
}

impl Progress {
    /// So many steps, which take about so long each.
    pub(super) fn start(steps: usize, step: Duration) -> Self {
        let milliseconds = milliseconds(step);
        let bar = ProgressBar::new(milliseconds * steps as u64);
        let style = ProgressStyle::with_template("{bar:30} {prefix} {wide_msg}");
        let bar = match style {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        };
        let (begun, hears) = mpsc::channel();
        let moving = bar.clone();
        let clock = thread::spawn(move || {
            let (mut from, mut since) = (0, Instant::now());
            loop {
                match hears.recv_timeout(TICK) {
                    Ok(place) => (from, since) = (place * milliseconds, Instant::now()),
                    Err(RecvTimeoutError::Timeout) => {
                        let passed = self::milliseconds(since.elapsed());
                        moving.set_position(from + passed.min(milliseconds));
                    }
                    Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        });
        Self {
            bar,
            step,
            steps,
            begun: Mutex::new(Some(begun)),
            clock: Some(clock),
        }
    }

    /// A step begins, counted from 0.
    pub(super) fn begin(&self, place: usize, words: &str) {
        let left = self.step * (self.steps - place) as u32;
        self.bar.set_prefix(format!("{}/{}", place + 1, self.steps));
        self.bar
            .set_message(format!("{words} (about {} s left)", left.as_secs().max(1)));
        if let Ok(begun) = self.begun.lock()
            && let Some(begun) = &*begun
        {
            // The clock runs as long as this lives.
            let _ = begun.send(place as u64);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Ok(begun) = self.begun.get_mut() {
            *begun = None;
        }
        if let Some(clock) = self.clock.take() {
            // It has nothing that can fail.
            let _ = clock.join();
        }
        self.bar.finish_and_clear();
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
