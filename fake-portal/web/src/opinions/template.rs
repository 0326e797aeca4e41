//! The reference template for Apache that the administration publishes, as far as its rules go.
//!
//! It trusts whoever is in the folder of certifiers, lowers OpenSSL's security level to 0, looks for a
//! policy with a regular expression whose dots stand for any character, and takes the first 16
//! characters of the common name for the codice fiscale.

use super::Opinion;
use super::openssl::{OF_SECURITY_LEVEL, VerifyError};
use crate::certificate::CertificateFacts;
use cns_language::text;

/// `/Policy: 1.3.76.16.2.1$/m` over `openssl x509 -text`, without what stands before it in every line.
const PATTERN: &str = "1.3.76.16.2.1";

pub(super) fn opinion(facts: &CertificateFacts, openssl: &[VerifyError]) -> Opinion {
    let refused = openssl
        .iter()
        .find(|error| !OF_SECURITY_LEVEL.contains(&error.number));
    let policy = facts.policies.iter().find(|policy| matches(policy));
    let codice_fiscale: String = facts
        .common_names
        .first()
        .map(|name| name.chars().take(16).collect())
        .unwrap_or_default();
    Opinion {
        who: "apache-template",
        about: text(
            "il modello di riferimento per Apache: espressione regolare sulla politica, substr(CN,0,16)",
            "the reference template for Apache: a regular expression on the policy, substr(CN,0,16)",
            "die Referenzvorlage für Apache: regulärer Ausdruck auf die Richtlinie, substr(CN,0,16)",
        ),
        accepts: Some(refused.is_none() && policy.is_some()),
        says: match (refused, policy) {
            (Some(_), _) => "403, SSL_CLIENT_VERIFY != SUCCESS".to_owned(),
            (None, None) => "403, no line matches /Policy: 1.3.76.16.2.1$/m".to_owned(),
            (None, Some(policy)) => format!("Policy: {policy}; substr(CN,0,16) = {codice_fiscale}"),
        },
    }
}

/// The pattern's dots match anything; its end is the end of the line.
fn matches(policy: &str) -> bool {
    policy.len() == PATTERN.len()
        && PATTERN
            .bytes()
            .zip(policy.bytes())
            .all(|(wanted, seen)| wanted == b'.' || wanted == seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_match_anything() {
        assert!(matches("1.3.76.16.2.1"));
        assert!(matches("1.3.76.1652.1"));
        assert!(!matches("1.3.76.16.2.10"));
        assert!(!matches("1.3.159.6.1.3.2.10"));
    }
}
