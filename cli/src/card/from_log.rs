//! `cns card from-log`: what was pasted into an issue, as a profile and a script.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use cns_card::Card;
use cns_fixtures::import::{self, Import, SCRIPT_CITIZEN};
use cns_fixtures::{Profile, Trace, citizen, collaudo_authority, personalise};
use cns_reader::SystemEntropy;
use time::OffsetDateTime;

use crate::files::{self, PUBLIC};
use crate::{Verdict, output};

/// How many commands are shown that a card answers otherwise.
const DIFFERENCES_SHOWN: usize = 10;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Folder for ID.toml, the profile, and ID.apdu, the script
    #[arg(long, value_name = "DIR", default_value = ".")]
    output: PathBuf,
    /// What the two are called; the log's name if not said
    #[arg(long, value_name = "ID")]
    name: Option<String>,
    /// Overwrite the files if they are there
    #[arg(long)]
    force: bool,
    /// The log
    file: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let shown = arguments.file.display();
    // Readers' and people's names in a log may be in any encoding; APDUs are in digits.
    let bytes = fs::read(&arguments.file).with_context(|| format!("{shown} cannot be read"))?;
    let text = String::from_utf8_lossy(&bytes);
    let id = identifier(arguments)?;
    // Whoever names the card anew may not want the log's name in public.
    let log_name = match &arguments.name {
        Some(_) => "a log".into(),
        None => arguments
            .file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy(),
    };
    let import = import::import(&id, &log_name, &text)
        .with_context(|| format!("{shown} becomes no card"))?;

    let profile = arguments.output.join(format!("{id}.toml"));
    let script = arguments.output.join(format!("{id}.apdu"));
    store(
        arguments,
        &[(&profile, &import.profile), (&script, &import.script)],
    )?;
    output::text(&import.findings.to_string())?;
    output::text(&format!(
        "profile  {}\nscript   {}\n",
        profile.display(),
        script.display()
    ))?;
    let verdict = try_out(&id, &import)?;
    output::say(&format!(
        "next: cns card issue --profile {} --citizen {SCRIPT_CITIZEN}",
        profile.display()
    ));
    Ok(verdict)
}

fn identifier(arguments: &Arguments) -> anyhow::Result<String> {
    let name = match &arguments.name {
        Some(name) => name.clone(),
        None => {
            let stem = arguments.file.file_stem().unwrap_or_default();
            stem.to_string_lossy().to_lowercase()
        }
    };
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    if name.is_empty() || name.starts_with('.') || !name.chars().all(is_plain) {
        bail!(
            "{name:?} cannot be a profile's name\nhint: --name, with letters, digits and - _ . in it"
        );
    }
    Ok(name)
}

fn store(arguments: &Arguments, to_write: &[(&Path, &str)]) -> anyhow::Result<()> {
    for (path, _) in to_write {
        files::check_free(path, arguments.force)?;
    }
    let folder = &arguments.output;
    if !folder.is_dir() {
        bail!(
            "there is no folder {}\nhint: --output takes one that is there",
            folder.display()
        );
    }
    files::write(to_write, PUBLIC)
}

/// Makes a card of the profile and says whether it keeps to the script.
fn try_out(id: &str, import: &Import) -> anyhow::Result<Verdict> {
    let profile = Profile::from_toml(id, &import.profile)?;
    let script = Trace::parse(id, &import.script)?;
    let today = OffsetDateTime::now_utc().date();
    let authority = collaudo_authority(today)?;
    let made = personalise(
        &profile,
        &citizen(SCRIPT_CITIZEN)?,
        &authority,
        today,
        &mut SystemEntropy::new(),
    );
    let made = match made {
        Ok(made) => made,
        Err(error) => {
            output::say(&format!("no card can be made of the profile yet: {error}"));
            return Ok(Verdict::Not);
        }
    };
    let mut card = Card::volatile(made.image, SystemEntropy::new());
    card.power_on();
    let differences = import::replay(&mut card, &script);
    let count = script.exchanges.len();
    output::say(&format!(
        "a card made of it answers {} of {count} commands as in the log",
        count - differences.len()
    ));
    for difference in differences.iter().take(DIFFERENCES_SHOWN) {
        output::say(&format!("  {difference}"));
    }
    Ok(match differences.as_slice() {
        [] => Verdict::Fine,
        _ => Verdict::Not,
    })
}
