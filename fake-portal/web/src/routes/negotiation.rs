//! What form of answer, and which language, a request asks for (RFC 9110 §12.5).

use hyper::Request;
use hyper::header::{self, HeaderMap, HeaderName};

use crate::site::session::cookie;
use cns_language::Language;

/// The form of an answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    Html,
    Login,
    Verdict,
    Junit,
}

impl Form {
    /// `?format=` comes before everything else.
    pub(super) fn asked_for<B>(self, request: &Request<B>) -> Self {
        match (parameter(request, "format"), self) {
            (Some("junit"), _) => Self::Junit,
            (Some("json"), Self::Html) => Self::Login,
            (Some("html"), _) => Self::Html,
            _ => self,
        }
    }
}

/// JSON only for a client that prefers it to HTML.
pub(super) fn preferred_form<B>(request: &Request<B>) -> Form {
    let accept = joined(request.headers(), header::ACCEPT);
    if quality(&accept, "application/json") > quality(&accept, "text/html") {
        Form::Login
    } else {
        Form::Html
    }
}

/// PDF only for a client that prefers it to pages and data.
pub(crate) fn prefers_pdf(headers: &HeaderMap) -> bool {
    let accept = joined(headers, header::ACCEPT);
    let others = ["application/json", "text/html"].map(|other| quality(&accept, other));
    others
        .iter()
        .all(|other| *other < quality(&accept, "application/pdf"))
}

/// The cookie that keeps the language that a visitor has chosen.
pub(crate) const LANGUAGE_COOKIE: &str = "lang";

/// The language of a page: `?lang=`, what was chosen so before, or what the browser likes best.
pub(crate) fn page_language<B>(request: &Request<B>) -> Language {
    chosen_language(request)
        .or_else(|| cookie(request.headers(), LANGUAGE_COOKIE).and_then(Language::from_tag))
        .unwrap_or_else(|| liked_best(&joined(request.headers(), header::ACCEPT_LANGUAGE)))
}

/// The parameter of an address that asks for a language.
pub(crate) const LANGUAGE: &str = "lang";

/// The language that the address asks for.
pub(crate) fn chosen_language<B>(request: &Request<B>) -> Option<Language> {
    parameter(request, LANGUAGE).and_then(Language::from_tag)
}

/// The language of an answer for programs: `?lang=`, or Italian. What a program compares does not
/// depend on the machine that it runs on.
pub(crate) fn api_language<B>(request: &Request<B>) -> Language {
    chosen_language(request).unwrap_or_default()
}

/// The first value of a query parameter. None of the portal's needs decoding.
pub(super) fn parameter<'a, B>(request: &'a Request<B>, name: &str) -> Option<&'a str> {
    let query = request.uri().query()?;
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

fn joined(headers: &HeaderMap, name: HeaderName) -> String {
    let values: Vec<&str> = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    values.join(",")
}

/// How much an Accept header wants a media type, 0 to 1: its most specific range counts.
fn quality(accept: &str, media_type: &str) -> f32 {
    let family = media_type.split_once('/').map_or("", |(family, _)| family);
    weighed(accept)
        .filter_map(|(name, weight)| {
            let specificity = if name.eq_ignore_ascii_case(media_type) {
                2
            } else if name.strip_suffix("/*") == Some(family) {
                1
            } else if name == "*/*" {
                0
            } else {
                return None;
            };
            Some((specificity, weight))
        })
        .max_by_key(|(specificity, _)| *specificity)
        .map_or(0.0, |(_, weight)| weight)
}

/// The language with the greatest weight; of equal ones, the first.
fn liked_best(accept_language: &str) -> Language {
    let mut best = (Language::default(), 0.0);
    for (tag, weight) in weighed(accept_language) {
        if let Some(language) = Language::from_tag(tag)
            && best.1 < weight
        {
            best = (language, weight);
        }
    }
    best.0
}

/// The items of a list with weights, such as `text/html;q=0.5, */*`.
fn weighed(list: &str) -> impl Iterator<Item = (&str, f32)> {
    list.split(',').map(|item| {
        let mut parts = item.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| part.strip_prefix("q="));
        let weight = weight.map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
        (name, weight)
    })
}

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

    #[test]
    fn gives_pdf_to_who_asks_for_it() {
        let asked = |accept: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, accept.parse().unwrap());
            prefers_pdf(&headers)
        };
        assert!(asked("application/pdf"));
        assert!(asked("application/json;q=0.5, application/pdf"));
        assert!(!asked("application/pdf;q=0.5, application/json"));
        assert!(!asked("*/*"));
        assert!(!asked(
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
        ));
        assert!(!prefers_pdf(&HeaderMap::new()));
    }

    #[test]
    fn speaks_what_a_browser_likes_best() {
        assert_eq!(liked_best(""), Language::Italian);
        assert_eq!(liked_best("fr-FR, de-IT;q=0.8, it;q=0.7"), Language::German);
        assert_eq!(liked_best("en-US,en;q=0.9"), Language::English);
        assert_eq!(liked_best("de;q=0, en;q=0.1"), Language::English);
        assert_eq!(liked_best("*"), Language::Italian);
    }

    #[test]
    fn the_query_comes_first() {
        let request = |uri: &str| {
            Request::get(uri)
                .header(header::ACCEPT_LANGUAGE, "de")
                .body(())
                .unwrap()
        };
        assert_eq!(page_language(&request("/")), Language::German);
        assert_eq!(page_language(&request("/?a=b&lang=en")), Language::English);
        assert_eq!(page_language(&request("/?lang=xx")), Language::German);
        assert_eq!(api_language(&request("/")), Language::Italian);
        assert_eq!(api_language(&request("/?lang=de")), Language::German);
        let form = |uri| Form::Verdict.asked_for(&request(uri));
        assert_eq!(form("/?format=junit"), Form::Junit);
        assert_eq!(form("/?format=json"), Form::Verdict);
        assert_eq!(form("/?format=xml"), Form::Verdict);
    }
}
