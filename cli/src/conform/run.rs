//! `cns conform run`.

mod caution;
pub(super) mod reports;
mod secrets;

use std::collections::BTreeSet;
use std::fs;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Args;
use cns_conformance::campaign::{self, Campaign, Options};
use cns_conformance::case::Level;
use cns_conformance::expectations::Expectations;
use cns_conformance::private_reader::{Place, start_over};
use cns_conformance::reader_stage;
use cns_conformance::report::{Circumstances, Recorder, RunReport, Standing, saved, text};
use cns_conformance::runner::Permission;
use cns_conformance::selection::{Pattern, Selection, Shard};
use cns_conformance::target::TargetName;
use cns_fixtures::{DEFAULT_PROFILE, Profile, profiles};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::authority::AuthorityFolder;
use crate::card::{find_citizen, find_profile};
use crate::{Verdict, output};

/// Whose card the suite makes if nobody else is named.
pub(super) const DEFAULT_CITIZEN: &str = "mario-bianchi";

/// What is drawn is the same in every run that does not ask for something else.
pub(super) const DEFAULT_SEED: u64 = 1;

#[derive(Args)]
pub(crate) struct Arguments {
    /// What is judged. Cards of the suite's own: in-process; vsmartcard, the driver vpcd without pcscd;
    /// vpcd, in a pcscd; ifd, with the driver of this project; daemonless, without pcscd. Any card in
    /// any reader: pcsc or pcsc:READER. Or pkcs11, pkcs11:MODULE, portal, portal:URL, clients,
    /// mutant:NAME
    #[arg(value_name = "TARGET")]
    target: Option<TargetName>,
    /// What the card is like: a name from `cns card profiles`, a profile's TOML file, or all (may be
    /// repeated). A card that is not the suite's own is recognised by its answer to reset if not said
    #[arg(long = "profile", value_name = "NAME|FILE|all")]
    profiles: Vec<String>,
    /// Whose card the suite makes
    #[arg(long, value_name = "NAME|FILE", default_value = DEFAULT_CITIZEN)]
    citizen: String,
    /// Only this suite (may be repeated)
    #[arg(long = "suite", value_name = "NAME")]
    suites: Vec<String>,
    /// Only cases with this name, or under it up to a dot; * is any text (may be repeated)
    #[arg(long = "filter", value_name = "PATTERN")]
    filters: Vec<String>,
    /// Only cases that are asked for at least so strongly
    #[arg(long, value_name = "must|should|may", value_parser = level)]
    level: Option<Level>,
    /// Only the k-th of n parts: together they are everything, once
    #[arg(long, value_name = "K/N")]
    shard: Option<Shard>,
    /// Only what failed, passed unexpectedly or was broken in this run (what --json wrote)
    #[arg(long, value_name = "FILE")]
    rerun_failed: Option<PathBuf>,
    /// Everything so many times; a case that does not end the same way each time is flaky
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Decides all that is drawn
    #[arg(long, value_name = "N", default_value_t = DEFAULT_SEED)]
    seed: u64,
    /// Cases that are known to fail: `pattern  [profile]  reason`, one a line
    #[arg(long, value_name = "FILE")]
    expectations: Option<PathBuf>,
    /// On a card that is not the suite's own, run also what writes, presents PINs and blocks them
    #[arg(long)]
    allow_destructive: bool,
    /// Folder of the test certifier of the suite's card, for a portal:URL that trusts its ca.pem
    #[arg(long, value_name = "FOLDER")]
    authority: Option<PathBuf>,
    /// Do not ask whether to go on
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    secrets: secrets::SecretFiles,
    #[command(flatten)]
    reports: reports::ReportFiles,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    if reader_stage::plays() {
        return Ok(Verdict::Fine);
    }
    arguments.reports.check()?;
    let target = arguments.target();
    if let (Some(way), None) = (target.needs_a_place(), Place::of_this_process()) {
        let status = start_over(way, std::env::args_os().skip(1), [])?;
        // The second run has said everything.
        std::process::exit(status.code().unwrap_or(2));
    }
    let before = arguments.rerun_failed.as_deref().map(reports::read);
    let before = before.transpose()?;
    let profiles = arguments.profiles(before.as_ref())?;
    let expectations = arguments.read_expectations(&profiles)?;
    let selection = arguments.selection(before.as_ref());
    if selection.only.as_ref().is_some_and(BTreeSet::is_empty) {
        output::say("nothing failed in that run");
        return Ok(Verdict::Fine);
    }
    let options = arguments.options(&target, profiles)?;
    let mut campaigns = campaign::open(&target, &options)?;
    let all = Everything::of(campaigns.as_slice());
    let count = all.check(&selection)?;
    if let (true, Some(first)) = (arguments.allow_destructive, campaigns.first_mut()) {
        // Where it is not the suite's own, all campaigns are about the same card.
        caution::before(first.as_mut(), arguments.yes, options.pin.is_some())?;
    }
    for remark in campaigns.iter().filter_map(|campaign| campaign.remark()) {
        output::say(&remark);
    }

