//! From a proven certificate to a citizen, or to the reasons why not.

use cns_authority::{CardNumber, CnsCommonName, CodiceFiscale};
use time::OffsetDateTime;

use crate::certificate::CertificateFacts;
use crate::check::{self, Check, Reason};
use crate::in_italian;
use crate::peer::{ChainOpinion, PeerCertificate};

/// How a visit to the portal starts.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// A citizen logged in with a card.
    LoggedIn(Citizen),
    /// The client came without a certificate.
    NoCertificate,
    /// The client owns the certificate it sent, but that is no login.
    Refused {
        /// Every check that failed, not only the first.
        reasons: Vec<Reason>,
    },
}

/// Who logged in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Citizen {
    /// From the common name; its check character is right.
    pub codice_fiscale: CodiceFiscale,
    /// From the common name; its check digit is right.
    pub card_number: CardNumber,
    /// From the subject, which need not have it.
    pub surname: Option<String>,
    /// From the subject, which need not have it.
    pub given_name: Option<String>,
    /// The subject's organizational unit.
    pub issuing_administration: Option<String>,
}

/// Judges the certificate of a connection that was made at `now`, and says what it contains if
/// that can be read.
pub fn judge(
    peer: Option<&PeerCertificate>,
    now: OffsetDateTime,
) -> (Outcome, Option<CertificateFacts>) {
    let Some(peer) = peer else {
        return (Outcome::NoCertificate, None);
    };
    match CertificateFacts::from_der(peer.der()) {
        Ok(facts) => (judge_facts(&facts, peer.chain(), now), Some(facts)),
        Err(error) => {
            let reasons = vec![Check::CertificateSyntax.failed(error.reason)];
            (Outcome::Refused { reasons }, None)
        }
    }
}

fn judge_facts(facts: &CertificateFacts, chain: &ChainOpinion, now: OffsetDateTime) -> Outcome {
    let name = common_name(facts);
    let mut reasons: Vec<Reason> = [
        chain_reason(facts, chain),
        time_reason(facts, now),
        digital_signature_reason(facts),
        non_repudiation_reason(facts),
        purpose_reason(facts),
        policy_reason(facts),
    ]
    .into_iter()
    .flatten()
    .collect();

    match name {
        Ok(name) if reasons.is_empty() => Outcome::LoggedIn(Citizen {
            codice_fiscale: name.codice_fiscale,
            card_number: name.card_number,
            surname: facts.surname.clone(),
            given_name: facts.given_name.clone(),
            issuing_administration: facts.issuing_administration.clone(),
        }),
        Ok(_) => Outcome::Refused { reasons },
        Err(reason) => {
            reasons.push(reason);
            Outcome::Refused { reasons }
        }
    }
}

fn chain_reason(facts: &CertificateFacts, chain: &ChainOpinion) -> Option<Reason> {
    match chain {
        ChainOpinion::Trusted => None,
        ChainOpinion::Untrusted(error) => {
            let seen = format!("{} (emittente: {})", in_italian::chain(error), facts.issuer);
            Some(Check::ChainTrusted.failed(seen))
        }
    }
}

fn time_reason(facts: &CertificateFacts, now: OffsetDateTime) -> Option<Reason> {
    let valid = facts.not_before <= now && now <= facts.not_after;
    let seen = || {
        format!(
            "il certificato vale dal {} al {}; la connessione è del {}",
            in_italian::instant(facts.not_before),
            in_italian::instant(facts.not_after),
            in_italian::instant(now),
        )
    };
    (!valid).then(|| Check::CertificateTime.failed(seen()))
}

fn digital_signature_reason(facts: &CertificateFacts) -> Option<Reason> {
    let seen = match facts.key_usage {
        Some(usage) if usage.digital_signature => return None,
        Some(_) => "l'uso della chiave non comprende digitalSignature",
        None => "il certificato non indica l'uso della chiave",
    };
    Some(Check::DigitalSignature.failed(seen.to_owned()))
}

fn non_repudiation_reason(facts: &CertificateFacts) -> Option<Reason> {
    let signs_documents = facts.key_usage.is_some_and(|usage| usage.non_repudiation);
    let seen = "l'uso della chiave comprende nonRepudiation";
    signs_documents.then(|| Check::NoNonRepudiation.failed(seen.to_owned()))
}

fn purpose_reason(facts: &CertificateFacts) -> Option<Reason> {
    let seen = "l'uso esteso della chiave non comprende clientAuth";
    (!facts.client_authentication).then(|| Check::ClientAuthentication.failed(seen.to_owned()))
}

fn policy_reason(facts: &CertificateFacts) -> Option<Reason> {
    let recognised = |policy: &String| check::CNS_POLICIES.contains(&policy.as_str());
    if facts.policies.iter().any(recognised) {
        return None;
    }
    let seen = match facts.policies.as_slice() {
        [] => "il certificato non contiene politiche".to_owned(),
        policies => format!("politiche del certificato: {}", policies.join(", ")),
    };
    Some(Check::CnsPolicy.failed(seen))
}

/// The one common name. A subject with two could be read in two ways, so it is refused.
fn common_name(facts: &CertificateFacts) -> Result<CnsCommonName, Reason> {
    let fault = |seen| Check::CommonNameGrammar.failed(seen);
    match facts.common_names.as_slice() {
        [name] => name.parse().map_err(|error| {
            fault(format!(
                "nome comune «{name}»: {}",
                in_italian::common_name(&error)
            ))
        }),
        [] => Err(fault("il soggetto non ha un nome comune".to_owned())),
        names => Err(fault(format!("il soggetto ha {} nomi comuni", names.len()))),
    }
}
