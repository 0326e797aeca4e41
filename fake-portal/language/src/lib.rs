//! Sentences in the three languages of the portal: Italian, English, and the German of Bolzano.
//!
//! The catalogue is typed and not a file of messages: a [`Text`] without one of its languages does not
//! compile, and a sentence stands beside the rule that says it.

use time::{Date, OffsetDateTime, UtcOffset};

/// A language of the portal.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Language {
    /// The language of those who ask for none of these, and of the JSON unless it is told otherwise.
    #[default]
    Italian,
    /// English.
    English,
    /// German.
    German,
}

impl Language {
    /// All of them, in the order of the pages.
    pub const ALL: [Self; 3] = [Self::Italian, Self::English, Self::German];

    /// The primary subtag of BCP 47: `it`, `en` or `de`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Italian => "it",
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// What its speakers call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::Italian => "Italiano",
            Self::English => "English",
            Self::German => "Deutsch",
        }
    }

    /// The language of a tag such as `de-IT`, if it is one of the three.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default().trim();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

/// A sentence in each language, with `{0}`, `{1}` where values go.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Text {
    it: &'static str,
    en: &'static str,
    de: &'static str,
}

/// A sentence in Italian, English and German.
pub const fn text(it: &'static str, en: &'static str, de: &'static str) -> Text {
    Text { it, en, de }
}

impl Text {
    /// The sentence as it stands.
    pub fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Italian => self.it,
            Language::English => self.en,
            Language::German => self.de,
        }
    }
}

/// A sentence with its values, not yet in any language.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Phrase {
    text: Text,
    values: Vec<Value>,
}

/// What goes into a sentence.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Value {
    /// The same in every language.
    Plain(String),
    /// A day.
    Date(Date),
    /// A point in time.
    Instant(OffsetDateTime),
    /// A part of a sentence.
    Phrase(Phrase),
}

impl Phrase {
    /// The same sentence with one value more.
    pub fn with(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// The sentence, complete.
    pub fn in_language(&self, language: Language) -> String {
        let mut sentence = String::new();
        let mut rest = self.text.in_language(language);
        while let Some((before, place, after)) = next_place(rest) {
            sentence.push_str(before);
            match place
                .parse()
                .ok()
                .and_then(|place: usize| self.values.get(place))
            {
                Some(Value::Plain(words)) => sentence.push_str(words),
                Some(Value::Date(date)) => sentence.push_str(&date_on_a_page(*date, language)),
                Some(Value::Instant(instant)) => sentence.push_str(&on_a_page(*instant, language)),
                Some(Value::Phrase(phrase)) => sentence.push_str(&phrase.in_language(language)),
                None => {}
            }
            rest = after;
        }
        sentence.push_str(rest);
        sentence
    }
}

fn next_place(text: &str) -> Option<(&str, &str, &str)> {
    let (before, after) = text.split_once('{')?;
    let (place, rest) = after.split_once('}')?;
    Some((before, place, rest))
}

/// Day, month and year as the language writes them, then the time in UTC.
pub fn on_a_page(instant: OffsetDateTime, language: Language) -> String {
    let utc = instant.to_offset(UtcOffset::UTC);
    let (hour, minute, second) = utc.to_hms();
    let date = date_on_a_page(utc.date(), language);
    format!("{date} {hour:02}:{minute:02}:{second:02} UTC")
}

/// Day, month and year as the language writes them.
pub fn date_on_a_page(date: Date, language: Language) -> String {
    let (year, month, day) = date.to_calendar_date();
    let number = u8::from(month);
    match language {
        Language::Italian => format!("{day:02}/{number:02}/{year}"),
        Language::English => format!("{day} {month} {year}"),
        Language::German => format!("{day:02}.{number:02}.{year}"),
    }
}

impl From<Text> for Phrase {
    fn from(text: Text) -> Self {
        Self {
            text,
            values: Vec::new(),
        }
    }
}

impl From<String> for Value {
    fn from(words: String) -> Self {
        Self::Plain(words)
    }
}

impl From<&str> for Value {
    fn from(words: &str) -> Self {
        Self::Plain(words.to_owned())
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<OffsetDateTime> for Value {
    fn from(instant: OffsetDateTime) -> Self {
        Self::Instant(instant)
    }
}

impl From<Phrase> for Value {
    fn from(phrase: Phrase) -> Self {
        Self::Phrase(phrase)
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Phrase(text.into())
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn values_find_their_places() {
        let phrase = Phrase::from(text("{1} e {0}", "{0} and {1}", "{0}, {1}, {2}"))
            .with("{1}")
            .with(datetime!(2026-03-01 9:05 UTC));
        assert_eq!(
            phrase.in_language(Language::Italian),
            "01/03/2026 09:05:00 UTC e {1}"
        );
        assert_eq!(
            phrase.in_language(Language::English),
            "{1} and 1 March 2026 09:05:00 UTC"
        );
        assert_eq!(
            phrase.in_language(Language::German),
            "{1}, 01.03.2026 09:05:00 UTC, "
        );
    }

    #[test]
    fn tags_of_regions_are_understood() {
        assert_eq!(Language::from_tag("de-IT"), Some(Language::German));
        assert_eq!(Language::from_tag("EN"), Some(Language::English));
        assert_eq!(Language::from_tag("fr"), None);
        assert_eq!(Language::from_tag(""), None);
    }
}
