//! The register of people (anagrafe): who lives together, who acts for whom.

use std::collections::HashMap;

use cns_authority::{BelfioreCode, CodiceFiscale, Sex};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::{Date, Month};

use crate::text_form::{self, iso_date};

/// Somebody whom the health service looks after (assistito).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Who it is for every office.
    #[serde(with = "text_form")]
    pub codice_fiscale: CodiceFiscale,
    /// Cognome, as usually written.
    pub surname: String,
    /// Nome, as usually written.
    pub given_name: String,
    /// As registered.
    #[serde(with = "iso_date")]
    pub birth_date: Date,
    /// The municipality of residence.
    #[serde(with = "text_form")]
    pub residence: BelfioreCode,
    /// The household (stato di famiglia): people with the same number live together.
    pub household: u32,
    /// The day of death, if the person is dead.
    #[serde(
        with = "iso_date::option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub died: Option<Date>,
}

impl Person {
    /// The age in years on a day. Who is born on a 29 February is a year older on 1 March.
    pub fn age(&self, today: Date) -> i32 {
        let years = today.year() - self.birth_date.year();
        let day_of_year = |date: Date| (u8::from(date.month()), date.day());
        if day_of_year(today) < day_of_year(self.birth_date) {
            years - 1
        } else {
            years
        }
    }

    /// Whether the person is under eighteen.
    pub fn is_minor(&self, today: Date) -> bool {
        self.age(today) < 18
    }

    /// Given name and surname.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.surname)
    }

    /// As registered, which the codice fiscale tells.
    pub fn sex(&self) -> Sex {
        self.codice_fiscale.sex()
    }

    /// Whether the codice fiscale is the one that the person's data give, or an omocodia of it.
    pub fn has_own_codice_fiscale(&self) -> bool {
        let Some(birth_place) = self.codice_fiscale.birth_place() else {
            return false;
        };
        let computed = CodiceFiscale::compute(
            &self.surname,
            &self.given_name,
            self.birth_date,
            self.sex(),
            &birth_place,
        );
        computed == self.codice_fiscale
            || (1..=7).any(|level| computed.omocodia(level) == Some(self.codice_fiscale))
    }
}

/// Why somebody acts for somebody else.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mandate {
    /// A parent, until the child is eighteen (responsabilità genitoriale).
    Parent,
    /// Named by a court, for minors and for adults who cannot act (tutore, amministratore di sostegno).
    CourtGuardian,
    /// Asked by an adult (delegato).
    Delegate,
}

/// That somebody acts for somebody else.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Representation {
    /// For whom.
    #[serde(with = "text_form")]
    pub person: CodiceFiscale,
    /// Who acts.
    #[serde(with = "text_form")]
    pub by: CodiceFiscale,
    /// Why.
    pub mandate: Mandate,
    /// The last day, if it ends.
    #[serde(
        with = "iso_date::option",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub until: Option<Date>,
}

/// All people, and who acts for whom.
#[derive(Clone, Debug, Default)]
pub struct People {
    people: Vec<Person>,
    representations: Vec<Representation>,
    by_code: HashMap<CodiceFiscale, u32>,
    by_household: HashMap<u32, Vec<u32>>,
    by_represented: HashMap<CodiceFiscale, Vec<u32>>,
}

impl People {
    /// The person with this codice fiscale.
    pub fn get(&self, codice_fiscale: CodiceFiscale) -> Option<&Person> {
        let number = self.by_code.get(&codice_fiscale)?;
        self.people.get(*number as usize)
    }

    /// All people, in the order in which they came.
    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.people.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether there is nobody.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// Who lives with a person, the person included.
    pub fn household(&self, person: &Person) -> impl Iterator<Item = &Person> {
        self.by_household
            .get(&person.household)
            .into_iter()
            .flatten()
            .filter_map(|number| self.people.get(*number as usize))
    }

    /// Who is registered as acting for a person, whether or not that is in force.
    pub fn representatives(&self, person: CodiceFiscale) -> impl Iterator<Item = &Representation> {
        self.by_represented
            .get(&person)
            .into_iter()
            .flatten()
            .filter_map(|number| self.representations.get(*number as usize))
    }

    /// For whom somebody is registered as acting.
    pub fn represented_by(&self, by: CodiceFiscale) -> impl Iterator<Item = &Representation> {
        self.representations
            .iter()
            .filter(move |representation| representation.by == by)
    }

    /// Who is registered as acting for anybody.
    pub fn representations(&self) -> impl Iterator<Item = &Representation> {
        self.representations.iter()
    }

