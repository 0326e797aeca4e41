//! The times at which a structure gives a service.

use serde::{Deserialize, Serialize};
use time::{Date, PrimitiveDateTime, Time};

use super::Service;
use crate::structure::StructureNumber;

/// Times of one service in one structure, which repeat every week without an end.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Agenda {
    /// Where.
    pub structure: StructureNumber,
    /// For what.
    pub service: Service,
    /// On which days, 1 for Monday to 7 for Sunday.
    pub weekdays: Vec<u8>,
    /// When the first appointment begins, in minutes from midnight.
    pub opens: u16,
    /// When the last appointment is over, in minutes from midnight.
    pub closes: u16,
    /// How long an appointment is.
    pub minutes: u16,
}

/// An agenda's place in the list, from 0.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct AgendaNumber(pub u16);

impl Agenda {
    /// Whether an appointment begins at that time.
    pub fn has(&self, starts: PrimitiveDateTime) -> bool {
        let (hour, minute, second, nanosecond) = starts.as_hms_nano();
        let from_midnight = u16::from(hour) * 60 + u16::from(minute);
        (second, nanosecond) == (0, 0)
            && self.is_open_on(starts.date())
            && self.minutes_of_day().any(|begins| begins == from_midnight)
    }

    /// All times from a day on.
    pub(crate) fn times(&self, first_day: Date) -> impl Iterator<Item = PrimitiveDateTime> {
        let days = std::iter::successors(Some(first_day), |day| day.next_day());
        // Without an open weekday the search for a time would go on to the end of the calendar.
        let days = days.take(if self.weekdays.is_empty() {
            0
        } else {
            usize::MAX
        });
        days.filter(|day| self.is_open_on(*day)).flat_map(|day| {
            self.minutes_of_day().filter_map(move |begins| {
                let (hour, minute) = (begins / 60, begins % 60);
                let time = Time::from_hms(hour as u8, minute as u8, 0).ok()?;
                Some(PrimitiveDateTime::new(day, time))
            })
        })
    }

    fn is_open_on(&self, day: Date) -> bool {
        self.weekdays.contains(&day.weekday().number_from_monday())
    }

    /// The first minutes of the appointments of a day. Appointments of no length do not exist.
    fn minutes_of_day(&self) -> impl Iterator<Item = u16> {
        let length = self.minutes.max(1);
        let last = self.closes.min(24 * 60).checked_sub(length);
        let last = last.filter(|last| self.opens <= *last);
        last.into_iter()
            .flat_map(move |last| (self.opens..=last).step_by(usize::from(length)))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn times_repeat_every_week() {
        let agenda = Agenda {
            structure: StructureNumber(0),
            service: Service::ChestXRay,
            weekdays: vec![1, 4],
            opens: 9 * 60,
            closes: 10 * 60 + 10,
            minutes: 30,
        };
        let times: Vec<PrimitiveDateTime> = agenda.times(date!(2026 - 11 - 24)).take(5).collect();
        assert_eq!(
            times,
            [
                datetime!(2026-11-26 9:00),
                datetime!(2026-11-26 9:30),
                datetime!(2026-11-30 9:00),
                datetime!(2026-11-30 9:30),
                datetime!(2026-12-03 9:00),
            ]
        );
        assert!(times.iter().all(|starts| agenda.has(*starts)));
        for wrong in [
            datetime!(2026-11-25 9:00),
            datetime!(2026-11-26 10:00),
            datetime!(2026-11-26 9:10),
            datetime!(2026-11-26 9:00:01),
        ] {
            assert!(!agenda.has(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_agenda_that_is_never_open_has_no_times() {
        let agenda = Agenda {
            structure: StructureNumber(0),
            service: Service::ChestXRay,
            weekdays: vec![],
            opens: 600,
            closes: 540,
            minutes: 0,
        };
        assert_eq!(agenda.times(date!(2026 - 11 - 24)).next(), None);
    }
}
