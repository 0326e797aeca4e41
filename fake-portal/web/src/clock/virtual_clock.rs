//! A clock that testers set: what the portal and its certifiers go by.

use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use time::{OffsetDateTime, UtcOffset};

use super::Clock;

/// Another clock, until somebody sets it. Clones are one clock.
#[derive(Clone, Debug)]
pub struct VirtualClock {
    base: Arc<dyn Clock>,
    setting: Arc<Mutex<ClockSetting>>,
}

/// How a virtual clock goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClockSetting {
    /// It stands still.
    Frozen {
        /// At this instant.
        at: OffsetDateTime,
    },
    /// It goes as its base goes.
    Running {
        /// By how much it is ahead of its base; behind it, if this is negative.
        ahead: time::Duration,
    },
}

impl VirtualClock {
    /// The years that testers set it to: TLS knows none before, certificates need some room after.
    pub const YEARS: RangeInclusive<i32> = 1970..=2999;

    /// Whether testers may set it to this instant.
    pub fn goes_to(instant: OffsetDateTime) -> bool {
        let utc = instant.checked_to_offset(UtcOffset::UTC);
        utc.is_some_and(|utc| Self::YEARS.contains(&utc.year()))
    }

    /// A clock that goes as `base` does.
    pub fn over(base: Arc<dyn Clock>) -> Self {
        Self {
            base,
            setting: Arc::new(Mutex::new(ClockSetting::default())),
        }
    }

    /// What time it is for everybody else, who does not go by this clock: clients, above all.
    pub fn of_machine(&self) -> OffsetDateTime {
        self.base.now()
    }

    /// How it goes now.
    pub fn setting(&self) -> ClockSetting {
        *self.lock()
    }

    /// Lets it go so from now on.
    pub fn set(&self, setting: ClockSetting) {
        *self.lock() = setting;
    }

    /// Stops it, now.
    pub fn freeze(&self) {
        let mut setting = self.lock();
        let at = setting.instant(self.base.now());
        *setting = ClockSetting::Frozen { at };
    }

    /// Stops it at an instant.
    pub fn freeze_at(&self, at: OffsetDateTime) {
        self.set(ClockSetting::Frozen { at });
    }

    /// Lets it go on from where it is.
    pub fn run(&self) {
        let mut setting = self.lock();
        let base = self.base.now();
        *setting = ClockSetting::running_from(setting.instant(base), base);
    }

    /// Lets it go on from an instant.
    pub fn run_from(&self, instant: OffsetDateTime) {
        self.set(ClockSetting::running_from(instant, self.base.now()));
    }

    /// Sets it to another instant; it stands still or goes on as before.
    pub fn set_to(&self, instant: OffsetDateTime) {
        let mut setting = self.lock();
        *setting = match *setting {
            ClockSetting::Frozen { .. } => ClockSetting::Frozen { at: instant },
            ClockSetting::Running { .. } => ClockSetting::running_from(instant, self.base.now()),
        };
    }

    /// Makes it later, or earlier; it stands still or goes on as before.
    pub fn advance(&self, by: time::Duration) {
        let mut setting = self.lock();
        *setting = match *setting {
            ClockSetting::Frozen { at } => ClockSetting::Frozen {
                at: at.saturating_add(by),
            },
            ClockSetting::Running { ahead } => ClockSetting::Running {
                ahead: ahead.saturating_add(by),
            },
        };
    }

    fn lock(&self) -> MutexGuard<'_, ClockSetting> {
        self.setting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClockSetting {
    fn running_from(instant: OffsetDateTime, base: OffsetDateTime) -> Self {
        let ahead = instant - base;
        Self::Running { ahead }
    }

    fn instant(self, base: OffsetDateTime) -> OffsetDateTime {
        match self {
            Self::Frozen { at } => at,
            Self::Running { ahead } => base.saturating_add(ahead),
        }
    }
}

/// As its base does.
impl Default for ClockSetting {
    fn default() -> Self {
        let ahead = time::Duration::ZERO;
        Self::Running { ahead }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> OffsetDateTime {
        let setting = self.setting();
        setting.instant(self.base.now())
    }

    // Real time passes even where the calendar stands still: cards are as slow as they are.
    fn stopwatch(&self) -> Duration {
        self.base.stopwatch()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const BASE: OffsetDateTime = datetime!(2026-01-01 0:00 UTC);
    const OTHER: OffsetDateTime = datetime!(2027-06-01 0:00 UTC);

    /// A clock over one that this test moves.
    fn clocks() -> (VirtualClock, VirtualClock) {
        let base = VirtualClock::over(Arc::new(BASE));
        (VirtualClock::over(Arc::new(base.clone())), base)
    }

    #[test]
    fn goes_as_its_base_until_it_is_set() {
        let (clock, base) = clocks();
        assert_eq!(clock.now(), BASE);
        base.set_to(OTHER);
        assert_eq!(clock.now(), OTHER);
    }

    #[test]
    fn stands_still_and_goes_on_from_there() {
        let (clock, base) = clocks();
        clock.freeze();
        base.set_to(OTHER);
        assert_eq!(clock.now(), BASE);
        clock.run();
        assert_eq!(clock.now(), BASE);
        base.set_to(OTHER + time::Duration::HOUR);
        assert_eq!(clock.now(), BASE + time::Duration::HOUR);
    }

    #[test]
    fn setting_it_neither_stops_nor_starts_it() {
        let (clock, base) = clocks();
        clock.set_to(OTHER);
        base.set_to(BASE + time::Duration::DAY);
        assert_eq!(clock.now(), OTHER + time::Duration::DAY);
        clock.freeze_at(BASE);
        clock.set_to(OTHER);
        base.set_to(BASE);
        assert_eq!(clock.now(), OTHER);
        clock.run_from(BASE);
        base.set_to(BASE + time::Duration::SECOND);
        assert_eq!(clock.now(), BASE + time::Duration::SECOND);
    }

    #[test]
    fn ends_where_the_calendar_ends() {
        let (clock, base) = clocks();
        clock.run_from(datetime!(9999-12-31 23:59:59 UTC));
        base.set_to(OTHER);
        assert_eq!(clock.now().year(), 9999);
    }
}
