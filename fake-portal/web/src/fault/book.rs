//! The rules that are in force, and what they have done so far.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use schemars::JsonSchema;
use serde::Serialize;

use crate::checks::Check;

use super::{Fault, FaultRule, Occasion};

/// The rules of a portal. Clones share one book.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<FaultBook>>);

/// Rules, and how often each has struck: a value.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct FaultBook {
    /// What chance goes by where a rule says nothing.
    seed: u64,
    posted: u64,
    rules: Vec<PostedRule>,
}

/// A rule that is in force.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct PostedRule {
    /// Its number.
    pub id: u64,
    /// What it says.
    pub rule: FaultRule,
    /// Occasions that it was aimed at.
    pub occasions: u64,
    /// How many of them it spoilt.
    pub struck: u64,
}

/// A fault that is to happen now.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Strike {
    /// The number of the rule.
    pub rule: u64,
    /// What happens.
    pub fault: Fault,
}

impl Strike {
    /// The check that it makes fail.
    pub(crate) fn failing_check(&self) -> Option<&'static Check> {
        match &self.fault {
            Fault::CheckFails(name) => Some(name.check()),
            _ => None,
        }
    }
}

impl Faults {
    /// No rules yet, and the seed of those that will have none of their own.
    pub fn with_seed(seed: u64) -> Self {
        let book = FaultBook {
            seed,
            ..FaultBook::default()
        };
        Self(Arc::new(Mutex::new(book)))
    }

    /// What goes wrong now, if anything. Whoever asks must do it: it is counted.
    pub fn decide(&self, occasion: &Occasion<'_>) -> Option<Strike> {
        self.book().decide(occasion)
    }

    /// Puts a rule in force.
    pub fn post(&self, rule: FaultRule) -> PostedRule {
        self.book().post(rule)
    }

    /// Takes a rule away. None if there is none of this number.
    pub fn remove(&self, id: u64) -> Option<PostedRule> {
        self.book().remove(id)
    }

    /// Takes all rules away.
    pub fn clear(&self) {
        self.book().rules.clear();
    }

    /// The rules, the oldest first.
    pub fn rules(&self) -> Vec<PostedRule> {
        self.book().rules.clone()
    }

    /// All there is to know of it.
    pub fn snapshot(&self) -> FaultBook {
        self.book().clone()
    }

    /// Goes on from what was so once.
    pub fn restore(&self, book: FaultBook) {
        *self.book() = book;
    }

    fn book(&self) -> MutexGuard<'_, FaultBook> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FaultBook {
    /// The oldest rule that strikes does; those after it have not seen the occasion.
    fn decide(&mut self, occasion: &Occasion<'_>) -> Option<Strike> {
        let seed = self.seed;
        self.rules
            .iter_mut()
            .find_map(|posted| posted.decide(occasion, seed))
    }

    fn post(&mut self, rule: FaultRule) -> PostedRule {
        self.posted += 1;
        let posted = PostedRule {
            id: self.posted,
            rule,
            occasions: 0,
            struck: 0,
        };
        self.rules.push(posted.clone());
        posted
    }

    fn remove(&mut self, id: u64) -> Option<PostedRule> {
        let index = self.rules.iter().position(|posted| posted.id == id)?;
        Some(self.rules.remove(index))
    }
}

