//! The portal's pages: plain HTML files, filled in. They need no script.

use askama::Template;

use crate::report::LoginReport;

/// The style sheet of every page.
pub(crate) const STYLE: &str = include_str!("../templates/style.css");

/// The page that a login leads to.
pub(crate) fn login(report: &LoginReport) -> Result<String, askama::Error> {
    match report.outcome {
        "logged_in" => CitizenPage { report }.render(),
        "no_certificate" => NoCertificatePage { report }.render(),
        _ => RefusedPage { report }.render(),
    }
}

pub(crate) fn not_found() -> Result<String, askama::Error> {
    MessagePage {
        title: "Pagina non trovata",
        message: "A questo indirizzo non c'è nulla.",
    }
    .render()
}

pub(crate) fn method_not_allowed() -> Result<String, askama::Error> {
    MessagePage {
        title: "Metodo non ammesso",
        message: "Questa risorsa si può soltanto leggere, con GET o HEAD.",
    }
    .render()
}

pub(crate) fn not_rendered() -> Result<String, askama::Error> {
    MessagePage {
        title: "Errore del portale",
        message: "La risposta non può essere scritta.",
    }
    .render()
}

#[derive(Template)]
#[template(path = "citizen.html")]
struct CitizenPage<'a> {
    report: &'a LoginReport,
}

#[derive(Template)]
#[template(path = "no_certificate.html")]
struct NoCertificatePage<'a> {
    report: &'a LoginReport,
}

#[derive(Template)]
#[template(path = "refused.html")]
struct RefusedPage<'a> {
    report: &'a LoginReport,
}

#[derive(Template)]
#[template(path = "message.html")]
struct MessagePage {
    title: &'static str,
    message: &'static str,
}
