//! Sessions of those who sign in with a password. Who comes with a card needs none: the connection
//! itself says who it is.
//!
//! ```text
//! Set-Cookie: __Host-session=<22 characters of base64url, 128 bits>; Path=/; Secure; HttpOnly; SameSite=Strict
//! ```

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hyper::header::{self, HeaderMap};
use ring::rand::{SecureRandom as _, SystemRandom};
use time::{Duration, OffsetDateTime};

/// The cookie's name. Browsers take a cookie with `__Host-` before its name only over TLS, for one host.
pub(crate) const COOKIE: &str = "__Host-session";
/// A session ends when nothing was done for this long.
const SILENCE_MAX: Duration = Duration::minutes(30);
/// Most sessions at one time; the one that was silent longest ends first.
const SESSIONS_MAX: usize = 1_000;

/// Open sessions, of visitors of some kind.
#[derive(Debug)]
pub(crate) struct Sessions<V>(Mutex<BTreeMap<String, Session<V>>>);

#[derive(Debug)]
struct Session<V> {
    visitor: V,
    last_seen: OffsetDateTime,
}

impl<V> Default for Sessions<V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<V: Clone> Sessions<V> {
    /// Opens a session; gives the cookie to be set. Nothing, if the machine has no randomness.
    pub(crate) fn open(&self, visitor: V, now: OffsetDateTime) -> Option<String> {
        let mut bytes = [0; 16];
        SystemRandom::new().fill(&mut bytes).ok()?;
        let name = URL_SAFE_NO_PAD.encode(bytes);
        let mut sessions = self.sessions(now);
        if SESSIONS_MAX <= sessions.len() {
            let oldest = sessions.iter().min_by_key(|(_, session)| session.last_seen);
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                sessions.remove(&oldest);
            }
        }
        let session = Session {
            visitor,
            last_seen: now,
        };
        sessions.insert(name.clone(), session);
        Some(session_cookie(&name))
    }

    /// Who has the session of these headers, if it is still open. This counts as a sign of life.
    pub(crate) fn visitor(&self, headers: &HeaderMap, now: OffsetDateTime) -> Option<V> {
        let name = named(headers)?;
        let mut sessions = self.sessions(now);
        let session = sessions.get_mut(name)?;
        session.last_seen = now;
        Some(session.visitor.clone())
    }

    /// Ends the session of these headers; gives the cookie that makes browsers forget it.
    pub(crate) fn close(&self, headers: &HeaderMap, now: OffsetDateTime) -> String {
        if let Some(name) = named(headers) {
            self.sessions(now).remove(name);
        }
        format!("{}; Max-Age=0", session_cookie(""))
    }

    /// Those that are still open.
    fn sessions(&self, now: OffsetDateTime) -> MutexGuard<'_, BTreeMap<String, Session<V>>> {
        let mut sessions = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, session| now - session.last_seen < SILENCE_MAX);
        sessions
    }
}

fn session_cookie(name: &str) -> String {
    format!("{COOKIE}={name}; Path=/; Secure; HttpOnly; SameSite=Strict")
}

/// What the session's cookie says, if there is one.
fn named(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, COOKIE)
}

/// The value of a cookie (RFC 6265 §4.2).
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use hyper::header::HeaderValue;
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-03-02 9:00 UTC);

    fn headers(cookie: &str) -> HeaderMap {
        let pair = cookie.split(';').next().unwrap();
        let both = format!("lang=de; {pair}");
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&both).unwrap())])
    }

    #[test]
    fn a_session_ends_when_it_is_closed_and_when_nobody_says_anything() {
        let sessions = Sessions::default();
        let cookie = sessions.open("operator", NOW).unwrap();
        assert!(cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict"));
        let theirs = headers(&cookie);
        assert_eq!(sessions.visitor(&theirs, NOW), Some("operator"));
        assert_eq!(sessions.visitor(&headers("a=b"), NOW), None);

        let later = NOW + Duration::minutes(29);
        assert_eq!(sessions.visitor(&theirs, later), Some("operator"));
        let too_late = later + Duration::minutes(30);
        assert_eq!(sessions.visitor(&theirs, too_late), None);

        let theirs = headers(&sessions.open("operator", NOW).unwrap());
        assert!(sessions.close(&theirs, NOW).ends_with("Max-Age=0"));
        assert_eq!(sessions.visitor(&theirs, NOW), None);
    }

    #[test]
    fn the_session_that_was_silent_longest_makes_room() {
        let sessions = Sessions::default();
        let first = headers(&sessions.open(0, NOW).unwrap());
        let later = NOW + Duration::SECOND;
        let second = headers(&sessions.open(1, later).unwrap());
        for number in 2..=SESSIONS_MAX {
            sessions.open(number, later).unwrap();
        }
        assert_eq!(sessions.visitor(&first, later), None);
        assert_eq!(sessions.visitor(&second, later), Some(1));
    }
}
