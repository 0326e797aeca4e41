//! How long a declared exemption is good: to a 31 March.
//!
//! ```text
//! declared on       1 Jan - 31 Mar 2026      1 Apr - 31 Dec 2026
//! one year          31 March 2027            31 March 2027
//! E12, E13          31 March 2028            31 March 2028
//! ```
//!
//! A year runs from 1 April, so that who declares from April on has the exemption to the next
//! 31 March; who declares in the first three months does not have to declare again at once: the year
//! to come is included. That the two years of E12 and E13 end on a 31 March as well is inferred.

use time::{Date, Month};

use super::ExemptionCode;

/// The last day of an exemption that is declared on a day.
pub fn last_day(code: ExemptionCode, declared: Date) -> Date {
    let years = if code.is_for_two_years() { 2 } else { 1 };
    thirty_first_of_march(declared.year().saturating_add(years))
}

/// The day on which exemptions end.
pub fn thirty_first_of_march(year: i32) -> Date {
    Date::from_calendar_date(year, Month::March, 31).unwrap_or(Date::MAX)
}