impl PostedRule {
    fn decide(&mut self, occasion: &Occasion<'_>, seed: u64) -> Option<Strike> {
        if self.rule.times() <= self.struck || !self.rule.is_aimed_at(occasion) {
            return None;
        }
        self.occasions += 1;
        let is_its_turn = self
            .rule
            .ordinal()
            .is_none_or(|ordinal| ordinal == self.occasions);
        if !is_its_turn || !self.rule.has_bad_luck(self.occasions, seed) {
            return None;
        }
        self.struck += 1;
        Some(Strike {
            rule: self.id,
            fault: self.rule.fault().clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::{Listener, Place, RuleDraft, RuleError};
    use crate::holder::Holder;

    fn rule(json: &str) -> Result<FaultRule, RuleError> {
        FaultRule::new(serde_json::from_str::<RuleDraft>(json).unwrap())
    }

    /// Which of so many visits of Maria's are spoilt.
    fn spoilt(json: &str, seed: u64, visits: usize) -> Vec<usize> {
        let faults = Faults::with_seed(seed);
        faults.post(rule(json).unwrap());
        let maria = Holder {
            codice_fiscale: Some("RSSMRA85C55F205Y".to_owned()),
            card: Some("6030000000001009".to_owned()),
            serial: Some("12AB".to_owned()),
        };
        let occasion = Occasion {
            place: Place::Request,
            listener: Listener::Cns,
            server_name: Some("tls12.cns.test"),
            holder: Some(&maria),
            path: Some("/api/login"),
        };
        (1..=visits)
            .filter(|_| faults.decide(&occasion).is_some())
            .collect()
    }

    #[test]
    fn strikes_as_often_as_it_says_and_whom_it_says() {
        let check = |json: &str, expected: &[usize]| {
            assert_eq!(spoilt(json, 0, 5), expected, "{json}");
        };
        check(r#"{"fault":{"status":503}}"#, &[1]);
        check(r#"{"times":2,"fault":{"status":503}}"#, &[1, 2]);
        check(r#"{"when":{"ordinal":3},"fault":"redirect_loop"}"#, &[3]);
        check(
            r#"{"when":{"serial":"12ab"},"fault":"redirect_loop"}"#,
            &[1],
        );
        check(r#"{"when":{"card":"7"},"fault":"redirect_loop"}"#, &[]);
        check(r#"{"when":{"path":"/"},"fault":"redirect_loop"}"#, &[]);
        check(
            r#"{"when":{"listener":"www"},"fault":"redirect_loop"}"#,
            &[],
        );
        check(r#"{"fault":{"alert_after_hello":40}}"#, &[]);
        check(
            r#"{"when":{"codice_fiscale":"RSSMRA85C55F205Y","server_name":"TLS12.cns.test",
                "path":"/api/login","listener":"cns"},"fault":"truncated_body"}"#,
            &[1],
        );
    }

    #[test]
    fn chance_is_the_same_from_the_same_seed() {
        let json = r#"{"times":100,"chance_percent":50,"fault":{"status":500}}"#;
        let first = spoilt(json, 7, 100);
        assert_eq!(first, spoilt(json, 7, 100));
        assert_ne!(first, spoilt(json, 8, 100));
        assert!((30..70).contains(&first.len()), "{first:?}");
        let own = r#"{"times":100,"chance_percent":50,"seed":7,"fault":{"status":500}}"#;
        assert_eq!(first, spoilt(own, 8, 100));
    }

    #[test]
    fn one_rule_after_the_other() {
        let faults = Faults::default();
        faults.post(rule(r#"{"fault":{"status":500}}"#).unwrap());
        faults.post(rule(r#"{"fault":{"status":501}}"#).unwrap());
        let occasion = Occasion {
            place: Place::Request,
            listener: Listener::Pki,
            server_name: None,
            holder: None,
            path: Some("/"),
        };
        let struck: Vec<u64> = (0..3)
            .filter_map(|_| faults.decide(&occasion).map(|strike| strike.rule))
            .collect();
        assert_eq!(struck, [1, 2]);
        assert_eq!(faults.remove(1).map(|posted| posted.struck), Some(1));
        assert_eq!(faults.remove(1), None);
    }

    #[test]
    fn a_rule_that_would_never_strike_is_refused() {
        let check = |json: &str, field: &'static str| {
            assert_eq!(rule(json), Err(RuleError { field }), "{json}");
        };
        check(
            r#"{"when":{"card":"1"},"fault":{"alert_after_hello":40}}"#,
            "when.card",
        );
        check(
            r#"{"when":{"path":"/"},"fault":{"check_fails":"chain.issuer_listed"}}"#,
            "when.path",
        );
        check(
            r#"{"when":{"listener":"cns"},"fault":{"reset_after":"certificate"}}"#,
            "when.listener",
        );
    }
}
