//! What an operation tells.

use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;

use super::events::Wanted;
use super::problem::Problem;
use crate::content::Content;
use crate::routes::response::{json, respond};

/// The answer to a request that was not refused.
pub(super) enum Reply {
    /// This.
    Told(Response<Content>),
    /// What happens from now on, as far as it is wanted.
    Events(Wanted),
}

impl Reply {
    pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Self {
        Self::Told(json(status, value))
    }

    pub(super) fn text(content_type: &'static str, text: impl Into<Content>) -> Self {
        let content = text.into();
        let mut response = respond(StatusCode::OK, content_type, content.bytes());
        // The page of expectations has its few styles in itself.
        response.headers_mut().insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(CONTENT_SECURITY_POLICY),
        );
        Self::Told(response)
    }

    pub(super) fn rendered<E: ToString>(
        content_type: &'static str,
        text: Result<String, E>,
    ) -> Result<Self, Problem> {
        text.map(|text| Self::text(content_type, text))
            .map_err(Problem::own_fault)
    }
}

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self' 'unsafe-inline'; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'";

pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const XML: &str = "application/xml";
pub(super) const JSON: &str = "application/json";
