//! To whom a fault happens, and how often.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Fault;
use crate::holder::Holder;
use crate::json;

/// A moment in which something can go wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Place {
    /// The client has said hello.
    Hello,
    /// The client has shown its certificate, and proven that it owns the key.
    Certificate,
    /// The client has asked for something.
    Request,
}

/// A door of the portal.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Listener {
    /// The one that asks for certificates.
    Cns,
    /// The one that does not.
    Www,
    /// The one that hands out documents.
    Pki,
    /// The one for the proxy that asks for certificates in the portal's place.
    Behind,
}

/// What is known where something could go wrong.
#[derive(Clone, Copy, Debug)]
pub struct Occasion<'a> {
    /// The moment.
    pub place: Place,
    /// The door.
    pub listener: Listener,
    /// The name that the client asked for (SNI).
    pub server_name: Option<&'a str>,
    /// Whom its certificate names.
    pub holder: Option<&'a Holder>,
    /// What it asks for.
    pub path: Option<&'a str>,
}

/// Whom a fault is aimed at: all that is said must be so. What is not said does not matter.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Selector {
    /// The codice fiscale in the certificate's common name, right or wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codice_fiscale: Option<String>,
    /// The number of the card there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card: Option<String>,
    /// The serial number of the certificate in hexadecimal, two digits a byte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// The name that the client asked for (SNI).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server_name: Option<String>,
    /// The door.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listener: Option<Listener>,
    /// The path of the request, without its query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Only the so-many-th occasion since the rule was posted, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 4_294_967_295_u64))]
    pub ordinal: Option<NonZeroU32>,
}

/// A rule as it is posted.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RuleDraft {
    /// Whom it is aimed at; everybody, if nothing is said.
    #[serde(default, deserialize_with = "json::object")]
    pub when: Selector,
    /// How many times it happens.
    #[serde(default = "once")]
    #[schemars(range(min = 1, max = 4_294_967_295_u64))]
    pub times: NonZeroU32,
    /// Of a hundred occasions, how many it happens on.
    #[serde(default = "always")]
    pub chance_percent: Percent,
    /// What decides on which: the same seed, the same occasions. The portal's own seed, if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 4_294_967_295_u64))]
    pub seed: Option<u32>,
    /// What happens.
    pub fault: Fault,
}

/// A number from 1 to 100.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(try_from = "u64")]
pub struct Percent(#[schemars(range(min = 1, max = 100))] u8);

/// A rule that can be obeyed.
#[derive(Clone, Debug, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(transparent)]
pub struct FaultRule(RuleDraft);

/// A rule that would never strike.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
#[error("this is not known when the fault happens, so that it never would")]
pub struct RuleError {
    /// What the rule is aimed by.
    pub field: &'static str,
}

impl Listener {
    /// What it is called in JSON and in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cns => "cns",
            Self::Www => "www",
            Self::Pki => "pki",
            Self::Behind => "behind",
        }
    }

    /// Whether visitors log in there, so that the journal has their connections.
    pub(crate) fn logs_in(self) -> bool {
        match self {
            Self::Cns | Self::Behind => true,
            Self::Www | Self::Pki => false,
        }
    }
}

impl FaultRule {
    /// Accepts a rule. Refused is one that is aimed by what nobody knows yet.
    pub fn new(draft: RuleDraft) -> Result<Self, RuleError> {
        let when = &draft.when;
        let is_known = |place| match draft.fault.place() {
            Place::Hello => place == Place::Hello,
            Place::Certificate => place != Place::Request,
            Place::Request => true,
        };
        for (field, is_aimed_by_it, place) in [
            (
                "when.codice_fiscale",
                when.codice_fiscale.is_some(),
                Place::Certificate,
            ),
            ("when.card", when.card.is_some(), Place::Certificate),
            ("when.serial", when.serial.is_some(), Place::Certificate),
            ("when.listener", when.listener.is_some(), Place::Request),
            ("when.path", when.path.is_some(), Place::Request),
        ] {
            if is_aimed_by_it && !is_known(place) {
                return Err(RuleError { field });
            }
        }
        Ok(Self(draft))
    }

    /// What happens.
    pub fn fault(&self) -> &Fault {
        &self.0.fault
    }

    pub(super) fn times(&self) -> u64 {
        self.0.times.get().into()
    }

    pub(super) fn ordinal(&self) -> Option<u64> {
        self.0.when.ordinal.map(|ordinal| ordinal.get().into())
    }

    /// Whether the dice, thrown for the so-many-th occasion, say yes.
    pub(super) fn has_bad_luck(&self, occasion: u64, seed: u64) -> bool {
        let seed = self.0.seed.map_or(seed, u64::from);
        // Seeds that follow each other are not to be the same dice, thrown once more.
        let seed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut dice = fastrand::Rng::with_seed(seed.wrapping_add(occasion));
        dice.u8(0..100) < self.0.chance_percent.0
    }

    /// Whether it is aimed at this occasion.
    pub(super) fn is_aimed_at(&self, occasion: &Occasion<'_>) -> bool {
        let when = &self.0.when;
        let holder = occasion.holder;
        let same = |wanted: &Option<String>, seen: Option<&str>| {
            wanted.as_deref().is_none_or(|it| seen == Some(it))
        };
        let same_letters = |wanted: &Option<String>, seen: Option<&str>| {
            let equal = |it: &str| seen.is_some_and(|seen| seen.eq_ignore_ascii_case(it));
            wanted.as_deref().is_none_or(equal)
        };
        self.0.fault.place() == occasion.place
            && same(
                &when.codice_fiscale,
                holder.and_then(|it| it.codice_fiscale.as_deref()),
            )
            && same(&when.card, holder.and_then(|it| it.card.as_deref()))
            && same_letters(&when.serial, holder.and_then(|it| it.serial.as_deref()))
            && same_letters(&when.server_name, occasion.server_name)
            && when.listener.is_none_or(|it| it == occasion.listener)
            && same(&when.path, occasion.path)
    }
}

impl TryFrom<u64> for Percent {
    type Error = String;

    fn try_from(percent: u64) -> Result<Self, String> {
        match u8::try_from(percent) {
            Ok(percent @ 1..=100) => Ok(Self(percent)),
            _ => Err(format!("{percent} is not 1 to 100")),
        }
    }
}

fn once() -> NonZeroU32 {
    NonZeroU32::MIN
}

fn always() -> Percent {
    Percent(100)
}