    /// Adds a person, or puts them in the place of the one with the same codice fiscale.
    pub(crate) fn put(&mut self, person: Person) {
        let number = match self.by_code.get(&person.codice_fiscale) {
            Some(number) => *number,
            None => self.people.len() as u32,
        };
        if let Some(known) = self.people.get_mut(number as usize) {
            if let Some(household) = self.by_household.get_mut(&known.household) {
                household.retain(|member| *member != number);
            }
            self.by_household
                .entry(person.household)
                .or_default()
                .push(number);
            *known = person;
            return;
        }
        self.by_code.insert(person.codice_fiscale, number);
        self.by_household
            .entry(person.household)
            .or_default()
            .push(number);
        self.people.push(person);
    }

    pub(crate) fn represent(&mut self, representation: Representation) {
        let number = self.representations.len() as u32;
        self.by_represented
            .entry(representation.person)
            .or_default()
            .push(number);
        self.representations.push(representation);
    }

    /// A number that no household has.
    pub(crate) fn new_household(&self) -> u32 {
        self.by_household.keys().max().map_or(0, |last| last + 1)
    }
}

/// Two registers are the same if the same people stand in them in the same order: the indexes follow.
impl PartialEq for People {
    fn eq(&self, other: &Self) -> bool {
        self.people == other.people && self.representations == other.representations
    }
}

/// The register as JSON: the indexes are made anew when it is read.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Register<P, R> {
    people: P,
    representations: R,
}

impl Serialize for People {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Register {
            people: &self.people,
            representations: &self.representations,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for People {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let register: Register<Vec<Person>, Vec<Representation>> =
            Register::deserialize(deserializer)?;
        let mut people = Self::default();
        for person in register.people {
            let twice = people.get(person.codice_fiscale).is_some();
            if twice {
                let code = person.codice_fiscale;
                return Err(serde::de::Error::custom(format!(
                    "two people have the codice fiscale {code}"
                )));
            }
            people.put(person);
        }
        for representation in register.representations {
            people.represent(representation);
        }
        Ok(people)
    }
}

/// The same day `months` later; the last of the month where it is shorter.
pub(crate) fn months_later(date: Date, months: i32) -> Date {
    let count = i32::from(u8::from(date.month())) - 1 + months;
    let year = date.year() + count.div_euclid(12);
    let month = Month::January.nth_next(count.rem_euclid(12) as u8);
    let day = date.day().min(month.length(year));
    Date::from_calendar_date(year, month, day).unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    fn born(birth_date: Date) -> Person {
        let place = "M902".parse().unwrap();
        Person {
            codice_fiscale: CodiceFiscale::compute(
                "Conti",
                "Sofia",
                birth_date,
                Sex::Female,
                &place,
            ),
            surname: "Conti".to_owned(),
            given_name: "Sofia".to_owned(),
            birth_date,
            residence: place,
            household: 0,
            died: None,
        }
    }

    #[test]
    fn ages_change_on_the_birthday() {
        let check = |birth, today, age| assert_eq!(born(birth).age(today), age, "{birth} {today}");
        check(date!(2008 - 11 - 24), date!(2026 - 11 - 23), 17);
        check(date!(2008 - 11 - 24), date!(2026 - 11 - 24), 18);
        check(date!(2020 - 02 - 29), date!(2038 - 02 - 28), 17);
        check(date!(2020 - 02 - 29), date!(2038 - 03 - 01), 18);
        check(date!(2026 - 11 - 24), date!(2026 - 11 - 24), 0);
    }

    #[test]
    fn a_codice_fiscale_belongs_to_its_person() {
        let sofia = born(date!(2020 - 02 - 29));
        assert!(sofia.has_own_codice_fiscale());
        let omocodia = sofia.codice_fiscale.omocodia(3).unwrap();
        let homonym = Person {
            codice_fiscale: omocodia,
            ..sofia.clone()
        };
        assert!(homonym.has_own_codice_fiscale());
        let renamed = Person {
            surname: "Galli".to_owned(),
            ..sofia
        };
        assert!(!renamed.has_own_codice_fiscale());
    }

    #[test]
    fn months_end_where_they_are_shorter() {
        let check = |date, months, expected| assert_eq!(months_later(date, months), expected);
        check(date!(2026 - 08 - 31), 6, date!(2027 - 02 - 28));
        check(date!(2027 - 08 - 31), 6, date!(2028 - 02 - 29));
        check(date!(2026 - 11 - 24), 1, date!(2026 - 12 - 24));
        check(date!(2026 - 12 - 31), 12, date!(2027 - 12 - 31));
    }
}
