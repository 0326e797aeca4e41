//! Results of one case that say the same, and what was said in them.

use super::{class, place};
use crate::report::model::{ExchangeEntry, ResultEntry, RunReport, Standing};
use crate::report::text::{EXCHANGES_BEFORE, again, cut, printable, why};

/// So many bytes of a row are shown in what nobody need look at.
const BYTES_SHOWN: usize = 20;

/// Results of one case that ended the same way, after the same conversation.
pub(super) struct Group<'a> {
    pub(super) standing: Standing,
    pub(super) class: &'static str,
    /// Where that was so: profile or target, and which repetition if there are several.
    pub(super) places: Vec<String>,
    /// The same for the filter, without repetitions, a space between and around.
    pub(super) filter: String,
    /// What was expected and seen.
    pub(super) finding: Option<(&'a str, &'a str)>,
    /// Why it is not simply a pass, if nothing was found.
    pub(super) why: Option<String>,
    pub(super) transcript: Transcript,
    /// The command that runs it again, if a person should look at it.
    pub(super) again: Option<String>,
}

/// A conversation, cut where a reader may want to skip.
#[derive(Default)]
pub(super) struct Transcript {
    pub(super) count: usize,
    /// What is folded.
    pub(super) before: String,
    pub(super) before_count: usize,
    /// What is open: the exchanges before the one that shows a failure.
    pub(super) near: Vec<Line>,
    /// The exchange that shows it.
    pub(super) shown_by: Vec<Line>,
    /// What was said after it.
    pub(super) after: Vec<Line>,
}

/// A command or a response.
pub(super) struct Line {
    pub(super) bytes: String,
    pub(super) words: String,
}

/// The groups, what a person should look at first.
pub(super) fn groups<'a>(report: &RunReport, results: &[&'a ResultEntry]) -> Vec<Group<'a>> {
    let mut groups: Vec<(&ResultEntry, Group<'a>)> = Vec::new();
    let repeated = results.iter().any(|result| 1 < result.repetition);
    for result in results {
        let known = groups
            .iter_mut()
            .find(|(first, _)| say_the_same(first, result));
        let group = match known {
            Some((_, group)) => group,
            None => &mut groups.push_mut((result, Group::of(report, result))).1,
        };
        let place = place(result);
        group.places.push(match repeated {
            true => format!("{place} ({})", result.repetition),
            false => place.to_owned(),
        });
        let filtered = format!(" {place} ");
        if !group.filter.contains(&filtered) {
            group.filter.push_str(&filtered);
        }
    }
    let mut groups: Vec<Group<'a>> = groups.into_iter().map(|(_, group)| group).collect();
    groups.sort_by_key(|group| group.standing);
    groups
}

fn say_the_same(one: &ResultEntry, other: &ResultEntry) -> bool {
    one.standing() == other.standing()
        && one.finding == other.finding
        && one.reason == other.reason
        && one.exchanges == other.exchanges
}

impl<'a> Group<'a> {
    fn of(report: &RunReport, result: &'a ResultEntry) -> Self {
        let finding = result.finding.as_ref();
        let finding = finding.map(|it| (it.expected.as_str(), it.seen.as_str()));
        let standing = result.standing();
        Self {
            standing,
            class: class(standing),
            places: Vec::new(),
            filter: String::new(),
            finding,
            why: match standing {
                Standing::Failed => None,
                _ => why(result),
            },
            transcript: Transcript::of(result),
            again: standing.is_bad().then(|| again(report, result)),
        }
    }
}

impl Transcript {
    fn of(result: &ResultEntry) -> Self {
        let exchanges = result.exchanges.as_slice();
        let count = exchanges.len();
        if !result.standing().is_bad() {
            return Self {
                count,
                before: folded(exchanges, Some(BYTES_SHOWN)),
                before_count: count,
                ..Self::default()
            };
        }
        let finding = result.finding.as_ref();
        let shown_by = finding.and_then(|it| it.exchange).filter(|it| *it < count);
        let end = shown_by.unwrap_or(count);
        let begin = end.saturating_sub(EXCHANGES_BEFORE);
        let part = |from: usize, to: usize| exchanges.get(from..to.min(count)).unwrap_or_default();
        Self {
            count,
            before: folded(part(0, begin), None),
            before_count: begin,
            near: lines(part(begin, end)),
            shown_by: lines(part(end, end + 1)),
            after: lines(part(end + 1, count)),
        }
    }
}

/// Two lines an exchange, the command and the response.
fn lines(exchanges: &[ExchangeEntry]) -> Vec<Line> {
    let sides = exchanges.iter().flat_map(|exchange| {
        [
            ('>', &exchange.command, &exchange.command_words),
            ('<', &exchange.response, &exchange.response_words),
        ]
    });
    let line = |(side, bytes, words): (char, &String, &String)| Line {
        bytes: format!("{side} {}", printable(bytes)),
        words: printable(words),
    };
    sides.map(line).collect()
}

/// The same as one text, so that thousands of them are no burden for a browser, each row of bytes cut
/// if it is long.
fn folded(exchanges: &[ExchangeEntry], bytes_max: Option<usize>) -> String {
    let lines = lines(exchanges).into_iter();
    lines
        .map(|Line { bytes, words }| {
            let bytes = bytes_max.map_or_else(|| bytes.clone(), |max| cut(&bytes, max));
            format!("{bytes}  {words}\n")
        })
        .collect()
}
