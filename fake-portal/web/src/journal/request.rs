//! One request in the journal.

use schemars::JsonSchema;
use serde::Serialize;

use super::Inquiry;
use crate::fault::Listener;
use crate::report::Instant;

/// A request, and what came of it.
///
/// What the portal looks up for its own checks passes no listener, and is not here. Nor is what is no request of
/// HTTP/1.1, which has neither method nor path.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct RequestRecord {
    /// Its number, counted from 1 in the order of the answers.
    pub request: u64,
    /// The number of the connection that it came on.
    pub connection: u64,
    /// Where it came.
    pub listener: Listener,
    /// When it came.
    pub time: Instant,
    /// From there until the answer began to leave, in microseconds, whatever the portal's clock says.
    pub duration_us: u64,
    /// Such as `GET`.
    pub method: String,
    /// The path, without the query: there may be names in that. A long one is cut, and ends with `…`.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// The number of the rule that spoilt the answer, if one did.
    pub fault: Option<u64>,
    /// What it asked of the certifiers, at the listener `pki`. Nothing, if it was for something else.
    pub inquiry: Option<Inquiry>,
}

impl RequestRecord {
    /// Longest path that is remembered whole, in bytes. A request for OCSP by GET has some 200.
    pub const PATH_LENGTH_MAX: usize = 512;
    /// The same of a method. The longest that is registered, `UPDATEREDIRECTREF`, has 17.
    const METHOD_LENGTH_MAX: usize = 32;

    pub(crate) fn kept_path(path: &str) -> String {
        shortened(path, Self::PATH_LENGTH_MAX)
    }

    pub(crate) fn kept_method(method: &str) -> String {
        shortened(method, Self::METHOD_LENGTH_MAX)
    }
}

/// So that ten thousand requests of strangers take no more memory than that.
fn shortened(text: &str, length_max: usize) -> String {
    if text.len() <= length_max {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(length_max);
    let beginning = text.get(..end).unwrap_or_default();
    format!("{beginning}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_paths_are_cut() {
        let longest = "/".repeat(RequestRecord::PATH_LENGTH_MAX);
        assert_eq!(RequestRecord::kept_path(&longest), longest);
        assert_eq!(
            RequestRecord::kept_path(&format!("{longest}x")),
            format!("{longest}…")
        );
        assert_eq!(shortened("aàb", 2), "a…");
    }
}
