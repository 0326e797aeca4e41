//! HTTP behind the handshake: the verdict for programs, and the pages for people.

use super::LOGIN;
use crate::applies::Needs;
use crate::case::{Case, Effect, Level, Stop, Verdict};
use crate::evidence::{Document, Source, read};
use crate::login::TlsVersion;
use crate::portal::{Coming, Portal, Response, WHO_AM_I};
use crate::state::State;

const OWN: &[Needs] = &[Needs::OwnPortal];
const NOBODY: Coming = Coming::without_card(TlsVersion::Tls13);

const fn http(clause: &'static str) -> Source {
    read(Document::Http, clause)
}

pub(super) const CASES: &[Case<Portal>] = &[
    Case {
        id: "tls.http.verdict-is-json",
        requirement: "The verdict is JSON, and says so.",
        sources: &[http("8.3")],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let response = portal.answer(NOBODY)?;
            has(&response, "content-type", "application/json")?;
            response.json().map(drop)
        },
    },
    Case {
        id: "tls.http.401-has-a-challenge",
        requirement: "A 401 comes with WWW-Authenticate.",
        sources: &[http("11.6.1")],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let response = portal.answer(NOBODY)?;
            response.is(401)?;
            match response.header("www-authenticate") {
                Some(_) => Ok(()),
                None => Err(Stop::fail("WWW-Authenticate", "none")),
            }
        },
    },
    Case {
        id: "tls.http.is-not-kept",
        requirement: "What the portal says of a login may not be kept: Cache-Control: no-store.",
        sources: &[http("RFC 9111, 5.2.2.5")],
        level: Level::Must,
        needs: LOGIN,
        state: State::Issued,
        effect: Effect::PresentsPin,
        run: |portal| {
            let response = portal.answer(Coming::with_card(TlsVersion::Tls13))?;
            has(&response, "cache-control", "no-store")?;
            has(&portal.answer(NOBODY)?, "cache-control", "no-store")
        },
    },
    Case {
        id: "tls.http.page-for-people",
        requirement: "A browser gets a page with the same status, in HTML.",
        sources: &[http("12.5.1")],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let request = portal.request("GET", "/", "Accept: text/html\r\n");
            let response = portal.ask(NOBODY, &request)?.answer()?;
            response.is(401)?;
            has(&response, "content-type", "text/html; charset=utf-8")
        },
    },
    Case {
        id: "tls.http.head-has-no-body",
        requirement: "HEAD is answered as GET is, without the body.",
        sources: &[http("9.3.2")],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let response = ask(portal, "HEAD", WHO_AM_I)?;
            response.is(401)?;
            match response.body() {
                [] => Ok(()),
                body => Err(Stop::fail("no body", format!("{} bytes", body.len()))),
            }
        },
    },
    Case {
        id: "tls.http.nothing-is-posted",
        requirement: "Other methods are answered 405, with those that are allowed.",
        sources: &[http("15.5.6")],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let response = ask(portal, "DELETE", WHO_AM_I)?;
            response.is(405)?;
            has(&response, "allow", "GET, HEAD")
        },
    },
    Case {
        id: "tls.http.unknown-page",
        requirement: "A page that is not there is answered 404.",
        sources: &[http("15.5.5")],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| ask(portal, "GET", "/api/login/../../etc")?.is(404),
    },
    Case {
        id: "tls.http.health-needs-no-card",
        requirement: "The portal says that it is well to whoever asks, without a certificate.",
        sources: &[super::portals("what pipelines wait for")],
        level: Level::Should,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| ask(portal, "GET", "/healthz")?.is(200),
    },
    Case {
        id: "tls.http.headers-log-nobody-in",
        requirement: "Headers that proxies use for certificates log nobody in: only the handshake \
                      does.",
        sources: &[super::portals("SSL_CLIENT_* headers behind a proxy")],
        level: Level::Must,
        needs: OWN,
        state: State::Issued,
        effect: Effect::Reads,
        run: |portal| {
            let citizen = &portal.issue()?.citizen;
            let name = format!("CN={}", citizen.codice_fiscale);
            let headers = format!(
                "X-SSL-Client-Verify: SUCCESS\r\nSSL_CLIENT_VERIFY: SUCCESS\r\n\
                 X-SSL-Client-S-DN: {name}\r\nSSL_CLIENT_S_DN: {name}\r\n"
            );
            let request = portal.request("GET", WHO_AM_I, &headers);
            portal.ask(NOBODY, &request)?.answer()?.is(401)
        },
    },
];

fn ask(portal: &Portal, method: &str, path: &str) -> Result<Response, Stop> {
    portal
        .ask(NOBODY, &portal.request(method, path, ""))?
        .answer()
}

fn has(response: &Response, name: &str, expected: &str) -> Verdict {
    match response.header(name) {
        Some(seen) if seen == expected => Ok(()),
        seen => Err(Stop::fail(
            format!("{name}: {expected}"),
            seen.unwrap_or("nothing"),
        )),
    }
}
