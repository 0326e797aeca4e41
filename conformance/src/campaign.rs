//! From what a user names, such as `in-process` or `pcsc:Reader Name`, to cases that are ready to run.

mod portal_campaign;
mod reader_campaign;
mod token_campaign;

use std::sync::Arc;

use cns_authority::CertificationAuthority;
use cns_fixtures::{Citizen, Pin, Profile, Puk};
use time::Date;

use crate::case::{Case, Stop};
use crate::client_suite::ClientCampaign;
use crate::mutants::AnyMutant;
use crate::runner::{self, CaseFacts, CaseResult, Permission, Stage};
use crate::subject::{IssueError, Subject};
use crate::suites;
use crate::target::{InProcess, OwnCard, Target, TargetName, Vsmartcard, VsmartcardError};
use crate::test_card::TestCard;

/// Cases and the stage that they run on.
pub trait Campaign {
    /// What is tested, for reports: `in-process`, `pcsc:Reader Name 00 00`.
    fn target(&self) -> &str;

    /// The profile that the target is judged by.
    fn profile(&self) -> Option<&str>;

    /// All cases for such a target.
    fn cases(&self) -> Vec<CaseFacts>;

    /// Runs those that are wanted, and tells `observe` of each as it ends.
    fn run(
        &mut self,
        wanted: &dyn Fn(&CaseFacts) -> bool,
        seed: u64,
        observe: &mut dyn FnMut(&CaseResult),
    ) -> Vec<CaseResult>;

    /// Whether the suite made all that is tested: then nobody's data are in it.
    fn is_own(&self) -> bool {
        false
    }

    /// What a user should know before it runs, if anything.
    fn remark(&self) -> Option<String> {
        None
    }

    /// How many wrong PINs the card would still take, asked without costing one.
    fn tries_left(&mut self) -> Result<Option<u8>, Stop> {
        Ok(None)
    }

    /// Presents the PIN that was given once, so that a wrong one is found out before it blocks.
    fn prove_pin(&mut self) -> Result<(), Stop> {
        Ok(())
    }
}

/// What a user says about the target and what may be done to it.
#[derive(Clone)]
pub struct Options {
    /// The makes of cards: one campaign each where the suite makes the card; else the first is what
    /// the card is taken for, and none means by its answer to reset.
    pub profiles: Vec<Profile>,
    /// Whose card the suite makes.
    pub citizen: Citizen,
    /// The PIN of a card that is not the suite's own.
    pub pin: Option<Pin>,
    /// Its PUK.
    pub puk: Option<Puk>,
    /// Who certifies the suite's card, for a portal that trusts it; without one, somebody new.
    pub authority: Option<Arc<CertificationAuthority>>,
    /// What may be done to it.
    pub permission: Permission,
    /// Decides all that is drawn.
    pub seed: u64,
    /// Today.
    pub today: Date,
}

