//! A rule that can say no: its code, what kind of no it is, and what is said.
//!
//! Each family of rules is one table, made by the macro [`crate::rules!`]: the six services in
//! [`mod@crate::rules`], the credential desk in [`crate::desk::rules`]; whoever shows forms has another.
//!
//! ```text
//! DESK-101   where     the family: DESK, PRESCRIPTION, BOOKING ...
//!            which     a number that is never given to another rule
//! ```

use cns_language::{Phrase, Text, Value};

use crate::refusal::Refusal;

/// A rule that can say no.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rule {
    /// Family and number: `BOOKING-103`.
    pub code: &'static str,
    /// What kind of no, which a web server turns into its status.
    pub answer: Answer,
    /// What the one who asked is told, with places for values: `{0}`.
    pub sentence: Text,
    /// The field of a form that is to blame, if it is always the same.
    pub field: Option<&'static str>,
}

/// What kind of no.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Answer {
    /// There is no such thing, or none that the one who asks may know of (404).
    NotFound,
    /// It exists, and is not theirs to do (403).
    Forbidden,
    /// Not in the state that things are in now (409).
    Conflict,
    /// Never, with these values (422).
    Invalid,
    /// Nothing that was asked is wrong: what it takes is not there now (503).
    Unavailable,
}

impl Rule {
    /// The rule says no.
    pub fn refuse(self) -> Refusal {
        Refusal::new(self, self.sentence.into())
    }

    /// The rule says no, and names what to.
    pub fn about(self, value: impl Into<Value>) -> Refusal {
        Refusal::new(self, Phrase::from(self.sentence).with(value))
    }

    /// The rule says no, and names two things.
    pub fn about_both(self, one: impl Into<Value>, other: impl Into<Value>) -> Refusal {
        let sentence = Phrase::from(self.sentence).with(one).with(other);
        Refusal::new(self, sentence)
    }

    /// Refuses unless the condition holds.
    ///
    /// # Errors
    /// It does not.
    pub fn unless(self, holds: bool) -> Result<(), Refusal> {
        if holds { Ok(()) } else { Err(self.refuse()) }
    }
}

/// Makes the rules of a family, and the table of them.
///
/// ```
/// use cns_services::rule::Rule;
///
/// cns_services::rules! {
///     /// All rules of the library.
///     pub const TABLE;
///
///     /// The book is somewhere else.
///     LENT = "BOOK-101", Conflict at "title",
///         "Il libro è in prestito.", "The book is on loan.", "Das Buch ist verliehen.";
/// }
/// assert_eq!(LENT.refuse().field, Some("title"));
/// assert_eq!(TABLE, [LENT]);
/// ```
#[macro_export]
macro_rules! rules {
    (
        $(#[$about:meta])* pub const $table:ident;
        $(
            $(#[$doc:meta])*
            $name:ident = $code:literal, $answer:ident $(at $field:literal)?,
                $it:literal, $en:literal, $de:literal;
        )*
    ) => {
        $(
            $(#[$doc])*
            pub const $name: $crate::rule::Rule = $crate::rule::Rule {
                code: $code,
                answer: $crate::rule::Answer::$answer,
                sentence: ::cns_language::text($it, $en, $de),
                field: $crate::rules!(@field $($field)?),
            };
        )*

        $(#[$about])*
        pub const $table: &[$crate::rule::Rule] = &[$($name),*];
    };
    (@field) => { None };
    (@field $field:literal) => { Some($field) };
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use cns_language::Language;

    use super::*;
    use crate::{desk, outbox, rules};

    const FAMILIES: [&[Rule]; 3] = [rules::TABLE, desk::rules::TABLE, outbox::RULES];

    #[test]
    fn no_code_is_given_twice() {
        let codes: Vec<&str> = all().map(|rule| rule.code).collect();
        let different: HashSet<&str> = codes.iter().copied().collect();
        assert_eq!(codes.len(), different.len());
    }

    #[test]
    fn numbers_of_a_family_follow_each_other() {
        for pair in FAMILIES.iter().flat_map(|family| family.windows(2)) {
            let [(family, number), (next, next_number)] = [pair[0], pair[1]].map(|rule| {
                let (family, number) = rule.code.split_once('-').unwrap();
                (family, number.parse::<u16>().unwrap())
            });
            let expected = if family == next { number + 1 } else { 101 };
            assert_eq!(next_number, expected, "{}", pair[1].code);
        }
    }

    #[test]
    fn a_value_has_one_place_in_every_language_or_in_none() {
        for rule in all() {
            for place in ["{0}", "{1}"] {
                let times = Language::ALL
                    .map(|language| rule.sentence.in_language(language).matches(place).count());
                assert!(times == [0; 3] || times == [1; 3], "{}", rule.code);
            }
        }
    }

    fn all() -> impl Iterator<Item = &'static Rule> {
        FAMILIES.into_iter().flatten()
    }
}
