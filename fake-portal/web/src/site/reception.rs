//! Where a request for one of the portal's own pages goes.
//!
//! ```text
//! /area/...      the citizen who logged in with a card, or one for whom they may act
//! /desk/...      an operator, by password or card
//! /pin/...       an adult without a working card, who asks for PIN and PUK online
//! /outbox/...    whoever plays phones and mailboxes
//! /audit/...     an auditor
//! /api/...       the same paths in JSON
//! ```

use cns_services::desk::{Operator, SignIn};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use tokio::time::timeout;

use super::answer::{self, Answer};
use super::identified::IdentifiedVisitors;
use super::session::{COOKIE, Sessions, cookie};
use super::token::Tokens;
use super::values::Values;
use super::visit::{Dialogue, Visit, is_ours};
use crate::content::Content;
use crate::login::Citizen;
use crate::routes::negotiation::{
    LANGUAGE_COOKIE, api_language, chosen_language, page_language, prefers_pdf,
};
use crate::routes::{BODY_LENGTH_MAX, BODY_TIME_MAX};
use crate::town::{StaffMember, TownHall};

/// The pages of a town: its state, who is signed in, and the tokens of its forms.
#[derive(Debug)]
pub(crate) struct Reception {
    pub(crate) hall: TownHall,
    pub(crate) sessions: Sessions<StaffMember>,
    pub(crate) identified: IdentifiedVisitors,
    tokens: Tokens,
}

/// Who comes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Caller<'a> {
    /// Somebody who logged in with a card.
    Citizen(&'a Citizen),
    /// Anybody.
    Anybody,
}

/// Somebody who works here and has signed in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignedIn {
    pub(crate) member: StaffMember,
    pub(crate) by: SignIn,
}

impl SignedIn {
    /// The operator, if it is one.
    pub(crate) fn operator(&self) -> Option<Operator> {
        self.member.operator(self.by)
    }
}

/// What stands behind the first part of a path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Area {
    Citizen,
    Desk,
    Pin,
    Outbox,
    Audit,
}

impl Area {
    fn of(path: &str) -> Option<Self> {
        let first = path.strip_prefix('/')?.split('/').next()?;
        match first {
            "area" => Some(Self::Citizen),
            "desk" => Some(Self::Desk),
            "pin" => Some(Self::Pin),
            "outbox" => Some(Self::Outbox),
            "audit" => Some(Self::Audit),
            _ => None,
        }
    }
}

impl Reception {
    /// Opens the pages of a town.
    pub(crate) fn new(hall: TownHall) -> Result<Self, ring::error::Unspecified> {
        Ok(Self {
            hall,
            sessions: Sessions::default(),
            identified: IdentifiedVisitors::default(),
            tokens: Tokens::new()?,
        })
    }

    /// Whether a path is one of these pages.
    pub(crate) fn has(path: &str) -> bool {
        Area::of(below_api(path).0).is_some()
    }

    /// Answers a request for one of these pages.
    pub(crate) async fn receive(
        &self,
        request: Request<Incoming>,
        caller: Caller<'_>,
    ) -> Response<Content> {
        let chosen = chosen_language(&request);
        let language = match below_api(request.uri().path()) {
            (_, Dialogue::Pages) => page_language(&request),
            (_, Dialogue::Json) => api_language(&request),
        };
        let (head, body) = request.into_parts();
        let (path, form) = below_api(head.uri.path());
        let visitor = self.visitor(caller, &head.headers);
        let posted = match head.method {
            Method::GET | Method::HEAD => None,
            Method::POST => match self.posted(body, &head.headers, form, &visitor).await {
                Ok(values) => Some(values),
                Err(status) => return answer::refused(status, form, language),
            },
            _ => return answer::refused(StatusCode::METHOD_NOT_ALLOWED, form, language),
        };
        let visit = Visit {
            path,
            query: Values::of(head.uri.query().unwrap_or_default().as_bytes()),
            posted,
            language,
            now: self.hall.now(),
            form,
            prefers_pdf: prefers_pdf(&head.headers),
        };
        let (answer, cookie) = match visit.path {
            "/outbox/wait" => (super::outbox::wait(&visit, &self.hall).await, None),
            _ => self.answer(&visit, caller, &head.headers),
        };
        let mut response = answer::response(answer, &visit, &self.tokens.of(&visitor));
        let language = chosen.map(|language| {
            let tag = language.tag();
            format!("{LANGUAGE_COOKIE}={tag}; Path=/; Secure; HttpOnly; SameSite=Lax")
        });
        for cookie in cookie.into_iter().chain(language) {
            if let Ok(cookie) = HeaderValue::try_from(cookie) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
        }
        response
    }

