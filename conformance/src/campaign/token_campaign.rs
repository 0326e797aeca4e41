//! Campaigns on PKCS #11 tokens.

use std::path::{Path, PathBuf};

use super::{Campaign, On, OpenError, Options};
use crate::clients::PKCS11_MODULE;
use crate::mutants::TokenSeam;
use crate::packages::locate;
use crate::private_reader::{Door, Place};
use crate::runner::{self, CaseFacts, CaseResult, Outcome};
use crate::subject::Subject;
use crate::suites;
use crate::target::TargetName;
use crate::token::Token;

/// The suite's own card: it enters the one reader of this process when its turn comes.
pub(super) struct OwnToken {
    subject: Subject,
    module: PathBuf,
    door: Door,
    seams: &'static [TokenSeam],
}

pub(super) fn own(subject: Subject, seams: &'static [TokenSeam]) -> Result<OwnToken, OpenError> {
    let place = Place::of_this_process();
    Ok(OwnToken {
        subject,
        module: locate(PKCS11_MODULE)?,
        door: place
            .ok_or(OpenError::NotAtAPlace(TargetName::OwnToken))?
            .door,
        seams,
    })
}

pub(super) fn foreign(module: &Path, options: &Options) -> Result<On<Token>, OpenError> {
    let told = options.profiles.first().cloned();
    let profile = told.as_ref().map(|profile| profile.id.clone());
    let subject = Subject::foreign(told, &[], options.pin.clone(), options.puk.clone());
    Ok(On {
        target: TargetName::Pkcs11(module.to_owned()).to_string(),
        profile,
        stage: Token::foreign(module, subject, options.permission)?,
        cases: suites::token_cases(),
    })
}

impl Campaign for OwnToken {
    fn target(&self) -> &str {
        "pkcs11"
    }

    fn profile(&self) -> Option<&str> {
        Some(&self.subject.profile.id)
    }

    fn is_own(&self) -> bool {
        true
    }

    fn cases(&self) -> Vec<CaseFacts> {
        let cases = suites::token_cases();
        cases.into_iter().map(|case| case.facts()).collect()
    }

    fn run(
        &mut self,
        wanted: &dyn Fn(&CaseFacts) -> bool,
        seed: u64,
        observe: &mut dyn FnMut(&CaseResult),
    ) -> Vec<CaseResult> {
        let cases: Vec<_> = suites::token_cases()
            .into_iter()
            .filter(|case| wanted(&case.facts()))
            .collect();
        match Token::own(&self.module, self.subject.clone(), &self.door) {
            Ok(mut token) => {
                token.make_wrong(self.seams);
                runner::run(&cases, &mut token, seed, observe)
            }
            Err(error) => {
                let broken = |facts: CaseFacts| CaseResult {
                    facts,
                    outcome: Outcome::Broken(error.to_string()),
                    exchanges: Vec::new(),
                    took: std::time::Duration::ZERO,
                };
                let results: Vec<_> = cases.iter().map(|case| broken(case.facts())).collect();
                results.iter().for_each(observe);
                results
            }
        }
    }
}
