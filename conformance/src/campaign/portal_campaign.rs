//! Campaigns on portals.

use cns_fixtures::{DEFAULT_PROFILE, Profile, profile};

use super::{On, OpenError, Options};
use crate::portal::{Address, Portal};
use crate::suites;
use crate::target::TargetName;

pub(super) fn own(profile: &Profile, options: &Options) -> Result<On<Portal>, OpenError> {
    let citizen = options.citizen.clone();
    Ok(On {
        target: TargetName::OwnPortal.to_string(),
        profile: Some(profile.id.clone()),
        stage: Portal::own(profile.clone(), citizen, options.today)?,
        cases: suites::portal_cases(),
    })
}

pub(super) fn foreign(address: &Address, options: &Options) -> Result<On<Portal>, OpenError> {
    let told = options.profiles.first().cloned();
    let profile = told.unwrap_or_else(|| {
        profile(DEFAULT_PROFILE).expect("the default profile is committed, a test looks")
    });
    let citizen = options.citizen.clone();
    let (today, permission) = (options.today, options.permission);
    let authority = options.authority.clone();
    let address = address.clone();
    Ok(On {
        target: TargetName::Portal(address.clone()).to_string(),
        profile: None,
        stage: Portal::foreign(address, authority, profile, citizen, today, permission)?,
        cases: suites::portal_cases(),
    })
}
