//! From a request to a response. Nothing depends on a request's body, but what is posted for a
//! document.

pub(crate) mod negotiation;
pub(crate) mod response;

use std::net::SocketAddr;
use std::time::Duration;

use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use tokio::time::timeout;

use crate::content::Content;
use crate::documents::{DocumentRequest, Documents};
use crate::junit;
use crate::pages;
use crate::proxy::{Dialect, Mistrust};
use crate::report::{LoginReport, VerdictReport};
use crate::verdict::Judgement;
use crate::words::Words;
use cns_language::Language;
pub(crate) use negotiation::Form;
use negotiation::{api_language, page_language, parameter, preferred_form};
use response::{fresh, json, page, respond};

/// Longest body that is read or passed over, in bytes. A request to an OCSP responder has some 100.
pub(crate) const BODY_LENGTH_MAX: u64 = 65_536;
/// Longest wait for it.
pub(crate) const BODY_TIME_MAX: Duration = Duration::from_secs(10);

/// RFC 9110 §11.6.1 wants a challenge with every 401. No registered scheme stands for a TLS certificate;
/// clients pass over a scheme they do not know.
pub(crate) const CHALLENGE: HeaderValue =
    HeaderValue::from_static("ClientCertificate realm=\"CNS\"");

/// Where the portal is, for the links of its pages.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    /// The name that visitors know it by.
    pub(crate) host: String,
    /// The port of the listener that asks for certificates.
    pub(crate) port: u16,
    /// Whether there is a town behind it, with an area for each citizen.
    pub(crate) has_town: bool,
    /// The address at which certificates say that the documents are.
    pub(crate) pki: String,
    /// Where the control API listens.
    pub(crate) control: SocketAddr,
}

/// Answers a request on a connection whose login is known.
pub(crate) fn login<B: Body>(
    request: &Request<B>,
    judgement: &Judgement,
    has_area: bool,
) -> Response<Content> {
    let language = page_language(request);
    if let Some(refusal) = refusal(request, language) {
        return refusal;
    }
    let form = match request.uri().path() {
        "/" => preferred_form(request),
        "/api/login" => Form::Login,
        "/api/verdict" => Form::Verdict,
        "/api/headers" => return emitted(request, judgement),
        "/healthz" => return health(),
        "/style.css" => return respond(StatusCode::OK, "text/css; charset=utf-8", pages::STYLE),
        _ => return not_found(language),
    };
    let mut answer = told(
        judgement,
        has_area,
        form.asked_for(request),
        language,
        api_language(request),
    );
    if request.uri().path() == "/" {
        answer.headers_mut().insert(
            header::VARY,
            HeaderValue::from_static("Accept, Accept-Language"),
        );
    }
    answer
}

/// What a connection is told, in the form that it asked for.
pub(crate) fn told(
    judgement: &Judgement,
    has_area: bool,
    form: Form,
    page_language: Language,
    api_language: Language,
) -> Response<Content> {
    let status = match judgement.outcome.word() {
        "logged_in" => StatusCode::OK,
        "no_certificate" => StatusCode::UNAUTHORIZED,
        _ => StatusCode::FORBIDDEN,
    };
    let mut answer = match form {
        Form::Html => {
            let report = VerdictReport::new(judgement, page_language);
            page(
                status,
                page_language,
                pages::login(&report, has_area, page_language),
            )
        }
        Form::Login => json(status, &LoginReport::new(judgement, api_language)),
        Form::Verdict => json(status, &VerdictReport::new(judgement, api_language)),
        Form::Junit => match junit::report(judgement, api_language) {
            Ok(xml) => respond(status, "application/xml", xml),
            Err(_) => not_rendered(page_language),
        },
    };
    if status == StatusCode::UNAUTHORIZED {
        answer
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, CHALLENGE);
    }
    answer
}

/// What a proxy in the portal's place would pass on: as JSON, or with `?dialect=` as the lines of an HTTP
/// head.
fn emitted<B>(request: &Request<B>, judgement: &Judgement) -> Response<Content> {
    let Some(name) = parameter(request, "dialect") else {
        return json(StatusCode::OK, &judgement.emission.in_every_dialect());
    };
    let Some(dialect) = Dialect::of_name(name) else {
        return line(StatusCode::NOT_FOUND);
    };
    let emitted = judgement.emission.in_dialect(dialect);
    let lines = emitted.headers.iter();
    let lines: String = lines
        .map(|header| format!("{}: {}\n", header.name, header.value))
        .collect();
    respond(StatusCode::OK, "text/plain; charset=utf-8", lines)
}

/// Answers a request that is not believed to be the proxy's.
pub(crate) fn mistrusted(reason: &Mistrust) -> Response<Content> {
    let text = format!("{reason}\n");
    respond(reason.status(), "text/plain; charset=utf-8", text)
}

