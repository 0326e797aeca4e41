//! `cns portal checks` and `cns portal profiles`: the portal's tables.

use clap::Args;
use cns_portal::alert::Alert;
use cns_portal::checks::{self as portal_checks, Level};
use cns_portal::{Language, PROFILES};
use serde::Serialize;

use crate::{Verdict, output};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The language: it, en or de
    #[arg(long = "lang", value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    language: Language,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct CheckRow {
    id: &'static str,
    level: &'static str,
    rule: &'static str,
    source: &'static str,
    remedy: &'static str,
    /// Nothing for a check that only warns.
    alert: Option<&'static Alert>,
}

pub(super) fn checks(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let language = arguments.language;
    let rows = portal_checks::all().map(|check| CheckRow {
        id: check.id,
        level: check.level.word(),
        rule: check.rule.in_language(language),
        source: check.source,
        remedy: check.remedy.in_language(language),
        alert: (check.level == Level::Required).then_some(check.alert),
    });
    match arguments.json {
        true => output::json(&rows.collect::<Vec<_>>())?,
        false => output::text(&output::table(
            ["check", "level", "alert", "rule"],
            rows.map(|row| {
                let alert = row.alert.map_or("", |alert| alert.name);
                [row.id, row.level, alert, row.rule].map(str::to_owned)
            }),
        ))?,
    }
    Ok(Verdict::Fine)
}

#[derive(Serialize)]
struct ProfileRow {
    name: &'static str,
    purpose: &'static str,
}

pub(super) fn profiles(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let rows = PROFILES.iter().map(|profile| ProfileRow {
        name: profile.name,
        purpose: profile.purpose.in_language(arguments.language),
    });
    match arguments.json {
        true => output::json(&rows.collect::<Vec<_>>())?,
        false => output::text(&output::table(
            ["profile", "what it is for"],
            rows.map(|row| [row.name, row.purpose].map(str::to_owned)),
        ))?,
    }
    Ok(Verdict::Fine)
}

fn language(tag: &str) -> Result<Language, String> {
    Language::from_tag(tag).ok_or_else(|| "the portal speaks it, en and de".to_owned())
}
