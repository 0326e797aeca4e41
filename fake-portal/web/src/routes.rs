//! From a request to a response. Nothing here waits, and nothing depends on the request's body.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};

use crate::pages;
use crate::report::LoginReport;

/// Answers a request on a connection whose login is known.
pub(crate) fn respond<B>(request: &Request<B>, report: &LoginReport) -> Response<Full<Bytes>> {
    let Some(resource) = Resource::at(request.uri().path()) else {
        return page(StatusCode::NOT_FOUND, pages::not_found());
    };
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = page(StatusCode::METHOD_NOT_ALLOWED, pages::method_not_allowed());
        response
            .headers_mut()
            .insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return response;
    }
    match resource {
        Resource::Style => response(StatusCode::OK, "text/css; charset=utf-8", pages::STYLE),
        Resource::Health => json(StatusCode::OK, r#"{"status":"ok"}"#.to_owned()),
        Resource::Login => login(report, Form::Json),
        Resource::Home => {
            let mut response = login(report, preferred_form(request.headers()));
            response
                .headers_mut()
                .insert(header::VARY, HeaderValue::from_static("Accept"));
            response
        }
    }
}

enum Resource {
    Home,
    Login,
    Health,
    Style,
}

impl Resource {
    fn at(path: &str) -> Option<Self> {
        match path {
            "/" => Some(Self::Home),
            "/api/login" => Some(Self::Login),
            "/healthz" => Some(Self::Health),
            "/style.css" => Some(Self::Style),
            _ => None,
        }
    }
}

enum Form {
    Html,
    Json,
}

fn login(report: &LoginReport, form: Form) -> Response<Full<Bytes>> {
    let status = match report.outcome {
        "logged_in" => StatusCode::OK,
        "no_certificate" => StatusCode::UNAUTHORIZED,
        _ => StatusCode::FORBIDDEN,
    };
    let mut response = match form {
        Form::Html => page(status, pages::login(report)),
        Form::Json => match serde_json::to_string_pretty(report) {
            Ok(text) => json(status, text + "\n"),
            Err(_) => page(StatusCode::INTERNAL_SERVER_ERROR, pages::not_rendered()),
        },
    };
    if status == StatusCode::UNAUTHORIZED {
        // RFC 9110 §11.6.1 wants a challenge with every 401. No registered scheme stands for a
        // TLS certificate; clients pass over a scheme they do not know.
        let challenge = HeaderValue::from_static("ClientCertificate realm=\"CNS\"");
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// JSON only for a client that prefers it to HTML (RFC 9110 §12.5.1).
fn preferred_form(headers: &HeaderMap) -> Form {
    let accept: Vec<&str> = headers
        .get_all(header::ACCEPT)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let accept = accept.join(",");
    if quality(&accept, "application/json") > quality(&accept, "text/html") {
        Form::Json
    } else {
        Form::Html
    }
}

/// How much an Accept header wants a media type, 0 to 1: its most specific range counts.
fn quality(accept: &str, media_type: &str) -> f32 {
    let family = media_type.split_once('/').map_or("", |(family, _)| family);
    accept
        .split(',')
        .filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let specificity = if name.eq_ignore_ascii_case(media_type) {
                2
            } else if name.strip_suffix("/*") == Some(family) {
                1
            } else if name == "*/*" {
                0
            } else {
                return None;
            };
            let weight = parts.find_map(|part| part.strip_prefix("q="));
            Some((
                specificity,
                weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0)),
            ))
        })
        .max_by_key(|(specificity, _)| *specificity)
        .map_or(0.0, |(_, weight)| weight)
}

fn page(status: StatusCode, rendered: Result<String, askama::Error>) -> Response<Full<Bytes>> {
    match rendered {
        Ok(html) => response(status, "text/html; charset=utf-8", html),
        // The templates are compiled in and write to memory only.
        Err(error) => response(
            StatusCode::INTERNAL_SERVER_ERROR,
            "text/plain; charset=utf-8",
            format!("the page cannot be rendered: {error}\n"),
        ),
    }
}

fn json(status: StatusCode, text: String) -> Response<Full<Bytes>> {
    response(status, "application/json", text)
}

fn response(
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Bytes>,
) -> Response<Full<Bytes>> {
    let body = body.into();
    let length = HeaderValue::from(body.len());
    let mut response = Response::new(Full::new(body));
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

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; \
                                       form-action 'none'; frame-ancestors 'none'";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weighs_what_a_client_accepts() {
        let wants_json =
            |accept: &str| quality(accept, "application/json") > quality(accept, "text/html");
        assert!(wants_json("application/json"));
        assert!(wants_json("text/html;q=0.5, application/json"));
        assert!(wants_json("application/*, text/html;q=0.9"));
        assert!(!wants_json(""));
        assert!(!wants_json("*/*"));
        assert!(!wants_json("application/json;q=0.8, */*"));
        assert!(!wants_json(
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        ));
        assert!(!wants_json("application/json;q=none"));
    }
}
