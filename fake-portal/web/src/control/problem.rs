//! What is refused, and why (RFC 9457, `application/problem+json`).

use std::time::Duration;

use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};
use schemars::JsonSchema;
use serde::Serialize;

use crate::content::Content;
use crate::routes::response::json;

/// Why a request did nothing. Whatever it asked for, nothing has changed.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub(crate) struct Problem {
    /// `about:blank`: the status says what kind of problem it is.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// What is wrong.
    detail: String,
    /// Where it is wrong.
    errors: Vec<FieldError>,
    /// Methods that are possible here.
    #[serde(skip)]
    allowed: Option<String>,
}

/// What is wrong with a part of a request.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub(crate) struct FieldError {
    /// The field, parts of it separated by dots; a header or a parameter of the query by its name. Empty for
    /// the whole body.
    field: String,
    /// What is wrong with it.
    reason: String,
}

impl Problem {
    fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or_default(),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            allowed: None,
        }
    }

    fn at(mut self, field: impl Into<String>, reason: impl Into<String>) -> Self {
        self.errors.push(FieldError {
            field: field.into(),
            reason: reason.into(),
        });
        self
    }

    /// The body is no JSON at all.
    pub(super) fn malformed(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "the body is not JSON").at("", reason)
    }

    /// A field of the body is not what belongs there.
    pub(super) fn field(field: impl Into<String>, reason: impl Into<String>) -> Self {
        let detail = "a field of the body cannot be used";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail).at(field, reason)
    }

    /// A parameter of the query is not what belongs there.
    pub(super) fn parameter(name: impl Into<String>, reason: impl Into<String>) -> Self {
        let detail = "a parameter of the query cannot be used";
        Self::new(StatusCode::BAD_REQUEST, detail).at(name, reason)
    }

    /// There is no such thing.
    pub(super) fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    /// What is asked for does not go with what is so already.
    pub(super) fn conflict(field: impl Into<String>, reason: impl Into<String>) -> Self {
        let detail = "this is not possible as things stand";
        Self::new(StatusCode::CONFLICT, detail).at(field, reason)
    }

    /// Somebody else's web page asks, by way of a browser.
    pub(super) fn not_for_pages(header: &str, reason: impl Into<String>) -> Self {
        let detail = "requests that come from other web pages are refused";
        Self::new(StatusCode::FORBIDDEN, detail).at(header, reason)
    }

    /// The body is not said to be JSON.
    pub(super) fn not_json() -> Self {
        let detail = "a body is JSON, and says so";
        let reason = "send `Content-Type: application/json`, as `curl --json` does";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail).at("content-type", reason)
    }

    /// The path does not take this method.
    pub(super) fn method(allowed: String) -> Self {
        let detail = format!("this takes {allowed}");
        Self {
            allowed: Some(allowed),
            ..Self::new(StatusCode::METHOD_NOT_ALLOWED, detail)
        }
    }

    pub(super) fn too_large(limit: usize) -> Self {
        let detail = format!("the body has more than {limit} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    pub(super) fn too_slow(limit: Duration) -> Self {
        let detail = format!("the body did not come within {} seconds", limit.as_secs());
        Self::new(StatusCode::REQUEST_TIMEOUT, detail)
    }

    /// The portal cannot do what it should: a fault of its own.
    pub(super) fn own_fault(reason: impl ToString) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, reason.to_string())
    }

    pub(super) fn response(self) -> Response<Content> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = json(status, &self);
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(allowed) = &self.allowed
            && let Ok(allowed) = HeaderValue::from_str(allowed)
        {
            headers.insert(header::ALLOW, allowed);
        }
        response
    }
}