/// Answers a visitor of whom no certificate was asked.
pub(crate) fn welcome<B: Body>(request: &Request<B>, site: &Site) -> Response<Content> {
    let language = page_language(request);
    if let Some(refusal) = refusal(request, language) {
        return refusal;
    }
    match request.uri().path() {
        "/" => {
            let host = request
                .headers()
                .get(header::HOST)
                .and_then(|host| host.to_str().ok());
            page(
                StatusCode::OK,
                language,
                pages::welcome(site, host, language),
            )
        }
        "/healthz" => health(),
        "/style.css" => respond(StatusCode::OK, "text/css; charset=utf-8", pages::STYLE),
        _ => not_found(language),
    }
}

/// What is posted for a document, if anything; or the answer to who posts too much.
pub(crate) async fn posted(
    method: &Method,
    body: Incoming,
) -> Result<Option<Bytes>, Response<Content>> {
    if *method != Method::POST {
        return Ok(None);
    }
    let body = Limited::new(body, BODY_LENGTH_MAX as usize).collect();
    match timeout(BODY_TIME_MAX, body).await {
        Ok(Ok(body)) => Ok(Some(body.to_bytes())),
        Ok(Err(_)) => Err(line(StatusCode::PAYLOAD_TOO_LARGE)),
        Err(_) => Err(line(StatusCode::REQUEST_TIMEOUT)),
    }
}

/// Answers a request for a document: with it, or with a line that says what is wrong.
pub(crate) fn document(
    head: &Parts,
    posted: Option<&[u8]>,
    documents: &dyn Documents,
) -> Response<Content> {
    let path = head.uri.path();
    let is_known = matches!(head.method, Method::GET | Method::HEAD | Method::POST);
    match documents.answer(&DocumentRequest { path, posted }) {
        _ if path == "/healthz" && posted.is_none() && is_known => health(),
        _ if !is_known => no_document(path, documents),
        // What is posted is a request to a responder, and says so (RFC 6960 appendix A.1).
        Some(_) if posted.is_some() && !is_ocsp_request(&head.headers) => {
            line(StatusCode::UNSUPPORTED_MEDIA_TYPE)
        }
        Some(document) => {
            let response = respond(StatusCode::OK, document.content_type, document.content);
            match document.freshness {
                Some(freshness) => fresh(response, freshness),
                None => response,
            }
        }
        None => no_document(path, documents),
    }
}

/// There is nothing, or there is for those who ask by another method.
fn no_document(path: &str, documents: &dyn Documents) -> Response<Content> {
    let has = |posted: Option<&[u8]>| {
        let is_health = path == "/healthz" && posted.is_none();
        is_health
            || documents
                .answer(&DocumentRequest { path, posted })
                .is_some()
    };
    let methods = match (has(None), has(Some(&[]))) {
        (false, false) => return line(StatusCode::NOT_FOUND),
        (true, false) => "GET, HEAD",
        (false, true) => "POST",
        (true, true) => "GET, HEAD, POST",
    };
    with_allowed(line(StatusCode::METHOD_NOT_ALLOWED), methods)
}

fn is_ocsp_request(headers: &HeaderMap) -> bool {
    let said = headers.get(header::CONTENT_TYPE);
    let said = said.and_then(|it| it.to_str().ok()).unwrap_or_default();
    let media_type = said.split(';').next().unwrap_or_default();
    media_type
        .trim()
        .eq_ignore_ascii_case("application/ocsp-request")
}

/// What the pages do not take: bodies of any size to speak of, and methods that change something.
fn refusal<B: Body>(request: &Request<B>, language: Language) -> Option<Response<Content>> {
    let words = Words::in_language(language);
    if BODY_LENGTH_MAX < request.body().size_hint().lower() {
        let mut answer = page(
            StatusCode::PAYLOAD_TOO_LARGE,
            language,
            pages::message(words.too_large, words.too_large_about, language),
        );
        // The rest of the body is not worth reading.
        answer
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
        return Some(answer);
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    // What is not there cannot be changed either.
    let is_known = [
        "/",
        "/api/login",
        "/api/verdict",
        "/api/headers",
        "/healthz",
        "/style.css",
    ]
    .contains(&request.uri().path());
    is_known.then(|| {
        let message = pages::message(words.read_only, words.read_only_about, language);
        with_allowed(
            page(StatusCode::METHOD_NOT_ALLOWED, language, message),
            "GET, HEAD",
        )
    })
}

fn with_allowed(mut response: Response<Content>, methods: &'static str) -> Response<Content> {
    response
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(methods));
    response
}

fn health() -> Response<Content> {
    respond(StatusCode::OK, "application/json", r#"{"status":"ok"}"#)
}

pub(crate) fn not_found(language: Language) -> Response<Content> {
    let words = Words::in_language(language);
    let message = pages::message(words.not_found, words.not_found_about, language);
    page(StatusCode::NOT_FOUND, language, message)
}

fn not_rendered(language: Language) -> Response<Content> {
    let words = Words::in_language(language);
    let message = pages::message(words.not_rendered, words.not_rendered_about, language);
    page(StatusCode::INTERNAL_SERVER_ERROR, language, message)
}

/// A status in plain words, for programs that fetch documents.
fn line(status: StatusCode) -> Response<Content> {
    let words = status.canonical_reason().unwrap_or_default();
    respond(status, "text/plain; charset=utf-8", format!("{words}\n"))
}