    let now = OffsetDateTime::now_utc();
    let mut recorder = Recorder::new(
        &target.to_string(),
        arguments.seed,
        now.replace_nanosecond(0)?.format(&Rfc3339)?,
        expectations,
    );
    let header = recorder.header();
    header.shard = arguments.shard.map(|shard| shard.to_string());
    header.allow_destructive = arguments.allow_destructive;
    header.repetitions = arguments.repeat;
    let mut saved = arguments.reports.begin(header)?;
    let bar = output::progress(count * u64::from(arguments.repeat));
    for repetition in 1..=arguments.repeat {
        for campaign in &mut campaigns {
            let (target, profile) = (campaign.target().to_owned(), profile_of(campaign.as_ref()));
            let circumstances = Circumstances {
                target: &target,
                profile: profile.as_deref(),
                synthetic: campaign.is_own(),
                repetition,
            };
            let wanted = |case: &_| selection.takes(case, profile.as_deref());
            campaign.run(&wanted, arguments.seed, &mut |result| {
                let entry = recorder.record(result, circumstances);
                saved.add(entry);
                let standing = entry.standing();
                if standing.is_bad() {
                    let style = match standing {
                        Standing::Broken => output::HEADING,
                        _ => output::BAD,
                    };
                    let words = standing.words();
                    let line = format!("{style}{words}{style:#}  {}", text::line(entry));
                    bar.suspend(|| output::say(&line));
                }
                bar.set_message(entry.id.clone());
                bar.inc(1);
            });
        }
    }
    bar.finish_and_clear();
    drop(campaigns);
    let report = recorder.finish(&all.ids);
    saved.finish(&report)?;
    arguments.reports.write(&report)?;
    verdict(&report)
}

fn verdict(report: &RunReport) -> anyhow::Result<Verdict> {
    let finish = report.finished.as_ref().context("the run has not ended")?;
    match (finish.exit, finish.counts.broken) {
        (0, _) => Ok(Verdict::Fine),
        (1, _) => Ok(Verdict::Not),
        (_, 0) => bail!("every case was skipped: nothing is known of the target"),
        (_, 1) => bail!("1 case is broken: the suite could not find out"),
        (_, count) => bail!("{count} cases are broken: the suite could not find out"),
    }
}

fn profile_of(campaign: &dyn Campaign) -> Option<String> {
    campaign.profile().map(ToOwned::to_owned)
}

/// All cases that there are for the target, before any is selected.
struct Everything {
    ids: BTreeSet<&'static str>,
    suites: BTreeSet<&'static str>,
    cases: Vec<(cns_conformance::runner::CaseFacts, Option<String>)>,
}

impl Everything {
    fn of(campaigns: &[Box<dyn Campaign>]) -> Self {
        let cases: Vec<_> = campaigns
            .iter()
            .flat_map(|campaign| {
                let profile = profile_of(campaign.as_ref());
                let cases = campaign.cases().into_iter();
                cases.map(move |case| (case, profile.clone()))
            })
            .collect();
        Self {
            ids: cases.iter().map(|(case, _)| case.id).collect(),
            suites: cases.iter().map(|(case, _)| case.suite()).collect(),
            cases,
        }
    }

