//! The words of the pages, one value a language: a language that lacks one does not compile.

mod english;
mod german;
mod italian;

use crate::report::{Instant, OpinionReport};
use cns_language::{Language, Text, on_a_page};

/// Every word that a page has besides those of the checks.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) language: Language,

    // Around every page.
    pub(crate) site: &'static str,
    pub(crate) site_about: &'static str,
    pub(crate) portal: &'static str,
    pub(crate) skip: &'static str,
    pub(crate) banner: &'static str,
    pub(crate) banner_about: &'static str,
    pub(crate) languages: &'static str,
    pub(crate) footer: &'static str,
    pub(crate) as_json: &'static str,
    pub(crate) verdict_as_json: &'static str,
    pub(crate) as_junit: &'static str,
    pub(crate) back: &'static str,

    // How it went.
    pub(crate) logged_in: &'static str,
    pub(crate) logged_in_about: &'static str,
    pub(crate) refused: &'static str,
    pub(crate) refused_about: &'static str,
    pub(crate) failed_checks: &'static str,
    pub(crate) no_certificate: &'static str,
    pub(crate) no_certificate_about: &'static str,
    pub(crate) what_to_do: &'static str,
    pub(crate) advice: [&'static str; 4],

    // Who it is.
    pub(crate) citizen: &'static str,
    pub(crate) surname: &'static str,
    pub(crate) given_name: &'static str,
    pub(crate) codice_fiscale: &'static str,
    pub(crate) card_number: &'static str,
    pub(crate) administration: &'static str,
    pub(crate) not_stated: &'static str,

    // Why.
    pub(crate) reasons: &'static str,
    pub(crate) warnings: &'static str,
    pub(crate) rule: &'static str,
    pub(crate) written_in: &'static str,
    pub(crate) seen: &'static str,
    pub(crate) remedy: &'static str,
    pub(crate) in_a_browser: &'static str,
    pub(crate) alert: &'static str,

    // Everything that was looked at.
    pub(crate) checks: &'static str,
    pub(crate) checks_about: &'static str,
    pub(crate) check: &'static str,
    pub(crate) answer: &'static str,
    pub(crate) pass: &'static str,
    pub(crate) fail: &'static str,
    pub(crate) warning: &'static str,
    pub(crate) not_applicable: &'static str,
    pub(crate) could_not_tell: &'static str,

    // What others say.
    pub(crate) opinions: &'static str,
    pub(crate) who: &'static str,
    pub(crate) says: &'static str,
    pub(crate) accepts: &'static str,
    pub(crate) refuses: &'static str,
    pub(crate) passes_on: &'static str,

    // The certificate.
    pub(crate) certificate: &'static str,
    pub(crate) subject: &'static str,
    pub(crate) issuer: &'static str,
    pub(crate) serial_number: &'static str,
    pub(crate) valid_from: &'static str,
    pub(crate) valid_until: &'static str,
    pub(crate) key: &'static str,
    pub(crate) bits: &'static str,
    pub(crate) policies: &'static str,
    pub(crate) no_policies: &'static str,
    pub(crate) fingerprint: &'static str,

    // The connection.
    pub(crate) connection: &'static str,
    pub(crate) profile: &'static str,
    pub(crate) version: &'static str,
    pub(crate) cipher_suite: &'static str,
    pub(crate) client_signature: &'static str,
    pub(crate) no_signature: &'static str,
    pub(crate) signing_time: &'static str,
    pub(crate) server_name: &'static str,
    pub(crate) no_server_name: &'static str,
    pub(crate) offered_versions: &'static str,
    pub(crate) offered_schemes: &'static str,
    pub(crate) proxy: &'static str,
    pub(crate) time: &'static str,

    // The page without a card.
    pub(crate) welcome: &'static str,
    pub(crate) welcome_about: &'static str,
    pub(crate) log_in: &'static str,
    pub(crate) profiles: &'static str,
    pub(crate) profiles_about: &'static str,
    pub(crate) purpose: &'static str,

    // When there is nothing to show.
    pub(crate) not_found: &'static str,
    pub(crate) not_found_about: &'static str,
    pub(crate) read_only: &'static str,
    pub(crate) read_only_about: &'static str,
    pub(crate) too_large: &'static str,
    pub(crate) too_large_about: &'static str,
    pub(crate) not_rendered: &'static str,
    pub(crate) not_rendered_about: &'static str,
}

impl Words {
    pub(crate) fn in_language(language: Language) -> &'static Self {
        match language {
            Language::Italian => &italian::WORDS,
            Language::English => &english::WORDS,
            Language::German => &german::WORDS,
        }
    }

    /// A point in time.
    pub(crate) fn instant(&self, instant: &Instant) -> String {
        on_a_page(instant.0, self.language)
    }

    /// A sentence of the tables.
    pub(crate) fn text(&self, text: &Text) -> &'static str {
        text.in_language(self.language)
    }

    /// The word for the status of a check.
    pub(crate) fn status(&self, status: &str, level: &str) -> &'static str {
        match (status, level) {
            ("pass", _) => self.pass,
            ("fail", "advised") => self.warning,
            ("fail", _) => self.fail,
            ("not_applicable", _) => self.not_applicable,
            _ => self.could_not_tell,
        }
    }

    /// The word for an opinion.
    pub(crate) fn opinion(&self, opinion: &OpinionReport) -> &'static str {
        match opinion.accepts {
            Some(true) => self.accepts,
            Some(false) => self.refuses,
            None => self.passes_on,
        }
    }
}
