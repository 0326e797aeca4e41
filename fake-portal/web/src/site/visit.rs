//! A request as the functions of pages see it: who, when, in which language, and what was typed.

use cns_language::{Language, Phrase};
use time::OffsetDateTime;

use super::token::Tokens;
use super::values::Values;

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Visit<'a> {
    /// The path below `/api`, for those who come by it.
    pub(crate) path: &'a str,
    pub(crate) query: Values,
    /// What was posted; nothing if the page is only looked at.
    pub(crate) posted: Option<Values>,
    pub(crate) language: Language,
    pub(crate) now: OffsetDateTime,
    pub(crate) form: Dialogue,
    /// Whether PDF is liked best, where there is a choice.
    pub(crate) prefers_pdf: bool,
}

/// How a visitor speaks, and is answered.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Dialogue {
    /// Pages and forms.
    Pages,
    /// JSON, under `/api`.
    Json,
}

/// Why nothing that was posted is looked at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Foreign {
    /// Another site's page sent the form.
    Origin,
    /// The form has no token, or somebody else's.
    Token,
}

impl Visit<'_> {
    /// The parts of the path, for the table of an area: `["area", "reports", "12"]`.
    pub(crate) fn segments(&self) -> Vec<&str> {
        self.path
            .split('/')
            .filter(|part| !part.is_empty())
            .collect()
    }

    /// The sentence in the visitor's language.
    pub(crate) fn say(&self, phrase: impl Into<Phrase>) -> String {
        phrase.into().in_language(self.language)
    }
}

/// Whether a form that was posted is one of ours. `origin` and `host` are headers of the request
/// (RFC 6454 §7): a browser names the site whose page sent the form, and old ones name none.
pub(crate) fn is_ours(
    tokens: &Tokens,
    visitor: &str,
    posted: &Values,
    origin: Option<&str>,
    host: Option<&str>,
) -> Result<(), Foreign> {
    let theirs = origin.map(|origin| origin.strip_prefix("https://"));
    if theirs.is_some_and(|theirs| theirs.is_none() || theirs != host) {
        return Err(Foreign::Origin);
    }
    match tokens.is_of(visitor, posted.text(super::token::FIELD)) {
        true => Ok(()),
        false => Err(Foreign::Token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_other_sites_are_foreign() {
        let tokens = Tokens::new().unwrap();
        let token = tokens.of("somebody");
        let form = Values::of(format!("token={token}").as_bytes());
        let host = Some("cns.test:4433");
        let judged = |origin| is_ours(&tokens, "somebody", &form, origin, host);
        assert_eq!(judged(None), Ok(()));
        assert_eq!(judged(Some("https://cns.test:4433")), Ok(()));
        for foreign in [
            "https://cns.test",
            "http://cns.test:4433",
            "null",
            "https://evil.test",
        ] {
            assert_eq!(judged(Some(foreign)), Err(Foreign::Origin), "{foreign}");
        }
        let of_another = is_ours(&tokens, "somebody else", &form, None, host);
        assert_eq!(of_another, Err(Foreign::Token));
        let without = is_ours(&tokens, "somebody", &Values::default(), None, host);
        assert_eq!(without, Err(Foreign::Token));
    }
}
