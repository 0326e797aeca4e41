//! What the clocks of Italy show.

use time::{Date, Duration, Month, OffsetDateTime, UtcOffset};

/// The same instant with the offset of Italy: two hours in summer time, one otherwise.
///
/// Summer time lasts from the last Sunday of March to the last of October, each at 01:00 UTC
/// (directive 2000/84/EC). At the very ends of the calendar, where an offset would leave it, none is
/// applied.
pub fn in_italy(instant: OffsetDateTime) -> OffsetDateTime {
    let Some(utc) = instant.checked_to_offset(UtcOffset::UTC) else {
        return instant;
    };
    let begins = change_of_time(utc.year(), Month::March);
    let ends = change_of_time(utc.year(), Month::October);
    let hours = if begins <= Some(utc) && Some(utc) < ends {
        2
    } else {
        1
    };
    let offset = UtcOffset::from_hms(hours, 0, 0).ok();
    offset
        .and_then(|offset| utc.checked_to_offset(offset))
        .unwrap_or(utc)
}

/// 01:00 UTC of the last Sunday of a month of 31 days.
fn change_of_time(year: i32, month: Month) -> Option<OffsetDateTime> {
    let last_day = Date::from_calendar_date(year, month, 31).ok()?;
    let since_sunday = last_day.weekday().number_days_from_sunday();
    let sunday = last_day - Duration::days(since_sunday.into());
    Some(sunday.with_hms(1, 0, 0).ok()?.assume_utc())
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn the_clocks_change_on_the_last_sundays_of_march_and_october() {
        let check = |utc: OffsetDateTime, hour: u8| assert_eq!(in_italy(utc).hour(), hour, "{utc}");
        check(datetime!(2026-01-15 12:00 UTC), 13);
        check(datetime!(2026-03-29 0:59:59 UTC), 1);
        check(datetime!(2026-03-29 1:00 UTC), 3);
        check(datetime!(2026-10-25 0:59:59 UTC), 2);
        check(datetime!(2026-10-25 1:00 UTC), 2);
        check(datetime!(2026-12-31 23:30 UTC), 0);
        check(datetime!(9999-12-31 23:30 UTC), 23);
    }
}
