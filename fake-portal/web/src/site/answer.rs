//! What a visitor gets, and how it becomes a response: the same answer is a page for people and JSON for
//! programs.

use askama::Template;
use cns_language::Language;
use cns_services::Refusal;
use cns_services::rules::{self, Rule};
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

use super::form::{Control, Sending};
use super::page::{Cell, Content, Page};
use super::visit::{Dialogue, Visit};
use crate::content::Content as Body;
use crate::pages;
use crate::routes::response::{page as page_response, respond};
use crate::words::Words;

/// What a visitor gets.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Something to look at, and the same as data.
    Shown { page: Page, data: Value },
    /// Something was done; whoever looks at pages goes on there.
    Done { next: String, data: Value },
    /// A rule said no; whoever looks at pages sees the form again.
    Refused { page: Page, refusal: Refusal },
    /// Only who has signed in gets further; whoever looks at pages can do it here.
    SignInNeeded { page: Page },
    /// A document.
    Document {
        content_type: &'static str,
        /// What a browser calls it when it is kept.
        name: String,
        content: Vec<u8>,
    },
    /// There is nothing here, or nothing that this visitor may know of.
    Absent,
}

/// The answer as a response. `token` goes into every form.
pub(crate) fn response(answer: Answer, visit: &Visit<'_>, token: &str) -> Response<Body> {
    match (answer, visit.form) {
        (Answer::Shown { page, .. }, Dialogue::Pages) => {
            html(StatusCode::OK, &page, visit.language, token)
        }
        (Answer::Shown { data, .. }, Dialogue::Json) => in_json(StatusCode::OK, &data),
        (Answer::Done { next, .. }, Dialogue::Pages) => elsewhere(&next),
        (Answer::Done { data, .. }, Dialogue::Json) => in_json(StatusCode::OK, &data),
        (Answer::Refused { page, refusal }, Dialogue::Pages) => {
            html(status(&refusal), &page, visit.language, token)
        }
        (Answer::Refused { refusal, .. }, Dialogue::Json) => problem(&refusal, visit.language),
        (Answer::SignInNeeded { page }, Dialogue::Pages) => {
            challenging(html(StatusCode::UNAUTHORIZED, &page, visit.language, token))
        }
        (Answer::SignInNeeded { .. }, Dialogue::Json) => {
            let needed = json!({"type": "about:blank", "title": "Unauthorized", "status": 401});
            challenging(with_problem_type(in_json(
                StatusCode::UNAUTHORIZED,
                &needed,
            )))
        }
        (
            Answer::Document {
                content_type,
                name,
                content,
            },
            _,
        ) => {
            let mut response = respond(StatusCode::OK, content_type, content);
            if let Ok(disposition) = HeaderValue::try_from(format!("inline; filename=\"{name}\"")) {
                let headers = response.headers_mut();
                headers.insert(header::CONTENT_DISPOSITION, disposition);
            }
            response
        }
        (Answer::Absent, Dialogue::Pages) => crate::routes::not_found(visit.language),
        (Answer::Absent, Dialogue::Json) => {
            let absent = json!({"type": "about:blank", "title": "Not Found", "status": 404});
            with_problem_type(in_json(StatusCode::NOT_FOUND, &absent))
        }
    }
}

/// What is refused before anybody looks at what was asked for.
pub(crate) fn refused(status: StatusCode, form: Dialogue, language: Language) -> Response<Body> {
    let words = Words::in_language(language);
    let about = match status {
        StatusCode::PAYLOAD_TOO_LARGE => words.too_large_about,
        StatusCode::METHOD_NOT_ALLOWED => words.read_only_about,
        StatusCode::FORBIDDEN => words.foreign_form,
        _ => words.not_readable,
    };
    let title = status.canonical_reason().unwrap_or_default();
    let mut response = match form {
        Dialogue::Pages => page_response(status, language, pages::message(title, about, language)),
        Dialogue::Json => with_problem_type(in_json(
            status,
            &json!({
                "type": "about:blank",
                "title": title,
                "status": status.as_u16(),
                "detail": about,
            }),
        )),
    };
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let methods = HeaderValue::from_static("GET, HEAD, POST");
        response.headers_mut().insert(header::ALLOW, methods);
    }
    response
}

/// What kind of no it is, in the words of RFC 9110 §15.5.
fn status(refusal: &Refusal) -> StatusCode {
    match Rule::of(refusal).map(|rule| rule.answer) {
        Some(rules::Answer::NotFound) => StatusCode::NOT_FOUND,
        Some(rules::Answer::Forbidden) => StatusCode::FORBIDDEN,
        Some(rules::Answer::Conflict) => StatusCode::CONFLICT,
        Some(rules::Answer::Invalid) | None => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn html(status: StatusCode, page: &Page, language: Language, token: &str) -> Response<Body> {
    let words = Words::in_language(language);
    let rendered = SitePage { words, page, token }.render();
    page_response(status, language, rendered)
}

/// See Other (RFC 9110 §15.4.4): what was posted is not posted again when somebody goes back.
fn elsewhere(next: &str) -> Response<Body> {
    let mut response = respond(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", "");
    if let Ok(next) = HeaderValue::from_str(next) {
        response.headers_mut().insert(header::LOCATION, next);
    }
    response
}

fn in_json(status: StatusCode, data: &Value) -> Response<Body> {
    respond(status, "application/json", format!("{data:#}\n"))
}

/// A refusal as a problem (RFC 9457), with the rule's code and the field.
fn problem(refusal: &Refusal, language: Language) -> Response<Body> {
    let status = status(refusal);
    let problem = json!({
        "type": format!("urn:cns:refusal:{}", refusal.code),
        "title": refusal.reason.in_language(language),
        "status": status.as_u16(),
        "code": refusal.code,
        "field": refusal.field,
    });
    with_problem_type(in_json(status, &problem))
}

fn with_problem_type(mut response: Response<Body>) -> Response<Body> {
    let content_type = HeaderValue::from_static("application/problem+json");
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, content_type);
    response
}

fn challenging(mut response: Response<Body>) -> Response<Body> {
    response
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, crate::routes::CHALLENGE);
    response
}

#[derive(Template)]
#[template(path = "site.html")]
struct SitePage<'a> {
    words: &'static Words,
    page: &'a Page,
    token: &'a str,
}
