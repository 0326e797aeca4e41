//! One `[[rule]]`.

use std::ops::Range;

use serde::Deserialize;
use toml::Spanned;

use super::{Action, Event, Moment, Occasion, Pattern, Read, Reader, Removal, Return, Rule};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    name: Option<String>,
    on: Option<Spanned<RawEvent>>,
    command: Option<Spanned<String>>,
    nth: Option<Spanned<u64>>,
    from: Option<Spanned<u64>>,
    r#do: Spanned<RawAction>,
    at: Option<Spanned<RawMoment>>,
    byte: Option<Spanned<u64>>,
    for_ms: Option<Spanned<u64>>,
    sw: Option<Spanned<String>>,
    hex: Option<Spanned<String>>,
    keep: Option<Spanned<usize>>,
    offset: Option<Spanned<usize>>,
}

#[derive(Clone, Copy, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum RawEvent {
    Command,
    Reset,
}

#[derive(Clone, Copy, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum RawMoment {
    Command,
    Answer,
}

#[derive(Clone, Copy, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum RawAction {
    Remove,
    Swap,
    Mute,
    Delay,
    Status,
    Garbage,
    Truncate,
    Corrupt,
    Blink,
    GetResponse,
    WrongLe,
    Atr,
}

impl RawAction {
    /// What it is called, the keys that it takes, and whether it may answer a reset.
    fn shape(self) -> (&'static str, &'static [&'static str], bool) {
        match self {
            Self::Remove => ("remove", &["at", "byte", "for_ms"], true),
            Self::Swap => ("swap", &["at", "byte", "for_ms"], true),
            Self::Mute => ("mute", &["at", "byte", "for_ms"], true),
            Self::Delay => ("delay", &["for_ms"], true),
            Self::Status => ("status", &["at", "sw"], false),
            Self::Garbage => ("garbage", &["at", "hex"], false),
            Self::Truncate => ("truncate", &["keep"], false),
            Self::Corrupt => ("corrupt", &["offset"], false),
            Self::Blink => ("blink", &[], false),
            Self::GetResponse => ("get-response", &[], false),
            Self::WrongLe => ("wrong-le", &[], false),
            Self::Atr => ("atr", &["hex"], true),
        }
    }
}

impl RawRule {
    /// The keys that are there and belong to some actions only.
    fn keys(&self) -> impl Iterator<Item = (&'static str, Range<usize>)> {
        [
            ("at", self.at.as_ref().map(Spanned::span)),
            ("byte", self.byte.as_ref().map(Spanned::span)),
            ("for_ms", self.for_ms.as_ref().map(Spanned::span)),
            ("sw", self.sw.as_ref().map(Spanned::span)),
            ("hex", self.hex.as_ref().map(Spanned::span)),
            ("keep", self.keep.as_ref().map(Spanned::span)),
            ("offset", self.offset.as_ref().map(Spanned::span)),
        ]
        .into_iter()
        .filter_map(|(key, span)| Some((key, span?)))
    }
}

impl Reader<'_> {
    pub(super) fn rule(self, index: usize, raw: &Spanned<RawRule>) -> Read<Rule> {
        let raw = raw.get_ref();
        let action = *raw.r#do.get_ref();
        let (word, keys, answers_reset) = action.shape();
        if let Some((key, span)) = raw.keys().find(|(key, _)| !keys.contains(key)) {
            let hint = "docs/faults.md has the keys of every action";
            return Err(self.combination(span, format!("{key} means nothing to {word}"), hint));
        }
        let event = self.event(raw)?;
        if event == Event::Reset && !answers_reset {
            let hint = "on = \"reset\" goes with remove, swap, mute, delay and atr";
            let what = format!("a reset has no answer for {word}");
            return Err(self.combination(raw.r#do.span(), what, hint));
        }
        if event != Event::Reset && action == RawAction::Atr {
            let hint = "give the rule on = \"reset\"";
            let what = "a command is not answered by an ATR".to_owned();
            return Err(self.combination(raw.r#do.span(), what, hint));
        }
        Ok(Rule {
            name: match &raw.name {
                Some(name) => name.clone(),
                None => format!("rule {}: {word}", index + 1),
            },
            event,
            occasion: self.occasion(raw)?,
            action: self.action(raw)?,
        })
    }

    fn event(self, raw: &RawRule) -> Read<Event> {
        let on_reset = raw
            .on
            .as_ref()
            .filter(|on| *on.get_ref() == RawEvent::Reset);
        match (on_reset, &raw.command) {
            (None, None) => Ok(Event::Command(Pattern::any())),
            (None, Some(pattern)) => self.pattern(pattern).map(Event::Command),
            (Some(_), None) if raw.at.is_none() && raw.byte.is_none() => Ok(Event::Reset),
            (Some(on), _) => {
                let what = "a reset has no command, no bytes and no moment".to_owned();
                Err(self.combination(
                    on.span(),
                    what,
                    "leave out either on or command, at and byte",
                ))
            }
        }
    }

    fn occasion(self, raw: &RawRule) -> Read<Occasion> {
        match (&raw.nth, &raw.from) {
            (None, None) => Ok(Occasion::Each),
            (Some(nth), None) => self.counted(nth).map(Occasion::Nth),
            (None, Some(from)) => self.counted(from).map(Occasion::From),
            (Some(nth), Some(_)) => {
                let hint = "nth is this one alone, from is this one and all that follow";
                Err(self.combination(nth.span(), "both nth and from".to_owned(), hint))
            }
        }
    }

    fn counted(self, number: &Spanned<u64>) -> Read<u64> {
        match number.get_ref() {
            0 => Err(self.value(number, "1 or more: the first is 1")),
            number => Ok(*number),
        }
    }

    fn action(self, raw: &RawRule) -> Read<Action> {
        let action = *raw.r#do.get_ref();
        let lasts = raw
            .for_ms
            .as_ref()
            .map(|time| self.time(time))
            .transpose()?;
        Ok(match action {
            RawAction::Remove | RawAction::Swap => {
                let swap = action == RawAction::Swap;
                let then = match lasts {
                    Some(time) => Return::After(time),
                    None if swap => Return::After(crate::slot::EMPTY_MIN),
                    None => Return::WhenInserted,
                };
                Action::Remove {
                    at: self.moment(raw)?,
                    removal: Removal { then, swap },
                }
            }
            RawAction::Mute => Action::Mute {
                at: self.moment(raw)?,
                lasts,
            },
            RawAction::Delay => match lasts {
                Some(time) => Action::Delay(time),
                None => return Err(self.missing(raw, "for_ms")),
            },
            RawAction::Status => Action::Answer {
                at: self.moment(raw)?,
                response: match &raw.sw {
                    Some(sw) => self.bytes(sw, 2..3, "a status word, such as \"6F00\"")?,
                    None => return Err(self.missing(raw, "sw")),
                },
            },
            RawAction::Garbage => Action::Answer {
                at: self.moment(raw)?,
                response: match &raw.hex {
                    Some(hex) => self.bytes(
                        hex,
                        1..65_536,
                        "1 to 65535 bytes in hexadecimal; mute is no answer",
                    )?,
                    None => return Err(self.missing(raw, "hex")),
                },
            },
            RawAction::Truncate => match &raw.keep {
                Some(keep) if *keep.get_ref() == 0 => {
                    return Err(self.value(keep, "1 or more: no answer at all is do = \"mute\""));
                }
                Some(keep) => Action::Truncate(*keep.get_ref()),
                None => return Err(self.missing(raw, "keep")),
            },
            RawAction::Corrupt => {
                Action::Corrupt(raw.offset.as_ref().map_or(0, |at| *at.get_ref()))
            }
            RawAction::Blink => Action::Blink,
            RawAction::GetResponse => Action::GetResponse,
            RawAction::WrongLe => Action::WrongLe,
            RawAction::Atr => match &raw.hex {
                Some(hex) => Action::Atr(self.bytes(hex, 1..34, "1 to 33 bytes in hexadecimal")?),
                None => return Err(self.missing(raw, "hex")),
            },
        })
    }

    fn moment(self, raw: &RawRule) -> Read<Moment> {
        match (&raw.at, &raw.byte) {
            (None, None) => Ok(Moment::Command),
            (None, Some(byte)) => self.counted(byte).map(Moment::Byte),
            (Some(at), None) => Ok(match at.get_ref() {
                RawMoment::Command => Moment::Command,
                RawMoment::Answer => Moment::Answer,
            }),
            (Some(at), Some(_)) => {
                let hint = "byte says the moment by itself";
                Err(self.combination(at.span(), "both at and byte".to_owned(), hint))
            }
        }
    }

    fn missing(self, raw: &RawRule, key: &str) -> super::ScriptError {
        let (word, ..) = raw.r#do.get_ref().shape();
        let hint = "docs/faults.md has the keys of every action";
        self.combination(raw.r#do.span(), format!("{word} needs {key}"), hint)
    }
}
