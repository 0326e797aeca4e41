//! Bodies and queries as values; what is wrong with one is told by its field.

mod parameter;

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use serde_path_to_error::Error;

use super::problem::Problem;
use parameter::Parameter;

/// Reads a body.
pub(super) fn body<T: DeserializeOwned>(text: &[u8]) -> Result<T, Problem> {
    // serde would take a list of an object's fields, one after the other. No body here is a list.
    if text.trim_ascii_start().starts_with(b"[") {
        return Err(Problem::field("", "it is a list, where an object belongs"));
    }
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error: Error<_>| {
        let field = path(&error);
        let inner: serde_json::Error = error.into_inner();
        match inner.is_data() {
            true => Problem::field(field, inner.to_string()),
            false => Problem::malformed(inner.to_string()),
        }
    })?;
    reader
        .end()
        .map_err(|error| Problem::malformed(error.to_string()))?;
    Ok(value)
}

/// Reads the query of a URL, as forms write it: `a=b&c=d`, `+` for a space.
pub(super) fn query<T: DeserializeOwned>(query: Option<&str>) -> Result<T, Problem> {
    let mut parameters = BTreeMap::new();
    let pairs = query.unwrap_or_default().split('&');
    for pair in pairs.filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name)?, decoded(value)?);
        if parameters.contains_key(&name) {
            return Err(Problem::parameter(name, "it is given twice"));
        }
        parameters.insert(name, Parameter(value));
    }
    serde_path_to_error::deserialize(MapDeserializer::new(parameters.into_iter()))
        .map_err(|error| Problem::parameter(path(&error), error.inner().to_string()))
}

fn decoded(text: &str) -> Result<String, Problem> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    match decoded {
        Ok(decoded) => Ok(decoded.into_owned()),
        Err(_) => Err(Problem::parameter(text, "it is not UTF-8")),
    }
}

/// Where an error is: `when.card`, and nothing for the whole.
fn path<E>(error: &Error<E>) -> String {
    match error.path().to_string() {
        whole if whole == "." => String::new(),
        path => path,
    }
}

#[cfg(test)]
mod tests {
    use super::super::request_criteria::RequestCriteria;
    use super::*;
    use crate::fault::{RuleDraft, Selector};

    #[test]
    fn says_which_field_is_wrong() {
        let check = |json: &str, field: &str| {
            let problem = body::<RuleDraft>(json.as_bytes()).unwrap_err();
            let told = serde_json::to_value(&problem).unwrap();
            assert_eq!(told["errors"][0]["field"], field, "{json}: {told}");
            assert_eq!(told["status"], 422, "{json}: {told}");
        };
        check(r#"{"fault":{"status":200}}"#, "fault.status");
        check(r#"{"fault":{"status":503},"times":0}"#, "times");
        check(r#"{"fault":{"status":503},"when":{"card":7}}"#, "when.card");
        check(
            r#"{"fault":{"status":503},"when":{"name":"x"}}"#,
            "when.name",
        );
        check(r#"{"fault":"earthquake"}"#, "fault");
        check(r#"{"fault":{"status":503},"when":[]}"#, "when");
        check(
            r#"{"fault":{"stall_after":["hello",1]}}"#,
            "fault.stall_after",
        );
        check("{}", "");
        check("[]", "");
    }

    #[test]
    fn what_is_no_json_is_malformed() {
        for text in ["", "{", "x", r#"{"fault":"redirect_loop"} {}"#, "\u{0}"] {
            let problem = body::<RuleDraft>(text.as_bytes()).unwrap_err();
            assert_eq!(
                serde_json::to_value(&problem).unwrap()["status"],
                400,
                "{text}"
            );
        }
    }

    #[test]
    fn queries_are_decoded() {
        let selector: Selector = query(Some("path=%2Fa+b&&card=7")).unwrap();
        assert_eq!(selector.path.as_deref(), Some("/a b"));
        assert_eq!(selector.card.as_deref(), Some("7"));
        let criteria = |text| query::<RequestCriteria>(Some(text));
        assert_eq!(
            criteria("status=404&connection=7&listener=pki").unwrap(),
            body(br#"{"status":404,"connection":7,"listener":"pki"}"#).unwrap()
        );
        for wrong in [
            "status=",
            "status=4e2",
            "status=%2B404",
            "status=99",
            "connection=4294967296",
        ] {
            let problem = serde_json::to_value(criteria(wrong).unwrap_err()).unwrap();
            let field = wrong.split('=').next().unwrap();
            assert_eq!(problem["errors"][0]["field"], field, "{problem}");
        }
        for wrong in ["card=1&card=2", "card=%FF", "nothing=1", "listener=none"] {
            assert!(query::<Selector>(Some(wrong)).is_err(), "{wrong}");
        }
    }
}
