//! The verdict on a connection: what every check found, and who logged in.

use time::OffsetDateTime;

use crate::alert::Alert;
use crate::certificate::CertificateFacts;
use crate::checks::{self, Check, Finding, Level, Status};
use crate::evidence::{Evidence, Proof};
use crate::handshake_facts::HandshakeFacts;
use crate::login::{Citizen, Grounds, Outcome};
use crate::opinions::{self, Opinion};
use crate::proxy::Emission;
use crate::report::TlsFacts;

/// All that is to be said of one connection, in no language yet.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// Who logged in, or why nobody did.
    pub outcome: Outcome,
    /// What each check found, in the order of the table.
    pub results: Vec<CheckResult>,
    /// What others would say of the certificate.
    pub opinions: Vec<Opinion>,
    /// What the certificate says, if one came and could be read.
    pub facts: Option<CertificateFacts>,
    /// What a proxy in the portal's place would have to pass on.
    pub emission: Emission,
    /// The same of the certificates that came with it, as far as they can be read.
    pub companions: Vec<CertificateFacts>,
    /// What was negotiated.
    pub tls: TlsFacts,
    /// What the handshake showed.
    pub handshake: HandshakeFacts,
    /// When the connection was made.
    pub now: OffsetDateTime,
}

/// What a check found.
#[derive(Clone, Debug)]
pub struct CheckResult {
    /// The check.
    pub check: &'static Check,
    /// Its answer.
    pub finding: Finding,
}

impl CheckResult {
    /// Whether this keeps the client out.
    pub fn refuses(&self) -> bool {
        self.finding.status == Status::Fail && self.check.level == Level::Required
    }

    /// Whether this is something to tell, that keeps nobody out.
    pub fn warns(&self) -> bool {
        self.finding.status == Status::Fail && self.check.level == Level::Advised
    }
}

impl Judgement {
    /// Asks every check, and then the others. A function of its arguments.
    pub fn new(evidence: &Evidence<'_>, tls: TlsFacts, handshake: HandshakeFacts) -> Self {
        let results: Vec<_> = ask_all(evidence).collect();
        let facts = evidence
            .presented
            .and_then(|presented| presented.facts.as_ref().ok());
        Self {
            outcome: outcome(evidence, &results),
            opinions: evidence.presented.map(opinions::of).unwrap_or_default(),
            emission: Emission::of(evidence.presented),
            results,
            facts: facts.cloned(),
            companions: evidence
                .presented
                .map(|presented| presented.companions.clone())
                .unwrap_or_default(),
            tls,
            handshake,
            now: evidence.now,
        }
    }

    /// The identifiers of the checks that keep the client out.
    pub fn failed_checks(&self) -> Vec<&'static str> {
        let refusing = self.results.iter().filter(|result| result.refuses());
        refusing.map(|result| result.check.id).collect()
    }
}

/// The alert of the first check that keeps the client out.
pub(crate) fn first_alert(evidence: &Evidence<'_>) -> Option<&'static Alert> {
    ask_all(evidence)
        .find(CheckResult::refuses)
        .map(|result| result.check.alert)
}

fn ask_all<'a>(evidence: &'a Evidence<'_>) -> impl Iterator<Item = CheckResult> + use<'a> {
    let ordered = evidence.ordered_failure.map(|check| check.id);
    checks::all().map(move |check| CheckResult {
        check,
        finding: match ordered {
            Some(id) if id == check.id => checks::ordered_failure(),
            _ => check.find(evidence),
        },
    })
}

fn outcome(evidence: &Evidence<'_>, results: &[CheckResult]) -> Outcome {
    let Some(presented) = evidence.presented else {
        return Outcome::NoCertificate;
    };
    let is_refused = results.iter().any(CheckResult::refuses);
    let grounds = match &evidence.proof {
        Proof::Given(possession) => Grounds::Possession(*possession),
        Proof::Vouched(word) => Grounds::ProxysWord(word),
        Proof::Refuted(_) | Proof::NotAsked => return Outcome::Refused,
    };
    match (&presented.facts, is_refused) {
        (Ok(facts), false) => {
            Citizen::of(facts, grounds).map_or(Outcome::Refused, Outcome::LoggedIn)
        }
        _ => Outcome::Refused,
    }
}
