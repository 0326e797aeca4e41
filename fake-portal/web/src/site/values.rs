//! What was typed: the pairs of a query or of a posted form (`application/x-www-form-urlencoded`).

use std::fmt;

use serde_json::Value;

/// Most pairs that are read; what follows is left out.
const PAIRS_MAX: usize = 64;

/// Names and values, in their order. They may be secret, so that they are never written to a log.
#[derive(Clone, Default, Eq, PartialEq)]
pub(crate) struct Values(Vec<(String, String)>);

impl Values {
    /// Of the bytes of a form, or of a query. There are no bytes that cannot be read: what is no UTF-8
    /// becomes the replacement character.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(bytes).into_owned();
        Self(pairs.take(PAIRS_MAX).collect())
    }

    /// Of a JSON object whose members are texts, numbers, yes or no, as programs post it; nothing of
    /// anything else. `false` and `null` are fields that were left empty.
    pub(crate) fn of_json(bytes: &[u8]) -> Option<Self> {
        let Ok(Value::Object(members)) = serde_json::from_slice(bytes) else {
            return None;
        };
        let pairs = members.into_iter().take(PAIRS_MAX).map(|(name, value)| {
            let value = match value {
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Bool(true) => "yes".to_owned(),
                Value::Bool(false) | Value::Null => String::new(),
                Value::Array(_) | Value::Object(_) => return None,
            };
            Some((name, value))
        });
        pairs.collect::<Option<_>>().map(Self)
    }

    /// The first value of this name, without the space around it.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        let mut pairs = self.0.iter();
        pairs.find_map(|(key, value)| (key == name).then_some(value.trim()))
    }

    /// The same, or nothing at all.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.first(name).unwrap_or_default()
    }

    /// The pairs as a query, but for those of this name.
    pub(crate) fn query_without(&self, name: &str) -> String {
        let others = self.0.iter().filter(|(key, _)| key != name);
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(others);
        query.finish()
    }

    /// Whether a field to tick was ticked.
    pub(crate) fn is_ticked(&self, name: &str) -> bool {
        self.first(name).is_some_and(|value| !value.is_empty())
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.0.iter().map(|(name, _)| name);
        formatter.debug_set().entries(names).finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_decoded_and_trimmed() {
        let typed =
            Values::of(b"surname=+D%27Amico+&given_name=Niccol%C3%B2&tick=yes&tick=no&empty=");
        assert_eq!(typed.text("surname"), "D'Amico");
        assert_eq!(typed.text("given_name"), "Niccolò");
        assert!(typed.is_ticked("tick"));
        assert!(!typed.is_ticked("empty"));
        assert_eq!(typed.first("absent"), None);
        assert!(!format!("{typed:?}").contains("Amico"));
    }

    #[test]
    fn a_query_is_written_again_without_one_of_its_pairs() {
        let asked = Values::of(b"nre=0300A&lang=de&from=%22%3E%26lang=it&empty");
        assert_eq!(
            asked.query_without("lang"),
            "nre=0300A&from=%22%3E%26lang%3Dit&empty="
        );
        assert_eq!(Values::of(b"lang=de").query_without("lang"), "");
    }

    #[test]
    fn programs_post_objects() {
        let typed =
            Values::of_json(br#"{"nre": "0300A", "times": 2, "sure": true, "late": false}"#);
        let typed = typed.unwrap();
        assert_eq!((typed.text("nre"), typed.text("times")), ("0300A", "2"));
        assert!(typed.is_ticked("sure") && !typed.is_ticked("late"));
        assert_eq!(Values::of_json(b"[1]"), None);
        assert_eq!(Values::of_json(br#"{"a": {}}"#), None);
        assert_eq!(Values::of_json(b"token=1"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_values(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let Values(pairs) = Values::of(&bytes);
            prop_assert!(pairs.len() <= PAIRS_MAX);
        }
    }
}
