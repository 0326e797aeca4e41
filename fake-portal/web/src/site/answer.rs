//! What a visitor gets, and how it becomes a response: the same answer is a page for people and JSON for
//! programs.

mod draft;

use askama::Template;
use cns_language::Language;
use cns_services::{Refusal, rule};
use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};
use serde_json::{Value, json};

use super::form::{Control, Form, Sending};
use super::page::{Cell, Content, Page};
use super::visit::{Dialogue, Visit};
use crate::content::Content as Body;
use crate::pages;
use crate::routes::negotiation::LANGUAGE;
use crate::routes::response::{page as page_response, respond};
use crate::words::Words;

pub(crate) use draft::{Draft, ReportForm, Subject};

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
    /// A document that is still to be written, and the page on which it is said if it cannot be.
    Draft { draft: Box<Draft>, page: Page },
    /// There is nothing here, or nothing that this visitor may know of.
    Absent,
}

impl Answer {
    /// A page that only asks: programs are told what they may post.
    pub(crate) fn asking(page: Page) -> Self {
        let forms: Vec<Value> = page.forms().map(Form::data).collect();
        Self::Shown {
            page,
            data: json!({"forms": forms}),
        }
    }
}

/// The answer as a response. `token` goes into every form.
pub(crate) fn response(answer: Answer, visit: &Visit<'_>, token: &str) -> Response<Body> {
    match (answer, visit.form) {
        (Answer::Shown { page, .. }, Dialogue::Pages) => html(StatusCode::OK, &page, visit, token),
        (Answer::Shown { data, .. }, Dialogue::Json) => in_json(StatusCode::OK, &data),
        (Answer::Done { next, .. }, Dialogue::Pages) => elsewhere(&next),
        (Answer::Done { data, .. }, Dialogue::Json) => in_json(StatusCode::OK, &data),
        (Answer::Refused { page, refusal }, Dialogue::Pages) => {
            html(status(&refusal), &page, visit, token)
        }
        (Answer::Refused { refusal, .. }, Dialogue::Json) => problem(&refusal, visit.language),
        (Answer::SignInNeeded { page }, Dialogue::Pages) => {
            challenging(html(StatusCode::UNAUTHORIZED, &page, visit, token))
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
        (Answer::Draft { draft, page }, _) => response(written(&draft, page, visit), visit, token),
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

/// The document, or the page with the reason why there is none.
fn written(draft: &Draft, page: Page, visit: &Visit<'_>) -> Answer {
    match draft.write() {
        Ok(content) => Answer::Document {
            content_type: draft.content_type(),
            name: draft.name(),
            content,
        },
        Err(error) => {
            let refusal = crate::rules::NOT_WRITTEN.about(error.to_string());
            Answer::Refused {
                page: page.refused(visit.path, &visit.query, &refusal, visit.language),
                refusal,
            }
        }
    }
}

/// What kind of no it is, in the words of RFC 9110 §15.5.
fn status(refusal: &Refusal) -> StatusCode {
    match refusal.answer {
        rule::Answer::NotFound => StatusCode::NOT_FOUND,
        rule::Answer::Forbidden => StatusCode::FORBIDDEN,
        rule::Answer::Conflict => StatusCode::CONFLICT,
        rule::Answer::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        rule::Answer::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn html(status: StatusCode, page: &Page, visit: &Visit<'_>, token: &str) -> Response<Body> {
    let rendered = SitePage {
        words: Words::in_language(visit.language),
        page,
        token,
        asked: match &page.query {
            Some(query) => query.clone(),
            None => visit.query.query_without(LANGUAGE),
        },
    };
    page_response(status, visit.language, rendered.render())
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
    /// The query of this page, so that in another language it is still the same page.
    asked: String,
}
