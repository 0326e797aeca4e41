//! Responses with the headers that all of them have.

use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};
use serde::Serialize;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use crate::content::Content;
use crate::documents::Freshness;
use cns_language::Language;

pub(crate) fn page(
    status: StatusCode,
    language: Language,
    rendered: Result<String, askama::Error>,
) -> Response<Content> {
    match rendered {
        Ok(html) => {
            let mut response = respond(status, "text/html; charset=utf-8", html);
            response.headers_mut().insert(
                header::CONTENT_LANGUAGE,
                HeaderValue::from_static(language.tag()),
            );
            response
        }
        // The templates are compiled in and write to memory only.
        Err(error) => respond(
            StatusCode::INTERNAL_SERVER_ERROR,
            "text/plain; charset=utf-8",
            format!("the page cannot be rendered: {error}\n"),
        ),
    }
}

pub(crate) fn json(status: StatusCode, value: &impl Serialize) -> Response<Content> {
    match serde_json::to_string_pretty(value) {
        Ok(text) => respond(status, "application/json", text + "\n"),
        // A date that RFC 3339 cannot say, in a certificate that somebody made so.
        Err(error) => respond(
            StatusCode::INTERNAL_SERVER_ERROR,
            "text/plain; charset=utf-8",
            format!("the answer cannot be written: {error}\n"),
        ),
    }
}

pub(crate) fn respond(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> Response<Content> {
    let body = body.into();
    let length = HeaderValue::from(body.len());
    let mut response = Response::new(Content::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, length);
    for (name, value) in [
        (header::CONTENT_TYPE, content_type),
        // Every page says who is on the other side: it may not outlive the connection.
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The same response, which may be kept for some time.
pub(super) fn fresh(mut response: Response<Content>, freshness: Freshness) -> Response<Content> {
    let age_max = (freshness.expires - freshness.now).whole_seconds().max(0);
    let headers = response.headers_mut();
    for (name, value) in [
        (
            header::CACHE_CONTROL,
            format!("max-age={age_max}, public, no-transform, must-revalidate"),
        ),
        (header::LAST_MODIFIED, http_date(freshness.last_modified)),
        (header::EXPIRES, http_date(freshness.expires)),
    ] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
    response
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
fn http_date(instant: OffsetDateTime) -> String {
    const FORM: &[BorrowedFormatItem<'_>] = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    // Every instant has these parts.
    instant
        .to_offset(UtcOffset::UTC)
        .format(FORM)
        .unwrap_or_default()
}

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; \
                                       form-action 'none'; frame-ancestors 'none'";
