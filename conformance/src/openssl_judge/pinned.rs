//! What a version of a program said when somebody looked: `data/zoo/PROGRAM-VERSION.toml`.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/zoo");

/// All that is pinned of one version.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pinned {
    /// Why it differs from what a portal must do, by a word that the opinions name.
    #[serde(default)]
    pub reasons: BTreeMap<String, String>,
    /// By animal.
    pub animals: BTreeMap<String, PinnedOpinion>,
}

/// What it says of one animal.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedOpinion {
    /// In its own words: of openssl, those of `verify` or `ocsp`.
    pub says: Option<String>,
    /// Of openssl, whether `s_server` lets the client in.
    pub server_lets_in: Option<bool>,
    /// If that is not what a portal must do: which of the reasons.
    pub differs: Option<String>,
}

/// What is pinned of this version of openssl, if anybody looked at it.
///
/// # Errors
/// The file is not of the format.
pub fn pinned(version: &str) -> Result<Option<Pinned>, toml::de::Error> {
    let named = format!("openssl-{version}");
    let all = pinned_of("openssl")?;
    Ok(all
        .into_iter()
        .find_map(|(name, it)| (name == named).then_some(it)))
}

/// What is pinned of all versions of a program: `curl-7.88` and what that said.
///
/// # Errors
/// A file is not of the format.
pub fn pinned_of(program: &str) -> Result<Vec<(String, Pinned)>, toml::de::Error> {
    let files = FILES.files().filter_map(|file| {
        let name = file.path().to_str()?.strip_suffix(".toml")?;
        let (own, _) = name.rsplit_once('-')?;
        (own == program).then_some((name.to_owned(), file.contents_utf8()?))
    });
    files
        .map(|(name, text)| Ok((name, toml::from_str(text)?)))
        .collect()
}
