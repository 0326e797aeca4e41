//! Where desks are, and when they are open.

use std::fmt;

use time::macros::time;
use time::{OffsetDateTime, Time, Weekday};

use super::rules;
use crate::Refusal;
use crate::italian_time::in_italy;

/// What kind of office a desk is in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OfficeKind {
    /// Scelta e Revoca: where people choose their doctor.
    ChoiceOfDoctor,
    /// SpazioRegione: a desk of the region itself.
    RegionalDesk,
    /// A municipality's social services.
    SocialServices,
}

/// An office with a desk.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Office {
    /// What programs call it: `social-services`.
    pub id: &'static str,
    /// What it is.
    pub kind: OfficeKind,
    /// What people call it.
    pub name: &'static str,
    /// When it is open, by Italian clocks.
    pub hours: &'static [Opening],
}

/// Hours of one day of the week: open from the first minute, closed at the last.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Opening {
    /// The day.
    pub weekday: Weekday,
    /// From when.
    pub from: Time,
    /// Until when.
    pub until: Time,
}

/// The offices of this country, one of each kind.
pub const OFFICES: &[Office] = &[
    Office {
        id: "choice-of-doctor",
        kind: OfficeKind::ChoiceOfDoctor,
        name: "Scelta e Revoca",
        hours: &[
            opening(Weekday::Monday, time!(8:30), time!(12:30)),
            opening(Weekday::Tuesday, time!(8:30), time!(12:30)),
            opening(Weekday::Wednesday, time!(8:30), time!(12:30)),
            opening(Weekday::Wednesday, time!(14:00), time!(16:00)),
            opening(Weekday::Thursday, time!(8:30), time!(12:30)),
            opening(Weekday::Friday, time!(8:30), time!(12:30)),
        ],
    },
    Office {
        id: "regional-desk",
        kind: OfficeKind::RegionalDesk,
        name: "SpazioRegione",
        hours: &[
            opening(Weekday::Monday, time!(9:00), time!(12:30)),
            opening(Weekday::Tuesday, time!(9:00), time!(16:30)),
            opening(Weekday::Wednesday, time!(9:00), time!(16:30)),
            opening(Weekday::Thursday, time!(9:00), time!(16:30)),
            opening(Weekday::Friday, time!(9:00), time!(12:30)),
        ],
    },
    Office {
        id: "social-services",
        kind: OfficeKind::SocialServices,
        name: "Settore Interventi Sociali",
        hours: &[
            opening(Weekday::Monday, time!(9:00), time!(12:30)),
            opening(Weekday::Thursday, time!(16:00), time!(18:00)),
        ],
    },
];

const fn opening(weekday: Weekday, from: Time, until: Time) -> Opening {
    Opening {
        weekday,
        from,
        until,
    }
}

impl Office {
    /// The office that programs call so.
    pub fn of_id(id: &str) -> Option<&'static Self> {
        OFFICES.iter().find(|office| office.id == id)
    }

    /// Whether somebody is at the desk.
    pub fn is_open(&self, now: OffsetDateTime) -> bool {
        let now = in_italy(now);
        self.hours.iter().any(|opening| {
            opening.weekday == now.weekday()
                && opening.from <= now.time()
                && now.time() < opening.until
        })
    }

    pub(super) fn must_be_open(&self, now: OffsetDateTime) -> Result<(), Refusal> {
        if self.is_open(now) {
            return Ok(());
        }
        let hours: Vec<String> = self.hours.iter().map(Opening::to_string).collect();
        Err(rules::OFFICE_CLOSED.about(hours.join(", ")))
    }
}

/// `Mon 9:00-12:30`.
impl fmt::Display for Opening {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let weekday = self.weekday.to_string();
        let weekday: String = weekday.chars().take(3).collect();
        let clock = |time: Time| format!("{}:{:02}", time.hour(), time.minute());
        write!(
            formatter,
            "{weekday} {}-{}",
            clock(self.from),
            clock(self.until)
        )
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_social_services_are_open_on_monday_morning_and_thursday_afternoon() {
        let office = Office::of_id("social-services").unwrap();
        let check =
            |now: OffsetDateTime, open: bool| assert_eq!(office.is_open(now), open, "{now}");
        check(datetime!(2026-11-23 8:00 UTC), true);
        check(datetime!(2026-11-23 7:59 UTC), false);
        check(datetime!(2026-11-23 11:30 UTC), false);
        check(datetime!(2026-11-26 15:00 UTC), true);
        check(datetime!(2026-07-02 14:00 UTC), true);
        check(datetime!(2026-07-02 16:00 UTC), false);
        check(datetime!(2026-11-24 9:00 UTC), false);
    }

    #[test]
    fn a_closed_office_says_when_it_is_open() {
        let office = Office::of_id("social-services").unwrap();
        let refusal = office
            .must_be_open(datetime!(2026-11-24 9:00 UTC))
            .unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "DESK-115: The office is closed. Opening hours: Mon 9:00-12:30, Thu 16:00-18:00."
        );
    }
}
