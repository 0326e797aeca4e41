//! The portal's only source of time.

mod virtual_clock;

use std::fmt::Debug;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use time::OffsetDateTime;

pub use virtual_clock::{ClockSetting, VirtualClock};

/// Says what time it is. Tests and demonstrations bring their own.
pub trait Clock: Debug + Send + Sync {
    /// The present instant.
    fn now(&self) -> OffsetDateTime;

    /// Time that has passed since some instant in the past: a stopwatch, which nobody sets.
    fn stopwatch(&self) -> Duration;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }

    fn stopwatch(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        START.elapsed()
    }
}

/// A clock that stands still.
impl Clock for OffsetDateTime {
    fn now(&self) -> OffsetDateTime {
        *self
    }

    fn stopwatch(&self) -> Duration {
        Duration::ZERO
    }
}
