//! That a form was sent by a page of ours.
//!
//! A client's certificate goes with every request, whichever site's page makes the browser send it: so
//! each form carries a token that another site cannot know, as no other site can read our pages.
//!
//! ```text
//! token   HMAC-SHA-256 (key of this run, who visits), base64url, 43 characters
//! ```

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::rand::SystemRandom;

/// The name of the field that carries the token.
pub(crate) const FIELD: &str = "token";

/// Makes tokens, and knows its own again.
#[derive(Debug)]
pub(crate) struct Tokens(hmac::Key);

impl Tokens {
    /// With a new key, which ends with the run.
    pub(crate) fn new() -> Result<Self, ring::error::Unspecified> {
        hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).map(Self)
    }

    /// The token of a visitor's forms.
    pub(crate) fn of(&self, visitor: &str) -> String {
        let tag = hmac::sign(&self.0, visitor.as_bytes());
        URL_SAFE_NO_PAD.encode(tag)
    }

    /// Whether the token is this visitor's.
    pub(crate) fn is_of(&self, visitor: &str, token: &str) -> bool {
        URL_SAFE_NO_PAD
            .decode(token)
            .is_ok_and(|tag| hmac::verify(&self.0, visitor.as_bytes(), &tag).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_one_visitors_and_one_runs() {
        let tokens = Tokens::new().unwrap();
        let token = tokens.of("citizen RSSMRA85C55M901I");
        assert_eq!(token.len(), 43);
        assert!(tokens.is_of("citizen RSSMRA85C55M901I", &token));
        assert!(!tokens.is_of("citizen BNCMRA70A01M902X", &token));
        assert!(!tokens.is_of("citizen RSSMRA85C55M901I", &token[1..]));
        assert!(!tokens.is_of("citizen RSSMRA85C55M901I", ""));
        assert!(
            !Tokens::new()
                .unwrap()
                .is_of("citizen RSSMRA85C55M901I", &token)
        );
    }
}
