//! The portal's only source of time.

use std::fmt::Debug;

use time::OffsetDateTime;

/// Says what time it is. Tests and demonstrations bring their own.
pub trait Clock: Debug + Send + Sync {
    /// The present instant.
    fn now(&self) -> OffsetDateTime;
}

/// The clock of the machine.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

/// A clock that stands still.
impl Clock for OffsetDateTime {
    fn now(&self) -> OffsetDateTime {
        *self
    }
}
