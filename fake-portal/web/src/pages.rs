//! The portal's pages: plain HTML files, filled in. They need no script.

use askama::Template;

use crate::profile::{PROFILES, Profile};
use crate::report::VerdictReport;
use crate::routes::Site;
use crate::words::Words;
use cns_language::Language;

/// The style sheet of every page.
pub(crate) const STYLE: &str = include_str!("../templates/style.css");

/// The page that a login leads to.
pub(crate) fn login(report: &VerdictReport, language: Language) -> Result<String, askama::Error> {
    let words = Words::in_language(language);
    LoginPage { words, report }.render()
}

/// The page of those who have not been asked for a card. `host` is what the visitor called us.
pub(crate) fn welcome(
    site: &Site,
    host: Option<&str>,
    language: Language,
) -> Result<String, askama::Error> {
    let words = Words::in_language(language);
    let name = host.and_then(host_name).unwrap_or(&site.host);
    WelcomePage {
        words,
        login: format!("https://{name}:{}/", site.port),
        site,
        profiles: &PROFILES,
    }
    .render()
}

/// A page with nothing but a message.
pub(crate) fn message(
    title: &'static str,
    message: &'static str,
    language: Language,
) -> Result<String, askama::Error> {
    let words = Words::in_language(language);
    MessagePage {
        words,
        title,
        message,
    }
    .render()
}

/// The name in a Host header, without the port and the `www` before it; None for what is no name.
pub(crate) fn host_name(host: &str) -> Option<&str> {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let name = name.strip_prefix("www.").unwrap_or(name);
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
    (!name.is_empty() && name.chars().all(is_name)).then_some(name)
}

#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    words: &'static Words,
    report: &'a VerdictReport,
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomePage<'a> {
    words: &'static Words,
    login: String,
    site: &'a Site,
    profiles: &'static [Profile],
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    words: &'static Words,
    title: &'static str,
    message: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_become_links() {
        assert_eq!(host_name("www.cns.test:443"), Some("cns.test"));
        assert_eq!(host_name("127.0.0.1"), Some("127.0.0.1"));
        assert_eq!(host_name("a\"><b"), None);
        assert_eq!(host_name(":1"), None);
    }
}
