//! `cns portal zoo export`: a folder for each animal, all of them or none.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use cns_authority::zoo::Animal;
use cns_authority::{CertificationAuthority, SerialNumber};
use cns_card::Entropy as _;
use cns_fixtures::Enclosure;
use cns_fixtures::zoo::{EXPORT_README, ExportedVerdict};
use cns_reader::SystemEntropy;
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Wanted;
use crate::authority::AuthorityFolder;
use crate::card::{find_citizen, find_profile};
use crate::files::{PRIVATE, PUBLIC};
use crate::{Verdict, output};

#[derive(Args)]
pub(super) struct Arguments {
    /// The folder to write, which must be empty or not there
    #[arg(value_name = "FOLDER")]
    into: PathBuf,
    #[command(flatten)]
    selection: Wanted,
    /// Whose card it is: a name from `cns card citizens`, or a citizen's TOML file
    #[arg(long, value_name = "NAME|FILE", default_value = "mario-bianchi")]
    citizen: String,
    /// Replace what an earlier export has written there
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    authority: AuthorityFolder,
}

/// `index.json`.
#[derive(Serialize)]
struct Index {
    exported_at: String,
    trusted: &'static str,
    animals: Vec<ExportedVerdict>,
}

const INDEX: &str = "index.json";
const TRUSTED: &str = "trusted.pem";

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<Verdict> {
    let animals = arguments.selection.animals()?;
    let citizen = find_citizen(&arguments.citizen)?;
    arguments.check_folder()?;
    let now = OffsetDateTime::now_utc().replace_nanosecond(0)?;
    let home = arguments.authority.open()?;
    let profile = find_profile(cns_fixtures::DEFAULT_PROFILE)?;
    let enclosure = Enclosure::new(&profile, &citizen, now)?;

    let beside = Beside::new(&arguments.into)?;
    let bar = output::progress(animals.len() as u64);
    for animal in &animals {
        bar.set_message(animal.id);
        write_animal(&beside.path().join(animal.id), animal, &enclosure, &home)
            .with_context(|| format!("{} could not be made", animal.id))?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let index = Index {
        exported_at: now.format(&Rfc3339)?,
        trusted: TRUSTED,
        animals: animals.iter().map(|animal| (*animal).into()).collect(),
    };
    let index = serde_json::to_string_pretty(&index)? + "\n";
    write(
        &beside.path().join("README.md"),
        EXPORT_README.as_bytes(),
        PUBLIC,
    )?;
    write(
        &beside.path().join(TRUSTED),
        enclosure.trusted(&home).as_bytes(),
        PUBLIC,
    )?;
    write(&beside.path().join(INDEX), index.as_bytes(), PUBLIC)?;
    beside.take_place_of(&arguments.into)?;

    let folder = arguments.into.display();
    output::text(&format!("{folder}\n"))?;
    let count = match animals.len() {
        1 => "1 animal".to_owned(),
        count => format!("{count} animals"),
    };
    output::say(&format!(
        "{count}; {folder}/README.md says how to aim them at a portal"
    ));
    Ok(Verdict::Fine)
}

impl Arguments {
    /// Nothing is deleted but what an earlier export has written.
    fn check_folder(&self) -> anyhow::Result<()> {
        let folder = self.into.display();
        let is_empty = match fs::read_dir(&self.into) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
            Err(error) => return Err(error).context(format!("{folder} cannot be read")),
        };
        match (is_empty, self.force, self.into.join(INDEX).is_file()) {
            (true, ..) | (false, true, true) => Ok(()),
            (false, true, false) => bail!(
                "{folder} is not empty, and no zoo was exported to it\nhint: name a folder of its own: --force would delete what is in it"
            ),
            (false, false, _) => bail!(
                "{folder} is not empty\nhint: --force replaces what an earlier export has written"
            ),
        }
    }
}

fn write_animal(
    folder: &Path,
    animal: &Animal,
    enclosure: &Enclosure,
    home: &CertificationAuthority,
) -> anyhow::Result<()> {
    let mut nonce = [0; 16];
    SystemEntropy::new().fill(&mut nonce)?;
    let specimen = animal.make(&enclosure.habitat(home, nonce), SerialNumber::random()?)?;
    fs::create_dir(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for file in enclosure.files(animal, &specimen) {
        let mode = if file.is_private { PRIVATE } else { PUBLIC };
        write(&folder.join(file.name), &file.content, mode)?;
    }
    Ok(())
}

fn write(path: &Path, content: &[u8], mode: u32) -> anyhow::Result<()> {
    fs::write(path, content)
        .and_then(|()| fs::set_permissions(path, Permissions::from_mode(mode)))
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// A folder beside the one that is wanted, until it takes its place; gone if it never does.
struct Beside(tempfile::TempDir);

impl Beside {
    fn new(wanted: &Path) -> anyhow::Result<Self> {
        let parent = match wanted.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let made = tempfile::Builder::new().prefix(".zoo-").tempdir_in(parent);
        Ok(Self(made.with_context(|| {
            format!("nothing can be written in {}", parent.display())
        })?))
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// The folder that was there, if any, goes when the new one has its name.
    fn take_place_of(self, wanted: &Path) -> anyhow::Result<()> {
        let old = match wanted.exists() {
            true => Some(Self::new(wanted)?),
            false => None,
        };
        let cannot = || format!("{} cannot be written", wanted.display());
        if let Some(old) = &old {
            fs::rename(wanted, old.path().join("old")).with_context(cannot)?;
        }
        fs::set_permissions(self.path(), Permissions::from_mode(0o755)).with_context(cannot)?;
        fs::rename(self.path(), wanted).with_context(cannot)?;
        let _ = self.0.keep();
        Ok(())
    }
}
