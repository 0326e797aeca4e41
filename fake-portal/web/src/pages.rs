//! The portal's pages: plain HTML files, filled in. They need no script.

use askama::Template;

use crate::control;
use crate::profile::{PROFILES, Profile};
use crate::report::VerdictReport;
use crate::routes::Site;
use crate::trusted_list::TRUSTED_LIST_PATH;
use crate::words::Words;
use cns_language::{Language, Text, text};

/// The style sheet of every page.
pub(crate) const STYLE: &str = include_str!("../templates/style.css");

/// The page that a login leads to. `has_area`: there is more to see for whoever logged in.
pub(crate) fn login(
    report: &VerdictReport,
    has_area: bool,
    language: Language,
) -> Result<String, askama::Error> {
    let words = Words::in_language(language);
    LoginPage {
        words,
        has_area,
        report,
    }
    .render()
}

/// The page of those who have not been asked for a card. `host` is what the visitor called us.
pub(crate) fn welcome(
    site: &Site,
    host: Option<&str>,
    language: Language,
) -> Result<String, askama::Error> {
    let words = Words::in_language(language);
    let name = host.and_then(host_name).unwrap_or(&site.host);
    let login = format!("https://{name}:{}/", site.port);
    WelcomePage {
        words,
        running: match site.has_town {
            true => running(site, &login),
            false => Vec::new(),
        },
        login,
        site,
        profiles: &PROFILES,
    }
    .render()
}

/// What is running, each with the way there.
fn running(site: &Site, login: &str) -> Vec<(Text, String)> {
    let pki = &site.pki;
    vec![
        (
            text(
                "Area del cittadino, con la carta: referti, ricette, vaccinazioni, esenzioni, prenotazioni, medico",
                "The citizen's area, with the card: reports, prescriptions, vaccinations, exemptions, bookings, doctor",
                "Bürgerbereich, mit der Karte: Befunde, Rezepte, Impfungen, Befreiungen, Vormerkungen, Arzt",
            ),
            format!("{login}area"),
        ),
        (
            text(
                "PIN e PUK online, e carte perse",
                "PIN and PUK online, and lost cards",
                "PIN und PUK online, und verlorene Karten",
            ),
            "/pin".to_owned(),
        ),
        (
            text(
                "Sportello, per operatori: identificare, consegnare, sospendere, revocare",
                "The desk, for operators: identify, hand over, suspend, revoke",
                "Schalter, für das Personal: identifizieren, aushändigen, sperren, widerrufen",
            ),
            "/desk".to_owned(),
        ),
        (
            text(
                "Registro delle operazioni, per chi controlla",
                "The audit log, for auditors",
                "Protokoll, für die Prüfung",
            ),
            "/audit".to_owned(),
        ),
        (
            text(
                "La posta: cellulari e caselle, e i loro guasti",
                "The post: phones and mailboxes, and their faults",
                "Die Post: Handys und Postfächer, und ihre Störungen",
            ),
            "/outbox".to_owned(),
        ),
        (
            text(
                "Elenco dei certificatori (TSL-IT.xml)",
                "The list of certifiers (TSL-IT.xml)",
                "Liste der Zertifizierer (TSL-IT.xml)",
            ),
            format!("{pki}{TRUSTED_LIST_PATH}"),
        ),
        (
            text(
                "API di controllo, per i collaudi",
                "The control API, for tests",
                "Steuerungs-API, für Tests",
            ),
            format!("http://{}{}/openapi.yaml", site.control, control::BASE),
        ),
    ]
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
    has_area: bool,
    report: &'a VerdictReport,
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct WelcomePage<'a> {
    words: &'static Words,
    running: Vec<(Text, String)>,
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
