//! Which cases run: by suite, by name, by level, a shard of them, or what failed before.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::case::Level;
use crate::runner::CaseFacts;

/// Cases by their names. `*` stands for any text; a pattern names a case when it matches all of its
/// identifier, or all of it up to a dot: `pin`, `pin.verify`, `pin.*.right-value`, `*reset*`.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Pattern(String);

impl Pattern {
    /// The cases that this names.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Whether it names this case.
    pub fn matches(&self, id: &str) -> bool {
        let dots = id.match_indices('.').map(|(place, _)| place);
        dots.chain([id.len()])
            .filter_map(|end| id.get(..end))
            .any(|beginning| wildcard(&self.0, beginning))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether the text is the pattern, each `*` in which is any text.
pub(crate) fn wildcard(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// A part of a run: the k-th of n, counted from 1. A case falls into the same shard in every run with
/// the same n, whatever else runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Shard {
    number: u32,
    count: u32,
}

/// A text is no shard.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is no shard\nhint: k/n, such as 2/4 for the second of four, with 1 <= k <= n")]
pub struct NoShard(String);

impl Shard {
    /// Whether the case, judged by this profile, is in it.
    pub fn holds(self, id: &str, profile: Option<&str>) -> bool {
        let profile = profile.unwrap_or_default();
        let bytes = id.bytes().chain([b' ']).chain(profile.bytes());
        let hash = bytes.fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
        });
        // The upper half of FNV-1a is mixed better than the lower one.
        (hash >> 32) % u64::from(self.count) == u64::from(self.number - 1)
    }
}

impl FromStr for Shard {
    type Err = NoShard;

    fn from_str(text: &str) -> Result<Self, NoShard> {
        let parse = || {
            let (number, count) = text.split_once('/')?;
            let (number, count) = (number.parse().ok()?, count.parse().ok()?);
            (1 <= number && number <= count).then_some(Self { number, count })
        };
        parse().ok_or_else(|| NoShard(text.to_owned()))
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.count)
    }
}

/// Which cases of a campaign run: those that pass every condition.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Suites; none means all.
    pub suites: Vec<String>,
    /// Names, one of which must match; none means all.
    pub filters: Vec<Pattern>,
    /// The weakest level that still runs; none means all.
    pub level_min: Option<Level>,
    /// A part of what the others let through.
    pub shard: Option<Shard>,
    /// Cases with the profile that they were judged by, such as those that failed in another run.
    pub only: Option<BTreeSet<(String, Option<String>)>>,
}

impl Selection {
    /// Whether this case runs, judged by this profile.
    pub fn takes(&self, case: &CaseFacts, profile: Option<&str>) -> bool {
        let id = case.id;
        (self.suites.is_empty() || self.suites.iter().any(|suite| suite == case.suite()))
            && (self.filters.is_empty() || self.filters.iter().any(|filter| filter.matches(id)))
            && self.level_min.is_none_or(|level| level <= case.level)
            && self.shard.is_none_or(|shard| shard.holds(id, profile))
            && self
                .only
                .as_ref()
                .is_none_or(|only| only.contains(&(id.to_owned(), profile.map(ToOwned::to_owned))))
    }
}

/// The names most like this one, the nearest first, five at most.
pub fn near_matches<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    /// Below this, two names have nothing to do with each other.
    const LIKENESS_MIN: f64 = 0.75;
    const COUNT_MAX: usize = 5;
    let mut near: Vec<(f64, &str)> = known
        .into_iter()
        .map(|id| {
            let is_part = name.len() > 2 && id.contains(name);
            let likeness = strsim::jaro_winkler(name, id);
            (if is_part { 1.0 } else { likeness }, id)
        })
        .filter(|(likeness, _)| LIKENESS_MIN <= *likeness)
        .collect();
    near.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    near.into_iter().take(COUNT_MAX).map(|(_, id)| id).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::suites;

    #[test]
    fn a_pattern_names_a_case_or_a_branch_of_them() {
        let check = |pattern: &str, id: &str, expected: bool| {
            assert_eq!(
                Pattern::new(pattern).matches(id),
                expected,
                "{pattern} {id}"
            );
        };
        check("pin", "pin.verify.right-value", true);
        check("pin.verify", "pin.verify.right-value", true);
        check("pin.ver", "pin.verify.right-value", false);
        check("pin.verify.right-value", "pin.verify.right-value", true);
        check("pin.*.right-value", "pin.verify.right-value", true);
        check("*.verify", "pin.verify.right-value", true);
        check("*right*", "pin.verify.right-value", true);
        check("*", "pin.verify.right-value", true);
        check("p*n*v", "pin.verify.right-value", false);
        check("", "pin.verify.right-value", false);
        check("a*a", "a", false);
    }

    #[test]
    fn shards_hold_every_case_exactly_once_and_none_is_empty() {
        let profiles = ["cns11-st2021", "crs-lombardia"];
        for count in [1_u32, 2, 3, 4, 7] {
            let shards: Vec<Shard> = (1..=count)
                .map(|number| format!("{number}/{count}").parse().unwrap())
                .collect();
            let mut sizes = vec![0; shards.len()];
            for case in suites::all_facts() {
                for profile in profiles {
                    let holders: Vec<usize> = (0..shards.len())
                        .filter(|i| shards[*i].holds(case.id, Some(profile)))
                        .collect();
                    assert_eq!(holders.len(), 1, "{} {profile}", case.id);
                    sizes[holders[0]] += 1;
                }
            }
            assert!(!sizes.contains(&0), "{sizes:?}");
        }
    }

    #[test]
    fn a_shard_is_one_of_so_many() {
        for wrong in ["0/4", "5/4", "1", "1/0", "a/b", "-1/4", ""] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
        assert_eq!("2/4".parse::<Shard>().unwrap().to_string(), "2/4");
    }

    #[test]
    fn a_mistyped_name_has_neighbours() {
        let known = ["pin.verify.right-value", "atr.tck.is-right"];
        let near = |name| near_matches(name, known);
        assert_eq!(near("pin.verfy.right-value"), ["pin.verify.right-value"]);
        assert_eq!(near("right-value"), ["pin.verify.right-value"]);
        assert!(near("zzz").is_empty());
    }
}
