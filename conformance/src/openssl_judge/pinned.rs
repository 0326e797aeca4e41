//! What a version of openssl said when somebody looked: `data/zoo/openssl-*.toml`.

use std::collections::BTreeMap;

use serde::Deserialize;

/// All that is pinned of one version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pinned {
    /// Why it differs from what a portal must do, by a word that the opinions name.
    pub reasons: BTreeMap<String, String>,
    /// By animal.
    pub animals: BTreeMap<String, PinnedOpinion>,
}

/// What it says of one animal.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedOpinion {
    /// `verify` or `ocsp`, in its own words.
    pub says: Option<String>,
    /// Whether `s_server` lets the client in.
    pub server_lets_in: Option<bool>,
    /// If that is not what a portal must do: which of the reasons.
    pub differs: Option<String>,
}

/// What is pinned of this version, if anybody looked at it.
///
/// # Errors
/// The file is not of the format.
pub fn pinned(version: &str) -> Result<Option<Pinned>, toml::de::Error> {
    let text = match version {
        "3.0" => include_str!("../../data/zoo/openssl-3.0.toml"),
        _ => return Ok(None),
    };
    toml::from_str(text).map(Some)
}
