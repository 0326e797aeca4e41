//! Who tests with the control API, by curl and nothing else.

use serde_json::Value;

use super::{Bench, succeed};

/// A tester of this bench.
pub(crate) struct Tester<'a>(pub(crate) &'a Bench);

impl Tester<'_> {
    /// Status and body of a GET under `/_control/v1`.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        self.curl(path, &[])
    }

    /// What is told by a GET.
    pub(crate) fn read(&self, path: &str) -> Value {
        let (status, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Posts JSON, and takes whatever is told.
    pub(crate) fn post(&self, path: &str, json: &str) -> (u16, Value) {
        let (status, body) = self.curl(path, &["--json", json]);
        (status, serde_json::from_str(&body).unwrap())
    }

    /// Posts an order that is obeyed.
    pub(crate) fn order(&self, path: &str, json: &str) -> Value {
        let (status, told) = self.post(path, json);
        assert!(matches!(status, 200 | 201), "{path} {json}: {told}");
        told
    }

    pub(crate) fn curl(&self, path: &str, options: &[&str]) -> (u16, String) {
        let url = format!("{}{path}", self.0.addresses.control_url());
        let options = [&["--write-out", "%{http_code}"], options].concat();
        let text = succeed(self.0.curl_url(&url, &options));
        let (body, status) = text.split_at(text.len() - 3);
        (status.parse().unwrap(), body.to_owned())
    }
}