    /// The answer, and a cookie that goes with it.
    fn answer(
        &self,
        visit: &Visit<'_>,
        caller: Caller<'_>,
        headers: &HeaderMap,
    ) -> (Answer, Option<String>) {
        let signed_in = self.signed_in(caller, headers);
        match (Area::of(visit.path), caller) {
            (Some(Area::Citizen), Caller::Citizen(citizen)) => {
                (super::citizen::answer(visit, citizen, &self.hall), None)
            }
            (Some(Area::Citizen), Caller::Anybody) => (super::citizen::card_needed(visit), None),
            (Some(Area::Desk), _) => super::desk::answer(visit, signed_in, headers, self),
            (Some(Area::Pin), _) => (super::pin::answer(visit, self), None),
            (Some(Area::Outbox), _) => (super::outbox::answer(visit, &self.hall), None),
            (Some(Area::Audit), _) => (super::audit::answer(visit, signed_in, &self.hall), None),
            (None, _) => (Answer::Absent, None),
        }
    }

    /// Who works here and has signed in, with a password in this session or with a card.
    fn signed_in(&self, caller: Caller<'_>, headers: &HeaderMap) -> Option<SignedIn> {
        let by_password = self.sessions.visitor(headers, self.hall.now());
        let by_password = by_password.map(|member| SignedIn {
            member,
            by: SignIn::Password,
        });
        by_password.or_else(|| match caller {
            Caller::Citizen(citizen) => Some(SignedIn {
                member: self.hall.staff().with_card(citizen.codice_fiscale)?,
                by: SignIn::Card,
            }),
            Caller::Anybody => None,
        })
    }

    /// Whose forms are whose.
    fn visitor(&self, caller: Caller<'_>, headers: &HeaderMap) -> String {
        let session = cookie(headers, COOKIE).unwrap_or_default();
        match caller {
            Caller::Citizen(citizen) => format!("{} {session}", citizen.codice_fiscale),
            Caller::Anybody => format!("anybody {session}"),
        }
    }

    /// What was posted, if a page of ours or a program posted it.
    async fn posted(
        &self,
        body: Incoming,
        headers: &HeaderMap,
        form: Dialogue,
        visitor: &str,
    ) -> Result<Values, StatusCode> {
        let limited = Limited::new(body, BODY_LENGTH_MAX as usize).collect();
        let body = match timeout(BODY_TIME_MAX, limited).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(_)) => return Err(StatusCode::PAYLOAD_TOO_LARGE),
            Err(_) => return Err(StatusCode::REQUEST_TIMEOUT),
        };
        let said = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let media_type = said(header::CONTENT_TYPE).unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default().trim();
        match (form, media_type) {
            // Another site's page cannot post this type without asking first, and is not allowed to.
            (Dialogue::Json, "application/json") => {
                Values::of_json(&body).ok_or(StatusCode::BAD_REQUEST)
            }
            (Dialogue::Pages, "application/x-www-form-urlencoded") => {
                let values = Values::of(&body);
                let (origin, host) = (said(header::ORIGIN), said(header::HOST));
                match is_ours(&self.tokens, visitor, &values, origin, host) {
                    Ok(()) => Ok(values),
                    Err(_) => Err(StatusCode::FORBIDDEN),
                }
            }
            _ => Err(StatusCode::UNSUPPORTED_MEDIA_TYPE),
        }
    }
}

/// A path without the `/api` before it, and how its visitor speaks.
fn below_api(path: &str) -> (&str, Dialogue) {
    match path.strip_prefix("/api") {
        Some(rest) if rest.starts_with('/') => (rest, Dialogue::Json),
        _ => (path, Dialogue::Pages),
    }
}
