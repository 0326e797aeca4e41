//! The calendar of vaccinations: which dose at what age, and how long after the one before.
//!
//! Ages and intervals are from memory of the national plan (PNPV); the calendar of a region may differ.

use time::{Date, Duration};

use super::Vaccine;
use crate::person::months_later;

/// A dose of the calendar.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Dose {
    /// Of what.
    pub vaccine: Vaccine,
    /// The how manieth, from 1.
    pub number: u8,
    /// From what age it is given, in months.
    pub age_months: i32,
    /// How many days after the dose before at the soonest.
    pub interval_days: i64,
}

const CALENDAR: [Dose; 8] = [
    dose(Vaccine::Hexavalent, 1, 2, 0),
    dose(Vaccine::Hexavalent, 2, 4, 56),
    dose(Vaccine::Hexavalent, 3, 10, 150),
    dose(Vaccine::MeaslesMumpsRubellaVaricella, 1, 12, 0),
    dose(Vaccine::MeaslesMumpsRubellaVaricella, 2, 60, 28),
    dose(Vaccine::DiphtheriaTetanusPertussisPolio, 1, 60, 0),
    dose(Vaccine::DiphtheriaTetanusPertussisPolio, 2, 144, 365),
    dose(Vaccine::Influenza, 1, 6, 0),
];

/// The doses of a vaccine, first to last. The yearly one against influenza has no last.
pub fn doses(vaccine: Vaccine) -> impl Iterator<Item = Dose> {
    let planned = CALENDAR
        .into_iter()
        .filter(move |dose| dose.vaccine == vaccine);
    let yearly = (2..=u8::MAX)
        .filter(move |_| vaccine == Vaccine::Influenza)
        .map(|number| dose(Vaccine::Influenza, number, 6, 180));
    planned.chain(yearly)
}

impl Dose {
    /// The first day on which somebody is old enough.
    pub fn earliest(&self, birth: Date) -> Date {
        months_later(birth, self.age_months)
    }

    /// The first day that is long enough after the dose before, if there was one.
    pub fn earliest_after(&self, last: Option<Date>) -> Option<Date> {
        Some(last?.saturating_add(Duration::days(self.interval_days)))
    }

    /// When it is due: when somebody is old enough, and not too soon after the dose before.
    pub fn due(&self, birth: Date, last: Option<Date>) -> Date {
        let earliest = self.earliest(birth);
        self.earliest_after(last).unwrap_or(earliest).max(earliest)
    }
}

const fn dose(vaccine: Vaccine, number: u8, age_months: i32, interval_days: i64) -> Dose {
    Dose {
        vaccine,
        number,
        age_months,
        interval_days,
    }
}
