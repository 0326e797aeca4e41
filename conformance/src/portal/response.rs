//! An HTTP response (RFC 9112), read to the end of its connection.

use serde_json::Value;

use crate::case::{Stop, Verdict};

/// What the portal answered.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        const END_OF_HEAD: &[u8] = b"\r\n\r\n";
        let end = bytes
            .windows(END_OF_HEAD.len())
            .position(|four| four == END_OF_HEAD)?;
        let (head, rest) = bytes.split_at(end);
        let head = std::str::from_utf8(head).ok()?;
        let mut lines = head.split("\r\n");
        let start = lines.next()?;
        // A server of HTTP/1.0 answers in its own version (RFC 9110 §6.2).
        let status = ["HTTP/1.1 ", "HTTP/1.0 "]
            .iter()
            .find_map(|version| start.strip_prefix(version))?;
        let header = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        };
        Some(Self {
            status: status.split(' ').next()?.parse().ok()?,
            headers: lines.filter_map(header).collect(),
            body: rest.get(END_OF_HEAD.len()..)?.to_vec(),
        })
    }

    /// A header, by its name in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The bytes after the head.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body, which must be JSON.
    pub fn json(&self) -> Result<Value, Stop> {
        serde_json::from_slice(&self.body).map_err(|error| Stop::fail("JSON", error.to_string()))
    }

    /// The status must be this.
    pub fn is(&self, status: u16) -> Verdict {
        match self.status == status {
            true => Ok(()),
            false => Err(Stop::fail(
                format!("status {status}"),
                format!("{}: {}", self.status, self.reasons()),
            )),
        }
    }

    /// What the report says of the login, for findings: `refused (chain.trusted)`.
    fn reasons(&self) -> String {
        let report = self.json().unwrap_or(Value::Null);
        let outcome = report.get("outcome").and_then(Value::as_str);
        let reasons: Vec<&str> = report
            .get("reasons")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|reason| reason.get("id")?.as_str())
            .collect();
        format!(
            "{} ({})",
            outcome.unwrap_or("no report"),
            reasons.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_status_headers_and_body() {
        let bytes = b"HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain\r\n\r\nno";
        let response = Response::parse(bytes).unwrap();
        assert_eq!(response.status, 401);
        assert_eq!(response.header("content-type"), Some("text/plain"));
        assert_eq!(response.body(), b"no");
        assert!(Response::parse(b"SSH-2.0\r\n\r\n").is_none());
    }
}