/// Why a campaign cannot begin. None of these is the target's failure to conform.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The suite's own card could not be made.
    #[error(transparent)]
    Issue(#[from] IssueError),
    /// A mutant is made from no profile that there is.
    #[error(transparent)]
    UnknownProfile(#[from] cns_fixtures::UnknownProfile),
    /// There is no vpcd driver to be loaded, or it does not see the card.
    #[error(transparent)]
    Vsmartcard(#[from] VsmartcardError),
    /// A program that is needed is not installed.
    #[error(transparent)]
    Missing(#[from] crate::packages::Missing),
    /// The suite's own card is in no reader of PC/SC.
    #[error(transparent)]
    OwnReader(#[from] crate::own_reader::OwnReaderError),
    /// There is no card in a reader of PC/SC.
    #[error(transparent)]
    InReader(#[from] crate::target::InReaderError),
    /// A reader has a name that no program could say.
    #[error("the reader's name cannot be said: {0}")]
    ReaderName(#[from] std::ffi::NulError),
    /// The card does not say what it is.
    #[error(transparent)]
    Target(#[from] crate::target::TargetError),
    /// There is no token to test.
    #[error(transparent)]
    Token(#[from] crate::token::TokenError),
    /// There is no portal to test.
    #[error(transparent)]
    Portal(#[from] crate::portal::PortalError),
    /// The target needs a process with a PC/SC of its own.
    #[error(
        "{0} needs a PC/SC that this process has from its start\nhint: the program starts over with `private_reader::start_over`"
    )]
    NotAtAPlace(TargetName),
}

/// A campaign on one stage.
pub struct On<S: Stage + 'static> {
    /// What is tested.
    pub target: String,
    /// The profile that it is judged by.
    pub profile: Option<String>,
    /// What cases run on.
    pub stage: S,
    /// The cases.
    pub cases: Vec<&'static Case<S>>,
}

/// The campaigns for a target.
pub fn open(target: &TargetName, options: &Options) -> Result<Vec<Box<dyn Campaign>>, OpenError> {
    let mut campaigns: Vec<Box<dyn Campaign>> = Vec::new();
    match target {
        TargetName::InProcess => {
            for subject in own_subjects(options)? {
                let target = InProcess::new(own_card(&subject, options));
                campaigns.push(Box::new(card_campaign(target, subject, options)));
            }
        }
        TargetName::Mutant(mutant) => {
            let profile = cns_fixtures::profile(mutant.profile())?;
            let options = Options {
                profiles: vec![profile],
                ..options.clone()
            };
            campaigns.push(wrong(*mutant, &options)?);
        }
        TargetName::Vsmartcard => {
            let subjects = own_subjects(options)?;
            let Some(first) = subjects.first() else {
                return Ok(campaigns);
            };
            let slot = Vsmartcard::open(own_card(first, options))?;
            for subject in subjects {
                campaigns.push(Box::new(card_campaign(slot.clone(), subject, options)));
            }
        }
        TargetName::Own(way) => campaigns = reader_campaign::own(*way, options)?,
        TargetName::Pcsc(reader) => {
            campaigns = reader_campaign::foreign(reader.as_deref(), options)?;
        }
        TargetName::OwnToken => {
            for subject in own_subjects(options)? {
                campaigns.push(Box::new(token_campaign::own(subject, &[])?));
            }
        }
        TargetName::Pkcs11(module) => {
            campaigns.push(Box::new(token_campaign::foreign(module, options)?));
        }
        TargetName::OwnPortal => {
            for profile in &options.profiles {
                campaigns.push(Box::new(portal_campaign::own(profile, options)?));
            }
        }
        TargetName::Portal(url) => {
            campaigns.push(Box::new(portal_campaign::foreign(url, options)?));
        }
        TargetName::Clients => campaigns.push(Box::new(ClientCampaign::new())),
    }
    Ok(campaigns)
}

/// A campaign on something wrong, of the one profile that the options have.
fn wrong(mutant: AnyMutant, options: &Options) -> Result<Box<dyn Campaign>, OpenError> {
    let profile = options.profiles.first().cloned();
    let profile = profile.map_or_else(|| cns_fixtures::profile(mutant.profile()), Ok)?;
    let subject = || {
        let (citizen, today) = (options.citizen.clone(), options.today);
        Subject::issued(profile.clone(), citizen, today, options.seed)
    };
    Ok(match mutant {
        AnyMutant::Card(mutant) => {
            let subject = subject()?;
            let target = InProcess::new(own_card(&subject, options));
            let mut campaign = card_campaign(target, subject, options);
            campaign.stage.make_wrong(mutant.seams);
            Box::new(campaign)
        }
        AnyMutant::Portal(mutant) => {
            let mut campaign = portal_campaign::own(&profile, options)?;
            campaign.stage.make_wrong(mutant.seams);
            Box::new(campaign)
        }
        AnyMutant::Token(mutant) => Box::new(token_campaign::own(subject()?, mutant.seams)?),
    })
}

/// A card of each profile, all by one certifier.
fn own_subjects(options: &Options) -> Result<Vec<Subject>, IssueError> {
    let authority = cns_fixtures::collaudo_authority(options.today)?;
    options
        .profiles
        .iter()
        .map(|profile| {
            Subject::issued_by(
                &authority,
                profile.clone(),
                options.citizen.clone(),
                options.today,
                options.seed,
            )
        })
        .collect()
}

fn own_card(subject: &Subject, options: &Options) -> OwnCard {
    let image = subject.issue.as_ref().map(|issue| issue.image.clone());
    OwnCard::new(image.expect("an issued subject has an issue"), options.seed)
}

fn card_campaign(
    target: impl Target + 'static,
    subject: Subject,
    options: &Options,
) -> On<TestCard> {
    On {
        target: target.name(),
        profile: Some(subject.profile.id.clone()),
        stage: TestCard::new(Box::new(target), subject, options.permission),
        cases: suites::card_cases(),
    }
}

impl<S: Stage + 'static> Campaign for On<S> {
    fn target(&self) -> &str {
        &self.target
    }

    fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    fn is_own(&self) -> bool {
        self.stage.is_own()
    }

    fn remark(&self) -> Option<String> {
        self.stage.remark()
    }

    fn tries_left(&mut self) -> Result<Option<u8>, Stop> {
        let tries = self.stage.tries_left();
        self.stage.rest();
        tries
    }

    fn prove_pin(&mut self) -> Result<(), Stop> {
        let proven = self.stage.prove_pin();
        self.stage.rest();
        proven
    }

    fn cases(&self) -> Vec<CaseFacts> {
        self.cases.iter().map(|case| case.facts()).collect()
    }

    fn run(
        &mut self,
        wanted: &dyn Fn(&CaseFacts) -> bool,
        seed: u64,
        observe: &mut dyn FnMut(&CaseResult),
    ) -> Vec<CaseResult> {
        let cases: Vec<_> = self
            .cases
            .iter()
            .copied()
            .filter(|case| wanted(&case.facts()))
            .collect();
        let results = runner::run(&cases, &mut self.stage, seed, observe);
        self.stage.rest();
        results
    }
}
