//! Answers to requests, spoilt.

use hyper::header::{self, HeaderValue};
use hyper::{Response, StatusCode};

use super::Fault;
use crate::content::Content;

/// What becomes of an answer. `target` is what was asked for, with its query.
pub(crate) fn spoil(
    fault: &Fault,
    target: &str,
    mut answer: Response<Content>,
) -> Response<Content> {
    match fault {
        Fault::Status(status) => {
            let code =
                StatusCode::from_u16(status.code()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            replace(&mut answer, code, "text/plain; charset=utf-8", ORDERED);
            if code == StatusCode::SERVICE_UNAVAILABLE {
                let seconds = HeaderValue::from_static("1");
                answer.headers_mut().insert(header::RETRY_AFTER, seconds);
            }
        }
        Fault::RedirectLoop => {
            let code = StatusCode::TEMPORARY_REDIRECT;
            replace(&mut answer, code, "text/plain; charset=utf-8", ORDERED);
            if let Ok(target) = HeaderValue::from_str(target) {
                answer.headers_mut().insert(header::LOCATION, target);
            }
        }
        Fault::TruncatedBody => *answer.body_mut() = Content::half_of(&answer.body().bytes()),
        Fault::SlowBody(seconds) => {
            *answer.body_mut() = Content::slowly(&answer.body().bytes(), seconds.duration());
        }
        Fault::HtmlInstead => {
            replace(
                &mut answer,
                StatusCode::OK,
                "text/html; charset=utf-8",
                PAGE,
            );
        }
        Fault::OcspError(error) => {
            let response = error.response();
            replace(
                &mut answer,
                StatusCode::OK,
                "application/ocsp-response",
                response.to_vec(),
            );
        }
        Fault::NoCloseNotify => {
            let close = HeaderValue::from_static("close");
            answer.headers_mut().insert(header::CONNECTION, close);
        }
        // These happen before anything is asked for.
        Fault::AlertAfterHello(_)
        | Fault::AlertAfterCertificate(_)
        | Fault::CloseAfter(_)
        | Fault::ResetAfter(_)
        | Fault::StallAfter(_)
        | Fault::CheckFails(_) => {}
    }
    answer
}

fn replace(
    answer: &mut Response<Content>,
    status: StatusCode,
    content_type: &'static str,
    body: impl Into<Content>,
) {
    let body = body.into();
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(header::CONTENT_LENGTH, body.bytes().len().into());
    *answer.body_mut() = body;
}

const ORDERED: &str = "a fault was ordered\n";
pub(super) const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>AMBIENTE DI COLLAUDO</title></head>\
                    <body><p>a fault was ordered</p></body></html>\n";
