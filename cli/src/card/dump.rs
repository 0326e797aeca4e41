//! `cns card dump`: a test card like one that is in a reader.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use cns_conformance::{PcscCard, Survey};
use cns_fixtures::import::{SCRIPT_CITIZEN, import};
use cns_fixtures::{Profile, citizen, personalise};
use cns_reader::{ImageFile, SystemEntropy};
use indicatif::{ProgressBar, ProgressStyle};
use time::OffsetDateTime;

use crate::authority::AuthorityFolder;
use crate::files::{self, PUBLIC};
use crate::{Verdict, output};

/// What the profile's comments call the card: its reader's name may tell whose it is.
const ORIGIN: &str = "a card in a reader";

#[derive(Args)]
pub(crate) struct Arguments {
    /// The reader, or a part of its name; the first reader if not said
    #[arg(long, value_name = "NAME")]
    reader: Option<String>,
    /// The synthetic citizen who takes the place of the card's holder
    #[arg(long, value_name = "NAME", default_value = SCRIPT_CITIZEN)]
    citizen: String,
    /// Overwrite the files if they are there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    authority: AuthorityFolder,
    /// Where to write the new card; its profile goes beside it, as .toml
    #[arg(default_value = "dump.cns")]
    file: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let profile_file = arguments.file.with_extension("toml");
    files::check_free(&arguments.file, arguments.force)?;
    files::check_free(&profile_file, arguments.force)?;
    let citizen = citizen(&arguments.citizen)?;
    let mut card = PcscCard::open(arguments.reader.as_deref())?;
    output::say(&format!(
        "reading what is public of the card in {:?}",
        card.reader()
    ));
    let survey = survey(&mut card)?;
    drop(card);

    let id = arguments
        .file
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let import = import(&id, ORIGIN, &survey.to_log()).context("the card becomes no profile")?;
    let profile = Profile::from_toml(&id, &import.profile)?;
    let authority = arguments.authority.open()?;
    let today = OffsetDateTime::now_utc().date();
    let made = personalise(
        &profile,
        &citizen,
        &authority,
        today,
        &mut SystemEntropy::new(),
    )?;
    files::write(&[(&profile_file, &import.profile)], PUBLIC)?;
    ImageFile::create(&arguments.file, &made.image, None)?;

    output::text(&import.findings.to_string())?;
    output::text(&format!(
        "profile  {}\ncard     {}\n",
        profile_file.display(),
        arguments.file.display()
    ))?;
    output::say(&format!(
        "the new card has the form of the old one, and {} {} for a holder, PIN {}, PUK {}",
        citizen.given_name,
        citizen.surname,
        citizen.pin.as_str(),
        citizen.puk.as_str(),
    ));
    Ok(Verdict::Fine)
}

fn survey(card: &mut PcscCard) -> anyhow::Result<Survey> {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")
        .expect("the template is well formed");
    let progress = ProgressBar::new(0).with_style(style);
    let survey = Survey::of(card, |place, count, name| {
        progress.set_length(count as u64);
        progress.set_position(place as u64);
        progress.set_message(name.to_owned());
    })?;
    progress.finish_and_clear();
    Ok(survey)
}