    /// How many cases are selected.
    fn check(&self, selection: &Selection) -> anyhow::Result<u64> {
        let known: Vec<&str> = self.suites.iter().copied().collect();
        for suite in &selection.suites {
            if !self.suites.contains(suite.as_str()) {
                bail!(
                    "there is no suite `{suite}` for this target\nhint: its suites are {}",
                    known.join(", ")
                );
            }
        }
        for filter in &selection.filters {
            if !self.ids.iter().any(|id| filter.matches(id)) {
                bail!(
                    "`{filter}` names no case for this target\nhint: `cns conform list` has them all"
                );
            }
        }
        let selected = self.cases.iter();
        let count = selected
            .filter(|(case, profile)| selection.takes(case, profile.as_deref()))
            .count();
        if count == 0 && selection.shard.is_none() {
            bail!("no case is selected\nhint: each of them must pass all of the conditions");
        }
        Ok(count as u64)
    }
}

impl Arguments {
    fn target(&self) -> TargetName {
        match (&self.target, self.suites.as_slice()) {
            (Some(target), _) => target.clone(),
            (None, [suite]) if suite == "clients" => TargetName::Clients,
            (None, _) => TargetName::InProcess,
        }
    }

    /// The profiles that are named; those of the run before; for a card of the suite's own, the
    /// default one.
    fn profiles(&self, before: Option<&RunReport>) -> anyhow::Result<Vec<Profile>> {
        if self.profiles.iter().any(|name| name == "all") {
            return Ok(profiles());
        }
        let mut names: Vec<String> = self.profiles.clone();
        if let (true, Some(before)) = (names.is_empty(), before) {
            let known: BTreeSet<String> = before
                .results
                .iter()
                .filter(|result| result.standing().is_bad())
                .filter_map(|result| result.profile.clone())
                .collect();
            names.extend(known);
        }
        if names.is_empty() && secrets::is_own(&self.target()) {
            names.push(DEFAULT_PROFILE.to_owned());
        }
        names.iter().map(|name| find_profile(name)).collect()
    }

    fn options(&self, target: &TargetName, profiles: Vec<Profile>) -> anyhow::Result<Options> {
        let may_ask = self.allow_destructive && std::io::stdin().is_terminal();
        let authority = self.authority.clone().map(AuthorityFolder::at);
        let (pin, puk) = self.secrets.read(may_ask && !secrets::is_own(target))?;
        Ok(Options {
            profiles,
            citizen: find_citizen(&self.citizen)?,
            pin,
            puk,
            authority: authority.map(|it| it.open()).transpose()?.map(Arc::new),
            permission: match self.allow_destructive {
                true => Permission::Destructive,
                false => Permission::LookOnly,
            },
            seed: self.seed,
            today: OffsetDateTime::now_utc().date(),
        })
    }

    fn read_expectations(&self, profiles: &[Profile]) -> anyhow::Result<Expectations> {
        let Some(path) = &self.expectations else {
            return Ok(Expectations::default());
        };
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("{shown} cannot be read"))?;
        let own: Vec<&str> = profiles.iter().map(|profile| profile.id.as_str()).collect();
        Expectations::parse(&text, &own).map_err(|error| anyhow::anyhow!("{shown}: {error}"))
    }

    fn selection(&self, before: Option<&RunReport>) -> Selection {
        Selection {
            suites: self.suites.clone(),
            filters: self.filters.iter().map(Pattern::new).collect(),
            level_min: self.level,
            shard: self.shard,
            only: before.map(saved::not_good),
        }
    }
}

fn level(text: &str) -> Result<Level, String> {
    [Level::Must, Level::Should, Level::May]
        .into_iter()
        .find(|level| level.name() == text)
        .ok_or_else(|| "must, should or may".to_owned())
}
